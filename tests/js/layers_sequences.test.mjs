// Layers of sequences: recurrent ones, embeddings, masks, and wrappers around them. Numbers are by hand.
import { assert, mapling, test } from './mapling.mjs';
import { near, through } from './one_layer.mjs';

const { layers, sequential } = mapling;

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
