// Coefficients of a cubic by gradient descent on variables.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';

const wanted = { a: -0.8, b: -0.2, c: 0.9, d: 0.5 };
function generateData(numPoints, coeff, sigma = 0.02) {
  return tf.tidy(() => {
    const [a, b, c, d] = [tf.scalar(coeff.a), tf.scalar(coeff.b), tf.scalar(coeff.c), tf.scalar(coeff.d)];
    const xs = tf.randomUniform([numPoints], -1, 1);
    const three = tf.scalar(3, 'int32');
    const ys = a
      .mul(xs.pow(three))
      .add(b.mul(xs.square()))
      .add(c.mul(xs))
      .add(d)
      .add(tf.randomNormal([numPoints], 0, sigma));
    const ymin = ys.min();
    const ymax = ys.max();
    assert.ok(ymax.sub(ymin).dataSync()[0] > 0);
    return { xs, ys };
  });
}
const [a, b, c, d] = [0, 1, 2, 3].map(() => tf.variable(tf.scalar(0.1)));
const optimizer = tf.train.sgd(0.5);
const predict = (x) =>
  tf.tidy(() =>
    a
      .mul(x.pow(tf.scalar(3, 'int32')))
      .add(b.mul(x.square()))
      .add(c.mul(x))
      .add(d),
  );
const loss = (prediction, labels) => prediction.sub(labels).square().mean();

const { xs, ys } = generateData(100, wanted);
const before = loss(predict(xs), ys).dataSync()[0];
const kept = tf.memory().numTensors;
for (let iteration = 0; iteration < 300; iteration++) {
  optimizer.minimize(() => loss(predict(xs), ys));
  if (iteration % 100 === 0) await tf.nextFrame();
}
assert.ok(tf.memory().numTensors <= kept + 1);
const after = loss(predict(xs), ys).dataSync()[0];
assert.ok(after < before / 50, `${before} became ${after}`);
assert.ok(Math.abs(c.dataSync()[0] - wanted.c) < 0.2);
const cost = optimizer.minimize(() => loss(predict(xs), ys), true, [a, b]);
assert.equal(cost.rank, 0);
tf.dispose([xs, ys, cost]);
