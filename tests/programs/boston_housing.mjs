// Prices from many features, in files of comma-separated values: a linear model and one with hidden layers.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';

const folder = mkdtempSync(join(tmpdir(), 'housing-'));
const columns = ['crim', 'rooms', 'age', 'tax', 'medv'];
function write(name, rows, seed) {
  const features = tf.randomUniform([rows, 4], 0, 1, 'float32', seed).arraySync();
  const lines = features.map(([crim, rooms, age, tax]) => {
    const price = 20 - 8 * crim + 15 * rooms - 3 * age + 2 * tax;
    return [crim * 90, 3 + 6 * rooms, age * 100, 180 + 500 * tax, price]
      .map((value) => value.toFixed(4))
      .join(',');
  });
  writeFileSync(join(folder, name), `${columns.join(',')}\n${lines.join('\n')}\n`);
}
write('train.csv', 300, 1);
write('test.csv', 60, 2);

const open = (name) =>
  tf.data.csv(`file://${join(folder, name)}`, { columnConfigs: { medv: { isLabel: true } } });
async function load(name) {
  const rows = await open(name)
    .map(({ xs, ys }) => ({ xs: Object.values(xs), ys: Object.values(ys) }))
    .toArray();
  return [tf.tensor2d(rows.map(({ xs }) => xs)), tf.tensor2d(rows.map(({ ys }) => ys))];
}
assert.deepEqual(await open('train.csv').columnNames(), columns);
const [trainFeatures, trainTarget] = await load('train.csv');
const [testFeatures, testTarget] = await load('test.csv');

/** The mean and the deviation of each column, and the columns in units of these. */
function determineMeanAndStddev(data) {
  const dataMean = data.mean(0);
  const diffFromMean = data.sub(dataMean);
  const variance = diffFromMean.square().mean(0);
  return { dataMean, dataStd: variance.sqrt() };
}
const { dataMean, dataStd } = determineMeanAndStddev(trainFeatures);
const normalize = (tensor) => tensor.sub(dataMean).div(dataStd);
const [xTrain, xTest] = [normalize(trainFeatures), normalize(testFeatures)];

const baseline = testTarget.sub(tf.mean(trainTarget)).square().mean().dataSync()[0];
function linearRegression() {
  const model = tf.sequential();
  model.add(tf.layers.dense({ inputShape: [4], units: 1 }));
  return model;
}
function multiLayer() {
  const model = tf.sequential();
  model.add(
    tf.layers.dense({ inputShape: [4], units: 20, activation: 'sigmoid', kernelInitializer: 'leCunNormal' }),
  );
  model.add(tf.layers.dense({ units: 1 }));
  return model;
}
for (const [make, rate] of [
  [linearRegression, 0.05],
  [multiLayer, 0.05],
]) {
  const model = make();
  model.compile({ optimizer: tf.train.sgd(rate), loss: 'meanSquaredError' });
  const losses = [];
  await model.fit(xTrain, trainTarget, {
    batchSize: 40,
    epochs: 60,
    validationSplit: 0.2,
    callbacks: {
      onEpochEnd: async (_epoch, logs) => {
        losses.push(logs.val_loss);
      },
    },
  });
  const [testLoss] = [model.evaluate(xTest, testTarget, { batchSize: 40 })].flat();
  const loss = testLoss.dataSync()[0];
  assert.equal(losses.length, 60);
  assert.ok(loss < baseline / 4, `${make.name}: ${loss}, a constant has ${baseline}`);
}

// The same from the file, batch by batch.
const means = dataMean.dataSync();
const deviations = dataStd.dataSync();
const dataset = open('train.csv')
  .map(({ xs, ys }) => ({
    xs: Object.values(xs).map((value, at) => (value - means[at]) / deviations[at]),
    ys: Object.values(ys),
  }))
  .shuffle(300)
  .batch(40);
const model = linearRegression();
model.compile({ optimizer: tf.train.sgd(0.05), loss: 'meanSquaredError' });
await model.fitDataset(dataset, { epochs: 30, validationData: dataset });
const loss = (await model.evaluateDataset(dataset)).dataSync()[0];
assert.ok(loss < baseline / 4, `${loss}`);
const kernel = model.layers[0].getWeights()[0].dataSync();
assert.ok(kernel[0] < 0 && kernel[1] > 0);
rmSync(folder, { recursive: true });
