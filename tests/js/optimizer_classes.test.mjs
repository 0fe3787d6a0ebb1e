// Optimizers as classes, as programs for TensorFlow.js make them and ask for them.
import { assert, mapling, test } from './mapling.mjs';
import { list } from './numbers.mjs';

const {
  AdadeltaOptimizer,
  AdagradOptimizer,
  AdamaxOptimizer,
  AdamOptimizer,
  layers,
  MomentumOptimizer,
  Optimizer,
  RMSPropOptimizer,
  SGDOptimizer,
  sequential,
  train,
  variable,
} = mapling;

const classes = {
  sgd: [SGDOptimizer, 0.1],
  momentum: [MomentumOptimizer, 0.1, 0.5],
  adam: [AdamOptimizer, 0.1, 0.8, 0.9, 1e-6],
  adamax: [AdamaxOptimizer, 0.1, 0.8, 0.9],
  rmsprop: [RMSPropOptimizer, 0.1, 0.8, 0.5, 1e-6, true],
  adagrad: [AdagradOptimizer, 0.1, 0.2],
  adadelta: [AdadeltaOptimizer, 0.1, 0.9],
};

test('optimizers made by new take steps as those that functions make', () => {
  for (const [name, [Class, ...args]] of Object.entries(classes)) {
    const ends = [new Class(...args), train[name](...args)].map((optimizer) => {
      const x = variable(mapling.tensor([1, -2]));
      for (let step = 0; step < 3; step++) optimizer.minimize(() => x.square().sum());
      return list(x);
    });
    assert.deepEqual(ends[0], ends[1], name);
    assert.notDeepEqual(ends[0], [1, -2], name);
  }
});

test('an optimizer is of its class however it was made, and of no other', () => {
  for (const [name, [Class, ...args]] of Object.entries(classes)) {
    const optimizer = train[name](...args);
    assert.ok(optimizer instanceof Class && new Class(...args) instanceof Class, name);
    assert.ok(new Class(...args) instanceof Optimizer, name);
    for (const [other, [Other]] of Object.entries(classes)) {
      const isKind = other === name || (name === 'momentum' && other === 'sgd');
      assert.equal(optimizer instanceof Other, isKind, `${name} instanceof ${other}`);
    }
    for (const odd of [null, undefined, 3, {}, { className: 'Adam' }]) assert.ok(!(odd instanceof Class));
  }
  const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
  model.compile({ optimizer: 'adam', loss: 'mse' });
  assert.ok(model.optimizer instanceof AdamOptimizer);
  class Mine extends AdamOptimizer {}
  assert.ok(new Mine(0.1) instanceof Mine && new Mine(0.1) instanceof AdamOptimizer);
  assert.ok(!(train.adam() instanceof Mine));
});

test('settings go out by getConfig and in again by fromConfig, in either order of arguments', () => {
  for (const [name, [Class, ...args]] of Object.entries(classes)) {
    const optimizer = train[name](...args);
    const found = optimizer.constructor;
    assert.equal(found, Class, name);
    for (const again of [
      found.fromConfig(found, optimizer.getConfig()),
      Class.fromConfig(optimizer.getConfig()),
    ]) {
      assert.ok(again instanceof Class, name);
      assert.deepEqual(again.getConfig(), optimizer.getConfig(), name);
    }
  }
  assert.equal(AdamOptimizer.fromConfig({ learningRate: 0.1, clipnorm: 2 }).getConfig().clipnorm, 2);
  const { beta1, beta2 } = train.adam(0.1, 0.8, 0.9).getConfig();
  assert.deepEqual([beta1, beta2], [0.8, 0.9]);
  class Mine extends AdamOptimizer {}
  const mine = Mine.fromConfig(Mine, { learningRate: 0.3, beta1: 0.5 });
  assert.deepEqual([mine instanceof Mine, mine.learningRate, mine.getConfig().beta1], [true, 0.3, 0.5]);
  assert.throws(() => AdamOptimizer.fromConfig({ learningRat: 0.1 }), /learning_?[rR]ate/);
  assert.throws(
    () => AdamOptimizer.fromConfig(AdamOptimizer, 3),
    /^Error: AdamOptimizer.fromConfig: expected settings/,
  );
});

test('a class of one’s own takes steps by its applyGradients, is registered, and no model is compiled with it', () => {
  class Signs extends Optimizer {
    static className = 'SignsOfTest';
    constructor(rate) {
      super();
      this.learningRate = rate;
    }
    applyGradients(gradients) {
      this.steps = (this.steps ?? 0) + 1;
      for (const [name, gradient] of Object.entries(gradients))
        named[name].assign(named[name].sub(gradient.sign().mul(this.learningRate)));
    }
    getConfig() {
      return { rate: this.learningRate };
    }
  }
  mapling.serialization.registerClass(Signs);
  const x = variable(mapling.tensor([1, -2]), true, 'signed');
  const named = { signed: x };
  const signs = new Signs(0.5);
  assert.ok(signs instanceof Optimizer && !(signs instanceof AdamOptimizer));
  assert.equal(signs.minimize(() => x.square().sum(), true).dataSync()[0], 5);
  assert.deepEqual([list(x), signs.steps, signs.getClassName()], [[0.5, -1.5], 1, 'SignsOfTest']);
  const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
  assert.throws(
    () => model.compile({ optimizer: signs, loss: 'mse' }),
    /^Error: SignsOfTest: an optimizer of your own: .*minimize/,
  );
  class Empty extends Optimizer {}
  assert.throws(() => new Empty().minimize(() => x.square().sum()), /^Error: Empty: .*applyGradients/);
});
