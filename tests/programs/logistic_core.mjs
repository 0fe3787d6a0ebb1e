// Two classes of points by the operations alone: gradients, momentum, and a derivative checked by hand.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';

const count = 80;
const { xs, labels } = tf.tidy(() => {
  const left = tf.randomNormal([count, 2], -1.2, 0.7, 'float32', 1);
  const right = tf.randomNormal([count, 2], 1.2, 0.7, 'float32', 2);
  return {
    xs: tf.concat([left, right]),
    labels: tf.concat([tf.zeros([count, 1]), tf.ones([count, 1])]),
  };
});
const w = tf.variable(tf.zeros([2, 1]), true, 'logistic_w');
const b = tf.variable(tf.scalar(0), true, 'logistic_b');
const model = (x) => x.matMul(w).add(b);
const loss = () => tf.losses.sigmoidCrossEntropy(labels, model(xs));
const optimizer = tf.train.momentum(0.2, 0.9);
const { value, grads } = tf.variableGrads(loss);
assert.ok(Math.abs(value.dataSync()[0] - Math.log(2)) < 1e-5);
assert.deepEqual(Object.keys(grads).sort(), ['logistic_b', 'logistic_w']);
optimizer.applyGradients(grads);
for (let step = 0; step < 100; step++) {
  const cost = optimizer.minimize(loss, true);
  cost.dispose();
}
const accuracy = tf.tidy(() => model(xs).sigmoid().greater(0.5).equal(labels.toBool()).mean().dataSync()[0]);
assert.ok(accuracy > 0.95, `${accuracy}`);

const f = (x) => x.pow(tf.scalar(3, 'int32')).sum();
const g = tf.grad(f);
assert.deepEqual(Array.from(g(tf.tensor1d([1, 2])).dataSync()), [3, 12]);
const second = tf.grad((x) => tf.grad(f)(x).sum());
assert.deepEqual(Array.from(second(tf.tensor1d([1, 2])).dataSync()), [6, 12]);
const [da, db] = tf.grads((a, c) => a.mul(c).sum())([tf.tensor1d([1, 2]), tf.tensor1d([3, 4])]);
assert.deepEqual([...da.dataSync(), ...db.dataSync()], [3, 4, 1, 2]);
const square = tf.customGrad((x, save) => {
  save([x]);
  return { value: x.square(), gradFunc: (dy, [saved]) => dy.mul(saved.mul(2)) };
});
assert.deepEqual(
  Array.from(
    tf
      .grad((x) => square(x).sum())(tf.tensor1d([3]))
      .dataSync(),
  ),
  [6],
);
tf.disposeVariables();
