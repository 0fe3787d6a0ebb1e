import { datasets, grad, init, layers, sequential, train, zerosLike } from 'mapling';

await init();
const digits = datasets.digits({ seed: 1, count: 3000 });
const model = sequential({ seed: 1 });
model.add(layers.flatten({ inputShape: [28, 28, 1] }));
model.add(layers.dense({ units: 128, activation: 'relu' }));
model.add(layers.dense({ units: 10, activation: 'softmax' }));
model.compile({ optimizer: train.adam(0.001), loss: 'sparseCategoricalCrossentropy' });
await model.fit(digits.train.images, digits.train.labels, { epochs: 3 });

const picture = digits.test.images.slice([0], [1]);
const answer = model.predict(picture).argMax(-1).dataSync()[0];
// What is to be explained: the logarithm of the answer's probability. The page takes the score before softmax.
const score = (x) => model.apply(x).slice([0, answer], [1, 1]).log().sum();
const gradientAt = grad(score);

// Gradient × input.
const simple = gradientAt(picture).mul(picture);

// Integrated gradients: the mean gradient on the way from an empty page, × input.
const steps = 32;
let sum = zerosLike(picture);
for (let step = 0; step < steps; step++) sum = sum.add(gradientAt(picture.mul((step + 0.5) / steps)));
const integrated = sum.div(steps).mul(picture);

const told = integrated.sum().dataSync()[0];
const gained = score(picture)
  .sub(score(zerosLike(picture)))
  .dataSync()[0];
console.log(`the contributions add up to ${told.toFixed(2)}, the score gained ${gained.toFixed(2)}`);
console.log(`gradient × input adds up to ${simple.sum().dataSync()[0].toFixed(2)}`);
