// Optimizers step by step, callbacks in their order, and what training gives back.
import { assert, mapling, test } from './mapling.mjs';

const { layers, sequential, train } = mapling;

/** One weight w without a bias, the loss (w - target)² on the sample 1: its gradient is 2 (w - target). */
function single(optimizer, { weight = 1, learn = true } = {}) {
  const model = sequential({
    layers: [layers.dense({ units: 1, useBias: false, inputShape: [1], trainable: learn })],
  });
  model.setWeights([mapling.tensor([[weight]])]);
  model.compile({ optimizer, loss: 'meanSquaredError' });
  return model;
}
const weightOf = (model) => model.getWeights()[0].dataSync()[0];
const [one, zero] = [mapling.tensor2d([[1]]), mapling.tensor2d([[0]])];

async function steps(optimizer, count) {
  const model = single(optimizer);
  const seen = [];
  for (let step = 0; step < count; step++) {
    await model.trainOnBatch(one, zero);
    seen.push(weightOf(model));
  }
  return seen;
}
const near = (got, want) =>
  assert.ok(
    got.length === want.length && want.every((value, at) => Math.abs(got[at] - value) <= 1e-6),
    `${got}, expected ${want}`,
  );

test('a model in training is not disposed of, nor gets or loses layers', async () => {
  const model = mapling.sequential({ layers: [mapling.layers.dense({ units: 1, inputShape: [1] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const refused = [];
  const { history } = await model.fit(mapling.ones([4, 1]), mapling.ones([4, 1]), {
    epochs: 2,
    callbacks: {
      onEpochEnd() {
        for (const change of [
          () => model.dispose(),
          () => model.add(mapling.layers.dense({ units: 2 })),
          () => model.pop(),
        ])
          assert.throws(change, ({ code, message }) => refused.push([code, message.split(':')[0]]) > 0);
      },
    },
  });
  assert.equal(history.loss.length, 2);
  assert.deepEqual(refused.slice(0, 3), [
    ['state', 'dispose'],
    ['state', 'add'],
    ['state', 'pop'],
  ]);
  model.dispose();
});

test('sgd: w - rate · g', async () => {
  near(await steps(train.sgd(0.1), 2), [0.8, 0.64]);
  near(await steps('sgd', 1), [1 - 0.01 * 2]);
});

test('momentum: the velocity carries on, Nesterov looks ahead', async () => {
  near(await steps(train.momentum(0.1, 0.9), 2), [0.8, 0.46]);
  near(await steps(train.momentum(0.1, 0.9, true), 2), [0.62, 0.2224]);
});

test('adam: the first steps are as long as the rate', async () => {
  const [rate, beta1, beta2, epsilon] = [0.1, 0.9, 0.999, 1e-7];
  let [w, m, v] = [1, 0, 0];
  const want = [1, 2, 3].map((step) => {
    const gradient = 2 * w;
    m = beta1 * m + (1 - beta1) * gradient;
    v = beta2 * v + (1 - beta2) * gradient ** 2;
    w -= (rate * (m / (1 - beta1 ** step))) / (Math.sqrt(v / (1 - beta2 ** step)) + epsilon);
    return w;
  });
  near(await steps(train.adam(rate), 3), want);
  near(await steps(train.adam(rate, beta1, beta2, epsilon), 3), want);
});

test('an optimizer tells its class and its settings', () => {
  const optimizer = train.adam(0.25, 0.8);
  assert.equal(optimizer.getClassName(), 'Adam');
  const { learningRate, beta1 } = optimizer.getConfig();
  assert.deepEqual([learningRate, beta1], [0.25, 0.8]);
  optimizer.dispose();
  assert.equal(optimizer.getConfig().learningRate, 0.25);
});

test('a frozen layer keeps its weights', async () => {
  const model = single(train.sgd(0.1), { learn: false });
  await model.trainOnBatch(one, zero);
  assert.equal(weightOf(model), 1);
});

test('callbacks are called in order, with epochs, batches and logs', async () => {
  const heard = [];
  const hear = (name) => (at, logs) => {
    heard.push(typeof at === 'number' ? `${name} ${at}` : name);
    if (name === 'onBatchEnd') assert.ok(logs.loss >= 0 && logs.size === 1 && logs.batch === at);
    if (name === 'onEpochEnd') assert.ok(logs.loss >= 0);
  };
  const names = ['onTrainBegin', 'onTrainEnd', 'onEpochBegin', 'onEpochEnd', 'onBatchBegin', 'onBatchEnd'];
  const callbacks = Object.fromEntries(names.map((name) => [name, hear(name)]));
  await single('sgd').fit([[1], [1]], [[0], [0]], { epochs: 2, batchSize: 1, callbacks });
  const epoch = (at) => [
    `onEpochBegin ${at}`,
    'onBatchBegin 0',
    'onBatchEnd 0',
    'onBatchBegin 1',
    'onBatchEnd 1',
    `onEpochEnd ${at}`,
  ];
  assert.deepEqual(heard, ['onTrainBegin', ...epoch(0), ...epoch(1), 'onTrainEnd']);
});

test('a class that extends Callback is told of its model and hears what it overrides', async () => {
  class Watch extends mapling.Callback {
    losses = [];
    setModel(model) {
      super.setModel(model);
      this.seen = model;
    }
    async onTrainBegin(logs) {
      await super.onTrainBegin(logs);
      this.begun = true;
    }
    async onEpochBegin(epoch, logs) {
      await super.onEpochBegin(epoch, logs);
    }
    async onEpochEnd(epoch, logs) {
      await super.onEpochEnd(epoch, logs);
      this.losses.push(logs.loss);
    }
    async onTrainEnd(logs) {
      await super.onTrainEnd(logs);
      this.ended = true;
    }
  }
  const [watch, model] = [new Watch(), single(train.sgd(0.1))];
  const history = await model.fit(one, zero, { epochs: 3, callbacks: [watch] });
  assert.deepEqual([watch.begun, watch.ended, watch.losses], [true, true, history.history.loss]);
  assert.equal(watch.seen, model);
  assert.ok(history instanceof mapling.History);
});

test('earlyStopping ends a run that gets no better, and can bring the best weights back', async () => {
  // A rate of 2 makes each step worse: the weight goes 1, -3, 9, …
  const stop = mapling.callbacks.earlyStopping({ monitor: 'loss', patience: 2, restoreBestWeights: true });
  const model = single(train.sgd(2));
  const { epoch } = await model.fit(one, zero, { epochs: 10, callbacks: stop });
  // The first loss is the best; two that are no better end the run.
  assert.deepEqual(epoch, [0, 1, 2]);
  // What the model was at the end of the first epoch.
  assert.equal(weightOf(model), -3);
  assert.ok(stop instanceof mapling.EarlyStopping);
});

test('earlyStopping told by hand: what is no better counts, a new run begins to count anew', () => {
  const [stop, model] = [
    mapling.callbacks.earlyStopping({ patience: 2, minDelta: 0.1 }),
    { stopTraining: false },
  ];
  stop.setModel(model);
  const hear = (...losses) => {
    model.stopTraining = false;
    stop.onTrainBegin();
    losses.forEach((loss, epoch) => {
      stop.onEpochEnd(epoch, { val_loss: loss });
    });
    stop.onTrainEnd();
    return model.stopTraining;
  };
  assert.equal(hear(1, 0.95), false);
  assert.equal(hear(1, 0.95, 0.92), true);
  assert.equal(hear(1, 0.95, 0.8, 0.75), false);
});

test('the hooks of Callback do nothing by themselves', async () => {
  const callback = new mapling.Callback();
  callback.setModel({});
  const told = [
    callback.onTrainBegin({}),
    callback.onEpochBegin(0, {}),
    callback.onEpochEnd(0, {}),
    callback.onTrainEnd({}),
  ];
  assert.deepEqual(await Promise.all(told), [undefined, undefined, undefined, undefined]);
});

test('a callback that sets stopTraining ends the run', async () => {
  const model = single(train.sgd(0.1));
  const { epoch } = await model.fit(one, zero, {
    epochs: 50,
    callbacks: {
      onEpochEnd: (at) => {
        model.stopTraining = at === 3;
      },
    },
  });
  assert.equal(epoch.at(-1), 3);
});

test('the order and the augmentation of a run follow from the seed', async () => {
  const trained = async () => {
    const model = sequential({ seed: 3, layers: [layers.dense({ units: 1, inputShape: [2] })] });
    model.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
    const xs = mapling.randomNormal([7, 2], 0, 1, 'float32', 1);
    await model.fit(xs, xs.sum(1, true), { epochs: 2, batchSize: 2 });
    return model.getWeights().map((weight) => [...weight.dataSync()]);
  };
  assert.deepEqual(await trained(), await trained());
});
