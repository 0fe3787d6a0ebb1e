// What a trainer saves, and that another one goes on with it.
import { assert, mapling, test, unrecorded } from './mapling.mjs';
import { line, linear, withTrainer } from './trainer_here.mjs';

const { layers, train } = mapling;

test('what is saved goes on where it was: weights, optimizer and steps, and the page reads it too', async () => {
  await withTrainer(async (trainer) => {
    await trainer.setModel(linear());
    const run = { epochs: 3, batchSize: 8, shuffle: false };
    const both = async () => {
      const { x, y } = line();
      return (await trainer.fit(x, y, run)).history.loss;
    };
    await both();
    const saved = await trainer.save();
    assert.equal(saved.step, 24);
    assert.equal(saved.optimizerState.steps, 24);
    const onward = await both();
    await trainer.setModel(saved);
    assert.deepEqual(await both(), onward);
    const here = await mapling.loadModel({ json: saved.json, weights: saved.weights });
    await trainer.setModel(saved);
    const point = mapling.tensor([[1, 2]]);
    assert.deepEqual([...(await trainer.predict(point)).values], [...here.predict(point).dataSync()]);
  });
});

test('what an optimizer remembers is taken whole or not at all', async () => {
  const made = linear();
  await made.fit(mapling.ones([4, 2]), mapling.ones([4, 1]));
  const saved = { ...(await made.save()), compile: { optimizer: 'adam', loss: 'mse' }, seed: 1 };
  const [kernel, bias] = made.optimizerState_().values;
  assert.deepEqual([kernel.length, bias.length], [4, 2]);
  const read = await mapling.loadModel({ ...saved, optimizerState: { steps: 3, values: [kernel, bias] } });
  assert.equal(read.optimizer.iterations, 3);
  for (const optimizerState of [
    5,
    {},
    { steps: 1, values: [kernel] },
    { steps: 1, values: [kernel.subarray(1), bias] },
    { steps: 1, values: [kernel, 'x'] },
    { steps: 1.5, values: [kernel, bias] },
    { steps: Number.NaN, values: [kernel, bias] },
  ])
    await assert.rejects(mapling.loadModel({ ...saved, optimizerState }), /loadModel: optimizerState/);
});

test('a checkpoint in the middle of an epoch goes on in another worker, and in the page, to the same bits', async () => {
  const { io, callbacks, tensor } = unrecorded;
  const made = () => {
    const net = unrecorded.sequential({
      seed: 3,
      layers: [
        layers.dense({ units: 6, activation: 'tanh', inputShape: [2] }),
        layers.dropout({ rate: 0.3 }),
        layers.dense({ units: 1 }),
      ],
    });
    net.compile({ optimizer: train.adam(0.05), loss: 'meanSquaredError', metrics: ['mae'] });
    return net;
  };
  const run = () => ({
    epochs: 5,
    batchSize: 8,
    validation: 'other',
    callbacks: [
      callbacks.earlyStopping({ monitor: 'loss', patience: 4, restoreBestWeights: true }),
      callbacks.reduceLROnPlateau({ monitor: 'loss', patience: 1, minDelta: 0.4 }),
    ],
  });
  const give = async (trainer) => {
    const { x, y } = line();
    const [a, b] = [x.values.slice(0, 32), y.values.slice(0, 16)];
    await trainer.setData('train', x, y);
    await trainer.setData('other', { values: a, shape: [16, 2] }, { values: b, shape: [16, 1] });
  };
  const done = (trainer) =>
    new Promise((resolve) =>
      trainer.subscribe(({ type, state }) => type === 'state' && state.status === 'done' && resolve(state)),
    );
  let straight;
  await withTrainer(async (trainer) => {
    await trainer.setModel(made());
    await give(trainer);
    const ended = done(trainer);
    await trainer.start(run());
    await ended;
    straight = await trainer.checkpoint();
  });
  let file;
  await withTrainer(async (trainer) => {
    await trainer.setModel(made());
    await give(trainer);
    await trainer.start({ ...run(), paused: true });
    const { step, epoch, batch } = await trainer.step(21);
    assert.deepEqual([step, epoch, batch], [21, 2, 5]);
    file = await trainer.checkpoint();
  });
  await withTrainer(async (trainer) => {
    await trainer.setModel(file);
    await give(trainer);
    await assert.rejects(trainer.start({ ...run(), batchSize: 4, resume: true }), {
      message: 'start: resume: batchSize: the run had 8, now it is 4',
    });
    const ended = done(trainer);
    await trainer.start({ ...run(), resume: true });
    const state = await ended;
    assert.equal(state.step, 40);
    const there = await trainer.checkpoint();
    assert.equal(Buffer.compare(Buffer.from(there), Buffer.from(straight)), 0);
    await assert.rejects(trainer.setModel(file.slice(0, 99)), {
      message: /^setModel: the file has 99 bytes/,
    });
  });
  const here = await io.fromCheckpoint(file);
  const { x, y } = line();
  const [xs, ys] = [tensor(x.values, x.shape), tensor(y.values, y.shape)];
  const { validation: _, ...rest } = run();
  const validationData = [xs.slice([0, 0], [16, 2]), ys.slice([0, 0], [16, 1])];
  await here.fit(xs, ys, { ...rest, validationData, resume: true });
  const there = await io.fromCheckpoint(straight);
  assert.deepEqual(
    here.getWeights().map((weight) => weight.dataSync()),
    there.getWeights().map((weight) => weight.dataSync()),
  );
});
