// Two hidden layers learn to tell a heap of points from the ring around it.
import {
  concat,
  cos,
  init,
  layers,
  linspace,
  ones,
  randomNormal,
  sequential,
  sin,
  stack,
  train,
  zeros,
} from 'mapling';

await init();
const angle = linspace(0, 2 * Math.PI, 90);
const circle = stack([cos(angle), sin(angle)], 1);
const ring = circle.mul(2.2).add(randomNormal([90, 2], 0, 0.2, 'float32', 1));
const heap = circle.mul(0.8).add(randomNormal([90, 2], 0, 0.25, 'float32', 2));
const points = concat([ring, heap]);
const labels = concat([zeros([90, 1]), ones([90, 1])]);

const model = sequential({ seed: 1 });
model.add(layers.dense({ units: 4, activation: 'tanh', inputShape: [2] }));
model.add(layers.dense({ units: 4, activation: 'tanh' }));
model.add(layers.dense({ units: 1, activation: 'sigmoid' }));
model.compile({ optimizer: train.adam(0.03), loss: 'binaryCrossentropy', metrics: ['accuracy'] });

await model.fit(points, labels, { epochs: 300, batchSize: 180, verbose: 0 });
const [loss, right] = model.evaluate(points, labels).map((one) => one.dataSync()[0]);
console.log(`loss ${loss.toFixed(3)}, right ${(100 * right).toFixed(1)} %`);
