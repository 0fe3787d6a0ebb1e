import { datasets, init, layers, sequential, train } from 'mapling';

await init();
// Digits that mapling writes itself. MNIST's: await datasets.mnist({ url: './mnist/' })
const digits = datasets.digits({ seed: 1, count: 6000 });

const model = sequential({ seed: 1 });
model.add(layers.flatten({ inputShape: [28, 28, 1] }));
model.add(layers.dense({ units: 128, activation: 'relu' }));
model.add(layers.dense({ units: 10, activation: 'softmax' }));

model.compile({
  optimizer: train.adam(0.001),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});
await model.fit(digits.train.images, digits.train.labels, { epochs: 5, batchSize: 32 });

const [loss, accuracy] = model.evaluate(digits.test.images, digits.test.labels);
console.log(`test loss ${loss.dataSync()[0].toFixed(3)}, accuracy ${accuracy.dataSync()[0].toFixed(3)}`);

const answer = model.predict(digits.test.images.slice([0], [1]));
console.log(`read as ${answer.argMax(-1).dataSync()[0]}, in truth ${digits.test.labels.dataSync()[0]}`);
