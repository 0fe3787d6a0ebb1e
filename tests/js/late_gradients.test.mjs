// Gradients that wait: where most inputs are 0, as in pictures of digits, the gradient of a kernel is a product that the
// core computes piece by piece when an optimizer takes it, or as a whole when its values are read.
import { assert, mapling, test } from './mapling.mjs';

const { keep, memory, randomNormal, randomUniform, setSeed, tensor, tidy, train, variable, variableGrads } =
  mapling;

const [ROWS, INPUTS, UNITS] = [16, 300, 24];

/** Mostly zeros, as an array. */
const sparse = (seed) => {
  setSeed(seed);
  return tidy(() => {
    const values = randomNormal([ROWS, INPUTS]);
    return values.mul(randomUniform([ROWS, INPUTS]).less(0.15).toFloat()).dataSync();
  });
};
const kernelOf = (seed) => {
  setSeed(seed);
  return randomNormal([INPUTS, UNITS]).dataSync();
};
const gradientOf = (x, kernel) => variableGrads(() => x.matMul(kernel).square().sum()).grads[kernel.name];

/** `2 · xᵀ · (x · w)` in double precision. */
function expected(x, w) {
  const y = Array.from({ length: ROWS * UNITS }, (_, at) => {
    const [row, unit] = [Math.floor(at / UNITS), at % UNITS];
    let sum = 0;
    for (let i = 0; i < INPUTS; i++) sum += x[row * INPUTS + i] * w[i * UNITS + unit];
    return sum;
  });
  return Array.from({ length: INPUTS * UNITS }, (_, at) => {
    const [input, unit] = [Math.floor(at / UNITS), at % UNITS];
    let sum = 0;
    for (let row = 0; row < ROWS; row++) sum += 2 * x[row * INPUTS + input] * y[row * UNITS + unit];
    return sum;
  });
}

function closeTo(actual, wanted) {
  const scale = Math.max(...wanted.map(Math.abs));
  for (const [at, value] of actual.entries())
    assert.ok(Math.abs(value - wanted[at]) <= 1e-5 * scale, `${at}: ${value}`);
}

/** Lets everything that can be moved out of the core be moved out: as much comes after it. */
function pushOut() {
  for (let round = 0; round < 400; round++) randomUniform([64, 1024]);
}

test('a gradient that waits has its values when they are read, before and after it was applied', () => {
  const [xs, ws] = [sparse(1), kernelOf(2)];
  const kernel = variable(tensor(ws, [INPUTS, UNITS]));
  const gradient = gradientOf(tensor(xs, [ROWS, INPUTS]), kernel);
  train.sgd(0.5).applyGradients([[gradient, kernel]]);
  closeTo(gradient.dataSync(), expected(xs, ws));
  const values = gradient.dataSync();
  assert.deepEqual(
    kernel.dataSync(),
    Float32Array.from(ws, (w, at) => w - Math.fround(0.5 * values[at])),
  );
  // What is computed from a gradient is computed from these values.
  assert.deepEqual(
    gradient.mul(2).dataSync(),
    values.map((value) => 2 * value),
  );
});

test('an optimizer takes the same steps along gradients that wait and along those that were read', () => {
  const step = (optimizer, before) => {
    const kernel = variable(tensor(kernelOf(2), [INPUTS, UNITS]));
    for (let round = 0; round < 3; round++) {
      const gradient = gradientOf(tensor(sparse(round), [ROWS, INPUTS]), kernel);
      before(gradient);
      optimizer().applyGradients([[gradient, kernel]]);
    }
    return kernel.dataSync();
  };
  for (const make of [
    () => train.adam(0.01),
    () => train.adam({ learningRate: 0.01, clipnorm: 0.5 }),
    () => train.sgd({ learningRate: 0.01, globalClipnorm: 0.5 }),
    () => train.sgd({ learningRate: 0.01, clipvalue: 0.1 }),
    () => train.adamw(0.01),
  ]) {
    const waiting = make();
    const read = make();
    assert.deepEqual(
      step(
        () => waiting,
        () => {},
      ),
      step(
        () => read,
        (gradient) => gradient.dataSync(),
      ),
    );
  }
});

test('a gradient that waits is moved out as what it is made from, and comes back', () => {
  const [xs, ws] = [sparse(3), kernelOf(4)];
  for (const keepsInput of [true, false]) {
    const kernel = variable(tensor(ws, [INPUTS, UNITS]));
    const x = keep(tensor(xs, [ROWS, INPUTS]));
    const input = keepsInput ? x : x.add(0);
    const [read, applied] = [gradientOf(input, kernel), gradientOf(input, kernel)];
    if (!keepsInput) input.dispose();
    pushOut();
    closeTo(read.dataSync(), expected(xs, ws));
    train.sgd(1).applyGradients([[applied, kernel]]);
    assert.deepEqual(
      kernel.dataSync(),
      Float32Array.from(read.dataSync(), (g, at) => ws[at] - g),
    );
  }
});

test('the input of a gradient that waits may change afterwards: the gradient is that of the values before', () => {
  const [xs, ws] = [sparse(5), kernelOf(6)];
  const kernel = variable(tensor(ws, [INPUTS, UNITS]));
  const input = variable(tensor(xs, [ROWS, INPUTS]), false);
  const gradient = gradientOf(input, kernel);
  input.assign(input.mul(3));
  kernel.assign(kernel.mul(2));
  pushOut();
  closeTo(gradient.dataSync(), expected(xs, ws));
});

test('gradients that wait are freed: what the core holds stays the same in a loop', () => {
  const kernel = variable(tensor(kernelOf(2), [INPUTS, UNITS]));
  const x = tensor(sparse(1), [ROWS, INPUTS]);
  const round = () => {
    const { value, grads } = variableGrads(() => x.matMul(kernel).sum());
    for (const one of [value, ...Object.values(grads)]) one.dispose();
    return memory().coreBytes;
  };
  for (let count = 0; count < 10; count++) round();
  const before = round();
  for (let count = 0; count < 50; count++) assert.ok(round() <= before);
});

test('what a function that is differentiated reads from JavaScript does not stay in the core', () => {
  const kernel = variable(tensor(kernelOf(2), [INPUTS, UNITS]));
  const large = new Float32Array(256 * INPUTS).fill(1);
  const most = [];
  for (let round = 0; round < 600; round++) {
    const x = tensor(large, [256, INPUTS]);
    variableGrads(() => x.matMul(kernel).sum());
    most.push(memory().coreBytes);
  }
  // Each input takes 300 KB: all of them would be 180 MB.
  assert.ok(Math.max(...most) < 2 ** 25, `${Math.max(...most)}`);
});
