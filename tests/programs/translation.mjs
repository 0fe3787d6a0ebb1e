// Words to words of another spelling: an encoder whose states begin a decoder, and models for reading them letter by letter.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';

const words = ['ab', 'ba', 'abc', 'cab', 'bca', 'aa', 'bb', 'cc', 'acb', 'ca'];
const upper = (word) => [...word].reverse().join('').toUpperCase();
const inLetters = ['a', 'b', 'c'];
const outLetters = ['\t', '\n', 'A', 'B', 'C'];
const [maxIn, maxOut] = [3, 5];
const encode = (texts, letters, length) => {
  const buffer = tf.buffer([texts.length, length, letters.length]);
  texts.forEach((text, n) => {
    for (const [at, letter] of [...text].entries()) buffer.set(1, n, at, letters.indexOf(letter));
  });
  return buffer.toTensor();
};
const targets = words.map((word) => `\t${upper(word)}\n`);
const encoderData = encode(words, inLetters, maxIn);
const decoderData = encode(targets, outLetters, maxOut);
const targetData = encode(
  targets.map((text) => text.slice(1)),
  outLetters,
  maxOut,
);

const units = 32;
const encoderInputs = tf.layers.input({ shape: [null, inLetters.length], name: 'encoderInputs' });
const encoder = tf.layers.lstm({ units, returnState: true, name: 'encoderLstm' });
const [, stateH, stateC] = encoder.apply(encoderInputs);
const decoderInputs = tf.layers.input({ shape: [null, outLetters.length], name: 'decoderInputs' });
const decoderLstm = tf.layers.lstm({ units, returnSequences: true, returnState: true, name: 'decoderLstm' });
const [decoderOutputs] = decoderLstm.apply([decoderInputs, stateH, stateC]);
const decoderDense = tf.layers.dense({
  units: outLetters.length,
  activation: 'softmax',
  name: 'decoderDense',
});
const model = tf.model({
  inputs: [encoderInputs, decoderInputs],
  outputs: decoderDense.apply(decoderOutputs),
  name: 'seq2seqModel',
});
model.compile({ optimizer: tf.train.adam(0.02), loss: 'categoricalCrossentropy' });
const { history } = await model.fit([encoderData, decoderData], targetData, { batchSize: 10, epochs: 120 });
assert.ok(history.loss.at(-1) < history.loss[0] / 5, `${history.loss.at(-1)}`);

const encoderModel = tf.model({ inputs: encoderInputs, outputs: [stateH, stateC] });
const inputH = tf.layers.input({ shape: [units], name: 'decoderStateInputHidden' });
const inputC = tf.layers.input({ shape: [units], name: 'decoderStateInputCell' });
const applied = decoderLstm.apply([decoderInputs, inputH, inputC]);
const decoderModel = tf.model({
  inputs: [decoderInputs, inputH, inputC],
  outputs: [decoderDense.apply(applied[0]), applied[1], applied[2]],
});
function decode(word) {
  let states = encoderModel.predict(encode([word], inLetters, word.length));
  let letter = '\t';
  let text = '';
  while (text.length < maxOut) {
    const [answer, h, c] = decoderModel.predict([encode([letter], outLetters, 1), ...states]);
    letter = outLetters[answer.argMax(-1).dataSync()[0]];
    if (letter === '\n') break;
    text += letter;
    states = [h, c];
  }
  return text;
}
const right = words.filter((word) => decode(word) === upper(word));
assert.ok(right.length >= 7, `${right}`);
