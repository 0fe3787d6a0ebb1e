// Training and looking at models on data sets, and epochs of so many steps.
import { assert, mapling, test, unrecorded } from './mapling.mjs';
import { list } from './numbers.mjs';

const { data, input, layers, memory, model, sequential, tensor2d, train } = mapling;

const rows = Array.from({ length: 40 }, (_, at) => [((at * 7) % 13) / 13, ((at * 5) % 11) / 11]);
const answers = rows.map(([a, b]) => [a > b ? 1 : 0]);
const [x, y] = [tensor2d(rows), tensor2d(answers)];
const pairs = () => data.array(rows.map((xs, at) => ({ xs, ys: answers[at] })));
const row = (metrics = ['accuracy', 'precision', 'auc'], inputShape = [2]) => {
  const made = sequential({
    seed: 3,
    layers: [
      layers.dense({ units: 4, activation: 'relu', ...(inputShape && { inputShape }) }),
      layers.dropout({ rate: 0.2 }),
      layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
  });
  made.compile({ optimizer: train.adam(0.05), loss: 'binaryCrossentropy', metrics });
  return made;
};
const weightsOf = (one) => one.getWeights().map(list);
const near = (got, want) =>
  assert.ok(
    got.every((value, at) => Math.abs(value - want[at]) < 1e-6),
    `${got}, expected ${want}`,
  );

test('a data set of the same batches trains to the same bits as fit, metrics of the whole epoch among them', async () => {
  const [one, other] = [row(), row()];
  const first = await one.fit(x, y, { epochs: 3, batchSize: 16, shuffle: false, validationData: [x, y] });
  const second = await other.fitDataset(pairs().batch(16), { epochs: 3, validationData: pairs().batch(16) });
  assert.deepEqual(second.history, first.history);
  assert.deepEqual(second.epoch, [0, 1, 2]);
  assert.deepEqual(weightsOf(other), weightsOf(one));
  const third = await row().fitDataset(pairs().batch(16), {
    epochs: 3,
    validationData: [x, y],
    validationBatchSize: 16,
  });
  assert.deepEqual(third.history, first.history);
});

test('evaluateDataset gives what evaluate gives, of a data set or an iterator, of some batches', async () => {
  const one = row();
  const whole = one.evaluate(x, y, { batchSize: 16 }).map((value) => list(value)[0]);
  const numbers = async (dataset, args) =>
    (await one.evaluateDataset(dataset, args)).map((value) => list(value)[0]);
  assert.deepEqual(await numbers(pairs().batch(16)), whole);
  assert.deepEqual(await numbers(await pairs().batch(16).iterator()), whole);
  const part = one.evaluate(x, y, { batchSize: 16, steps: 2 }).map((value) => list(value)[0]);
  assert.deepEqual(await numbers(pairs().batch(16).repeat(), { batches: 2 }), part);
  const loss = row([]);
  assert.equal((await loss.evaluateDataset(pairs().batch(8))).rank, 0);
});

test('elements may be lists, named, in pairs and triples, of several inputs and outputs', async () => {
  const [a, b] = [input({ shape: [2], name: 'a' }), input({ shape: [1], name: 'b' })];
  const joined = layers.concatenate().apply([a, b]);
  const build = () => {
    const ends = ['left', 'right'].map((name, at) =>
      layers.dense({ units: 1, name, kernelInitializer: at ? 'zeros' : 'ones' }).apply(joined),
    );
    const made = model({ inputs: [a, b], outputs: ends, seed: 1 });
    made.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
    return made;
  };
  const made = build();
  const before = weightsOf(made);
  const reset = () =>
    made.setWeights(before.map((values, at) => mapling.tensor(values, made.weights[at].shape)));
  const batch = { a: x, b: y, left: y, right: y };
  const want = await made.fit([x, y], [y, y], { batchSize: 40, shuffle: false });
  const element = { xs: { a: batch.a, b: batch.b }, ys: { left: y, right: y } };
  const forms = [
    element,
    { xs: [x, y], ys: [y, y] },
    { xs: { b: y, a: x }, ys: [y, y] },
    [
      [x, y],
      [y, y],
    ],
    [[x, y], [y, y], rows.map(() => 1)],
    { ...element, sampleWeight: rows.map(() => 1) },
  ];
  for (const form of forms) {
    reset();
    const { history } = await made.fitDataset(data.generator(() => [form]));
    assert.deepEqual(history, want.history);
  }
  reset();
  const none = await made.fitDataset(data.generator(() => [{ ...element, sampleWeight: rows.map(() => 0) }]));
  assert.deepEqual(none.history.loss, [0]);
  await assert.rejects(
    made.fitDataset(data.generator(() => [{ xs: { a: x }, ys: [y, y] }])),
    /^Error: fitDataset: x: nothing is given for b/,
  );
});

test('a model whose input shape is not known is built by the first batch', async () => {
  const one = row([], null);
  await one.fitDataset(pairs().batch(8));
  assert.deepEqual(one.weights[0].shape, [2, 4]);
});

test('epochs of so many batches go on through the data set, which may be endless, and end with it', async () => {
  const seen = [];
  const counted = data
    .generator(function* () {
      for (let at = 0; ; at++) yield at;
    })
    .map((at) => {
      seen.push(at);
      return { xs: rows[at % 40], ys: answers[at % 40] };
    })
    .batch(2);
  const one = row([]);
  const { history } = await one.fitDataset(counted, { epochs: 3, batchesPerEpoch: 4 });
  assert.equal(history.loss.length, 3);
  assert.deepEqual(
    seen,
    Array.from({ length: 24 }, (_, at) => at),
  );
  const { warn } = console;
  const warned = [];
  console.warn = (text) => warned.push(text);
  try {
    const short = await one.fitDataset(pairs().batch(10), { epochs: 5, batchesPerEpoch: 3 });
    assert.deepEqual(short.epoch, [0, 1]);
    await one.evaluateDataset(pairs().batch(10), { batches: 9 });
  } finally {
    console.warn = warn;
  }
  assert.equal(warned.length, 2);
  assert.match(
    warned[0],
    /ended after 1 of 3 batches of an epoch, and training ends there: 15 batches are wanted/,
  );
  assert.match(warned[1], /ended after 4 of 9 batches/);
});

test('callbacks are told of batches and their sizes, and can stop training in the middle', async () => {
  const told = [];
  const one = row([]);
  const note = (hook) => (at, logs) => void told.push([hook, at, logs.size]);
  await one.fitDataset(pairs().batch(16), {
    callbacks: { onBatchBegin: note('begin'), onBatchEnd: note('end') },
  });
  assert.deepEqual(told, [
    ['begin', 0, 16],
    ['end', 0, 16],
    ['begin', 1, 16],
    ['end', 1, 16],
    ['begin', 2, 8],
    ['end', 2, 8],
  ]);
  let ended = 0;
  const endless = data.generator(function* () {
    try {
      for (;;) yield { xs: [rows[0]], ys: [answers[0]] };
    } finally {
      ended++;
    }
  });
  const stopping = {
    onBatchEnd(batch) {
      one.stopTraining = batch === 5;
    },
  };
  const { history } = await one.fitDataset(endless, { epochs: 9, callbacks: stopping });
  assert.deepEqual([history.loss.length, ended], [1, 1]);
  const params = {};
  class Knows extends mapling.Callback {
    onTrainBegin(logs) {
      Object.assign(params, this.params, { logs });
    }
  }
  await one.fitDataset(pairs().batch(16), { epochs: 2, initialEpoch: 1, callbacks: new Knows() });
  assert.deepEqual(params, {
    epochs: 2,
    initialEpoch: 1,
    samples: null,
    steps: 3,
    batchSize: null,
    verbose: 0,
    doValidation: false,
    metrics: ['loss'],
    logs: {},
  });
  const callback = new mapling.Callback();
  callback.setParams(params);
  assert.equal(callback.params, params);
});

test('classes count as classWeight says, to the numbers of fit', async () => {
  const [one, other] = [row([]), row([])];
  const classWeight = { 0: 2, 1: 0.5 };
  const first = await one.fit(x, y, { epochs: 2, batchSize: 16, shuffle: false, classWeight });
  const second = await other.fitDataset(pairs().batch(16), { epochs: 2, classWeight });
  assert.deepEqual(second.history, first.history);
});

test('an error in a data set arrives as it is; the model stays and can be trained again', async () => {
  const mine = new RangeError('mine');
  const one = row([]);
  const failing = data.generator(function* () {
    yield { xs: [rows[0]], ys: [answers[0]] };
    throw mine;
  });
  await assert.rejects(one.fitDataset(failing), (error) => error === mine);
  await assert.rejects(one.evaluateDataset(failing), (error) => error === mine);
  const { history } = await one.fitDataset(pairs().batch(40));
  assert.equal(history.loss.length, 1);
  one.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
});

test('what does not fit is refused by name, before anything is trained', async () => {
  const { data } = unrecorded;
  const one = row([]);
  const before = weightsOf(one);
  const refused = [
    [[[1]], 'fitDataset: expected a data set, got [1]'],
    [[pairs(), { epochs: 1.5 }], 'fitDataset: epochs: expected a whole number of at least 0, got 1.5'],
    [
      [pairs(), { batchesPerEpoch: 0 }],
      'fitDataset: batchesPerEpoch: expected a whole number of at least 1, got 0',
    ],
    [[pairs(), { validationSplit: 0.1 }], /unknown key "validationSplit"/],
    [[pairs(), { batchPerEpoch: 1 }], /did you mean "batchesPerEpoch"/],
    [[data.array([1, 2])], 'fitDataset: expected batches { xs, ys }, got 1'],
    [[data.array([])], 'fitDataset: the data set gives no batches'],
    [[pairs(), {}], /takes samples of shape \[2\]/],
    [[pairs().batch(2), { verbose: 7 }], 'fitDataset: verbose: expected 0, 1, 2 or auto, got 7'],
    [[pairs().batch(2), { validationData: 3 }], /validationData: expected batches \{ xs, ys \}, got 3/],
  ];
  for (const [args, message] of refused.slice(0, 9))
    await assert.rejects(one.fitDataset(...args), ({ message: got }) =>
      message.test ? message.test(got) : got === message,
    );
  assert.deepEqual(weightsOf(one), before);
  const plain = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
  await assert.rejects(plain.fitDataset(pairs().batch(2)), /^Error: the model has no/);
  await assert.rejects(plain.evaluateDataset(pairs().batch(2)), /^Error: the model has no/);
  const running = one.fitDataset(pairs().batch(2), { epochs: 3 });
  await assert.rejects(one.fit(x, y), /being trained already/);
  await running;
});

test('a thousand batches of an endless data set leave nothing behind', async () => {
  const one = row([]);
  const endless = data.generator(function* () {
    for (let at = 0; ; at++) yield { xs: rows[at % 40], ys: answers[at % 40] };
  });
  const batches = endless.shuffle(50).batch(4).prefetch(2);
  await one.fitDataset(batches, { batchesPerEpoch: 10 });
  const { numTensors, numBytes } = memory();
  await one.fitDataset(batches, { epochs: 10, batchesPerEpoch: 100 });
  assert.ok(memory().numTensors <= numTensors, `${memory().numTensors} tensors, before ${numTensors}`);
  assert.ok(memory().numBytes - numBytes < 1e4);
});

test('fit goes on from an epoch, and epochs of so many steps go on where the last ended, as in Keras', async () => {
  const [one, other] = [row([]), row([])];
  const whole = await one.fit(x, y, { epochs: 2, batchSize: 10, shuffle: false });
  const half = await other.fit(x, y, { epochs: 4, batchSize: 10, shuffle: false, stepsPerEpoch: 2 });
  assert.deepEqual(weightsOf(other), weightsOf(one));
  assert.deepEqual([half.history.loss.length, half.params.steps], [4, 2]);
  near([(half.history.loss[0] + half.history.loss[1]) / 2], [whole.history.loss[0]]);
  // An epoch that meets the end of the data ends there, and the next begins anew.
  const told = [];
  await row([]).fit(x, y, {
    epochs: 3,
    batchSize: 10,
    batchesPerEpoch: 3,
    callbacks: { onBatchBegin: (batch) => void told.push(batch) },
  });
  assert.deepEqual(told, [0, 1, 2, 0, 0, 1, 2]);
  const epochs = [];
  const later = await one.fit(x, y, {
    epochs: 5,
    initialEpoch: 3,
    callbacks: { onEpochBegin: (epoch) => void epochs.push(epoch) },
  });
  assert.deepEqual([later.epoch, epochs, later.params.initialEpoch], [[3, 4], [3, 4], 3]);
  const nothing = await one.fit(x, y, { epochs: 0 });
  assert.deepEqual([nothing.epoch, nothing.history], [[], {}]);
  const few = await one.fit(x, y, { validationData: [x, y], batchSize: 10, validationSteps: 1 });
  const steps = list(one.evaluate(x, y, { batchSize: 10, steps: 1 }))[0];
  near(few.history.val_loss, [steps]);
});

test('batches end as fit ends: with the shape of what is told of a run', async () => {
  const { params } = await row(['mae']).fit(x, y, { validationSplit: 0.25, batchSize: 8, epochs: 1 });
  assert.deepEqual(params, {
    epochs: 1,
    initialEpoch: 0,
    samples: 30,
    steps: 4,
    batchSize: 8,
    verbose: 0,
    doValidation: true,
    metrics: ['loss', 'mae', 'val_loss', 'val_mae'],
  });
});
