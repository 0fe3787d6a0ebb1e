// Sums of digits written as text, read and written by recurrent layers.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';

class CharacterTable {
  constructor(chars) {
    this.chars = chars;
    this.size = chars.length;
    this.charToIndex = Object.fromEntries([...chars].map((char, at) => [char, at]));
  }
  encodeBatch(texts, length) {
    const buf = tf.buffer([texts.length, length, this.size]);
    texts.forEach((text, n) => {
      for (let i = 0; i < length; i++) buf.set(1, n, i, this.charToIndex[text[i]]);
    });
    return buf.toTensor().as3D(texts.length, length, this.size);
  }
  decode(x) {
    return tf.tidy(() => Array.from(x.argMax(1).dataSync(), (at) => this.chars[at]).join(''));
  }
}

const digits = 1;
const maxLen = digits + 1 + digits;
const table = new CharacterTable('0123456789+ ');
const pairs = [];
for (let a = 0; a < 10; a++)
  for (let b = 0; b < 10; b++) pairs.push([`${a}+${b}`, String(a + b).padEnd(digits + 1)]);
const trainXs = table.encodeBatch(
  pairs.map(([question]) => question),
  maxLen,
);
const trainYs = table.encodeBatch(
  pairs.map(([, answer]) => answer),
  digits + 1,
);

function createModel(rnnType, hidden = 32) {
  const rnn = { SimpleRNN: tf.layers.simpleRNN, GRU: tf.layers.gru, LSTM: tf.layers.lstm }[rnnType];
  const model = tf.sequential();
  model.add(rnn({ units: hidden, recurrentInitializer: 'glorotNormal', inputShape: [maxLen, table.size] }));
  model.add(tf.layers.repeatVector({ n: digits + 1 }));
  model.add(rnn({ units: hidden, recurrentInitializer: 'glorotNormal', returnSequences: true }));
  model.add(tf.layers.timeDistributed({ layer: tf.layers.dense({ units: table.size }) }));
  model.add(tf.layers.activation({ activation: 'softmax' }));
  model.compile({ loss: 'categoricalCrossentropy', optimizer: tf.train.adam(0.01), metrics: ['accuracy'] });
  return model;
}
for (const rnnType of ['SimpleRNN', 'GRU', 'LSTM']) {
  const model = createModel(rnnType);
  const accuracies = [];
  for (let iteration = 0; iteration < 6; iteration++) {
    const history = await model.fit(trainXs, trainYs, { epochs: 10, batchSize: 20, yieldEvery: 'epoch' });
    accuracies.push(history.history.acc.at(-1));
  }
  assert.ok(accuracies.at(-1) > 0.6 && accuracies.at(-1) > accuracies[0], `${rnnType}: ${accuracies}`);
  const answer = model.predict(trainXs.slice([35, 0, 0], [1, maxLen, table.size]));
  assert.equal(table.decode(answer.as2D(answer.shape[1], answer.shape[2])).length, digits + 1);
}
