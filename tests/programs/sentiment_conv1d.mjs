// Texts as words' numbers: an embedding, a convolution along the words, the strongest answer of each filter.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';

const maxLen = 20;
const vocabulary = 50;
/** Two words side by side make a text good; the same two apart do not. */
const texts = Array.from({ length: 200 }, (_, n) => {
  const words = Array.from({ length: maxLen }, (_, at) => 10 + ((n * 7 + at * 13) % 40));
  const place = (n * 5) % (maxLen - 6);
  words[place] = 3;
  words[place + (n % 2 ? 1 : 4)] = 4;
  return words;
});
const xs = tf.tensor2d(texts, [texts.length, maxLen], 'int32');
const ys = tf.tensor2d(
  texts.map((_, n) => n % 2),
  [texts.length, 1],
);
const model = tf.sequential();
model.add(tf.layers.embedding({ inputDim: vocabulary, outputDim: 12, inputLength: maxLen }));
model.add(tf.layers.dropout({ rate: 0.1 }));
model.add(tf.layers.conv1d({ filters: 24, kernelSize: 3, strides: 1, padding: 'valid', activation: 'relu' }));
model.add(tf.layers.globalMaxPool1d({}));
model.add(tf.layers.dense({ units: 16, activation: 'relu' }));
model.add(tf.layers.dense({ units: 1, activation: 'sigmoid' }));
model.compile({ loss: 'binaryCrossentropy', optimizer: tf.train.adam(0.01), metrics: ['acc'] });
assert.deepEqual(model.layers[2].outputShape, [null, maxLen - 2, 24]);
const { history } = await model.fit(xs, ys, { epochs: 25, batchSize: 20, validationSplit: 0.2 });
assert.ok(history.val_acc.at(-1) > 0.85, `${history.val_acc}`);
