// Handwritten digits in Node: `node mnist.mjs FOLDER`, where MNIST's four files lie. Without a folder it learns digits that
// the library draws.
import { datasets, init, layers, sequential, train } from 'mapling';

await init();
const [folder, epochs = 4] = process.argv.slice(2);
const { train: digits, test } = folder
  ? await datasets.mnist({ url: folder })
  : datasets.digits({ seed: 1, count: 12_000 });

const model = sequential({ seed: 1 });
model.add(layers.flatten({ inputShape: [28, 28, 1] }));
model.add(layers.dense({ units: 64, activation: 'relu' }));
model.add(layers.dense({ units: 10, activation: 'softmax' }));
model.compile({ optimizer: train.adam(0.002), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
model.summary();
await model.fit(digits.images, digits.labels, { epochs: Number(epochs), batchSize: 64, verbose: 2 });

const [, accuracy] = model.evaluate(test.images, test.labels);
console.log(
  `accuracy on ${test.labels.size} digits that it has not seen: ${accuracy.arraySync().toFixed(4)}`,
);
