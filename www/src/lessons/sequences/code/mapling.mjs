import { datasets, init, layers, sequential, train } from 'mapling';

await init();
// Digits that mapling writes itself; datasets.mnist() has people's.
const { train: digits, test } = datasets.digits({ count: 4000, seed: 1 });
// A picture is a sequence of 28 rows with 28 numbers each.
const rows = (images) => images.reshape([-1, 28, 28]);

// The answer is the same after each row: [digits, 28].
const answers = (labels) => labels.reshape([-1, 1]).tile([1, 28]);

const model = sequential({
  layers: [
    layers.lstm({ units: 32, returnSequences: true, inputShape: [28, 28] }),
    layers.dense({ units: 10, activation: 'softmax' }),
  ],
});
model.compile({ optimizer: train.adam(0.005), loss: 'sparseCategoricalCrossentropy' });
await model.fit(rows(digits.images), answers(digits.labels), { epochs: 6, batchSize: 32 });

const read = model.predict(rows(test.images)).argMax(-1); // [digits, 28]
const right = read.equal(answers(test.labels)).mean(0).dataSync(); // after each row
for (const row of [8, 16, 28]) console.log('right after row', row, right[row - 1].toFixed(2));
