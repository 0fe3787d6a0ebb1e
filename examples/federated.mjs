// Federated averaging (McMahan et al. 2017) with four workers: each trains on digits that only it has, for a number of
// steps; their weights, and nothing else, come back, and the mean of them goes out for the next round. Beside it one
// trainer learns from all digits.
import { datasets, init, layers, sequential, train } from 'mapling';
import { createTrainer } from 'mapling/trainer';

const [workers, rounds, steps] = [4, 16, 40];

await init();
const { train: digits, test } = datasets.digits({ seed: 1, count: 5000 });
const [images, labels] = [digits.images.dataSync(), digits.labels.dataSync()];
const size = 28 * 28;
/** The part of a worker: some of the digits, as a machine of its own would have them. */
function part(at) {
  const count = Math.floor(labels.length / workers);
  const values = images.slice(at * count * size, (at + 1) * count * size);
  return [
    { values, shape: [count, 28, 28, 1] },
    { values: labels.slice(at * count, (at + 1) * count), shape: [count] },
  ];
}
function made() {
  const model = sequential({ seed: 7 });
  model.add(layers.flatten({ inputShape: [28, 28, 1] }));
  model.add(layers.dense({ units: 32, activation: 'relu' }));
  model.add(layers.dense({ units: 10, activation: 'softmax' }));
  model.compile({ optimizer: train.sgd(0.1), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}
const accuracyOf = (model) => model.evaluate(test.images, test.labels)[1].dataSync()[0];

const shared = made();
const trainers = await Promise.all(Array.from({ length: workers }, () => createTrainer()));
await Promise.all(
  trainers.map(async (trainer, at) => {
    await trainer.setModel(shared);
    await trainer.setData('train', ...part(at));
  }),
);
/** The mean of the workers' weights, value by value. */
const mean = (all) =>
  all[0].map(({ shape }, at) => ({
    shape,
    values: all[0][at].values.map(
      (_, i) => all.reduce((sum, weights) => sum + weights[at].values[i], 0) / all.length,
    ),
  }));

for (let round = 1; round <= rounds; round++) {
  const weights = shared.getWeights().map(({ shape, values }) => ({ shape, values }));
  const learned = await Promise.all(
    trainers.map(async (trainer) => {
      await trainer.setWeights(weights);
      const done = new Promise((resolve) => {
        const end = trainer.subscribe((event) => {
          if (event.type !== 'state' || event.state.status !== 'done') return;
          end();
          resolve();
        });
      });
      await trainer.start({ steps });
      await done;
      return trainer.weights();
    }),
  );
  shared.setWeights(mean(learned));
  if (round % 4 === 0) console.log(`round ${round}: accuracy ${accuracyOf(shared).toFixed(3)}`);
}
for (const trainer of trainers) trainer.terminate();

const alone = made();
await alone.fit(digits.images, digits.labels, { steps: rounds * steps });
console.log(
  `four workers ${accuracyOf(shared).toFixed(3)}, one trainer on the whole ${accuracyOf(alone).toFixed(3)}`,
);
