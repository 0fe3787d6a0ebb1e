import { assert, mapling, test } from './mapling.mjs';

const { callbacks, layers, sequential, tensor2d, train } = mapling;

function single(optimizer = train.sgd(0.25)) {
  const dense = layers.dense({ units: 1, useBias: false, inputShape: [1], kernelInitializer: 'ones' });
  const model = sequential({ layers: [dense] });
  model.compile({ optimizer, loss: 'meanSquaredError' });
  return model;
}
const [one, zero] = [tensor2d([[1]]), tensor2d([[0]])];
const weightOf = (model) => model.getWeights()[0].dataSync()[0];

/** What callbacks see of a model, for logs that are told by hand. */
const stage = (learningRate = 1) => ({
  stopTraining: false,
  learningRate,
  saves: 0,
  async save() {
    this.saves++;
    return { json: '{}', weights: Uint8Array.of(this.saves) };
  },
});

test('modelCheckpoint keeps the last model, or the best, in memory and by a function', async () => {
  const kept = [];
  const checkpoint = callbacks.modelCheckpoint({
    monitor: 'loss',
    saveBestOnly: true,
    save: async (saved) => kept.push(saved.epoch),
  });
  checkpoint.setModel(stage());
  for (const [epoch, loss] of [3, 2, 2.5, 1].entries()) await checkpoint.onEpochEnd(epoch, { loss });
  assert.deepEqual(kept, [0, 1, 3]);
  assert.deepEqual(checkpoint.saved.logs, { loss: 1 });

  const model = single();
  const every = callbacks.modelCheckpoint();
  await model.fit(one, zero, { epochs: 2, callbacks: every });
  assert.equal(every.saved.epoch, 1);
  const again = mapling.loadModel({ json: every.saved.json, weights: every.saved.weights });
  assert.equal(weightOf(await again), weightOf(model));

  const batches = [];
  const often = callbacks.modelCheckpoint({
    saveFreq: 2,
    saveWeightsOnly: true,
    save: ({ json }) => batches.push(json),
  });
  const four = [0, 1, 2, 3].map(() => [1]);
  await single().fit(tensor2d(four), tensor2d(four), { batchSize: 1, callbacks: often });
  assert.deepEqual(batches, [undefined, undefined]);
});

test('modelCheckpoint has a value to better from the start, and knows what grows', async () => {
  const checkpoint = callbacks.modelCheckpoint({
    monitor: 'val_acc',
    saveBestOnly: true,
    initialValueThreshold: 0.5,
  });
  checkpoint.setModel(stage());
  await checkpoint.onEpochEnd(0, { val_acc: 0.4 });
  assert.equal(checkpoint.saved, undefined);
  await checkpoint.onEpochEnd(1, { val_acc: 0.6 });
  assert.equal(checkpoint.saved.epoch, 1);
});

test('reduceLROnPlateau lowers the rate after patience, rests, and stops at the least', () => {
  const reduce = callbacks.reduceLROnPlateau({
    monitor: 'loss',
    factor: 0.5,
    patience: 2,
    cooldown: 1,
    minLr: 0.3,
  });
  const model = stage(1);
  reduce.setModel(model);
  reduce.onTrainBegin();
  const rates = [1, 1, 1, 1, 1, 1, 1, 1].map((loss, epoch) => {
    const logs = { loss };
    reduce.onEpochEnd(epoch, logs);
    assert.ok(logs.learningRate > 0);
    return model.learningRate;
  });
  // The third epoch is the second that is no better; the fourth rests and, as in Keras, counts again.
  assert.deepEqual(rates, [1, 1, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3]);
});

test('reduceLROnPlateau changes the rate of a model that is trained', async () => {
  const model = single(train.sgd(0));
  model.learningRate = 0.125;
  await model.fit(one, one, {
    epochs: 3,
    callbacks: callbacks.reduceLROnPlateau({ monitor: 'loss', patience: 1, factor: 0.5 }),
  });
  assert.equal(model.learningRate, 0.03125);
});

test('learningRateScheduler sets the rate of each epoch, and is awaited', async () => {
  const model = single();
  const seen = [];
  const scheduler = callbacks.learningRateScheduler(async (epoch, rate) => {
    seen.push([epoch, rate]);
    return rate / 2;
  });
  await model.fit(one, zero, { epochs: 2, callbacks: scheduler });
  assert.deepEqual(seen, [
    [0, 0.25],
    [1, 0.125],
  ]);
  // 1 · (1 − 2 · 0.125) · (1 − 2 · 0.0625)
  assert.equal(weightOf(model), 0.65625);
});

test('terminateOnNaN stops after the batch whose loss is no number', async () => {
  const model = single(train.sgd(1e30));
  const history = await model.fit(one, zero, { epochs: 50, callbacks: callbacks.terminateOnNaN() });
  assert.ok(history.epoch.length < 5, `${history.epoch.length} epochs`);
});

test('csvLogger writes a line for each epoch, sorted by name', async () => {
  const lines = [];
  const logger = callbacks.csvLogger({ separator: ';', write: (line) => lines.push(line) });
  logger.onTrainBegin();
  await logger.onEpochEnd(0, { loss: 2, acc: 0.5 });
  await logger.onEpochEnd(1, { loss: 1 });
  assert.deepEqual(lines, ['epoch;acc;loss\n', '0;0.5;2\n', '1;NA;1\n']);
  assert.equal(logger.text, lines.join(''));
  const more = callbacks.csvLogger({ append: true });
  await single().fit(one, zero, { epochs: 1, callbacks: more });
  await single().fit(one, zero, { epochs: 1, callbacks: more });
  assert.equal(more.text, 'epoch,loss\n0,1\n0,1\n');
});

test('earlyStopping waits for its first epoch, and names a log that is absent', () => {
  const stop = callbacks.earlyStopping({ monitor: 'loss', startFromEpoch: 2 });
  const model = stage();
  stop.setModel(model);
  stop.onTrainBegin();
  const stopped = [1, 2, 3, 4].map((loss, epoch) => {
    stop.onEpochEnd(epoch, { loss });
    return model.stopTraining;
  });
  assert.deepEqual(stopped, [false, false, false, true]);
  const absent = callbacks.earlyStopping({ patience: 0 });
  absent.setModel(stage());
  absent.onTrainBegin();
  assert.throws(() => absent.onEpochEnd(0, { loss: 1 }), {
    code: 'name',
    message: 'earlyStopping: there is no log "val_loss"; there are loss',
  });
  // An epoch that training is stopped in was not validated.
  absent.setModel({ ...stage(), stopTraining: true });
  absent.onEpochEnd(0, { loss: 1 });
});

test('callbacks refuse settings that make no sense', () => {
  assert.throws(
    () => callbacks.reduceLROnPlateau({ factor: 1 }),
    /factor: expected a number from 0 to less than 1/,
  );
  assert.throws(() => callbacks.modelCheckpoint({ save: 1 }), /modelCheckpoint: save: expected a function/);
  assert.throws(() => callbacks.learningRateScheduler(0.1), /learningRateScheduler: expected a function/);
  assert.throws(() => callbacks.csvLogger({ seperator: ';' }), /did you mean "separator"\?/);
});
