// Two hidden layers learn to tell a heap of points from the ring around it.
import * as mapling from 'mapling';

await mapling.init();
const angle = mapling.linspace(0, 2 * Math.PI, 90);
const circle = mapling.stack([mapling.cos(angle), mapling.sin(angle)], 1);
const ring = circle.mul(2.2).add(mapling.randomNormal([90, 2], 0, 0.2, 'float32', 1));
const heap = circle.mul(0.8).add(mapling.randomNormal([90, 2], 0, 0.25, 'float32', 2));
const points = mapling.concat([ring, heap]);
const labels = mapling.concat([mapling.zeros([90, 1]), mapling.ones([90, 1])]);

const model = mapling.sequential({ seed: 1 });
model.add(mapling.layers.dense({ units: 4, activation: 'tanh', inputShape: [2] }));
model.add(mapling.layers.dense({ units: 4, activation: 'tanh' }));
model.add(mapling.layers.dense({ units: 1, activation: 'sigmoid' }));
model.compile({ optimizer: mapling.train.adam(0.03), loss: 'binaryCrossentropy', metrics: ['accuracy'] });

await model.fit(points, labels, { epochs: 300, batchSize: 180, verbose: 0 });
const [loss, right] = model.evaluate(points, labels).map((one) => one.dataSync()[0]);
console.log(`loss ${loss.toFixed(3)}, right ${(100 * right).toFixed(1)} %`);
