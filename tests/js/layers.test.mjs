// Layers alone in a model: their values by hand. Gradients and Keras' numbers are held to tests/oracle.
import { assert, mapling, test } from './mapling.mjs';
import { near, through } from './one_layer.mjs';

const { layers, sequential } = mapling;

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

test('a built layer takes batches of any size, refuses other samples, and is asked again for them', () => {
  const layer = layers.dense({ units: 2, kernelInitializer: 'ones' });
  for (const count of [2, 3, 2]) assert.deepEqual(layer.apply(mapling.ones([count, 3])).shape, [count, 2]);
  for (let time = 0; time < 2; time++) {
    assert.throws(() => layer.apply(mapling.ones([2, 4])), { code: 'shape' });
    // The steps of a sequence are mapped by the same weights.
    assert.deepEqual(layer.apply(mapling.ones([1, 5, 3])).shape, [1, 5, 2]);
    assert.deepEqual(layer.apply(mapling.ones([2, 3])).arraySync(), [
      [3, 3],
      [3, 3],
    ]);
  }
});
