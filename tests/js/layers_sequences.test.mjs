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

test('timeDistributed: a model whose samples are sequences, or pictures, at every step', async () => {
  const { input, model, ones, tensor } = mapling;
  const cases = [
    [() => sequential({ layers: [layers.lstm({ units: 3, inputShape: [7, 2] })] }), [7, 2], [3]],
    [() => sequential({ layers: [layers.dense({ units: 3 }), layers.flatten()] }), [7, 2], [21]],
    [
      () => {
        const x = input({ shape: [7, 2] });
        return model({ inputs: x, outputs: layers.conv1d({ filters: 3, kernelSize: 2 }).apply(x) });
      },
      [7, 2],
      [6, 3],
    ],
    [() => sequential({ layers: [layers.conv2d({ filters: 2, kernelSize: 3 })] }), [6, 6, 1], [4, 4, 2]],
  ];
  for (const [inner, sample, gives] of cases) {
    const whole = inner();
    const outer = sequential({
      layers: [layers.timeDistributed({ layer: whole, inputShape: [5, ...sample] })],
    });
    const size = 4 * 5 * sample.reduce((product, length) => product * length, 1);
    const x = tensor(
      Float32Array.from({ length: size }, (_, at) => ((at * 37) % 64) / 32 - 1),
      [4, 5, ...sample],
    );
    const answer = outer.predict(x);
    assert.deepEqual(answer.shape, [4, 5, ...gives]);
    const steps = whole.predict(x.reshape([20, ...sample]));
    near(answer, [...steps.dataSync()]);
    outer.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const { history } = await outer.fit(x, ones([4, 5, ...gives]), { epochs: 3 });
    assert.ok(history.loss[2] < history.loss[0]);
    const again = await mapling.loadModel(await outer.save());
    assert.deepEqual([...again.predict(x).dataSync()], [...outer.predict(x).dataSync()]);
  }
});

test('getInitialState: zeros for each state, of every kind of cell', () => {
  const { ones } = mapling;
  const shapes = (layer, x = ones([2, 5, 4])) => {
    const states = layer.getInitialState(x);
    for (const state of states) assert.ok(state.dataSync().every((value) => value === 0));
    return states.map(({ shape }) => shape);
  };
  assert.deepEqual(shapes(layers.simpleRNN({ units: 3 })), [[2, 3]]);
  assert.deepEqual(shapes(layers.gru({ units: 3 })), [[2, 3]]);
  assert.deepEqual(shapes(layers.lstm({ units: 3, returnSequences: true })), [
    [2, 3],
    [2, 3],
  ]);
  assert.deepEqual(shapes(layers.rnn({ cell: layers.lstmCell({ units: 1 }) })), [
    [2, 1],
    [2, 1],
  ]);
  const cells = [layers.gruCell({ units: 4 }), layers.lstmCell({ units: 2 })];
  assert.deepEqual(shapes(layers.rnn({ cell: cells })), [
    [2, 4],
    [2, 2],
    [2, 2],
  ]);
  class Sums extends layers.RNNCell {
    static className = 'SumsOfStates';
    stateSize = [4, 1];
    call([x, sum, count]) {
      return [sum.add(x), sum.add(x), count.add(1)];
    }
  }
  assert.deepEqual(shapes(layers.rnn({ cell: new Sums({}) })), [
    [2, 4],
    [2, 1],
  ]);
  const pictures = { filters: 2, kernelSize: 3, padding: 'same' };
  const x = ones([2, 5, 6, 6, 1]);
  for (const returnSequences of [true, false])
    assert.deepEqual(shapes(layers.convLstm2d({ ...pictures, returnSequences }), x), [
      [2, 6, 6, 2],
      [2, 6, 6, 2],
    ]);
  const state = layers.lstm({ units: 3, returnState: true });
  const initialState = state.getInitialState(ones([2, 5, 4]));
  const [given, without] = [{ initialState }, {}].map((args) =>
    state.apply(ones([2, 5, 4]), args)[0].dataSync(),
  );
  assert.deepEqual(given, without);
  assert.throws(() => state.getInitialState('x'), /^Error: LSTM: getInitialState: /);
  assert.throws(
    () => layers.convLstm2d(pictures).getInitialState(ones([2, 5])),
    /^Error: ConvLSTM2D: getInitialState: expected \[batch/,
  );
});
