// A layer of one's own that keeps both halves of a ReLU, within a model, saved in its configuration.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';

class Antirectifier extends tf.layers.Layer {
  constructor() {
    super({});
    this.supportsMasking = true;
  }
  computeOutputShape(inputShape) {
    return [inputShape[0], inputShape[1], inputShape[2], 2 * inputShape[3]];
  }
  call(inputs, kwargs) {
    let input = inputs;
    if (Array.isArray(input)) input = input[0];
    this.invokeCallHook(inputs, kwargs);
    const origShape = input.shape;
    const flatShape = [origShape[0], origShape[1] * origShape[2] * origShape[3]];
    const flattened = input.reshape(flatShape);
    const centered = tf.sub(flattened, flattened.mean(1).expandDims(1));
    const pos = centered.relu().reshape(origShape);
    const neg = centered.neg().relu().reshape(origShape);
    return tf.concat([pos, neg], 3);
  }
  static get className() {
    return 'Antirectifier';
  }
}
tf.serialization.registerClass(Antirectifier);

const layer = new Antirectifier();
const [positive] = layer.apply(tf.tensor4d([1, -1, 3, -3], [1, 2, 2, 1])).arraySync();
assert.deepEqual(positive, [
  [
    [1, 0],
    [0, 1],
  ],
  [
    [3, 0],
    [0, 3],
  ],
]);

const model = tf.sequential();
model.add(tf.layers.conv2d({ inputShape: [6, 6, 1], kernelSize: 3, filters: 4, activation: undefined }));
model.add(new Antirectifier());
model.add(tf.layers.globalAveragePooling2d({}));
model.add(tf.layers.dense({ units: 2, activation: 'softmax' }));
model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
const xs = tf.randomNormal([40, 6, 6, 1], 0, 1, 'float32', 3);
const ys = tf.tidy(() => {
  const bright = xs.square().mean([1, 2, 3]);
  return tf.oneHot(bright.greater(bright.mean()).toInt(), 2);
});
const history = await model.fit(xs, ys, { epochs: 30, batchSize: 10 });
assert.ok(history.history.loss.at(-1) < history.history.loss[0]);
const copy = await tf.models.modelFromJSON(JSON.parse(model.toJSON()));
copy.setWeights(model.getWeights());
assert.deepEqual(copy.predict(xs).dataSync(), model.predict(xs).dataSync());
