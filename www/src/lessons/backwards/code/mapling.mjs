// One neuron and its loss: every gradient from one walk back, and a difference to check one of them.
import { grad, grads, init, scalar } from 'mapling';

await init();
const loss = (x, w, b, y) => w.mul(x).add(b).tanh().sub(y).square();
const at = [1.5, 0.8, -0.4, -0.5].map((value) => scalar(value));

const [dx, dw, db, dy] = grads(loss)(at).map((gradient) => gradient.dataSync()[0]);
console.log(`dx ${dx.toFixed(4)}, dw ${dw.toFixed(4)}, db ${db.toFixed(4)}, dy ${dy.toFixed(4)}`);

const [x, w, b, y] = at;
const byWeight = (value) => loss(x, value, b, y);
const [above, below] = [0.01, -0.01].map((h) => byWeight(w.add(h)).dataSync()[0]);
console.log(`difference ${((above - below) / 0.02).toFixed(4)}`);

const second = grad(grad(byWeight))(w).dataSync()[0];
console.log(`second derivative ${second.toFixed(4)}`);
