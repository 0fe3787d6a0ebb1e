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
