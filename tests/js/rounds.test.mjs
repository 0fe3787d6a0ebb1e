// Rounds of training, as federated learning has them: a number of steps, and weights that go in and out in plain words.
import { pathToFileURL } from 'node:url';
import { at } from '../../scripts/run.mjs';
import { assert, mapling, test } from './mapling.mjs';

const { createTrainer } = await import(pathToFileURL(at('dist/npm/worker/trainer.js')).href);
const { layers, sequential, tensor2d, train } = mapling;

const count = 40;
const x = tensor2d(
  Float32Array.from({ length: 2 * count }, (_, i) => ((i * 37) % 64) / 32 - 1),
  [count, 2],
);
const y = x.sum(1, true).square();

function made(seed = 5) {
  const model = sequential({ seed });
  model.add(layers.dense({ units: 8, activation: 'tanh', inputShape: [2] }));
  model.add(layers.dense({ units: 1 }));
  model.compile({ optimizer: train.adam(0.05), loss: 'meanSquaredError' });
  return model;
}
const plain = (model) => model.getWeights().map(({ shape, values }) => ({ shape, values }));
const bits = (model) => plain(model).map(({ values }) => Array.from(values));
const refused = (work) =>
  work.then(
    () => 'no error',
    ({ code, message }) => `${code} ${message}`,
  );

test('fit of so many steps ends after them, wherever in an epoch that is, with the bits of whole epochs', async () => {
  const [whole, steps, slowly] = [made(), made(), made()];
  await whole.fit(x, y, { epochs: 2, batchSize: 10 });
  const run = await steps.fit(x, y, { steps: 8, batchSize: 10, validationData: [x, y] });
  assert.deepEqual(bits(steps), bits(whole));
  assert.deepEqual([run.epoch, run.params.epochs, run.params.steps], [[0, 1], 2, 4]);
  assert.equal(run.history.val_loss.length, 2, 'the end of the last epoch belongs to its last batch');
  const told = [];
  const callbacks = { onBatchEnd: (batch) => void told.push(batch) };
  const seven = await slowly.fit(x, y, { steps: 7, batchSize: 10, callbacks });
  assert.deepEqual(told, [0, 1, 2, 3, 0, 1, 2]);
  assert.deepEqual([seven.epoch, seven.history.loss.length], [[0, 1], 2]);
  const once = await made().fit(x, y, { steps: 1, batchSize: 10, yieldEvery: 'batch' });
  assert.equal(once.history.loss.length, 1);
});

test('two rounds of steps from one seed are the same each time, and go on through the data', async () => {
  const rounds = async () => {
    const model = made(9);
    await model.fit(x, y, { steps: 3, batchSize: 10 });
    const first = bits(model);
    await model.fit(x, y, { steps: 3, batchSize: 10 });
    return [first, bits(model)];
  };
  const [one, other] = [await rounds(), await rounds()];
  assert.deepEqual(one, other);
  assert.notDeepEqual(one[0], one[1]);
});

test('steps that cannot be are refused before anything is trained', async () => {
  const model = made();
  const before = bits(model);
  assert.match(await refused(model.fit(x, y, { steps: 0 })), /^value fit: steps: expected a whole number/);
  for (const key of ['epochs', 'stepsPerEpoch', 'batchesPerEpoch', 'finalRate']) {
    const said = await refused(model.fit(x, y, { steps: 2, [key]: 1 }));
    assert.equal(said, `value fit: steps: the run ends after 2, so ${key} says nothing; leave it out`);
  }
  assert.deepEqual(bits(model), before);
});

test('weights go out and in in plain words, and what does not fit changes nothing', () => {
  const [one, other] = [made(1), made(2)];
  other.setWeights(plain(one));
  assert.deepEqual(bits(other), bits(one));
  other.setWeights(
    JSON.parse(JSON.stringify(plain(one).map(({ shape, values }) => ({ shape, values: [...values] })))),
  );
  assert.deepEqual(bits(other), bits(one));
  const [first] = plain(one);
  one.layers[0].setWeights([
    { shape: [2, 8], values: new Float64Array(16) },
    { shape: [8], values: new Float32Array(8) },
  ]);
  assert.deepEqual(bits(one)[0], new Array(16).fill(0));
  const message = (weights) => {
    try {
      other.setWeights(weights);
      return 'no error';
    } catch (failure) {
      return `${failure.code} ${failure.message}`;
    }
  };
  const before = bits(other);
  const rest = plain(other).slice(1);
  const gone = { shape: [2, 8], values: Float32Array.from(first.values) };
  structuredClone(gone.values, { transfer: [gone.values.buffer] });
  assert.match(
    message([{ shape: [8, 2], values: new Float32Array(16) }, ...rest]),
    /^shape setWeights: dense\S* ?.*is \[2,8\], not \[8,2\]/,
  );
  assert.match(message([{ shape: [2, 8], values: new Float32Array(3) }, ...rest]), /^shape setWeights: /);
  assert.match(message([{ shape: [2, 8], values: 'many' }, ...rest]), /^type setWeights: /);
  assert.match(message([{ shape: [2, -8], values: [] }, ...rest]), /^(shape|value) setWeights: /);
  assert.notEqual(message([gone, ...rest]), 'no error');
  assert.deepEqual(bits(other), before);
});

test('in a worker rounds give the same bits: weights out, a mean of them in, so many steps', async () => {
  const trainer = await createTrainer();
  try {
    const here = made(3);
    await trainer.setModel(here);
    await here.fit(x, y, { steps: 5, batchSize: 10 });
    await trainer.fit(x, y, { steps: 5, batchSize: 10 });
    const out = await trainer.weights();
    assert.deepEqual(
      out.map(({ values }) => Array.from(values)),
      bits(here),
    );
    const half = out.map(({ shape, values }) => ({ shape, values: values.map((value) => value / 2) }));
    await trainer.setWeights(half);
    here.setWeights(half);
    assert.equal(half[0].values.length, 16, 'the arrays stay');
    await here.fit(x, y, { steps: 3, batchSize: 10 });
    await trainer.fit(x, y, { steps: 3, batchSize: 10 });
    assert.deepEqual(
      (await trainer.weights()).map(({ values }) => Array.from(values)),
      bits(here),
    );
    assert.match(
      await refused(trainer.setWeights(half.slice(1))),
      /^shape setWeights: there are 4 weights, but 3 were given/,
    );
    assert.match(
      await refused(trainer.setWeights(7)),
      /^type setWeights: expected an array of \{ shape, values \}, got 7/,
    );
    assert.match(await refused(trainer.setWeights([7])), /^type setWeights: expected an array/);
    await trainer.start({ paused: true });
    assert.match(await refused(trainer.setWeights(half)), /^state setWeights: the model is being trained/);
  } finally {
    trainer.terminate();
  }
});
