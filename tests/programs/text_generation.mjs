// Text, letter by letter: a recurrent network learns which letter comes next, and a sample of what it gives is written.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';

const text = 'the cat sat on the mat and the rat sat on the cat. '.repeat(12);
class TextData {
  constructor(string, sampleLen, sampleStep) {
    this.string = string;
    this.sampleLen = sampleLen;
    this.charSet = [...new Set(string)];
    this.indices = [...string].map((letter) => this.charSet.indexOf(letter));
    this.starts = [];
    for (let at = 0; at + sampleLen + 1 < string.length; at += sampleStep) this.starts.push(at);
    tf.util.shuffle(this.starts);
  }
  nextDataEpoch(count) {
    const size = this.charSet.length;
    const xs = new tf.TensorBuffer(
      [count, this.sampleLen, size],
      'float32',
      new Float32Array(count * this.sampleLen * size),
    );
    const ys = tf.buffer([count, size]);
    for (let i = 0; i < count; i++) {
      const start = this.starts[i % this.starts.length];
      for (let j = 0; j < this.sampleLen; j++) xs.set(1, i, j, this.indices[start + j]);
      ys.set(1, i, this.indices[start + this.sampleLen]);
    }
    return [xs.toTensor(), ys.toTensor()];
  }
}
const data = new TextData(text, 10, 2);
const size = data.charSet.length;
const model = tf.sequential();
[24, 24].forEach((units, at, all) => {
  model.add(
    tf.layers.lstm({
      units,
      returnSequences: at < all.length - 1,
      inputShape: at === 0 ? [data.sampleLen, size] : undefined,
    }),
  );
});
model.add(tf.layers.dense({ units: size, activation: 'softmax' }));
model.compile({ optimizer: tf.train.rmsprop(0.02), loss: 'categoricalCrossentropy' });
let last;
for (let epoch = 0; epoch < 6; epoch++) {
  const [xs, ys] = data.nextDataEpoch(240);
  const history = await model.fit(xs, ys, {
    epochs: 2,
    batchSize: 40,
    callbacks: { onBatchEnd: async () => {}, onTrainBegin: async () => {} },
  });
  last = history.history.loss.at(-1);
  xs.dispose();
  ys.dispose();
}
assert.ok(last < 1, `loss ${last}`);

/** A letter drawn from what the network thinks comes next; the lower the temperature, the likelier ones. */
function sample(probs, temperature) {
  return tf.tidy(() => {
    const logits = tf.div(tf.log(probs), Math.max(temperature, 1e-6));
    return tf.multinomial(logits, 1, undefined, false).dataSync()[0];
  });
}
let window = data.indices.slice(0, data.sampleLen);
let generated = '';
while (generated.length < 30) {
  const buffer = tf.buffer([1, data.sampleLen, size]);
  for (const [at, letter] of window.entries()) buffer.set(1, 0, at, letter);
  const input = buffer.toTensor();
  const output = model.predict(input);
  const winner = sample(tf.squeeze(output), 0.2);
  generated += data.charSet[winner];
  window = [...window.slice(1), winner];
  tf.dispose([input, output]);
}
assert.match(generated, /the|sat|cat|on/);
