// An encoder to two numbers with noise, a decoder back, and a loss of both: rebuilt pictures and a normal distribution.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';

const originalDim = 16;
const intermediateDim = 24;
const latentDim = 2;
class ZLayer extends tf.layers.Layer {
  computeOutputShape(inputShape) {
    assert.equal(inputShape.length, 2);
    return inputShape[0];
  }
  call(inputs) {
    const [zMean, zLogVar] = inputs;
    const [batch, dim] = zMean.shape;
    const epsilon = tf.randomNormal([batch, dim]);
    return zMean.add(zLogVar.mul(0.5).exp().mul(epsilon));
  }
  static get className() {
    return 'ZLayer';
  }
}
tf.serialization.registerClass(ZLayer);

function makeEncoder() {
  const inputs = tf.input({ shape: [originalDim], name: 'encoder_input' });
  const x = tf.layers.dense({ units: intermediateDim, activation: 'relu' }).apply(inputs);
  const zMean = tf.layers.dense({ units: latentDim, name: 'z_mean' }).apply(x);
  const zLogVar = tf.layers.dense({ units: latentDim, name: 'z_log_var' }).apply(x);
  const z = new ZLayer({ name: 'z', outputShape: [latentDim] }).apply([zMean, zLogVar]);
  return tf.model({ inputs, outputs: [zMean, zLogVar, z], name: 'encoder' });
}
function makeDecoder() {
  const latent = tf.input({ shape: [latentDim], name: 'z_sampling' });
  const x = tf.layers.dense({ units: intermediateDim, activation: 'relu' }).apply(latent);
  const outputs = tf.layers.dense({ units: originalDim, activation: 'sigmoid' }).apply(x);
  return tf.model({ inputs: latent, outputs, name: 'decoder' });
}
function makeVae(encoder, decoder) {
  const inputs = encoder.inputs;
  const [zMean, zLogVar, z] = encoder.apply(inputs);
  const outputs = decoder.apply(z);
  return tf.model({ inputs, outputs: [outputs, zMean, zLogVar, z], name: 'vae_mlp' });
}
function vaeLoss(inputs, [decoded, zMean, zLogVar]) {
  return tf.tidy(() => {
    const reconstruction = tf.losses.meanSquaredError(inputs, decoded).mul(originalDim);
    const kl = zLogVar.add(1).sub(zMean.square()).sub(zLogVar.exp()).sum(-1).mul(-0.5);
    return reconstruction.add(kl.mul(0.05)).mean();
  });
}

/** Rows in which one half is bright. */
const images = Array.from({ length: 96 }, (_, n) =>
  Float32Array.from({ length: originalDim }, (_, at) => (at < originalDim / 2 === n % 2 > 0 ? 0.9 : 0.1)),
);
const encoder = makeEncoder();
const decoder = makeDecoder();
const vae = makeVae(encoder, decoder);
const optimizer = tf.train.adam(0.01);
const losses = [];
for (let epoch = 0; epoch < 40; epoch++) {
  for (let at = 0; at < images.length; at += 32) {
    const batch = tf.tidy(() => tf.stack(images.slice(at, at + 32).map((image) => tf.tensor1d(image))));
    const cost = optimizer.minimize(() => vaeLoss(batch, vae.apply(batch)), true);
    losses.push(cost.dataSync()[0]);
    tf.dispose([batch, cost]);
  }
  await tf.nextFrame();
}
assert.ok(losses.at(-1) < losses[0] / 3, `${losses[0]} became ${losses.at(-1)}`);
const [zMean] = encoder.predict(tf.tensor2d([...images[0], ...images[1]], [2, originalDim]));
const rebuilt = decoder.predict(zMean).arraySync();
assert.ok(rebuilt[0][15] > rebuilt[0][0] && rebuilt[1][0] > rebuilt[1][15]);
