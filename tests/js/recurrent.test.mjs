// Recurrent layers: Keras' numbers (tests/oracle/recurrent.json) for states that are given, given back and carried from
// batch to batch, for both directions, for cells and stacks of cells; cells of one's own; what is refused.
import { pathToFileURL } from 'node:url';
import { at } from '../../scripts/run.mjs';
import { close, closeNumbers, readOracle, tensorOf } from './keras.mjs';
import { assert, mapling, test } from './mapling.mjs';

const { layers, modelFromJSON, sequential, tensor, grads, variableGrads, train, serialization } = mapling;
const inPackage = (file) => pathToFileURL(at(`dist/npm/worker/${file}`)).href;
const { createTrainer } = await import(inPackage('trainer.js'));
const { serve } = await import(inPackage('inside/service.js'));
const oracle = readOracle('recurrent.json');

const SHARE = 1e-5;
const list = (one) => [one].flat();
const flat = (x) => Array.from(x.dataSync());
const values = (model) => model.getWeights().map(flat);

/** The layer that Keras wrote down, read as part of a model. */
const read = (layer) => modelFromJSON({ class_name: 'Sequential', config: { layers: [layer] } }).layers[0];

function checkLayer(one) {
  const layer = read(one.layer);
  const run = ({ x, mask, initial }, inputs = [tensorOf(x), ...(initial ?? []).map(tensorOf)]) =>
    list(
      layer.apply(inputs[0], {
        ...(mask && { mask: tensorOf(mask) }),
        ...(initial && { initialState: inputs.slice(1) }),
      }),
    );
  const [first] = one.calls;
  run(first);
  layer.setWeights(one.weights.map(tensorOf));
  layer.resetStates();
  for (const call of one.calls.slice(0, -1))
    run(call).forEach((y, at) => {
      close(`output ${at}`, y, call.outputs[at], SHARE);
    });
  // What the last call begins with, which it goes on from more than once.
  const last = one.calls.at(-1);
  const before = layer.states;
  const again = (f) => {
    if (before.length > 0) layer.resetStates(before);
    return f();
  };
  again(() => run(last)).forEach((y, at) => {
    close(`last output ${at}`, y, last.outputs[at], SHARE);
  });
  const total = (outputs) =>
    outputs.map((y, at) => y.mul(tensorOf(one.dy[at])).sum()).reduce((sum, part) => sum.add(part));
  const inputs = [tensorOf(last.x), ...(last.initial ?? []).map(tensorOf)];
  const [dx, ...dinitial] = again(() => grads((...all) => total(run(last, all)))(inputs));
  close('dx', dx, one.dx, SHARE);
  dinitial.forEach((found, at) => {
    close(`dinitial ${at}`, found, one.dinitial[at], SHARE);
  });
  const found = again(() => variableGrads(() => total(run(last)))).grads;
  layer.trainableWeights.forEach(({ name }, at) => {
    close(`d${name}`, found[name], one.dweights[at], SHARE);
  });
}

for (const one of oracle.layers) {
  test(`${one.name}: values and gradients as Keras'`, () => checkLayer(one));
}

test('the last picture of a film that is read back keeps its rows in their order', () => {
  const args = { filters: 2, kernelSize: 2, padding: 'same' };
  const x = tensor(
    Array.from({ length: 48 }, (_, index) => Math.sin(1.3 * index)),
    [1, 3, 4, 4, 1],
  );
  const both = layers.bidirectional({ layer: layers.convLstm2d(args), mergeMode: null });
  const alone = layers.convLstm2d({ ...args, goBackwards: true });
  const [, last] = both.apply(x);
  alone.apply(x);
  alone.setWeights(both.getWeights().slice(3));
  assert.deepEqual(last.shape, [1, 4, 4, 2]);
  assert.deepEqual(flat(last), flat(alone.apply(x)));
});

const stateful = (rate = 0.1) => {
  const model = sequential({
    seed: 1,
    layers: [
      layers.lstm({ units: 3, stateful: true, batchInputShape: [2, 2, 2] }),
      layers.dense({ units: 1 }),
    ],
  });
  model.compile({ optimizer: train.sgd(rate), loss: 'meanSquaredError' });
  return model;
};
const { training } = oracle;
const [X, Y, MORE] = ['x', 'y', 'more'].map((key) => tensorOf(training[key]));
const START = training.start.map(tensorOf);

function checkTrained(model) {
  model.getWeights().forEach((weight, at) => {
    close(`weight ${at}`, weight, training.weights[at], SHARE);
  });
  close('answers', model.predict(MORE, { batchSize: 2 }), training.outputs, SHARE);
}

test('a stateful model trains batch by batch as Keras does, and predict goes on with its state', async () => {
  const model = stateful(training.rate);
  model.setWeights(START);
  const losses = [];
  for (let at = 0; at < 8; at += 2)
    losses.push(await model.trainOnBatch(X.slice([at, 0, 0], [2, 2, 2]), Y.slice([at, 0], [2, 1])));
  closeNumbers('losses', losses, training.losses, SHARE);
  checkTrained(model);
});

test('fit carries the state from batch to batch, and into the next epoch unless it is reset', async () => {
  const fitted = async (args) => {
    const model = stateful(training.rate);
    model.setWeights(START);
    const { history } = await model.fit(X, Y, { batchSize: 2, shuffle: false, ...args });
    return { model, history };
  };
  const { model, history } = await fitted({});
  closeNumbers('loss', history.loss, [training.losses.reduce((sum, loss) => sum + loss, 0) / 4], SHARE);
  checkTrained(model);
  const on = await fitted({ epochs: 2 });
  const anew = { onEpochBegin: () => again.resetStates() };
  const again = stateful(training.rate);
  again.setWeights(START);
  const { history: reset } = await again.fit(X, Y, {
    batchSize: 2,
    shuffle: false,
    epochs: 2,
    callbacks: anew,
  });
  assert.equal(reset.loss[0], on.history.loss[0]);
  assert.notEqual(reset.loss[1], on.history.loss[1]);
  // Validation goes on with the state as well.
  const validated = await fitted({ validationData: [X, Y] });
  assert.equal(validated.history.loss[0], history.loss[0]);
  assert.ok(validated.history.val_loss[0] > 0);
});

test('evaluate and predict carry the state; layer.states shows it, resetStates takes it or begins anew', () => {
  const model = stateful();
  const [lstm] = model.layers;
  assert.deepEqual([lstm.states, lstm.batchInputShape, model.inputs[0].shape], [[], [2, 2, 2], [2, 2, 2]]);
  const evaluate = () => flat(model.evaluate(X, Y, { batchSize: 2 }))[0];
  const first = evaluate();
  const states = lstm.states;
  assert.deepEqual(
    states.map(({ shape }) => shape),
    [
      [2, 3],
      [2, 3],
    ],
  );
  const second = evaluate();
  assert.notEqual(second, first);
  lstm.resetStates(states);
  assert.equal(evaluate(), second);
  model.resetStates();
  assert.equal(evaluate(), first);
  // A call of the model goes on too, and a layer that keeps nothing has nothing to reset.
  model.resetStates();
  const [a, b] = [
    model.apply(MORE.slice([0, 0, 0], [2, 2, 2])),
    model.apply(MORE.slice([0, 0, 0], [2, 2, 2])),
  ];
  assert.notDeepEqual(flat(a), flat(b));
  model.layers[1].resetStates();
  assert.deepEqual(flat(model.layers[0].states[0]).length, 6);
});

test('a stateful model is written down, read, summarised and cloned as what it is', () => {
  const model = stateful();
  const lines = [];
  model.summary(undefined, undefined, (line) => lines.push(line));
  assert.ok(
    lines.some((line) => /lstm \(LSTM\)\s+\[2,3\]\s+72/.test(line)),
    lines.join('\n'),
  );
  const json = model.toJSON(null, false);
  assert.equal(json.config.layers[0].config.stateful, true);
  assert.deepEqual(json.config.layers[0].config.batch_input_shape, [2, 2, 2]);
  const again = modelFromJSON(json);
  again.setWeights(model.getWeights());
  const [x] = [X.slice([0, 0, 0], [4, 2, 2])];
  const answers = [model, again].map((one) => flat(one.predict(x, { batchSize: 2 })));
  assert.deepEqual(answers[0], answers[1]);
  const { stateful: isStateful, batchInputShape } = model.layers[0].getConfig();
  assert.deepEqual([isStateful, batchInputShape], [true, [2, 2, 2]]);
  const x2 = mapling.input({ batchShape: [2, 2, 2] });
  const graph = mapling.model({ inputs: x2, outputs: layers.gru({ units: 2, stateful: true }).apply(x2) });
  const read2 = modelFromJSON(graph.toJSON());
  read2.setWeights(graph.getWeights());
  const twice = (one) => [1, 2].map(() => flat(one.predict(x.slice([0, 0, 0], [2, 2, 2]))));
  assert.deepEqual(twice(read2), twice(graph));
  assert.notDeepEqual(...twice(graph));
});

test('what does not fit a stateful layer is refused, and nothing changes', async () => {
  const model = stateful();
  const [lstm] = model.layers;
  model.predict(MORE, { batchSize: 2 });
  const [kept, weights] = [lstm.states.map(flat), values(model)];
  const size = { code: 'shape', message: /takes batches of 2 samples/ };
  assert.throws(() => model.predict(MORE), size);
  assert.throws(
    () =>
      model.predict(
        tensor([
          [
            [1, 2],
            [3, 4],
          ],
        ]),
        { batchSize: 2 },
      ),
    size,
  );
  assert.throws(() => model.evaluate(X, Y), size);
  await assert.rejects(() => model.fit(X, Y), size);
  await assert.rejects(() => model.trainOnBatch(X, Y), size);
  const three = X.slice([0, 0, 0], [3, 2, 2]);
  await assert.rejects(() => model.fit(three, Y.slice([0, 0], [3, 1]), { batchSize: 2 }), size);
  assert.throws(() => model.apply(X), size);
  const state = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  for (const [given, message] of [
    [[state], /2 states are expected, but 1 were given/],
    [[state, tensor([[1, 2]])], /state 1 must be \[2,3\], but is \[1, 2\]/],
    [[state, state, state], /2 states are expected, but 3/],
  ])
    assert.throws(() => lstm.resetStates(given), { code: 'shape', message });
  assert.throws(() => lstm.resetStates('zeros'), { message: /resetStates/ });
  assert.throws(() => model.resetStates([state]), { code: 'value', message: /belong to single layers/ });
  assert.throws(() => layers.gru({ units: 2 }).resetStates(state), { message: /not stateful/ });
  assert.deepEqual([lstm.states.map(flat), values(model)], [kept, weights]);

  const unsized = sequential({ layers: [layers.lstm({ units: 3, stateful: true, inputShape: [2, 2] })] });
  assert.throws(() => unsized.build(), { code: 'value', message: /stateful.*batch size must be fixed/ });
  assert.throws(() => unsized.predict(X), { code: 'value' });
  assert.throws(() => layers.lstm({ units: 2, stateful: 3 }), { message: /stateful/ });
  const apply = (initialState) => layers.lstm({ units: 3 }).apply(X, { initialState });
  assert.throws(() => apply([state]), {
    code: 'shape',
    message: /3 with the state to begin with, but there are 2/,
  });
  assert.throws(() => apply([state, state]), {
    code: 'shape',
    message: /given is \[2, 3\], but this batch has 8/,
  });
  assert.throws(() => apply([tensor([[1]]), state]), { code: 'shape' });
  assert.throws(() => apply('zeros'), { code: 'type' });
});

test('a cell is called for one step, and rnn with a cell has the numbers of the layer', () => {
  for (const [cellOf, layerOf, states] of [
    [layers.simpleRNNCell, layers.simpleRNN, 1],
    [layers.gruCell, layers.gru, 1],
    [layers.lstmCell, layers.lstm, 2],
  ]) {
    const cell = cellOf({ units: 3 });
    const around = layers.rnn({ cell, returnState: true });
    const layer = layerOf({ units: 3, returnState: true });
    const told = around.apply(X);
    layer.build([null, 2, 2]);
    layer.setWeights(around.getWeights());
    assert.deepEqual(told.map(flat), layer.apply(X).map(flat));
    assert.equal(around.cell, cell);
    assert.deepEqual(cell.getWeights().map(flat), around.getWeights().map(flat));
    // Step by step.
    let state = Array.from({ length: states }, () => mapling.zeros([8, 3]));
    for (const at of [0, 1]) {
      const x = X.slice([0, at, 0], [8, 1, 2]).reshape([8, 2]);
      state = cell.apply([x, ...state]).slice(1);
    }
    state.forEach((one, at) => {
      closeNumbers('state', flat(one), flat(told[1 + at]), 1e-6);
    });
  }
  assert.ok(layers.rnn({ cell: layers.gruCell({ units: 1 }) }) instanceof mapling.RNN);
  assert.ok(
    layers.lstm({ units: 1 }) instanceof layers.RNN && !(layers.dense({ units: 1 }) instanceof mapling.RNN),
  );
});

test('stacked cells: a list of cells is a stack, whose states come one after the other', () => {
  const cells = () => [layers.gruCell({ units: 3 }), layers.lstmCell({ units: 2 })];
  const stack = layers.rnn({ cell: layers.stackedRNNCells({ cells: cells() }), returnState: true });
  assert.deepEqual(stack.computeOutputShape([null, 4, 2]), [
    [null, 2],
    [null, 3],
    [null, 2],
    [null, 2],
  ]);
  const short = layers.rnn({ cell: cells(), returnState: true });
  const told = stack.apply(X);
  short.build([null, 2, 2]);
  short.setWeights(stack.getWeights());
  assert.deepEqual(short.apply(X).map(flat), told.map(flat));
  assert.deepEqual(stack.weights.map(({ name }) => name).slice(2, 4), [
    'rnn/stacked_rnn_cells/gru_cell/bias',
    'rnn/stacked_rnn_cells/lstm_cell/kernel',
  ]);
});

/** A cell of one's own: `y = h · decay + x · kernel`. */
class Leaky extends layers.RNNCell {
  static className = 'Leaky';
  constructor(args) {
    super(args);
    this.units = args.units;
    this.stateSize = args.units;
  }
  build(inputShape) {
    this.kernel = this.addWeight('kernel', [inputShape.at(-1), this.units], 'float32', 'glorotUniform');
    this.decay = this.addWeight('decay', [this.units], 'float32', 'ones');
  }
  call([x, h]) {
    const y = h.mul(this.decay.read()).add(x.matMul(this.kernel.read()));
    return [y, y];
  }
  getConfig() {
    return { ...super.getConfig(), units: this.units };
  }
}
serialization.registerClass(Leaky);

/** What it computes, step by step. */
function leaky(x, [kernel, decay], times = [0, 1]) {
  let h = mapling.zeros([x.shape[0], decay.shape[0]]);
  for (const at of times)
    h = h.mul(decay).add(x.slice([0, at, 0], [x.shape[0], 1, 2]).reshape([x.shape[0], 2]).matMul(kernel));
  return h;
}

test('rnn around a cell of one’s own: values, masks, training, saving, both directions', async () => {
  const model = sequential({ seed: 2 });
  model.add(layers.rnn({ cell: new Leaky({ units: 3 }), inputShape: [2, 2] }));
  model.add(layers.dense({ units: 1 }));
  assert.deepEqual(model.weights.map(({ name }) => name).slice(0, 2), [
    'rnn/leaky/kernel',
    'rnn/leaky/decay',
  ]);
  const weights = model.getWeights();
  const inside = model.layers[0].apply(X);
  closeNumbers('y', flat(inside), flat(leaky(X, weights)), 1e-6);
  // A step that does not count leaves the state as it was.
  const mask = tensor(Array.from({ length: 8 }, () => [1, 0]));
  closeNumbers('masked', flat(model.layers[0].apply(X, { mask })), flat(leaky(X, weights, [0])), 1e-6);
  model.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
  const before = flat(model.evaluate(X, Y))[0];
  await model.fit(X, Y, { epochs: 10 });
  assert.ok(flat(model.evaluate(X, Y))[0] < before);
  const again = modelFromJSON(model.toJSON());
  again.setWeights(model.getWeights());
  assert.deepEqual(flat(again.predict(X)), flat(model.predict(X)));

  const forwardCell = new Leaky({ units: 3 });
  const both = layers.bidirectional({
    layer: layers.rnn({ cell: forwardCell }),
    mergeMode: null,
  });
  const [forward, back] = both.apply(X);
  const own = both.getWeights();
  closeNumbers('forward', flat(forward), flat(leaky(X, own.slice(0, 2))), 1e-6);
  closeNumbers('back', flat(back), flat(leaky(X, own.slice(2), [1, 0])), 1e-6);

  const kept = layers.rnn({ cell: [new Leaky({ units: 3 }), layers.gruCell({ units: 2 })], stateful: true });
  const [first, second] = [kept.apply(X), kept.apply(X)].map(flat);
  assert.notDeepEqual(second, first);
  kept.resetStates();
  assert.deepEqual(flat(kept.apply(X)), first);
  const done = { refCountAfterDispose: 0, numDisposedVariables: 2 };
  assert.deepEqual(forwardCell.dispose(), done);
});

test('a layer of one’s own that holds a stateful one goes on with its state', () => {
  class Holder extends layers.Layer {
    static className = 'Holder';
    constructor(args) {
      super(args);
      this.inner = layers.gru({ units: 2, stateful: true });
    }
    call(x) {
      return this.inner.apply(x);
    }
  }
  const model = sequential({ layers: [new Holder({ batchInputShape: [2, 2, 2] })] });
  const x = X.slice([0, 0, 0], [2, 2, 2]);
  const [first, second] = [model.predict(x), model.predict(x)].map(flat);
  assert.notDeepEqual(second, first);
  model.resetStates();
  assert.deepEqual(flat(model.predict(x)), first);
});

test('what is no cell is refused', () => {
  assert.throws(() => layers.rnn({}), { message: /RNN: `cell` is missing/ });
  assert.throws(() => layers.rnn({ cell: layers.dense({ units: 2 }) }), { message: /Dense is no cell/ });
  class NoState extends layers.Layer {
    static className = 'NoState';
  }
  assert.throws(() => layers.rnn({ cell: new NoState({}) }), {
    code: 'type',
    message:
      /NoState: stateSize: expected a whole number, or a list of them, one for each state, got undefined/,
  });
  assert.throws(() => layers.stackedRNNCells({ cells: [] }), { message: /at least one cell/ });
  assert.throws(() => layers.rnn({ cell: layers.gruCell({ units: 2 }), constants: 1 }), {
    message: /unknown key "constants"/,
  });
  class Wrong extends Leaky {
    static className = 'Wrong';
    call([x]) {
      return x;
    }
  }
  assert.throws(() => layers.rnn({ cell: new Wrong({ units: 3 }) }).apply(X), { message: /new states/ });
});

test('convLstm2d learns on pictures that move, and its cell is a step of it', async () => {
  const cell = layers.convLstm2dCell({ filters: 2, kernelSize: 3, padding: 'same' });
  const around = layers.rnn({ cell, returnSequences: true });
  const layer = layers.convLstm2d({ filters: 2, kernelSize: 3, padding: 'same', returnSequences: true });
  const x = mapling.randomNormal([2, 3, 4, 4, 1], 0, 1, 'float32', 3);
  layer.build([null, 3, 4, 4, 1]);
  around.build([null, 3, 4, 4, 1]);
  around.setWeights(layer.getWeights());
  assert.deepEqual(layer.apply(x).shape, [2, 3, 4, 4, 2]);
  closeNumbers('around', flat(around.apply(x)), flat(layer.apply(x)), 1e-6);
  const model = sequential({
    seed: 1,
    layers: [
      layers.convLstm2d({
        filters: 2,
        kernelSize: 3,
        dropout: 0.1,
        recurrentDropout: 0.1,
        inputShape: [3, 4, 4, 1],
      }),
      layers.flatten(),
      layers.dense({ units: 1 }),
    ],
  });
  model.compile({ optimizer: train.adam(0.05), loss: 'meanSquaredError' });
  const y = tensor([[1], [-1]]);
  const { history } = await model.fit(x, y, { epochs: 15 });
  assert.ok(history.loss.at(-1) < history.loss[0] / 2, String(history.loss));
  assert.throws(() => layers.convLstm2d({ filters: 2, kernelSize: 3, strides: 2, dilationRate: 2 }), {
    message: /cannot both be greater than 1/,
  });
});

test('first and second derivatives of what is computed step by step are those that small steps show', () => {
  const normal = (shape) => mapling.randomNormal(shape, 0, 1, 'float32', 1);
  for (const [layer, x] of [
    [layers.convLstm2d({ filters: 1, kernelSize: 2 }), normal([1, 2, 3, 3, 1])],
    [layers.rnn({ cell: [layers.gruCell({ units: 2 }), new Leaky({ units: 2 })] }), normal([2, 2, 2])],
  ]) {
    const f = (v) => layer.apply(v).square().sum();
    f(x);
    const slope = mapling.grad(f);
    for (const of of [f, (v) => slope(v).square().sum()]) {
      const { ok, rows } = mapling.gradCheck(of, [x]);
      assert.ok(ok, JSON.stringify(rows));
    }
  }
});

test('bidirectional: a stateful layer goes on both ways, and stacks of cells are copied for the way back', () => {
  const layer = layers.lstm({ units: 3, stateful: true });
  const model = sequential({ layers: [layers.bidirectional({ layer, batchInputShape: [8, 2, 2] })] });
  const [first, second] = [1, 2].map(() => flat(model.predict(X)));
  assert.notDeepEqual(second, first);
  model.resetStates();
  assert.deepEqual(flat(model.predict(X)), first);
  const stack = layers.rnn({ cell: [layers.gruCell({ units: 2 }), layers.lstmCell({ units: 3 })] });
  const both = layers.bidirectional({ layer: stack });
  const [y, own] = [flat(both.apply(X)), both.getWeights()];
  assert.equal(own.length, 12);
  stack.build([null, 2, 2]);
  stack.setWeights(own.slice(0, 6));
  const forward = flat(stack.apply(X));
  closeNumbers(
    'forward half',
    y.filter((_, at) => at % 6 < 3),
    forward,
    1e-6,
  );
});

test('basicLSTMCell and multiRNNCell are steps as TensorFlow.js has them', () => {
  const { basicLSTMCell, multiRNNCell, scalar, tensor1d, tensor2d, zeros } = mapling;
  const sigmoid = (x) => 1 / (1 + Math.exp(-x));
  const kernel = tensor2d([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], [2, 4]);
  const bias = tensor1d([0.1, 0, -0.1, 0.2]);
  const [x, c, h] = [0.5, 0.25, -0.5];
  const sums = [0, 1, 2, 3].map((at) => x * flat(kernel)[at] + h * flat(kernel)[4 + at] + flat(bias)[at]);
  const newC = sigmoid(sums[0]) * Math.tanh(sums[1]) + c * sigmoid(1 + sums[2]);
  const newH = Math.tanh(newC) * sigmoid(sums[3]);
  const step = (data, ownC, ownH) => basicLSTMCell(scalar(1), kernel, bias, data, ownC, ownH);
  const one = (value) => tensor2d([value], [1, 1]);
  const told = step(one(x), one(c), one(h));
  closeNumbers('step', told.flatMap(flat), [newC, newH], 1e-6);
  const [cs, hs] = multiRNNCell([step, step], one(x), [one(c), one(0)], [one(h), one(0)]);
  const second = step(one(newH), one(0), one(0));
  closeNumbers('c', cs.flatMap(flat), [newC, flat(second[0])[0]], 1e-6);
  closeNumbers('h', hs.flatMap(flat), [newH, flat(second[1])[0]], 1e-6);
  assert.throws(() => basicLSTMCell(1, kernel, bias, one(x), one(c), zeros([2, 1])), { code: 'shape' });
  assert.throws(() => basicLSTMCell(1, zeros([3, 4]), bias, one(x), one(c), one(h)), {
    message: /lstmKernel: expected \[2,4\], got \[3,4\]/,
  });
  assert.throws(() => multiRNNCell([step], one(x), [], [one(h)]), { code: 'value' });
  assert.throws(() => multiRNNCell([() => 1], one(x), [one(c)], [one(h)]), { code: 'type' });
});

test('a stateful model trains in a trainer as on the page, and what is saved goes on with its state', async () => {
  const trainer = await createTrainer({
    worker: () => {
      const { port1, port2 } = new MessageChannel();
      serve(port2);
      return Object.assign(port1, { terminate: () => port1.close() });
    },
  });
  try {
    const here = stateful();
    await trainer.setModel(here);
    const run = { batchSize: 2, shuffle: false };
    const there = await trainer.fit(X, Y, run);
    assert.deepEqual(there.history.loss, (await here.fit(X, Y, run)).history.loss);
    // The page's model is handed over with what it keeps.
    await trainer.setModel(here);
    const saved = await trainer.save();
    assert.deepEqual(
      saved.states.map((own) => own.map(({ shape }) => shape)),
      [
        [
          [2, 3],
          [2, 3],
        ],
      ],
    );
    const read = await mapling.loadModel(saved);
    const answers = flat(read.predict(MORE, { batchSize: 2 }));
    assert.deepEqual(answers, flat(here.predict(MORE, { batchSize: 2 })));
    const { values } = await trainer.predict(MORE);
    assert.deepEqual(Array.from(values), answers);
    await assert.rejects(() => mapling.loadModel({ ...saved, states: [[]].concat(saved.states) }), {
      code: 'shape',
    });
    await assert.rejects(() => mapling.loadModel({ ...saved, states: [1] }), { code: 'type' });
  } finally {
    trainer.terminate();
  }
});
