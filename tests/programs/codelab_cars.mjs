// Miles per gallon by horsepower: data are shuffled and normalised, a line is learned and drawn from evenly spaced points.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';

const cars = Array.from({ length: 150 }, (_, at) => {
  const horsepower = 50 + ((at * 37) % 180);
  return { horsepower, mpg: at % 25 === 0 ? null : 45 - 0.15 * horsepower + 2 * Math.sin(at) };
}).filter((car) => car.mpg != null && car.horsepower != null);

function createModel() {
  const model = tf.sequential();
  model.add(tf.layers.dense({ inputShape: [1], units: 20, useBias: true }));
  model.add(tf.layers.dense({ units: 1, useBias: true }));
  return model;
}
function convertToTensor(data) {
  return tf.tidy(() => {
    tf.util.shuffle(data);
    const inputs = data.map((d) => d.horsepower);
    const labels = data.map((d) => d.mpg);
    const inputTensor = tf.tensor2d(inputs, [inputs.length, 1]);
    const labelTensor = tf.tensor2d(labels, [labels.length, 1]);
    const [inputMax, inputMin] = [inputTensor.max(), inputTensor.min()];
    const [labelMax, labelMin] = [labelTensor.max(), labelTensor.min()];
    return {
      inputs: inputTensor.sub(inputMin).div(inputMax.sub(inputMin)),
      labels: labelTensor.sub(labelMin).div(labelMax.sub(labelMin)),
      inputMax,
      inputMin,
      labelMax,
      labelMin,
    };
  });
}
async function trainModel(model, inputs, labels) {
  model.compile({ optimizer: tf.train.adam(), loss: tf.losses.meanSquaredError, metrics: ['mse'] });
  return model.fit(inputs, labels, {
    batchSize: 32,
    epochs: 50,
    shuffle: true,
    callbacks: { onEpochEnd: (epoch, logs) => assert.ok(epoch < 50 && logs.loss >= 0 && logs.mse >= 0) },
  });
}
const model = createModel();
const normalized = convertToTensor(cars);
const { history } = await trainModel(model, normalized.inputs, normalized.labels);
assert.ok(history.loss.at(-1) < 0.03, `${history.loss.at(-1)}`);

const { inputMax, inputMin, labelMin, labelMax } = normalized;
const [xs, preds] = tf.tidy(() => {
  const evenly = tf.linspace(0, 1, 100);
  const predictions = model.predict(evenly.reshape([100, 1]));
  const unNormXs = evenly.mul(inputMax.sub(inputMin)).add(inputMin);
  const unNormPreds = predictions.mul(labelMax.sub(labelMin)).add(labelMin);
  return [unNormXs.dataSync(), unNormPreds.dataSync()];
});
const points = Array.from(xs).map((x, at) => ({ x, y: preds[at] }));
assert.ok(points[0].y > points.at(-1).y + 10, `${points[0].y} ${points.at(-1).y}`);
