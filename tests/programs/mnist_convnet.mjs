// Small pictures of three kinds and a convolutional network.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';

const SIZE = 12;
const CLASSES = 3;
/** Horizontal lines, vertical lines and blocks. */
class Pictures {
  constructor(count) {
    this.count = count;
    this.images = new Float32Array(count * SIZE * SIZE);
    this.labels = new Uint8Array(count * CLASSES);
    for (let at = 0; at < count; at++) {
      const kind = at % CLASSES;
      this.labels[at * CLASSES + kind] = 1;
      const place = 2 + Math.floor(Math.random() * (SIZE - 5));
      for (let y = 0; y < SIZE; y++) {
        for (let x = 0; x < SIZE; x++) {
          const on =
            kind === 0
              ? Math.abs(y - place) < 1
              : kind === 1
                ? Math.abs(x - place) < 1
                : Math.abs(y - place) < 3 && Math.abs(x - place) < 3;
          this.images[(at * SIZE + y) * SIZE + x] = (on ? 0.9 : 0.05) + 0.1 * Math.random();
        }
      }
    }
    this.indices = tf.util.createShuffledIndices(count);
    this.position = 0;
  }
  nextBatch(size) {
    const images = new Float32Array(size * SIZE * SIZE);
    const labels = new Uint8Array(size * CLASSES);
    for (let i = 0; i < size; i++) {
      const index = this.indices[this.position];
      this.position = (this.position + 1) % this.count;
      images.set(this.images.slice(index * SIZE * SIZE, (index + 1) * SIZE * SIZE), i * SIZE * SIZE);
      labels.set(this.labels.slice(index * CLASSES, (index + 1) * CLASSES), i * CLASSES);
    }
    return { xs: tf.tensor2d(images, [size, SIZE * SIZE]), labels: tf.tensor2d(labels, [size, CLASSES]) };
  }
}

function createModel() {
  const model = tf.sequential();
  model.add(
    tf.layers.conv2d({
      inputShape: [SIZE, SIZE, 1],
      kernelSize: 3,
      filters: 6,
      strides: 1,
      activation: 'relu',
      kernelInitializer: 'heNormal',
    }),
  );
  model.add(tf.layers.maxPooling2d({ poolSize: [2, 2], strides: [2, 2] }));
  model.add(tf.layers.conv2d({ kernelSize: 3, filters: 8, strides: 1, activation: 'relu' }));
  model.add(tf.layers.maxPool2d({ poolSize: 2, strides: 2 }));
  model.add(tf.layers.flatten());
  model.add(tf.layers.dropout({ rate: 0.1 }));
  model.add(tf.layers.dense({ units: CLASSES, activation: 'softmax' }));
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

const data = new Pictures(360);
const [trainXs, trainYs] = tf.tidy(() => {
  const { xs, labels } = data.nextBatch(300);
  return [xs.reshape([300, SIZE, SIZE, 1]), labels];
});
const [testXs, testYs] = tf.tidy(() => {
  const { xs, labels } = data.nextBatch(60);
  return [xs.reshape([60, SIZE, SIZE, 1]), labels];
});
const model = createModel();
let batches = 0;
await model.fit(trainXs, trainYs, {
  batchSize: 30,
  validationData: [testXs, testYs],
  epochs: 5,
  shuffle: true,
  callbacks: {
    onBatchEnd: async (_batch, logs) => {
      batches++;
      assert.equal(typeof logs.acc, 'number');
      await tf.nextFrame();
    },
    onTrainEnd: () => assert.equal(batches, 50),
  },
});
const [, accuracy] = model.evaluate(testXs, testYs);
assert.ok(accuracy.dataSync()[0] > 0.9, `accuracy ${accuracy.dataSync()[0]}`);
const predictions = Array.from(model.predict(testXs).argMax(1).dataSync());
const labels = Array.from(testYs.argMax(1).dataSync());
assert.ok(predictions.filter((guess, at) => guess === labels[at]).length > 54);

// Features of an inner layer, and a head of its own on frozen layers.
const cut = model.layers[4];
const features = tf.model({ inputs: model.inputs, outputs: cut.output });
const activation = features.predict(testXs);
assert.equal(activation.shape[0], 60);
for (const layer of model.layers.slice(0, 5)) layer.trainable = false;
const head = tf.sequential({
  layers: [
    tf.layers.dense({ units: 8, activation: 'relu', inputShape: activation.shape.slice(1) }),
    tf.layers.dense({ units: 1, activation: 'sigmoid' }),
  ],
});
head.compile({ optimizer: tf.train.adam(0.01), loss: 'binaryCrossentropy' });
const isBlock = testYs.slice([0, 2], [60, 1]);
const { history } = await head.fit(activation, isBlock, { epochs: 20, batchSize: 20 });
assert.ok(history.loss.at(-1) < history.loss[0] / 2);
