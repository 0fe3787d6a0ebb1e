// Three species of iris, told apart by four lengths: a table is read, shuffled, and split; a small network learns it.
import { readFile } from 'node:fs/promises';
import { data, init, layers, sequential, tensor2d, train } from 'mapling';

await init();
const text = await readFile(new URL('data/iris.csv', import.meta.url), 'utf8');
const species = ['setosa', 'versicolor', 'virginica'];
const rows = await data.csv(text).shuffle(150, 1).toArray();
const lengths = rows.map((row) => [row.sepalLength, row.sepalWidth, row.petalLength, row.petalWidth]);
const answers = rows.map((row) => species.indexOf(row.species));

// Each column with mean 0 and deviation 1, as the flowers to learn from have it.
const learned = tensor2d(lengths.slice(0, 120));
const mean = learned.mean(0);
const deviation = learned.sub(mean).square().mean(0).sqrt();
const scaled = (from, to) => tensor2d(lengths.slice(from, to)).sub(mean).div(deviation);

const model = sequential({ seed: 1 });
model.add(layers.dense({ units: 16, activation: 'relu', inputShape: [4] }));
model.add(layers.dense({ units: 3, activation: 'softmax' }));
model.compile({ optimizer: train.adam(0.02), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
await model.fit(scaled(0, 120), answers.slice(0, 120), { epochs: 60 });

const [loss, accuracy] = model.evaluate(scaled(120, 150), answers.slice(120));
console.log(
  `30 flowers that it has not seen: loss ${loss.arraySync().toFixed(3)}, accuracy ${accuracy.arraySync().toFixed(3)}`,
);
