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
for (const name of ['averagePooling2d', 'avgPool2d']) {
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
