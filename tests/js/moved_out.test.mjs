// Results that have been moved out of the core: quick ops are remembered instead of copied, and run again if somebody
// wants their results after all.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { assert, mapling, test } from './mapling.mjs';

const { memory, scalar, tensor, tidy, variable } = mapling;
const SIZE = 5000;
/** Positive and negative, none of them 0, no two alike. */
const values = (seed, size = SIZE) =>
  Float32Array.from({ length: size }, (_, at) => ((at * 37 + seed * 101) % 1999) / 500 - 1.9991 + at * 1e-5);

/** Lets all results be moved out: more comes after them than may stay young. */
function pushOut() {
  const x = tensor(values(9, 2 ** 15));
  for (let round = 0; round < 60; round++) x.exp().dispose();
  for (let round = 0; round < 60; round++) x.exp();
}

const [a, b, row] = [tensor(values(1)), tensor(values(2)), tensor(values(3, 100))];
const matrix = a.reshape([50, 100]);
const UNARY = 'neg sign square abs relu relu6 sqrt reciprocal floor ceil round'.split(' ');
const BINARY = 'add sub mul div maximum minimum squaredDifference'.split(' ');

test('what is wanted after it has been moved out has the very values that it had', () => {
  const cases = {};
  for (const name of UNARY) cases[name] = () => a[name]();
  for (const name of BINARY) {
    cases[name] = () => a[name](b);
    cases[`${name} of numbers`] = () => mapling[name](2.5, a);
    cases[`${name} with a number`] = () => a[name](-0.75);
    cases[`${name} with itself`] = () => a[name](a);
    cases[`${name} of rows`] = () => matrix[name](row);
    cases[`${name} of rows, in the other order`] = () => row[name](matrix);
    cases[`${name} of a whole number`] = () => a[name](scalar(3, 'int32'));
  }
  const wanted = new Map(Object.entries(cases).map(([name, make]) => [name, make().dataSync()]));
  const made = new Map(Object.entries(cases).map(([name, make]) => [name, make()]));
  const { movedOutBytes } = memory();
  pushOut();
  assert.ok(memory().movedOutBytes - movedOutBytes >= 4 * SIZE * (made.size - 1), 'nothing was moved out');
  for (const [name, result] of made) {
    assert.deepEqual(result.shape, cases[name]().shape, name);
    assert.deepEqual(result.dataSync(), wanted.get(name), name);
    assert.deepEqual(result.reshape([-1]).slice([7], [3]).dataSync(), wanted.get(name).slice(7, 10), name);
  }
  // Once more, and as inputs of other ops.
  pushOut();
  for (const [name, result] of made) {
    assert.deepEqual(
      result.flatten().mul(2).dataSync(),
      wanted.get(name).map((value) => 2 * value),
      name,
    );
  }
});

test('a result outlives what it was made from, whether that was disposed of, tidied up or changed', () => {
  const [first, second] = [values(4), values(5)];
  const [x, y] = [tensor(first), tensor(second)];
  const inner = x.exp();
  const changing = variable(x);
  const sums = [x.add(y), tidy(() => x.mul(2).sub(y).relu()), inner.add(y), changing.mul(3), inner.neg()];
  const wanted = sums.map((sum) => sum.dataSync());
  changing.assign(y);
  for (const gone of [x, y, inner]) gone.dispose();
  pushOut();
  for (const [at, sum] of sums.entries()) assert.deepEqual(sum.dataSync(), wanted[at], `${at}`);
  assert.deepEqual(
    wanted[3],
    first.map((value) => value * 3),
  );
  changing.dispose();
});

test('chains of any length keep their values, each link of them', () => {
  const links = [a];
  const wanted = [values(1)];
  for (let at = 1; at < 200; at++) {
    const even = at % 2 === 0;
    links.push(even ? links.at(-1).mul(0.5) : links.at(-1).add(b));
    const [before, other] = [wanted.at(-1), values(2)];
    wanted.push(before.map((value, i) => (even ? value * 0.5 : Math.fround(value + other[i]))));
  }
  pushOut();
  for (const [at, link] of links.entries()) assert.deepEqual(link.dataSync(), wanted[at], `${at}`);
});

test('results that are kept hold on to no more than twice their bytes', async () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  const settle = async () => {
    for (let turn = 0; turn < 5; turn++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return process.memoryUsage().arrayBuffers;
  };
  const before = await settle();
  const kept = [];
  for (let round = 0; round < 500; round++) {
    let sum = tensor(values(round));
    for (let term = 1; term < 5; term++) sum = sum.add(tensor(values(round + term)));
    kept.push(sum);
  }
  pushOut();
  const held = (await settle()) - before;
  const own = 4 * SIZE * kept.length;
  assert.ok(held <= 2.1 * own, `${held} bytes for ${own}`);
});

test('what was moved out survives a restart, and what it was made from too', async () => {
  const x = tensor(values(6));
  const [sum, root] = [x.add(1).mul(x), x.exp().sqrt()];
  const wanted = [sum.dataSync(), root.dataSync()];
  pushOut();
  await mapling.init({ restart: true });
  assert.deepEqual([sum.dataSync(), root.dataSync()], wanted);
});
