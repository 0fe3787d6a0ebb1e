import { closeNumbers, judged, readOracle, settings } from './keras.mjs';
import { assert, mapling, test } from './mapling.mjs';

const { optimizers, train } = mapling;
const { schedules } = optimizers;

/** The values of a variable after each step along these gradients. */
function follow(optimizer, start, gradients) {
  const x = mapling.variable(mapling.tensor1d(start));
  const seen = gradients.map((gradient) => {
    optimizer.applyGradients([{ name: x.name, tensor: mapling.tensor1d(gradient) }]);
    return Array.from(x.dataSync());
  });
  x.dispose();
  return seen;
}

for (const one of judged('optimizers')) {
  test(`optimizers.${one.optimizer} takes Keras' steps: ${one.name}`, () => {
    const optimizer = optimizers[one.optimizer](settings(one.config));
    follow(optimizer, one.start, one.gradients).forEach((found, step) => {
      closeNumbers(`step ${step}`, found, one.weights[step], 1e-5);
    });
    assert.equal(optimizer.getClassName(), one.optimizer);
    assert.equal(optimizer.iterations, one.gradients.length);
  });
}

for (const { name, schedule, config, rates } of readOracle('judging.json').schedules) {
  test(`schedules: ${name} has Keras' rates`, () => {
    const made = schedules[schedule[0].toLowerCase() + schedule.slice(1)](settings(config));
    closeNumbers(
      name,
      rates.map((_, step) => made.call(step)),
      rates,
      1e-5,
    );
  });
}

test('train.* take settings in the order of TensorFlow.js, or by name', () => {
  const gradients = [
    [0.5, -2],
    [1, 0.25],
  ];
  const same = (a, b) =>
    assert.deepEqual(follow(a, [1, 2], gradients), follow(b, [1, 2], gradients), a.getClassName());
  same(train.sgd(0.1), train.sgd({ learningRate: 0.1 }));
  same(train.momentum(0.1, 0.5, true), optimizers.SGD({ learningRate: 0.1, momentum: 0.5, nesterov: true }));
  same(train.momentum(0.1), optimizers.SGD({ learningRate: 0.1, momentum: 0.9 }));
  same(
    train.rmsprop(0.1, 0.8, 0.5, 1e-3, true),
    optimizers.RMSprop({ learningRate: 0.1, rho: 0.8, momentum: 0.5, epsilon: 1e-3, centered: true }),
  );
  same(train.adagrad(0.1, 0.2), optimizers.Adagrad({ learningRate: 0.1, initialAccumulatorValue: 0.2 }));
  same(train.adadelta(0.1, 0.9, 1e-3), optimizers.Adadelta({ learningRate: 0.1, rho: 0.9, epsilon: 1e-3 }));
  same(
    train.adam(0.1, 0.8, 0.9, 1e-3),
    optimizers.Adam({ learningRate: 0.1, beta1: 0.8, beta2: 0.9, epsilon: 1e-3 }),
  );
  same(train.adamax(0.1, 0.8), optimizers.Adamax({ learningRate: 0.1, beta1: 0.8 }));
  same(train.nadam(0.1), optimizers.Nadam({ learningRate: 0.1 }));
  same(train.adamw(0.1), optimizers.AdamW({ learningRate: 0.1, weightDecay: 0.004 }));
  same(train.lion(0.1), optimizers.Lion({ learningRate: 0.1, beta2: 0.99 }));
});

test('lion goes steps of one length, by the sign of its momentum', () => {
  const lion = optimizers.Lion({ learningRate: 0.25, beta1: 0.5, beta2: 0.5 });
  // Momentum 0, 2, −1 beside gradients 4, −4, 0: ahead of it 2, −1, −0.5.
  assert.deepEqual(follow(lion, [1], [[4], [-4], [0]]), [[0.75], [1], [1.25]]);
});

test('gradients are clipped by value, by norm and by the norm of all', () => {
  const [a, b] = [
    [3, 4],
    [0, 12],
  ].map((start) => mapling.variable(mapling.tensor1d([0, 0].map((x) => x * start[0]))));
  const steps = (config) => {
    a.assign(mapling.tensor1d([0, 0]));
    b.assign(mapling.tensor1d([0, 0]));
    const optimizer = optimizers.SGD({ learningRate: 1, ...config });
    optimizer.applyGradients({ [a.name]: mapling.tensor1d([3, 4]), [b.name]: mapling.tensor1d([0, 12]) });
    return [...a.dataSync(), ...b.dataSync()];
  };
  closeNumbers('value', steps({ clipvalue: 3.5 }), [-3, -3.5, 0, -3.5], 1e-6);
  closeNumbers('norm', steps({ clipnorm: 6 }), [-3, -4, 0, -6], 1e-6);
  closeNumbers('all', steps({ globalClipnorm: 6.5 }), [-1.5, -2, 0, -6], 1e-6);
  assert.throws(() => steps({ clipnorm: 1, clipvalue: 1 }), /only one of clipvalue, clipnorm/);
});

/** A model of one weight, which a step along its gradient 1 moves by the learning rate. */
function single(optimizer) {
  const dense = mapling.layers.dense({
    units: 1,
    useBias: false,
    inputShape: [1],
    kernelInitializer: 'zeros',
  });
  const model = mapling.sequential({ layers: [dense] });
  model.compile({ optimizer, loss: (_, p) => p });
  return model;
}
const one = mapling.tensor2d([[1]]);

test('models clip gradients too, and late ones', async () => {
  const config = { optimizer: optimizers.SGD({ learningRate: 1, globalClipnorm: 0.5 }) };
  const model = single(config.optimizer);
  await model.trainOnBatch(one, one);
  closeNumbers('weight', model.getWeights()[0].dataSync(), [-0.5], 1e-6);
});

test('a learning rate follows a schedule step by step, until a number ends it', async () => {
  const schedule = schedules.piecewiseConstantDecay({ boundaries: [0, 1], values: [0.5, 0.25, 0.125] });
  const optimizer = train.sgd(schedule);
  const model = single(optimizer);
  const moved = [];
  for (let step = 0; step < 3; step++) {
    const before = model.getWeights()[0].dataSync()[0];
    assert.equal(optimizer.learningRate, [0.5, 0.25, 0.125][step]);
    await model.trainOnBatch(one, one);
    moved.push(before - model.getWeights()[0].dataSync()[0]);
  }
  assert.deepEqual(moved, [0.5, 0.25, 0.125]);
  assert.equal(optimizer.getConfig().learningRate.className, 'PiecewiseConstantDecay');
  optimizer.learningRate = 1;
  await model.trainOnBatch(one, one);
  assert.equal(model.getWeights()[0].dataSync()[0], -1.875);
  optimizer.setLearningRate(schedules.constant(2));
  await model.trainOnBatch(one, one);
  assert.equal(model.getWeights()[0].dataSync()[0], -3.875);
});

test('schedules have their rates', () => {
  const rates = (schedule, want) =>
    closeNumbers(
      schedule.getClassName(),
      want.map((_, step) => schedule.call(step)),
      want,
      1e-6,
    );
  rates(schedules.constant(0.5), [0.5, 0.5]);
  rates(
    schedules.exponentialDecay({ initialLearningRate: 0.5, decaySteps: 2, decayRate: 0.25 }),
    [0.5, 0.25, 0.125],
  );
  rates(
    schedules.exponentialDecay({ initialLearningRate: 0.5, decaySteps: 2, decayRate: 0.25, staircase: true }),
    [0.5, 0.5, 0.125],
  );
  rates(
    schedules.inverseTimeDecay({ initialLearningRate: 0.6, decaySteps: 2, decayRate: 1 }),
    [0.6, 0.4, 0.3],
  );
  rates(
    schedules.polynomialDecay({ initialLearningRate: 0.5, decaySteps: 4, endLearningRate: 0.1, power: 2 }),
    [0.5, 0.325, 0.2, 0.125, 0.1, 0.1],
  );
  rates(
    schedules.cosineDecay({
      initialLearningRate: 0,
      decaySteps: 2,
      alpha: 0.1,
      warmupTarget: 1,
      warmupSteps: 2,
    }),
    [0, 0.5, 1, 0.55, 0.1, 0.1],
  );
  rates(
    schedules.cosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: 2, tMul: 1 }),
    [1, 0.5, 1, 0.5],
  );
  rates(schedules.oneCycle({ maxLearningRate: 1, totalSteps: 10 }), [0.04, 0.52, 1]);
  rates(optimizers.schedules.piecewiseConstantDecay({ boundaries: [1], values: [1, 2] }), [1, 1, 2]);
  assert.deepEqual(schedules.constant(1).getConfig(), { boundaries: [], values: [1] });
});

test('settings that make no sense are refused', () => {
  const refused = (call, text) =>
    assert.throws(call, (error) => error.message.includes(text) || assert.fail(error.message));
  refused(
    () => schedules.exponentialDecay({ initialLearningRate: 1, decayStep: 1, decayRate: 1 }),
    'did you mean "decaySteps"?',
  );
  refused(
    () => schedules.exponentialDecay({ initialLearningRate: 1, decaySteps: 0, decayRate: 1 }).call(0),
    'at least 1',
  );
  refused(() => schedules.constant(Number.NaN), 'expected a finite number');
  refused(() => single(optimizers.Adam({ weightDecay: -1 })), 'weightDecay');
  refused(() => single(optimizers.RMSprop({ rho: 1 })), '`rho` must be at least 0 and less than 1');
  refused(() => single(optimizers.Adam({ nesterov: true })), 'unknown key');
  refused(() => single('adan'), 'there are SGD');
  refused(() => train.sgd(Number.POSITIVE_INFINITY), 'learningRate: expected a finite number');
});
