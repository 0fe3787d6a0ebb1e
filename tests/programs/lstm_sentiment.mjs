// Words as numbers, padded to one length: an embedding and an LSTM tell good from bad.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';

const words = [
  '<pad>',
  '<start>',
  '<unknown>',
  'good',
  'great',
  'fine',
  'bad',
  'poor',
  'dull',
  'film',
  'the',
  'a',
  'plot',
  'was',
];
const index = Object.fromEntries(words.map((word, at) => [word, at]));
function padSequences(sequences, maxLen, padding = 'pre', truncating = 'pre', value = 0) {
  return sequences.map((sequence) => {
    let cut = sequence;
    if (cut.length > maxLen)
      cut = truncating === 'pre' ? cut.slice(cut.length - maxLen) : cut.slice(0, maxLen);
    const pad = Array.from({ length: maxLen - cut.length }, () => value);
    return padding === 'pre' ? pad.concat(cut) : cut.concat(pad);
  });
}
const texts = [];
for (let at = 0; at < 120; at++) {
  const isGood = at % 2;
  const mood = words[(isGood ? 3 : 6) + (at % 3)];
  const filler = Array.from({ length: 1 + (at % 7) }, (_, i) => words[9 + ((at + i) % 5)]);
  const place = at % filler.length;
  texts.push([[...filler.slice(0, place), mood, ...filler.slice(place)], isGood]);
}
const sequences = texts.map(([text]) => [1, ...text.map((word) => index[word] ?? 2)]);
const maxLen = 8;
const xs = tf.tensor2d(padSequences(sequences, maxLen), [texts.length, maxLen], 'int32');
const ys = tf.tensor2d(
  texts.map(([, label]) => label),
  [texts.length, 1],
);

function buildModel(type) {
  const model = tf.sequential();
  model.add(tf.layers.embedding({ inputDim: words.length, outputDim: 8, inputLength: maxLen }));
  if (type === 'flatten') model.add(tf.layers.flatten());
  else if (type === 'simpleRNN') model.add(tf.layers.simpleRNN({ units: 16 }));
  else if (type === 'lstm') model.add(tf.layers.lstm({ units: 16 }));
  else if (type === 'bidirectionalLSTM')
    model.add(tf.layers.bidirectional({ layer: tf.layers.lstm({ units: 8 }), mergeMode: 'concat' }));
  model.add(tf.layers.dense({ units: 1, activation: 'sigmoid' }));
  model.compile({ loss: 'binaryCrossentropy', optimizer: tf.train.adam(0.02), metrics: ['acc'] });
  return model;
}
for (const type of ['flatten', 'simpleRNN', 'lstm', 'bidirectionalLSTM']) {
  const model = buildModel(type);
  const { history } = await model.fit(xs, ys, { epochs: 25, batchSize: 30, validationSplit: 0.2 });
  assert.ok(history.val_acc.at(-1) > 0.9, `${type}: ${history.val_acc}`);
  const [loss, accuracy] = model.evaluate(xs, ys, { batchSize: 64 });
  assert.ok(loss.dataSync()[0] < 0.4 && accuracy.dataSync()[0] > 0.9);
  const sentence = [['the', 'plot', 'was', 'great'].map((word) => index[word])];
  const score = model.predict(tf.tensor2d(padSequences(sentence, maxLen), [1, maxLen])).dataSync()[0];
  // Whoever looks at places knows only those it has seen.
  if (type !== 'flatten') assert.ok(score > 0.5, `${type}: ${score}`);
}
