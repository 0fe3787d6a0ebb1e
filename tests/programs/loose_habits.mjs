// Habits of programs found in the wild: a length in place of a shape, input shapes on later layers, seeds that are
// fractions, an axis of `reshape` left open by `null`, class weights in a list, and counts of tensors before and after.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';

const xs = tf.randomUniform([64, 4], -1, 1, 'float32', 0.25);
const ys = tf.tidy(() => xs.sum(1, true).greater(0).toFloat());

const model = tf.sequential();
model.add(tf.layers.dense({ units: 8, inputShape: 4, activation: 'relu', kernelInitializer: 'heNormal' }));
model.add(tf.layers.dense({ units: 6, inputShape: [8], activation: 'relu' }));
model.add(tf.layers.reshape({ targetShape: [null, 3] }));
model.add(tf.layers.flatten());
model.add(tf.layers.dense({ units: 1, activation: 'sigmoid', inputShape: 999 }));
assert.deepEqual(model.inputs[0].shape, [null, 4]);
assert.deepEqual(model.layers[2].outputShape, [null, 2, 3]);
assert.deepEqual(model.outputs[0].shape, [null, 1]);
model.compile({ optimizer: tf.train.adam(0.05), loss: 'binaryCrossentropy', metrics: ['accuracy'] });
const { history } = await model.fit(xs, ys, { epochs: 30, classWeight: [{ 0: 1, 1: 1 }], verbose: 0 });
assert.ok(history.acc.at(-1) > 0.9, `${history.acc.at(-1)}`);

// The shape that the first layer was given by a number comes back from its settings.
const again = await tf.models.modelFromJSON(model.toJSON(null, false));
assert.deepEqual(again.inputs[0].shape, [null, 4]);

// Nothing is left behind by what an op makes on its way.
const picture = tf.randomNormal([6, 6, 3]);
const kernel = tf.randomNormal([3, 3, 3, 2]);
const labels = tf.oneHot(tf.tensor1d([0, 1], 'int32'), 2).toFloat();
const logits = tf.randomNormal([2, 2]);
const steps = [
  [1, () => tf.conv2d(picture, kernel, 1, 'same')],
  [1, () => tf.maxPool(picture, 2, 2, 'same')],
  [2, () => Object.values(tf.moments(picture, [0, 1]))],
  [1, () => tf.losses.softmaxCrossEntropy(labels, logits)],
  [1, () => tf.metrics.categoricalAccuracy(labels, logits)],
  [1, () => tf.image.resizeBilinear(picture, [3, 3])],
  [1, () => logits.matMul(logits, true)],
  [2, () => tf.unstack(logits)],
  [2, () => tf.linalg.qr(logits)],
  [
    1,
    () =>
      tf.mirrorPad(
        logits,
        [
          [1, 1],
          [0, 0],
        ],
        'reflect',
      ),
  ],
];
for (const [made, op] of steps) {
  const before = tf.memory().numTensors;
  const results = [op()].flat();
  assert.equal(tf.memory().numTensors - before, made, `${op}`);
  tf.dispose(results);
  assert.equal(tf.memory().numTensors, before, `${op}`);
}
// Gradients still find their way through them.
const slope = tf.grad((x) => tf.losses.meanSquaredError(labels, x.matMul(x, false, true)))(logits);
assert.ok(slope.abs().sum().dataSync()[0] > 0);
