// How many samples there are of each part is compared where they are handed over, and both numbers are told.
import { createTrainer } from '../../dist/npm/worker/trainer.js';
import { assert, unrecorded as mapling, test } from './mapling.mjs';

const { data, layers, tensor } = mapling;
const model = () => {
  const made = mapling.sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
  made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return made;
};
const [x, y, three] = [mapling.ones([4, 2]), mapling.ones([4, 1]), mapling.ones([3, 1])];
const refused = (call, message) => assert.rejects(async () => call(), { code: 'shape', message });

test('samples and targets of different numbers are refused with both numbers, by name', async () => {
  const told = (name) => `${name}: x has 4 samples, y has 3`;
  await refused(() => model().fit(x, three), told('fit'));
  await refused(() => model().fit(x, y, { validationData: [x, three] }), told('fit: validationData'));
  await refused(() => model().evaluate(x, three), told('evaluate'));
  await refused(() => model().trainOnBatch(x, three), told('trainOnBatch'));
  await refused(() => model().testOnBatch(x, three), told('testOnBatch'));
  const set = (ys) => data.array([{ xs: x, ys }]);
  await refused(() => model().fitDataset(set(three)), told('fitDataset'));
  await refused(() => model().evaluateDataset(set(three)), told('evaluateDataset'));
  await refused(
    () => model().fitDataset(set(y), { validationData: [x, three] }),
    told('fitDataset: validationData'),
  );
});

test('a trainer refuses them when they are given, and keeps the data that it had', async () => {
  const trainer = await createTrainer();
  try {
    await trainer.setModel(model());
    await trainer.setData('train', x, y);
    await refused(() => trainer.setData('train', x, three), 'setData: x has 4 samples, y has 3');
    await refused(
      () => trainer.setData('train', x, y, [1, 2]),
      'setData: x has 4 samples, sampleWeight has 2',
    );
    await refused(() => trainer.setData('train', [x, tensor([[1]])]), 'setData: x has 4 samples, x has 1');
    await refused(() => trainer.setData('train', { a: x, b: three }), 'setData: x has 4 samples, x has 3');
    await refused(() => trainer.setData('train', x, { out: three }), 'setData: x has 4 samples, y has 3');
    await refused(() => trainer.fit(x, three), 'fit: x has 4 samples, y has 3');
    await refused(
      () => trainer.fit(x, y, { validationData: [x, three] }),
      'fit: validationData: x has 4 samples, y has 3',
    );
    const { logs } = await trainer.evaluate('train');
    assert.ok(Number.isFinite(logs.loss));
  } finally {
    trainer.terminate();
  }
});

test('a batch size that an input fixes asks for nothing where no layer is stateful, as in Keras', async () => {
  const fixed = mapling.sequential({ layers: [layers.dense({ units: 1, batchInputShape: [4, 2] })] });
  fixed.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  assert.deepEqual(fixed.outputs[0].shape, [4, 1]);
  for (const count of [1, 4, 6]) {
    const [xs, ys] = [mapling.ones([count, 2]), mapling.ones([count, 1])];
    assert.deepEqual(fixed.predict(xs).shape, [count, 1]);
    assert.deepEqual(fixed.predict(xs, { batchSize: 3 }).shape, [count, 1]);
    assert.deepEqual(fixed.predictOnBatch(xs).shape, [count, 1]);
    assert.deepEqual(fixed.apply(xs).shape, [count, 1]);
    assert.ok(Number.isFinite(fixed.evaluate(xs, ys).dataSync()[0]));
    assert.equal((await fixed.fit(xs, ys)).history.loss.length, 1);
    assert.ok(Number.isFinite(await fixed.trainOnBatch(xs, ys)));
  }
});

test('a stateful layer takes whole batches only', () => {
  const lstm = layers.lstm({ units: 1, stateful: true, batchInputShape: [2, 3, 1] });
  const stateful = mapling.sequential({ layers: [lstm] });
  assert.deepEqual(stateful.predict(mapling.ones([4, 3, 1]), { batchSize: 2 }).shape, [4, 1]);
  assert.throws(() => stateful.predict(mapling.ones([3, 3, 1]), { batchSize: 2 }), { message: /^predict: / });
});
