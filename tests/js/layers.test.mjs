// Layers alone in a model: their values by hand. Gradients and Keras' numbers are held to tests/oracle.
import { assert, mapling, test } from './mapling.mjs';

const { layers, sequential } = mapling;

/** What a model of one layer makes of `x`, with these weights if it has any. */
function through(layer, x, weights) {
  const model = sequential({ layers: [layer] });
  if (weights) model.setWeights(weights.map((weight) => mapling.tensor(weight)));
  return model.predict(mapling.tensor(x));
}
const near = (tensor, want, allowed = 1e-6) => {
  const got = Array.from(tensor.dataSync());
  assert.ok(
    got.length === want.length && got.every((value, at) => Math.abs(value - want[at]) <= allowed),
    `${got}, expected ${want}`,
  );
};

/** A picture of 4 × 4 with one channel: 0 to 15. */
const picture = [
  [
    [[0], [1], [2], [3]],
    [[4], [5], [6], [7]],
    [[8], [9], [10], [11]],
    [[12], [13], [14], [15]],
  ],
];

test('dense: x · kernel + bias, then the activation', () => {
  const x = [
    [1, 2],
    [3, -4],
  ];
  const weights = [
    [
      [1, 0],
      [2, -1],
    ],
    [0.5, 1],
  ];
  near(through(layers.dense({ units: 2, inputShape: [2] }), x, weights), [5.5, -1, -4.5, 5]);
  near(through(layers.dense({ units: 2, inputShape: [2], activation: 'relu' }), x, weights), [5.5, 0, 0, 5]);
  near(
    through(layers.dense({ units: 2, inputShape: [2], useBias: false }), x, weights.slice(0, 1)),
    [5, -2, -5, 4],
  );
});

test('conv2d: a kernel of ones adds up its window', () => {
  const layer = layers.conv2d({ filters: 1, kernelSize: 2, inputShape: [4, 4, 1] });
  near(
    through(layer, picture, [
      [
        [[[1]], [[1]]],
        [[[1]], [[1]]],
      ],
      [10],
    ]),
    [20, 24, 28, 36, 40, 44, 52, 56, 60],
  );
  const strided = layers.conv2d({
    filters: 1,
    kernelSize: [2, 2],
    strides: 2,
    padding: 'same',
    useBias: false,
    inputShape: [4, 4, 1],
  });
  near(
    through(strided, picture, [
      [
        [[[1]], [[0]]],
        [[[0]], [[-1]]],
      ],
    ]),
    [-5, -5, -5, -5],
  );
});

for (const name of ['maxPooling2d', 'maxPool2d']) {
  test(`${name}: the greatest of each window`, () => {
    near(through(layers[name]({ poolSize: 2, inputShape: [4, 4, 1] }), picture), [5, 7, 13, 15]);
    near(
      through(layers[name]({ poolSize: [3, 3], strides: [1, 1], inputShape: [4, 4, 1] }), picture),
      [10, 11, 14, 15],
    );
  });
}
for (const name of ['averagePooling2d', 'avgPooling2d', 'avgPool2d']) {
  test(`${name}: the mean of each window`, () => {
    near(through(layers[name]({ poolSize: 2, inputShape: [4, 4, 1] }), picture), [2.5, 4.5, 10.5, 12.5]);
  });
}

test('flatten and reshape keep the values and give these shapes', () => {
  const flat = through(layers.flatten({ inputShape: [4, 4, 1] }), picture);
  assert.deepEqual([flat.shape, [...flat.dataSync()]], [[1, 16], Array.from({ length: 16 }, (_, at) => at)]);
  const shaped = through(layers.reshape({ targetShape: [2, 8], inputShape: [16] }), flat.arraySync());
  assert.deepEqual([shaped.shape, shaped.dataSync()], [[1, 2, 8], flat.dataSync()]);
});

test('lstm: two steps by the formula, the last output or all', () => {
  const config = {
    units: 1,
    kernelInitializer: 'ones',
    recurrentInitializer: 'ones',
    unitForgetBias: false,
    inputShape: [2, 1],
  };
  const sigmoid = (x) => 1 / (1 + Math.exp(-x));
  const want = [];
  let [h, c] = [0, 0];
  for (const x of [0.5, -1]) {
    const gate = sigmoid(x + h);
    c = gate * c + gate * Math.tanh(x + h);
    h = gate * Math.tanh(c);
    want.push(h);
  }
  near(through(layers.lstm(config), [[[0.5], [-1]]]), want.slice(1));
  near(through(layers.lstm({ ...config, returnSequences: true }), [[[0.5], [-1]]]), want);
});

test('dropout changes nothing when a model predicts', () => {
  near(through(layers.dropout({ rate: 0.5, inputShape: [4] }), [[1, 2, 3, 4]]), [1, 2, 3, 4]);
});

test('activation: softmax adds up to one, relu cuts', () => {
  near(through(layers.activation({ activation: 'relu', inputShape: [3] }), [[-1, 0, 2]]), [0, 0, 2]);
  const shares = through(layers.activation({ activation: 'softmax', inputShape: [2] }), [[0, Math.log(3)]]);
  near(shares, [0.25, 0.75]);
});

test('inputLayer names the shape of what comes in', () => {
  const model = sequential({ layers: [layers.inputLayer({ inputShape: [2] }), layers.dense({ units: 3 })] });
  assert.deepEqual([model.inputShape, model.outputShape, model.countParams()], [[null, 2], [null, 3], 9]);
});

test('a layer tells its name, class, settings, shape and weights, and takes weights', () => {
  const layer = layers.dense({ units: 2, name: 'first', inputShape: [3] });
  const model = sequential({ layers: [layer, layers.dense({ units: 1 })] });
  assert.equal(layer.name, 'first');
  assert.equal(layer.getClassName(), 'Dense');
  assert.equal(layer.getConfig().units, 2);
  assert.deepEqual(layer.outputShape, [null, 2]);
  assert.equal(layer.countParams(), 8);
  layer.setWeights([mapling.ones([3, 2]), mapling.tensor([5, 6])]);
  assert.deepEqual(
    layer.getWeights().map((weight) => weight.arraySync()),
    [
      [
        [1, 1],
        [1, 1],
        [1, 1],
      ],
      [5, 6],
    ],
  );
  assert.deepEqual(model.getWeights()[1].arraySync(), [5, 6]);
  assert.deepEqual(model.getLayer('first').getWeights()[1].arraySync(), [5, 6]);
});

for (const [name, want] of [
  ['globalMaxPooling2d', [15]],
  ['globalMaxPool2d', [15]],
  ['globalAveragePooling2d', [7.5]],
]) {
  test(`${name}: one value of each channel`, () => {
    const flat = through(layers[name]({ inputShape: [4, 4, 1] }), picture);
    assert.deepEqual([flat.shape, [...flat.dataSync()]], [[1, 1], want]);
    assert.deepEqual(
      through(layers[name]({ keepDims: true, inputShape: [4, 4, 1] }), picture).shape,
      [1, 1, 1, 1],
    );
  });
}
for (const [name, want] of [
  ['globalMaxPooling1d', [5, 4]],
  ['globalMaxPool1d', [5, 4]],
  ['globalAveragePooling1d', [3, 3]],
]) {
  test(`${name}: one value of each channel, over the steps`, () => {
    near(
      through(layers[name]({ inputShape: [2, 2] }), [
        [
          [1, 4],
          [5, 2],
        ],
      ]),
      want,
    );
  });
}

test('layers of two inputs: sum, difference, product, mean, greatest, least, joined, dot', () => {
  const [a, b] = [mapling.tensor([[1, -2, 3]]), mapling.tensor([[4, 5, -6]])];
  const uses = {
    add: [5, 3, -3],
    subtract: [-3, -7, 9],
    multiply: [4, -10, -18],
    average: [2.5, 1.5, -1.5],
    maximum: [4, 5, 3],
    minimum: [1, -2, -6],
    concatenate: [1, -2, 3, 4, 5, -6],
  };
  for (const [name, want] of Object.entries(uses)) near(layers[name]().apply([a, b]), want);
  near(layers.add().apply([a, b, a]), [6, 1, 0]);
  near(layers.dot({ axes: 1 }).apply([a, b]), [-24]);
  near(layers.dot({ axes: -1, normalize: true }).apply([a, b]), [-24 / Math.sqrt(14 * 77)]);
  const rows = mapling.tensor([
    [
      [1, 2],
      [3, 4],
    ],
  ]);
  const joined = layers.concatenate({ axis: 1 }).apply([rows, rows]);
  assert.deepEqual(
    [joined.shape, [...joined.dataSync()]],
    [
      [1, 4, 2],
      [1, 2, 3, 4, 1, 2, 3, 4],
    ],
  );
});

test('activations that are layers', () => {
  const x = [[-2, 0, 0.5, 8]];
  const on = (layer) => through(layer, x);
  const inputShape = [4];
  near(on(layers.reLU({ inputShape })), [0, 0, 0.5, 8]);
  near(on(layers.reLU({ maxValue: 6, negativeSlope: 0.5, threshold: 0, inputShape })), [-1, 0, 0.5, 6]);
  near(on(layers.leakyReLU({ alpha: 0.25, inputShape })), [-0.5, 0, 0.5, 8]);
  near(on(layers.leakyReLU({ inputShape })), [-0.6, 0, 0.5, 8]);
  near(on(layers.elu({ alpha: 2, inputShape })), [2 * Math.expm1(-2), 0, 0.5, 8]);
  const powers = x[0].map(Math.exp);
  const total = powers.reduce((sum, one) => sum + one, 0);
  near(
    on(layers.softmax({ inputShape })),
    powers.map((one) => one / total),
  );
});

test('batchNormalization: by the batch while training, by what it has seen otherwise', () => {
  const layer = layers.batchNormalization({ momentum: 0.5, epsilon: 0 });
  const x = mapling.tensor([[1], [3]]);
  near(layer.apply(x, { training: true }), [-1, 1]);
  const [gamma, beta, mean, variance] = layer.weights;
  assert.deepEqual(
    [gamma.trainable, beta.trainable, mean.isState, variance.isState],
    [true, true, true, true],
  );
  near(mean.read(), [1]);
  near(variance.read(), [1]);
  near(layer.apply(x), [0, 2]);
  assert.deepEqual(
    [layer.trainableWeights, layer.nonTrainableWeights],
    [
      [gamma, beta],
      [mean, variance],
    ],
  );
  layer.trainable = false;
  // Frozen, it works as in inference, and learns no statistics.
  near(layer.apply(x, { training: true }), [0, 2]);
  near(mean.read(), [1]);
  assert.deepEqual(layer.nonTrainableWeights.length, 4);
});

test('embedding looks rows up, and its mask of zeros goes through to a recurrent layer', () => {
  const layer = layers.embedding({ inputDim: 3, outputDim: 2, maskZero: true, inputLength: 3 });
  const table = [
    [9, 9],
    [1, 2],
    [3, 4],
  ];
  near(through(layer, [[2, 1, 0]], [table]), [3, 4, 1, 2, 9, 9]);
  const rnn = layers.simpleRNN({ units: 2, useBias: false, activation: 'linear' });
  const model = sequential({
    layers: [layers.embedding({ inputDim: 3, outputDim: 2, maskZero: true, inputShape: [3] }), rnn],
  });
  const same = [
    [1, 0],
    [0, 1],
  ];
  model.setWeights([table, same, same].map((one) => mapling.tensor(one)));
  // The state adds up, and stays where the mask is 0.
  near(model.predict([[2, 1, 0]]), [4, 6]);
});

test('masking leaves out steps that are the same everywhere', () => {
  const model = sequential({
    layers: [
      layers.masking({ maskValue: 7, inputShape: [3, 1] }),
      layers.simpleRNN({
        units: 1,
        useBias: false,
        activation: 'linear',
        kernelInitializer: 'ones',
        recurrentInitializer: 'ones',
      }),
    ],
  });
  near(model.predict(mapling.tensor([[[1], [7], [2]]])), [3]);
});

test('gru: a step by the formula, with either place of the reset gate', () => {
  const sigmoid = (x) => 1 / (1 + Math.exp(-x));
  const config = { units: 1, kernelInitializer: 'ones', recurrentInitializer: 'ones', inputShape: [2, 1] };
  let h = 0;
  for (const x of [0.5, -1]) {
    const [z, r] = [sigmoid(x + h), sigmoid(x + h)];
    h = z * h + (1 - z) * Math.tanh(x + r * h);
  }
  for (const resetAfter of [true, false])
    near(through(layers.gru({ ...config, resetAfter }), [[[0.5], [-1]]]), [h]);
});

test('bidirectional: one pass from each end, joined as asked', () => {
  const rnn = () =>
    layers.simpleRNN({
      units: 1,
      useBias: false,
      activation: 'linear',
      kernelInitializer: 'ones',
      recurrentInitializer: 'zeros',
    });
  const steps = [[[1], [2], [5]]];
  const both = (mergeMode) =>
    through(layers.bidirectional({ layer: rnn(), mergeMode, inputShape: [3, 1] }), steps);
  near(both('concat'), [5, 1]);
  near(both('sum'), [6]);
  near(both('mul'), [5]);
  near(both('ave'), [3]);
  const layer = layers.bidirectional({ layer: rnn() });
  near(layer.apply(mapling.tensor(steps)), [5, 1]);
  assert.deepEqual(
    layer.weights.map(({ name }) => name.replace(/^.*?\//, '')),
    [
      'forward_simple_rnn/kernel',
      'forward_simple_rnn/recurrent_kernel',
      'backward_simple_rnn/kernel',
      'backward_simple_rnn/recurrent_kernel',
    ].map((one) => one.replace('/', '/simple_rnn_cell/')),
  );
});

test('timeDistributed: the same layer at every step', () => {
  const layer = layers.timeDistributed({
    layer: layers.dense({ units: 1, kernelInitializer: 'ones' }),
    inputShape: [3, 2],
  });
  const steps = through(layer, [
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
  ]);
  assert.deepEqual(
    [steps.shape, [...steps.dataSync()]],
    [
      [1, 3, 1],
      [3, 7, 11],
    ],
  );
  assert.equal(layer.countParams(), 3);
});

test('permute, repeatVector, zeroPadding2d and cropping2d', () => {
  const rows = [
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  ];
  const turned = through(layers.permute({ dims: [2, 1], inputShape: [2, 3] }), rows);
  assert.deepEqual(
    [turned.shape, [...turned.dataSync()]],
    [
      [1, 3, 2],
      [1, 4, 2, 5, 3, 6],
    ],
  );
  near(through(layers.repeatVector({ n: 2, inputShape: [2] }), [[1, 2]]), [1, 2, 1, 2]);
  const padded = through(
    layers.zeroPadding2d({
      padding: [
        [1, 0],
        [0, 2],
      ],
      inputShape: [4, 4, 1],
    }),
    picture,
  );
  assert.deepEqual(
    [padded.shape, [...padded.dataSync()].slice(6, 12)],
    [
      [1, 5, 6, 1],
      [0, 1, 2, 3, 0, 0],
    ],
  );
  near(
    through(
      layers.cropping2d({
        cropping: [
          [1, 1],
          [0, 3],
        ],
        inputShape: [4, 4, 1],
      }),
      picture,
    ),
    [4, 8],
  );
});

test('a layer’s configuration holds all settings, and makes the same layer', () => {
  const layer = layers.dense({ units: 2, name: 'named', inputShape: [3], kernelRegularizer: 'l2' });
  assert.deepEqual(layer.getConfig(), {
    name: 'named',
    trainable: true,
    dtype: 'float32',
    batchInputShape: [null, 3],
    units: 2,
    activation: 'linear',
    useBias: true,
    kernelInitializer: 'glorot_uniform',
    biasInitializer: 'zeros',
    kernelRegularizer: { className: 'L2', config: { l2: 0.01 } },
    biasRegularizer: null,
    activityRegularizer: null,
    kernelConstraint: null,
    biasConstraint: null,
  });
  layer.trainable = false;
  assert.deepEqual(layers.dense(layer.getConfig()).getConfig(), layer.getConfig());
  const given = {
    ...{
      dense: { units: 1 },
      conv2d: { filters: 1, kernelSize: 2 },
      reshape: { targetShape: [2] },
      permute: { dims: [1] },
    },
    ...{
      repeatVector: { n: 2 },
      cropping2d: { cropping: 1 },
      simpleRNN: { units: 1 },
      lstm: { units: 1 },
      gru: { units: 1 },
    },
    ...{
      embedding: { inputDim: 3, outputDim: 2 },
      dot: { axes: 1 },
      dropout: { rate: 0.5 },
      activation: { activation: 'relu' },
    },
    ...{
      bidirectional: { layer: layers.gru({ units: 1 }) },
      timeDistributed: { layer: layers.dense({ units: 1 }) },
    },
    ...{ inputLayer: { inputShape: [2] }, rescaling: { scale: 2 } },
  };
  for (const [name, make] of Object.entries(layers)) {
    if (make === layers.Layer) continue;
    const config = make(given[name] ?? {}).getConfig();
    for (const key of Object.keys(given[name] ?? {}))
      assert.ok(name === 'inputLayer' || key in config, `${name}: ${key}`);
    // Settings of wrapped layers are read by modelFromJSON.
    if (config.layer === undefined) assert.deepEqual(make(config).getConfig(), config, name);
  }
});

test('a layer is built, called and asked for shapes by itself', () => {
  const layer = layers.dense({ units: 2, dtype: 'float32' });
  assert.deepEqual(
    [layer.built, layer.dtype, layer.className, layer.batchInputShape],
    [false, 'float32', 'Dense', undefined],
  );
  assert.deepEqual(layer.computeOutputShape([null, 3]), [null, 2]);
  layer.build([null, 3]);
  assert.equal(layer.built, true);
  assert.deepEqual(
    layer.weights.map(({ name, shape }) => [name, shape]),
    [
      ['dense/kernel', [3, 2]],
      ['dense/bias', [2]],
    ],
  );
  layer.setWeights([mapling.ones([3, 2]), mapling.tensor([1, 2])]);
  near(layer.call(mapling.tensor([[1, 2, 3]])), [7, 8]);
  assert.throws(() => layer.build([null, 4]), { code: 'shape' });
  assert.deepEqual(layers.flatten({ batchInputShape: [8, 2, 3] }).batchInputShape, [null, 2, 3]);
  assert.deepEqual(layer.dispose(), { refCountAfterDispose: 0, numDisposedVariables: 2 });
  assert.throws(() => layer.apply(mapling.ones([1, 3])), { code: 'state' });
});

test('names that are not there say so, and name the nearest', () => {
  for (const [call, message] of [
    [() => layers.convLstm2d(), /^layers\.convLstm2d: not in mapling; the nearest is \w+$/],
    [() => layers.dens({ units: 1 }), /^layers\.dens: not in mapling; the nearest is dense$/],
    [
      () => layers.layerNormalization(),
      /^layers\.layerNormalization: not in mapling; the nearest is batchNormalization$/,
    ],
    [() => mapling.train.adamx(0.1), /^train\.adamx: not in mapling; the nearest is adam$/],
    [
      () => mapling.callbacks.tensorBoard('logs'),
      /^callbacks\.tensorBoard: not in mapling; the nearest is csvLogger$/,
    ],
    [() => mapling.util.shufle([1]), /^util\.shufle: not in mapling; the nearest is shuffle$/],
    [() => mapling.datasets.minst(), /^datasets\.minst: not in mapling; the nearest is mnist$/],
    [
      () => mapling.serialization.registerClas(),
      /^serialization\.registerClas: not in mapling; the nearest is registerClass$/,
    ],
    ...['losses', 'metrics', 'regularizers', 'initializers', 'constraints', 'io', 'browser'].map((space) => [
      () => mapling[space].noSuchThing(),
      new RegExp(`^${space}\\.noSuchThing: not in mapling; the nearest is `),
    ]),
  ])
    assert.throws(call, { code: 'name', message });
});

test('a misspelt setting is answered with the nearest, an odd one with all that there are', () => {
  for (const [call, message] of [
    [
      () => layers.conv2d({ filters: 1, kernalSize: 2 }),
      /^Conv2D: unknown key "kernalSize"; did you mean "kernelSize"\?$/,
    ],
    [() => layers.dense({ unit: 1 }), /^Dense: unknown key "unit"; did you mean "units"\?$/],
    [
      () => layers.dense({ units: 1, inputshape: [2] }),
      /^Dense: unknown key "inputshape"; did you mean "inputShape"\?$/,
    ],
    [() => layers.flatten({ rate: 1 }), /^Flatten: unknown key "rate"; known: dataFormat$/],
    [
      () => layers.dense({ units: 1, kernelRegularizer: { className: 'L2', config: { l3: 1 } } }),
      /^Dense: `kernelRegularizer`: L2: unknown key "l3"; did you mean "l2"\?$/,
    ],
    [() => sequential({ layer: [] }), /^sequential: unknown key "layer"; did you mean "layers"\?$/],
  ])
    assert.throws(call, { message });
});
