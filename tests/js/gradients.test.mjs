// Gradients of functions: values, higher orders, scopes, errors.
import { assert, mapling, test } from './mapling.mjs';

const { customGrad, grad, gradCheck, grads, memory, tensor, valueAndGrad, valueAndGrads } = mapling;

const x = tensor([1, 2, 3]);
const list = (one) => Array.from(one.dataSync());
/** Runs `action` and expects that it leaves `left` tensors. */
function leaves(left, action) {
  const before = memory();
  const result = action();
  assert.equal(memory().numTensors - before.numTensors, left);
  return result;
}

test('grad, grads, valueAndGrad and valueAndGrads leave nothing but what they return', () => {
  assert.deepEqual(list(leaves(1, () => grad((one) => one.square().mul(2).sum())(x))), [4, 8, 12]);
  const other = tensor([4, 5, 6]);
  const [da, db] = leaves(2, () => grads((a, b) => a.mul(b).sum())([x, other]));
  assert.deepEqual(
    [list(da), list(db)],
    [
      [4, 5, 6],
      [1, 2, 3],
    ],
  );
  const { value, grad: dx } = leaves(2, () => valueAndGrad((one) => one.exp().sum().log())(x));
  assert.ok(Math.abs(value.arraySync() - 3.4076059) < 1e-6);
  assert.ok(Math.abs(dx.sum().arraySync() - 1) < 1e-6);
  const copy = x.add(0);
  const all = leaves(3, () => valueAndGrads((a, b) => a.sub(b))([x, copy]));
  assert.deepEqual(
    [all.grads.map(list), list(all.value)],
    [
      [
        [1, 1, 1],
        [-1, -1, -1],
      ],
      [0, 0, 0],
    ],
  );
});

test('dy weighs the values; without it they are added up', () => {
  const square = grad((one) => one.square());
  assert.deepEqual(list(square(x)), [2, 4, 6]);
  assert.deepEqual(list(square(x, tensor([1, 0, 10]))), [2, 0, 60]);
  assert.throws(() => square(x, tensor([1, 2])), {
    code: 'shape',
    message: 'grad: dy is [2], but the function gave [3]',
  });
});

test('a tensor that is used twice gets the sum, also through a closure', () => {
  assert.deepEqual(list(grad((one) => one.mul(one).add(x.mul(3)))(x)), [5, 7, 9]);
  assert.deepEqual(list(grad((one) => one)(x)), [1, 1, 1]);
});

test('nested functions give derivatives of higher order', () => {
  const cube = (one) => one.pow(3);
  const second = grad((one) => grad(cube)(one));
  const third = grad((one) => second(one));
  assert.deepEqual(list(leaves(1, () => second(x))), [6, 12, 18]);
  assert.deepEqual(list(leaves(1, () => third(x))), [6, 6, 6]);
  // Of a function of two inputs, mixed.
  const mixed = grads((a, b) => grad((one) => one.square().mul(b.pow(3)))(a).sum())([
    tensor([2]),
    tensor([3]),
  ]);
  assert.deepEqual(mixed.map(list), [[54], [108]]);
});

test('reshape, slice, cast, where, gather, concat and their like pass gradients on', () => {
  const m = tensor([
    [1, 2],
    [3, 4],
  ]);
  const cases = {
    reshape: [(one) => one.reshape([4]).mul([1, 2, 3, 4]), [1, 2, 3, 4]],
    flatten: [(one) => one.flatten().slice(1, 2), [0, 1, 1, 0]],
    cast: [(one) => one.toFloat().clone().mul(3), [3, 3, 3, 3]],
    where: [(one) => mapling.where(one.greater(2), one, one.mul(10)), [10, 10, 1, 1]],
    gather: [(one) => one.gather([1, 1], 1), [0, 2, 0, 2]],
    concat: [(one) => mapling.concat([one, one.mul(2)], 1), [3, 3, 3, 3]],
    stack: [(one) => mapling.stack([one, one]), [2, 2, 2, 2]],
    unstack: [(one) => mapling.unstack(one)[0].mul([5, 6]), [5, 6, 0, 0]],
    split: [(one) => mapling.split(one, 2, 1)[1], [0, 1, 0, 1]],
    expandDims: [(one) => one.expandDims(0).squeeze(0), [1, 1, 1, 1]],
    transpose: [(one) => one.transpose().mul([[1, 2]]), [1, 1, 2, 2]],
    tile: [(one) => one.tile([2, 3]), [6, 6, 6, 6]],
    pad: [
      (one) =>
        one.pad(
          [
            [1, 0],
            [0, 1],
          ],
          7,
        ),
      [1, 1, 1, 1],
    ],
    reverse: [(one) => one.reverse(0).mul([[1], [2]]), [2, 2, 1, 1]],
    broadcastTo: [(one) => one.broadcastTo([3, 2, 2]), [3, 3, 3, 3]],
    clip: [(one) => one.clipByValue(2, 3), [0, 1, 1, 0]],
    max: [(one) => one.max(1), [0, 1, 0, 1]],
    min: [(one) => one.min(), [1, 0, 0, 0]],
    prod: [(one) => one.prod(0), [3, 4, 1, 2]],
    cumsum: [(one) => one.cumsum(1), [2, 1, 2, 1]],
    maximum: [(one) => one.maximum(2.5), [0, 0, 1, 1]],
    stopGradient: [(one) => one.add(mapling.stopGradient(one.square())), [1, 1, 1, 1]],
    tidy: [(one) => mapling.tidy(() => one.mul(one.mul(1))), [2, 4, 6, 8]],
  };
  for (const [name, [f, expected]] of Object.entries(cases)) {
    assert.deepEqual(list(leaves(1, () => grad(f)(m))), expected, name);
  }
});

test('an error of the function arrives unchanged and closes the scope', () => {
  for (const mine of [new TypeError('mine'), 'a text', undefined, null]) {
    let thrown = 'nothing';
    leaves(0, () => {
      try {
        grad((one) => {
          one.add(1);
          grad((inner) => {
            inner.mul(2);
            throw mine;
          })(one);
        })(x);
      } catch (error) {
        thrown = error;
      }
    });
    assert.equal(thrown, mine);
  }
  assert.deepEqual(list(grad((one) => one.square())(x)), [2, 4, 6]);
});

test('what has no gradient is refused by name', () => {
  const refused = (code, message, action) => {
    leaves(0, () =>
      assert.throws(action, (error) => error.code === code && message.test(error.message), `${message}`),
    );
  };
  const whole = tensor([1, 2], null, 'int32');
  refused('type', /^grad: gradients are found for float32, not for int32$/, () => grad((one) => one)(whole));
  refused('type', /^grad: the function returned int32/, () => grad((one) => one.argMax())(x));
  refused('type', /^grad: the function has to return a tensor, but returned undefined$/, () =>
    grad(() => {})(x),
  );
  refused('type', /^grad: the function must not be async/, () => grad(async (one) => one)(x));
  refused('value', /^grad: the function's value does not depend on its input/, () =>
    grad((one) => mapling.scalar(1).add(one.argMax().toFloat()))(x),
  );
  const other = tensor([1]);
  refused('value', /^grads: the function's value does not depend on input 1/, () =>
    grads((a) => a)([x, other]),
  );
  refused('type', /^grads: expected the inputs in an array, got a Tensor$/, () => grads((a) => a)(x));
  refused('type', /^grad: expected a function, got 3$/, () => grad(3));
  refused('state', /^grad: the tensor that the function returned is disposed$/, () =>
    grad((one) => {
      const y = one.add(1);
      y.dispose();
      return y;
    })(x),
  );
});

test('what customGrad saves outlives the scopes in which it was made, and derivatives of every order flow through it', async () => {
  const square = customGrad((one, save) => {
    save([one]);
    return { value: one.square(), gradFunc: (dy, [saved]) => dy.mul(saved).mul(2) };
  });
  const { layers, sequential, tidy, train } = mapling;
  assert.deepEqual(list(leaves(1, () => grad((one) => tidy(() => square(one.mul(3))))(x))), [18, 36, 54]);

  for (const isValue of [true, false]) {
    const exponential = customGrad((one, save) => {
      const saved = one.exp();
      save([saved]);
      return { value: isValue ? saved : one.exp(), gradFunc: (dy, [e]) => dy.mul(e) };
    });
    let derivative = exponential;
    for (let order = 1; order <= 3; order++) {
      derivative = grad(derivative);
      for (const [at, value] of list(leaves(1, () => derivative(x))).entries())
        assert.ok(Math.abs(value / Math.exp(at + 1) - 1) < 1e-6, `order ${order}: ${value}`);
    }
  }

  class Squares extends layers.Layer {
    static className = 'SquaresByCustomGrad';
    call(inputs) {
      return square([inputs].flat()[0]);
    }
  }
  const trained = async (squares, custom) => {
    const kernelRegularizer = { apply: (w) => custom(w.mul(1)).sum().mul(0.01) };
    const dense = layers.dense({ units: 2, inputShape: [3], kernelRegularizer });
    const model = sequential({ seed: 4, layers: [dense, squares] });
    const loss = (truth, guess) => custom(guess.sub(truth)).mean();
    model.compile({ optimizer: train.sgd(0.01), loss });
    const [inputs, targets] = [mapling.randomNormal([16, 3], 0, 1, 'float32', 5), mapling.ones([16, 2])];
    const { numTensors } = memory();
    const { history } = await model.fit(inputs, targets, {
      epochs: 5,
      batchSize: 4,
      shuffle: false,
      verbose: 0,
    });
    assert.ok(memory().numTensors <= numTensors, 'nothing that was saved is left');
    return history.loss;
  };
  class Plain extends Squares {
    static className = 'SquaresByOps';
    call(inputs) {
      return [inputs].flat()[0].square();
    }
  }
  const wanted = await trained(new Plain(), (one) => one.square());
  assert.ok(wanted.at(-1) < wanted[0]);
  assert.deepEqual(await trained(new Squares(), square), wanted);
});

test('customGrad takes the derivative that is given, of higher order too', () => {
  const cube = customGrad((one, save) => {
    save([one]);
    // Not the true derivative, so that the two can be told apart.
    return { value: one.pow(3), gradFunc: (dy, [saved]) => dy.mul(saved.square()).mul(100) };
  });
  assert.deepEqual(list(leaves(1, () => cube(x))), [1, 8, 27]);
  assert.deepEqual(list(leaves(1, () => grad((one) => cube(one).mul(2))(x))), [200, 800, 1800]);
  const second = grad((one) => grad((inner) => cube(inner))(one));
  assert.deepEqual(list(leaves(1, () => second(x))), [200, 400, 600]);
  const pair = customGrad((a, b) => ({ value: a.add(b), gradFunc: (dy) => [dy.mul(2), dy.mul(30)] }));
  assert.deepEqual(list(grad((one) => pair(one, one))(x)), [32, 32, 32], 'one tensor as both inputs');
  const mine = new Error('mine');
  const throws = customGrad((one) => ({
    value: one.add(1),
    gradFunc: () => {
      throw mine;
    },
  }));
  assert.throws(
    () => grad((one) => throws(one))(x),
    (thrown) => thrown === mine,
  );
  const wrong = customGrad((one) => ({ value: one.add(1), gradFunc: () => tensor([1]) }));
  assert.throws(() => grad((one) => wrong(one))(x), {
    code: 'shape',
    message: 'customGrad: a gradient is [1], its input [3]',
  });
  const bare = customGrad((one) => one);
  assert.throws(() => bare(x), /^Error: customGrad: the function has to return \{ value, gradFunc \}/);
  assert.deepEqual(list(x.add(1)), [2, 3, 4], 'the instance lives on');
});

test('gradCheck compares with small steps, and sees a wrong derivative', () => {
  const right = gradCheck((a, b) => a.tanh().mul(b), [tensor([0.3, -0.5]), tensor([2, 3])]);
  assert.ok(right.ok && right.maxDifference < 0.01, JSON.stringify(right));
  assert.equal(right.rows.length, 4);
  assert.deepEqual(Object.keys(right.rows[3]), ['input', 'index', 'numeric', 'analytic', 'difference', 'ok']);
  assert.deepEqual([right.rows[3].input, right.rows[3].index], [1, 1]);
  const wrong = customGrad((one) => ({ value: one.square(), gradFunc: (dy) => dy }));
  const found = gradCheck((one) => wrong(one), tensor([2, 3]));
  assert.equal(found.ok, false);
  assert.ok(Math.abs(found.rows[0].numeric - 4) < 0.01 && found.rows[0].analytic === 1);
});

test('a scope frees what thousands of ops recorded', () => {
  const { coreBytes } = memory();
  const big = mapling.ones([500, 100]);
  for (let round = 0; round < 5; round++) {
    mapling.dispose(
      grad((one) => {
        let y = one;
        for (let i = 0; i < 20; i++) y = y.mul(1.01).relu();
        return y;
      })(big),
    );
  }
  assert.ok(memory().coreBytes - coreBytes < 1_000_000);
});

test('an input that is lent to an op stays while a variable beside it is watched for the first time', () => {
  const v = mapling.variable(tensor([3, 4]));
  // The same values in another shape, and a weight that training does not change: both are handed to the op anew.
  const view = x.slice(0, 2).reshape([2]).reshape([2, 1]);
  assert.deepEqual(list(mapling.variableGrads(() => view.mul(v).sum(), [v]).grads[v.name]), [3, 3]);
  assert.deepEqual(list(mapling.variableGrads(() => view.mul(v).sum()).grads[v.name]), [3, 3]);
  const layer = mapling.layers.dense({ units: 2, trainable: false });
  layer.build([null, 2]);
  layer.setWeights([mapling.ones([2, 2]), tensor([1, 2])]);
  const bias = layer.weights[1].read();
  assert.deepEqual(list(mapling.variableGrads(() => bias.mul(v).sum()).grads[v.name]), [1, 2]);
});
