// Several callbacks as one, and callbacks that every run gets.
import { assert, mapling, test } from './mapling.mjs';

const { CallbackList, CustomCallback, layers, ones, sequential } = mapling;

test('a list tells its callbacks one after the other, and waits', async () => {
  const told = [];
  const slow = new CustomCallback({
    onEpochEnd: async (epoch, logs) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      told.push(['slow', epoch, logs.loss]);
    },
    onTrainBegin: () => told.push(['begin']),
  });
  const all = new CallbackList([slow]);
  all.append({
    onEpochEnd: (epoch) => told.push(['plain', epoch]),
    onBatchEnd: (batch) => told.push(['batch', batch]),
  });
  all.setParams({ epochs: 7 });
  all.setModel({ stopTraining: false });
  await all.onTrainBegin();
  await all.onEpochBegin(1);
  await all.onBatchBegin(2);
  await all.onBatchEnd(2);
  await all.onEpochEnd(1, { loss: 0.5 });
  await all.onTrainEnd();
  assert.deepEqual(told, [['begin'], ['batch', 2], ['slow', 1, 0.5], ['plain', 1]]);
  assert.deepEqual([slow.params, all.callbacks.length], [{ epochs: 7 }, 2]);
  assert.throws(() => new CallbackList([5]), { code: 'type', message: /^CallbackList: expected a callback/ });
  assert.throws(() => all.append({ onEpochEnd: 5 }), { code: 'type', message: /^CallbackList: onEpochEnd/ });
});

test('a registered class makes a callback for each run that prints as much', async () => {
  let made = 0;
  const epochs = [];
  class Counting extends mapling.Callback {
    constructor() {
      super();
      made++;
    }
    onEpochEnd(epoch) {
      epochs.push(epoch);
    }
  }
  mapling.registerCallbackConstructor(2, Counting);
  const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const print = console.log;
  console.log = () => {};
  try {
    await model.fit(ones([4, 1]), ones([4, 1]), { epochs: 2, verbose: 0 });
    assert.deepEqual([made, epochs], [0, []]);
    await model.fit(ones([4, 1]), ones([4, 1]), { epochs: 2, verbose: 2 });
    assert.deepEqual([made, epochs], [1, [0, 1]]);
    await model.fitDataset(mapling.data.array([{ xs: ones([2, 1]), ys: ones([2, 1]) }]), {
      epochs: 1,
      verbose: 2,
    });
    assert.deepEqual([made, epochs], [2, [0, 1, 0]]);
  } finally {
    console.log = print;
  }
  assert.throws(() => mapling.registerCallbackConstructor(2, Counting), { code: 'name', message: /already/ });
  assert.throws(() => mapling.registerCallbackConstructor(2, class {}), {
    code: 'type',
    message: /extends Callback/,
  });
});

test('op names a function, and frees what it leaves', () => {
  const twice = mapling.op({ twice_: (x) => mapling.add(x, x) });
  assert.deepEqual([twice.name, ...twice(mapling.tensor([1, 2])).dataSync()], ['twice', 2, 4]);
  assert.throws(() => mapling.op({ a: () => 1, b: () => 2 }), { code: 'type', message: /^op: / });
});

test('cosineProximity is the cosine with the other sign; OptimizerConstructors are those of train', () => {
  const [y, p] = [mapling.tensor([[3, 4]]), mapling.tensor([[4, 3]])];
  const [value] = mapling.metrics.cosineProximity(y, p).dataSync();
  assert.ok(Math.abs(value + 0.96) < 1e-6, `${value}`);
  for (const name of Object.keys(mapling.train)) {
    const made = mapling.OptimizerConstructors[name](0.25);
    assert.deepEqual(
      [made.getClassName(), made.learningRate],
      [mapling.train[name](0.25).getClassName(), 0.25],
    );
  }
  assert.deepEqual(layers.cropping2D({ cropping: 1 }).apply(ones([1, 3, 3, 1])).shape, [1, 1, 1, 1]);
});
