// Pitches in a table: filtered, shuffled, zipped, batched and repeated on their way to a model.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';

const table = ['vx0,vy0,vz0,pitch_code'];
for (let at = 0; at < 240; at++) {
  const code = at % 3;
  table.push(
    `${(code * 4 - 4 + Math.sin(at)).toFixed(3)},${(-130 + code * 8).toFixed(3)},${Math.cos(at).toFixed(3)},${at % 40 === 0 ? '' : code}`,
  );
}
const bytes = new TextEncoder().encode(table.join('\n'));
const source = new tf.data.FileDataSource(bytes);
const csv = new tf.data.CSVDataset(source, { columnConfigs: { pitch_code: { default: -1, isLabel: true } } });
const ranges = [
  [-5, 5],
  [-130, -114],
  [-1, 1],
];
const normalize = (value, [low, high]) => (value - low) / (high - low);
const pitches = csv
  .filter(({ ys }) => ys.pitch_code >= 0)
  .map(({ xs, ys }) => {
    const values = [normalize(xs.vx0, ranges[0]), normalize(xs.vy0, ranges[1]), normalize(xs.vz0, ranges[2])];
    return { xs: values, ys: ys.pitch_code };
  });
assert.equal((await pitches.toArray()).length, 234);
const train = pitches.shuffle(240).batch(50);
const test = pitches.take(60).batch(60);

const model = tf.sequential();
model.add(tf.layers.dense({ units: 24, activation: 'relu', inputShape: [3] }));
model.add(tf.layers.dense({ units: 3, activation: 'softmax' }));
model.compile({
  optimizer: tf.train.adam(0.02),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});
await model.fitDataset(train, {
  epochs: 15,
  callbacks: { onEpochEnd: async (_, logs) => assert.ok(logs.loss > 0) },
});
const [, accuracy] = await model.evaluateDataset(test);
assert.ok(accuracy.dataSync()[0] > 0.9, `${accuracy.dataSync()[0]}`);

/** Each class by itself. */
let right = 0;
await pitches.batch(10).forEachAsync(({ xs, ys }) => {
  const values = model.predict(xs).argMax(-1).dataSync();
  const labels = ys.dataSync();
  for (let i = 0; i < labels.length; i++) if (labels[i] === values[i]) right++;
});
assert.ok(right > 210);

const xs = tf.data.array([
  [1, 0],
  [0, 1],
  [1, 1],
  [0, 0],
]);
const ys = tf.data.array([1, 1, 0, 0]);
const xor = tf.data.zip({ xs, ys }).repeat(20).shuffle(80, 'seed').batch(8).prefetch(2);
const small = tf.sequential({
  layers: [
    tf.layers.dense({ units: 8, activation: 'tanh', inputShape: [2] }),
    tf.layers.dense({ units: 1, activation: 'sigmoid' }),
  ],
});
small.compile({ optimizer: tf.train.adam(0.05), loss: 'binaryCrossentropy' });
const { history } = await small.fitDataset(xor, { epochs: 20 });
assert.ok(history.loss.at(-1) < 0.2, `${history.loss}`);
const iterator = await xs.skip(1).concatenate(xs.take(1)).iterator();
const first = await iterator.next();
assert.deepEqual([first.value, first.done], [[0, 1], false]);
