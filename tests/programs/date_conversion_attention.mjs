// Dates in several forms to one form: two recurrent layers with attention between them, and a layer of its own.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';

const IN = '0123456789/- ';
const OUT = '\n\t0123456789-';
const INPUT_LENGTH = 5;
const OUTPUT_LENGTH = 5;
const START = 1;
/** Days and months as `DD/MM` or `DD-MM`, to be written `MM-DD`. */
const pairs = [];
for (let month = 1; month <= 12; month++)
  for (let day = 1; day <= 28; day += 3) {
    const [m, d] = [month, day].map((part) => String(part).padStart(2, '0'));
    pairs.push([`${d}/${m}`, `${m}-${d}`], [`${d}-${m}`, `${m}-${d}`]);
  }
const encodeInputs = (dates) => {
  const buffer = tf.buffer([dates.length, INPUT_LENGTH], 'float32');
  dates.forEach((date, n) => {
    for (let i = 0; i < INPUT_LENGTH; i++) buffer.set(IN.indexOf(date[i]), n, i);
  });
  return buffer.toTensor();
};
const encodeOutputs = (dates) => {
  const buffer = tf.buffer([dates.length, OUTPUT_LENGTH], 'int32');
  dates.forEach((date, n) => {
    for (let i = 0; i < OUTPUT_LENGTH; i++) buffer.set(OUT.indexOf(date[i]), n, i);
  });
  return buffer.toTensor();
};

/** The last step of a sequence. */
class GetLastTimestepLayer extends tf.layers.Layer {
  constructor(config) {
    super(config || {});
    this.supportsMasking = true;
  }
  computeOutputShape(inputShape) {
    const outputShape = inputShape.slice();
    outputShape.splice(outputShape.length - 2, 1);
    return outputShape;
  }
  call(input) {
    return tf.tidy(() => {
      const [only] = Array.isArray(input) ? input : [input];
      const [batch, steps, units] = only.shape;
      return only.gather([steps - 1], 1).reshape([batch, units]);
    });
  }
  static get className() {
    return 'GetLastTimestepLayer';
  }
}
tf.serialization.registerClass(GetLastTimestepLayer);

function createModel(embeddingDims = 12, lstmUnits = 32) {
  const encoderInput = tf.input({ shape: [INPUT_LENGTH] });
  const decoderInput = tf.input({ shape: [OUTPUT_LENGTH] });
  const embedded = tf.layers
    .embedding({ inputDim: IN.length, outputDim: embeddingDims, inputLength: INPUT_LENGTH, maskZero: false })
    .apply(encoderInput);
  const encoder = tf.layers.lstm({ units: lstmUnits, returnSequences: true }).apply(embedded);
  const encoderLast = new GetLastTimestepLayer({ name: 'encoderLast' }).apply(encoder);
  let decoder = tf.layers
    .embedding({
      inputDim: OUT.length,
      outputDim: embeddingDims,
      inputLength: OUTPUT_LENGTH,
      maskZero: false,
    })
    .apply(decoderInput);
  decoder = tf.layers
    .lstm({ units: lstmUnits, returnSequences: true })
    .apply(decoder, { initialState: [encoderLast, encoderLast] });
  let attention = tf.layers.dot({ axes: [2, 2] }).apply([decoder, encoder]);
  attention = tf.layers.activation({ activation: 'softmax', name: 'attention' }).apply(attention);
  const context = tf.layers.dot({ axes: [2, 1], name: 'context' }).apply([attention, encoder]);
  const combined = tf.layers.concatenate().apply([context, decoder]);
  let output = tf.layers
    .timeDistributed({ layer: tf.layers.dense({ units: lstmUnits, activation: 'tanh' }) })
    .apply(combined);
  output = tf.layers
    .timeDistributed({ layer: tf.layers.dense({ units: OUT.length, activation: 'softmax' }) })
    .apply(output);
  const model = tf.model({ inputs: [encoderInput, decoderInput], outputs: output });
  model.compile({ loss: 'categoricalCrossentropy', optimizer: tf.train.adam(0.01) });
  return model;
}

const encoderInput = encodeInputs(pairs.map(([from]) => from));
const { decoderInput, decoderOutput } = tf.tidy(() => {
  const target = encodeOutputs(pairs.map(([, to]) => to));
  const shifted = tf.concat(
    [
      tf.ones([pairs.length, 1]).mul(START),
      target.slice([0, 0], [pairs.length, OUTPUT_LENGTH - 1]).toFloat(),
    ],
    1,
  );
  return { decoderInput: shifted, decoderOutput: tf.oneHot(target, OUT.length).toFloat() };
});
const model = createModel();
const { history } = await model.fit([encoderInput, decoderInput], decoderOutput, {
  epochs: 30,
  batchSize: 60,
  shuffle: true,
});
assert.ok(history.loss.at(-1) < 0.1, `${history.loss}`);

/** Letter by letter, each from those before. */
const date = '16/07';
const attend = tf.model({
  inputs: model.inputs,
  outputs: [...model.outputs, model.getLayer('attention').output],
});
const answer = tf.buffer([1, OUTPUT_LENGTH]);
answer.set(START, 0, 0);
let text = '';
for (let i = 0; i < OUTPUT_LENGTH; i++) {
  const predicted = model
    .predict([encodeInputs([date]), answer.toTensor()])
    .argMax(2)
    .arraySync()[0][i];
  text += OUT[predicted];
  if (i + 1 < OUTPUT_LENGTH) answer.set(predicted, 0, i + 1);
}
assert.equal(text, '07-16');
const [, weights] = attend.predict([encodeInputs([date]), answer.toTensor()]);
assert.deepEqual(weights.shape, [1, OUTPUT_LENGTH, INPUT_LENGTH]);
