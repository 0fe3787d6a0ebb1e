// A generator and a discriminator with two answers, is it real and which class is it, against one another.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';

const SIZE = 8;
const CLASSES = 2;
const LATENT = 6;
function buildGenerator(latentSize) {
  const cnn = tf.sequential();
  cnn.add(tf.layers.dense({ units: 2 * 2 * 16, inputShape: [latentSize], activation: 'relu' }));
  cnn.add(tf.layers.reshape({ targetShape: [2, 2, 16] }));
  cnn.add(
    tf.layers.conv2dTranspose({
      filters: 8,
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      activation: 'relu',
      kernelInitializer: 'glorotNormal',
    }),
  );
  cnn.add(tf.layers.batchNormalization());
  cnn.add(
    tf.layers.conv2dTranspose({
      filters: 1,
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      activation: 'tanh',
      kernelInitializer: 'glorotNormal',
    }),
  );
  const latent = tf.input({ shape: [latentSize] });
  const imageClass = tf.input({ shape: [1] });
  const classEmbedding = tf.layers
    .embedding({ inputDim: CLASSES, outputDim: latentSize, embeddingsInitializer: 'glorotNormal' })
    .apply(imageClass);
  const flat = tf.layers.flatten().apply(classEmbedding);
  const h = tf.layers.multiply().apply([latent, flat]);
  return tf.model({ inputs: [latent, imageClass], outputs: cnn.apply(h) });
}
function buildDiscriminator() {
  const cnn = tf.sequential();
  cnn.add(
    tf.layers.conv2d({ filters: 8, kernelSize: 3, padding: 'same', strides: 2, inputShape: [SIZE, SIZE, 1] }),
  );
  cnn.add(tf.layers.leakyReLU({ alpha: 0.2 }));
  cnn.add(tf.layers.dropout({ rate: 0.2 }));
  cnn.add(tf.layers.flatten());
  const image = tf.input({ shape: [SIZE, SIZE, 1] });
  const features = cnn.apply(image);
  const realness = tf.layers.dense({ units: 1, activation: 'sigmoid' }).apply(features);
  const aux = tf.layers.dense({ units: CLASSES, activation: 'softmax' }).apply(features);
  return tf.model({ inputs: image, outputs: [realness, aux] });
}
const optimizer = () => tf.train.adam(0.005, 0.5);
const losses = ['binaryCrossentropy', 'sparseCategoricalCrossentropy'];
const discriminator = buildDiscriminator();
discriminator.compile({ optimizer: optimizer(), loss: losses });
const generator = buildGenerator(LATENT);
const latent = tf.input({ shape: [LATENT] });
const imageClass = tf.input({ shape: [1] });
const fake = generator.apply([latent, imageClass]);
discriminator.trainable = false;
const [fakeness, aux] = discriminator.apply(fake);
const combined = tf.model({ inputs: [latent, imageClass], outputs: [fakeness, aux] });
combined.compile({ optimizer: optimizer(), loss: losses });

/** Pictures whose left or right half is bright. */
const real = (labels) =>
  tf.tidy(() => {
    const buffer = tf.buffer([labels.length, SIZE, SIZE, 1]);
    labels.forEach((label, n) => {
      for (let y = 0; y < SIZE; y++)
        for (let x = 0; x < SIZE; x++) buffer.set(x < SIZE / 2 === (label === 0) ? 0.8 : -0.8, n, y, x, 0);
    });
    return buffer.toTensor();
  });
const batch = 16;
let dLoss;
let gLoss;
for (let step = 0; step < 150; step++) {
  const labels = Array.from({ length: batch }, () => Math.floor(Math.random() * CLASSES));
  const [x, y, auxY] = tf.tidy(() => {
    const images = real(labels);
    const z = tf.randomUniform([batch, LATENT], -1, 1);
    const sampled = tf.randomUniform([batch, 1], 0, CLASSES, 'int32').asType('float32');
    const generated = generator.predict([z, sampled], { batchSize: batch });
    const soft = tf.tidy(() => tf.concat([tf.ones([batch, 1]).mul(0.95), tf.zeros([batch, 1])]));
    const classes = tf.concat([tf.tensor2d(labels, [batch, 1]), sampled], 0);
    return [tf.concat([images, generated], 0), soft, classes];
  });
  dLoss = await discriminator.trainOnBatch(x, [y, auxY]);
  const [z, sampled, trick] = tf.tidy(() => [
    tf.randomUniform([2 * batch, LATENT], -1, 1),
    tf.randomUniform([2 * batch, 1], 0, CLASSES, 'int32').asType('float32'),
    tf.ones([2 * batch, 1]).mul(0.95),
  ]);
  gLoss = await combined.trainOnBatch([z, sampled], [trick, sampled]);
  tf.dispose([x, y, auxY, z, sampled, trick]);
}
assert.equal(dLoss.length, 3);
assert.equal(gLoss.length, 3);
assert.ok(gLoss[2] < 0.3, `classes of what is made: ${gLoss}`);
tf.tidy(() => {
  const z = tf.randomUniform([8, LATENT], -1, 1);
  let right = 0;
  for (const label of [0, 1]) {
    const images = generator.predict([z, tf.ones([8, 1]).mul(label)]);
    assert.deepEqual(images.shape, [8, SIZE, SIZE, 1]);
    const [, classes] = discriminator.predict(images);
    right += classes.argMax(-1).equal(tf.scalar(label, 'int32')).sum().dataSync()[0];
  }
  assert.ok(right >= 14, `${right} of 16 pictures are of their class`);
});
