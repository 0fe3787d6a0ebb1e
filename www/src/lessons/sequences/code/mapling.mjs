import { datasets, init, layers, sequential, train } from 'mapling';

await init();
// Digits that mapling writes itself; datasets.mnist() has people's.
const { train: digits, test } = datasets.digits({ count: 6000, seed: 1 });
// A picture is a sequence of 28 rows with 28 numbers each.
const rows = (images) => images.reshape([-1, 28, 28]);

const model = sequential({
  layers: [
    layers.lstm({ units: 32, inputShape: [28, 28] }),
    layers.dense({ units: 10, activation: 'softmax' }),
  ],
});
model.compile({
  optimizer: train.adam(0.005),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});
await model.fit(rows(digits.images), digits.labels, { epochs: 6, batchSize: 32 });

const [, accuracy] = model.evaluate(rows(test.images), test.labels);
console.log('accuracy', accuracy.dataSync()[0].toFixed(3));
