// A line, fitted by gradient descent: forward, loss, gradient, update.
import { init, tensor1d, train, variable } from 'mapling';

await init();
const area = tensor1d([0.45, 0.6, 0.75, 0.9, 1.05, 1.2, 1.4, 1.6]);
const price = tensor1d([1.6, 1.7, 2.5, 2.3, 3.2, 3, 4.1, 4.2]);

const w = variable(-2);
const b = variable(5);
const loss = () => w.mul(area).add(b).sub(price).square().mean();

const optimizer = train.sgd(0.1);
for (let step = 0; step < 1000; step++) optimizer.minimize(loss);

const [slope, offset] = [w.dataSync()[0], b.dataSync()[0]];
console.log(`price = ${slope.toFixed(3)} × area + ${offset.toFixed(3)}`);
