// A temperature to come from the hours before: a data set from a generator, and a GRU.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';

const HOURS = 800;
const columns = 2;
const raw = Array.from({ length: HOURS }, (_, hour) => [
  10 + 8 * Math.sin((2 * Math.PI * hour) / 24) + 0.3 * Math.sin(hour),
  1000 + 5 * Math.cos((2 * Math.PI * hour) / 24),
]);
const [means, stddevs] = tf.tidy(() => {
  const { mean, variance } = tf.moments(tf.tensor2d(raw), 0);
  return [mean.dataSync(), variance.sqrt().dataSync()];
});
const normalized = raw.map((row) => row.map((value, at) => (value - means[at]) / stddevs[at]));

/** Windows of the past with what comes after them, as iterators with a method `next`. */
function getNextBatchFunction(shuffle, lookBack, delay, batchSize, minIndex, maxIndex) {
  let startIndex = minIndex + lookBack;
  return {
    next: () => {
      const rowIndices = [];
      let done = false;
      if (shuffle) {
        for (let i = 0; i < batchSize; i++)
          rowIndices.push(
            minIndex + lookBack + Math.floor(Math.random() * (maxIndex - minIndex - lookBack - delay)),
          );
      } else {
        for (let row = startIndex; row < startIndex + batchSize && row + delay < maxIndex; row++)
          rowIndices.push(row);
        startIndex += batchSize;
        done = rowIndices.length === 0;
      }
      if (done) return { value: undefined, done: true };
      const samples = tf.buffer([rowIndices.length, lookBack, columns]);
      const targets = tf.buffer([rowIndices.length, 1]);
      rowIndices.forEach((end, n) => {
        for (let i = 0; i < lookBack; i++)
          for (let column = 0; column < columns; column++)
            samples.set(normalized[end - lookBack + i][column], n, i, column);
        targets.set(normalized[end + delay][0], n, 0);
      });
      return { value: { xs: samples.toTensor(), ys: targets.toTensor() }, done: false };
    },
  };
}
const lookBack = 12;
const delay = 3;
const trainDataset = tf.data
  .generator(() => getNextBatchFunction(true, lookBack, delay, 32, 0, 600))
  .prefetch(4);
const valDataset = tf.data.generator(() => getNextBatchFunction(false, lookBack, delay, 32, 601, 800));

function baseline() {
  let sum = 0;
  let count = 0;
  for (let hour = 601; hour + delay < 800; hour++, count++)
    sum += Math.abs(normalized[hour + delay][0] - normalized[hour][0]);
  return sum / count;
}

const model = tf.sequential();
model.add(tf.layers.gru({ units: 12, inputShape: [lookBack, columns], dropout: 0, recurrentDropout: 0 }));
model.add(tf.layers.dense({ units: 1, kernelRegularizer: tf.regularizers.l2({ l2: 1e-4 }) }));
model.compile({ optimizer: 'rmsprop', loss: 'meanAbsoluteError' });
const epochs = [];
const { history } = await model.fitDataset(trainDataset, {
  batchesPerEpoch: 40,
  epochs: 6,
  callbacks: new tf.CustomCallback({
    onEpochEnd: async (epoch, logs) => {
      epochs.push(epoch);
      assert.equal(typeof logs.val_loss, 'number');
    },
  }),
  validationData: valDataset,
});
assert.deepEqual(epochs, [0, 1, 2, 3, 4, 5]);
assert.ok(history.val_loss.at(-1) < baseline() / 2, `${history.val_loss}, without learning ${baseline()}`);
const evaluated = await model.evaluateDataset(valDataset, { batches: 3 });
assert.ok(evaluated.dataSync()[0] < baseline());
