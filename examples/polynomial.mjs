// A polynomial of the third degree, found again in points with noise: variables, a function of them, and an optimizer.
import { init, randomNormal, randomUniform, train, variable } from 'mapling';

await init();
const truth = [-0.8, -0.2, 0.9, 0.5];
const polynomial = ([a, b, c, d], x) => x.mul(a).add(b).mul(x).add(c).mul(x).add(d);

const x = randomUniform([200], -1, 1, 'float32', 1);
const y = polynomial(truth, x).add(randomNormal([200], 0, 0.05, 'float32', 2));

const coefficients = truth.map(() => variable(0));
const optimizer = train.adam(0.05);
const loss = () => polynomial(coefficients, x).sub(y).square().mean();
for (let step = 0; step < 400; step++) optimizer.minimize(loss);

const found = coefficients.map((one) => one.dataSync()[0]);
console.log(`loss ${loss().dataSync()[0].toFixed(4)}`);
console.log(`found ${found.map((one) => one.toFixed(2)).join(', ')}, the truth is ${truth.join(', ')}`);
