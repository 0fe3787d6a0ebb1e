// Variables, and optimizers' steps on them.
import { assert, mapling, test } from './mapling.mjs';

const { layers, memory, scalar, tensor, train, variable, variableGrads } = mapling;

const list = (one) => Array.from(one.dataSync());

test('a variable is assigned to, and what was made from it before stays', () => {
  const w = variable(tensor([1, 2]), true, 'weights');
  assert.ok(w instanceof mapling.Tensor && w instanceof mapling.Variable);
  assert.deepEqual([w.name, w.trainable, w.dtype, w.shape], ['weights', true, 'float32', [2]]);
  const [before, view, copy] = [w.mul(2), w.reshape([2, 1]), w.clone()];
  w.assign(tensor([5, 6]));
  assert.deepEqual([w, before, view, copy].map(list), [
    [5, 6],
    [2, 4],
    [1, 2],
    [1, 2],
  ]);
  w.assign(w.add(1));
  assert.deepEqual(list(w), [6, 7]);
  assert.throws(() => w.assign(tensor([1])), { code: 'shape', message: /^assign: the variable is \[2\]/ });
  assert.throws(() => w.assign(tensor([1, 2], null, 'int32')), { code: 'type' });
  w.dispose();
  assert.throws(() => w.add(1), { code: 'state' });
});

test('a variable of a tensor’s method, its switch, and its end', () => {
  const w = tensor([1, 2]).variable(false, 'switched');
  assert.deepEqual([w instanceof mapling.Variable, w.name, w.trainable], [true, 'switched', false]);
  w.trainable = true;
  assert.equal(w.trainable, true);
  assert.throws(
    () => {
      w.trainable = 1;
    },
    { message: 'trainable: expected true or false, got 1' },
  );
  w.dispose();
  assert.equal(w.isDisposed, true);
  const other = variable(1);
  mapling.disposeVariables();
  assert.equal(other.isDisposed, true);
});

test('an optimizer tells its settings', () => {
  const optimizer = train.momentum(0.5, 0.25, true);
  const want = { learningRate: 0.5, momentum: 0.25, nesterov: true };
  assert.deepEqual([optimizer.config, optimizer.getConfig(), optimizer.className], [want, want, 'SGD']);
  optimizer.learningRate = 0.125;
  assert.deepEqual([optimizer.learningRate, optimizer.getConfig().learningRate], [0.125, 0.125]);
});

test('variables of whole numbers and masks keep their kind', () => {
  const counts = variable(tensor([1700000000, 1], null, 'int32'));
  counts.assign(counts.add(tensor([60, 1], null, 'int32')));
  assert.deepEqual([counts.dtype, ...list(counts)], ['int32', 1700000060, 2]);
  assert.equal(variable(tensor([1.5]), false, null, 'int32').arraySync()[0], 1);
});

test('variableGrads finds the variables that the function uses, and names them', () => {
  const [w, b, frozen] = [
    variable(tensor([2, 3]), true, 'w'),
    variable(1, true, 'b'),
    variable(4, false, 'frozen'),
  ];
  const before = memory().numTensors;
  const { value, grads } = variableGrads(() => w.mul([1, 10]).sum().add(b.mul(frozen)));
  assert.equal(memory().numTensors - before, 3);
  assert.equal(value.arraySync(), 36);
  assert.deepEqual(Object.fromEntries(Object.entries(grads).map(([name, one]) => [name, list(one)])), {
    w: [1, 10],
    b: [4],
  });
  assert.deepEqual(Object.keys(variableGrads(() => w.sum().add(b), [b]).grads), ['b']);
  frozen.trainable = true;
  assert.deepEqual(Object.keys(variableGrads(() => b.mul(frozen)).grads), ['b', 'frozen']);
});

test('what variableGrads cannot differentiate is refused by name', () => {
  const w = variable(tensor([1, 2]), true, 'watched');
  const refused = (message, action) => assert.throws(action, message);
  refused(/^Error: variableGrads: the function has to return a single value, but returned \[2\]$/, () =>
    variableGrads(() => w.mul(2)),
  );
  refused(/^Error: variableGrads: the function's value does not depend on a trainable variable$/, () =>
    variableGrads(() => scalar(1)),
  );
  refused(/^Error: variableGrads: none of the 1 variables is trainable$/, () =>
    variableGrads(() => w.sum(), [variable(1, false)]),
  );
  refused(/^Error: variableGrads: expected variables, got 7$/, () => variableGrads(() => w.sum(), 7));
});

test('weights of one name have a gradient each, and each is stepped along its own', () => {
  // Layers of two models may be called the same.
  const [w, twin] = [2, 1].map((units) => {
    const layer = layers.dense({ units, useBias: false, kernelInitializer: 'ones', name: 'twin' });
    layer.build([null, 1]);
    return layer.weights[0].read();
  });
  const { grads } = variableGrads(() => w.sum().add(twin.mul(3).sum()));
  assert.deepEqual(Object.fromEntries(Object.entries(grads).map(([name, one]) => [name, list(one)])), {
    'twin/kernel': [1, 1],
    'twin/kernel_1': [3],
  });
  train.sgd(1).applyGradients(grads);
  assert.deepEqual([list(w), list(twin)], [[0, 0], [-2]]);
});

test('a variable that changes within the function counts with both values', () => {
  const w = variable(3, true, 'changing');
  const { grads } = variableGrads(() => {
    const first = w.square();
    w.assign(scalar(10));
    return first.add(w.mul(5));
  });
  assert.deepEqual(list(grads.changing), [11]);
});

test('minimize steps as the formulas of gradient descent, momentum and Adam say', () => {
  const losses = (optimizer, steps) => {
    const w = variable(tensor([1, -2]));
    const costs = [];
    const before = memory().numTensors;
    for (let step = 0; step < steps; step++) {
      const cost = optimizer.minimize(() => w.square().sum(), true);
      costs.push(cost.arraySync());
      cost.dispose();
    }
    assert.equal(memory().numTensors, before);
    return [costs, list(w)];
  };
  const close = (got, want) =>
    assert.ok(
      got.every((one, at) => Math.abs(one - want[at]) < 1e-5),
      `${got} instead of ${want}`,
    );
  const [costs, w] = losses(train.sgd(0.1), 2);
  close(costs, [5, 3.2]);
  close(w, [0.64, -1.28]);
  close(losses(train.momentum(0.1, 0.5), 2)[1], [0.54, -1.08]);
  close(losses(train.adam(0.1), 1)[1], [0.9, -1.9]);
  assert.equal(
    train.sgd(0.1).minimize(() => variable(1).square()),
    null,
  );
});

test('momentum can be set, and holds from the next step', () => {
  const optimizer = train.momentum(1, 0.5);
  const w = variable(0);
  const step = () => {
    optimizer.minimize(() => w.mul(-1));
    return w.arraySync();
  };
  assert.deepEqual([step(), step()], [1, 2.5]);
  optimizer.setMomentum(0);
  assert.equal(optimizer.getConfig().momentum, 0);
  assert.equal(step(), 3.5);
  assert.throws(
    () => optimizer.setMomentum(Number.NaN),
    /^Error: SGD: setMomentum: momentum: expected a finite number, got NaN$/,
  );
  assert.throws(() => train.adam().setMomentum(0.5), /momentum/);
});

test('learningRate can be read and set, and holds from the next step', () => {
  const optimizer = train.sgd(0.5);
  const w = variable(1);
  assert.equal(optimizer.learningRate, 0.5);
  optimizer.minimize(() => w.mul(1));
  optimizer.learningRate = 0;
  optimizer.minimize(() => w.mul(1));
  assert.deepEqual([w.arraySync(), optimizer.learningRate], [0.5, 0]);
  optimizer.setLearningRate(0.25);
  optimizer.minimize(() => w.mul(1));
  assert.equal(w.arraySync(), 0.25);
  assert.equal(train.adam().learningRate, 0.001);
  assert.throws(() => {
    optimizer.learningRate = Number.NaN;
  }, /^Error: SGD: learningRate: expected a finite number, got NaN$/);
  assert.throws(() => {
    optimizer.learningRate = -1;
  }, /learningRate/);
  assert.throws(
    () => train.sgd(Number.NaN),
    /^Error: train.sgd: learningRate: expected a finite number, got NaN$/,
  );
});

test('applyGradients takes an object or a list, and refuses what fits no variable before anything changes', () => {
  const [a, b] = [variable(tensor([1, 2]), true, 'first'), variable(5, true, 'second')];
  const optimizer = train.sgd(1);
  const { grads } = optimizer.computeGradients(() => a.sum().add(b.mul(2)));
  optimizer.applyGradients(grads);
  assert.deepEqual([list(a), list(b)], [[0, 1], [3]]);
  optimizer.applyGradients({ first: tensor([1, 1]), second: scalar(1) });
  optimizer.applyGradients([{ name: 'first', tensor: tensor([1, 0]) }]);
  assert.deepEqual([list(a), list(b)], [[-2, 0], [2]]);
  for (const [gradients, message] of [
    [
      { second: scalar(1), third: scalar(1) },
      /^Error: applyGradients: there is no variable with the name "third"$/,
    ],
    [
      { second: scalar(1), first: scalar(1) },
      /^Error: applyGradients: "first" is \[2\], its gradient is \[\]$/,
    ],
    [{ first: 3 }, /^Error: applyGradients: "first": expected a tensor, got 3$/],
    [null, /^Error: applyGradients: expected gradients by the names of variables, got null$/],
  ]) {
    assert.throws(() => optimizer.applyGradients(gradients), message);
  }
  assert.deepEqual([list(a), list(b)], [[-2, 0], [2]]);
});

test('an optimizer keeps what it remembers by variable, not by order', () => {
  const run = (order) => {
    const [a, b] = [variable(1), variable(10)];
    const optimizer = train.momentum(0.1, 0.9);
    for (let step = 0; step < 3; step++) {
      optimizer.minimize(() => (order(step) ? a.mul(1).add(b.mul(5)) : b.mul(5).add(a.mul(1))));
    }
    return [a.arraySync(), b.arraySync()];
  };
  assert.deepEqual(
    run(() => true),
    run((step) => step % 2 === 0),
  );
});

test('a user’s own names stay as they are in messages', () => {
  const w = variable(tensor([1]), true, 'bad_conv_name');
  assert.throws(
    () => train.sgd(1).applyGradients({ bad_conv_name: tensor([1, 2]) }),
    /"bad_conv_name" is \[1\]/,
  );
  w.dispose();
  mapling.disposeVariables();
});
