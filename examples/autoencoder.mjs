// Pictures of digits through a neck of sixteen numbers and back: a model of two models, of which the first is used alone
// afterwards.
import { datasets, init, input, layers, model, train } from 'mapling';

await init();
const { train: digits, test } = datasets.digits({ seed: 1, count: 3000 });

const picture = input({ shape: [28, 28, 1] });
const pixels = layers.flatten().apply(picture);
const code = layers.dense({ units: 16 }).apply(layers.dense({ units: 64, activation: 'relu' }).apply(pixels));
const encoder = model({ inputs: picture, outputs: code, name: 'encoder' });

const numbers = input({ shape: [16] });
const wide = layers.dense({ units: 64, activation: 'relu' }).apply(numbers);
const drawn = layers.dense({ units: 784, activation: 'sigmoid' }).apply(wide);
const decoder = model({
  inputs: numbers,
  outputs: layers.reshape({ targetShape: [28, 28, 1] }).apply(drawn),
  name: 'decoder',
});

const both = model({ inputs: picture, outputs: decoder.apply(encoder.apply(picture)), name: 'autoencoder' });
both.compile({ optimizer: train.adam(0.003), loss: 'binaryCrossentropy', metrics: ['mae'] });
const { history } = await both.fit(digits.images, digits.images, { epochs: 5, batchSize: 32 });
console.log(`loss ${history.loss.map((loss) => loss.toFixed(3)).join(' → ')}`);

const first = test.images.slice([0, 0, 0, 0], [1, 28, 28, 1]);
const again = both.predict(first);
console.log(`sixteen numbers for a picture: ${encoder.predict(first).shape}`);
const rows = (image) =>
  image
    .reshape([28, 28])
    .arraySync()
    .filter((_, at) => at % 2 === 0);
const ink = (row) => row.map((value) => ' .:oO@'[Math.min(5, Math.floor(6 * value))]).join('');
const [before, after] = [rows(first), rows(again)];
before.forEach((row, at) => {
  console.log(`${ink(row)} | ${ink(after[at])}`);
});
