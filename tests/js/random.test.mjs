// Random numbers: seeded, so that equal seeds give equal bits everywhere; the mean and the deviation are as asked for.
import { createHash } from 'node:crypto';
import { assert, mapling, test } from './mapling.mjs';

const hash = (tensor) =>
  createHash('sha256').update(new Uint8Array(tensor.dataSync().buffer)).digest('hex').slice(0, 16);
const COUNT = 10_007;

function spreadOf(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    mean,
    deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length),
  };
}
const within = (got, want, allowed) =>
  assert.ok(Math.abs(got - want) <= allowed, `${got}, expected ${want} ± ${allowed}`);

test('randomNormal: equal seeds give equal bits, others do not', () => {
  const draw = (seed) => hash(mapling.randomNormal([101, 3], 0, 1, 'float32', seed));
  assert.equal(draw(7), draw(7));
  assert.notEqual(draw(7), draw(8));
  assert.notEqual(draw(undefined), draw(undefined));
});

test('randomUniform: equal seeds give equal bits, others do not', () => {
  const draw = (seed) => hash(mapling.randomUniform([101, 3], 0, 1, 'float32', seed));
  assert.equal(draw(7), draw(7));
  assert.notEqual(draw(7), draw(8));
  assert.notEqual(draw(undefined), draw(undefined));
});

test('the bits of seed 1 are these on every engine', () => {
  assert.equal(hash(mapling.randomNormal([COUNT], 0, 1, 'float32', 1)), '16eec19448efbaea');
  assert.equal(hash(mapling.randomUniform([COUNT], 0, 1, 'float32', 1)), '64805522c767a833');
});

test('randomNormal: mean and deviation within five standard errors', () => {
  for (const [mean, deviation] of [
    [0, 1],
    [5, 0.25],
    [-100, 20],
  ]) {
    const found = spreadOf(mapling.randomNormal([COUNT], mean, deviation, 'float32', 1).dataSync());
    within(found.mean, mean, (5 * deviation) / Math.sqrt(COUNT));
    within(found.deviation, deviation, (5 * deviation) / Math.sqrt(2 * COUNT));
  }
});

test('randomNormal: as many values beyond one, two and three deviations as there should be', () => {
  const values = mapling.randomNormal([COUNT], 0, 1, 'float32', 3).dataSync();
  for (const [beyond, share] of [
    [1, 0.3173],
    [2, 0.0455],
    [3, 0.0027],
  ]) {
    const found = values.filter((value) => Math.abs(value) > beyond).length / COUNT;
    within(found, share, 5 * Math.sqrt((share * (1 - share)) / COUNT));
  }
});

test('randomUniform: within its bounds, the same number in each tenth', () => {
  for (const [low, high] of [
    [0, 1],
    [-3, 7],
  ]) {
    const values = mapling.randomUniform([COUNT], low, high, 'float32', 1).dataSync();
    assert.ok(values.every((value) => value >= low && value < high));
    const tenths = new Array(10).fill(0);
    for (const value of values) tenths[Math.floor((10 * (value - low)) / (high - low))]++;
    for (const count of tenths) within(count / COUNT, 0.1, 5 * Math.sqrt(0.09 / COUNT));
  }
});

test('neighbours do not hang together', () => {
  for (const draw of [mapling.randomNormal, mapling.randomUniform]) {
    const values = draw([COUNT], 0, 1, 'float32', 5).dataSync();
    const { mean, deviation } = spreadOf(values);
    let product = 0;
    for (let at = 1; at < COUNT; at++) product += (values[at] - mean) * (values[at - 1] - mean);
    within(product / COUNT / deviation ** 2, 0, 5 / Math.sqrt(COUNT));
  }
});

test('shapes of no and of one value, and other kinds', () => {
  assert.deepEqual(mapling.randomNormal([0, 3]).shape, [0, 3]);
  assert.equal(mapling.randomUniform([]).size, 1);
  const dice = mapling.randomUniform([1009], 1, 7, 'int32', 2);
  assert.equal(dice.dtype, 'int32');
  assert.deepEqual([...new Set(dice.dataSync())].sort(), [1, 2, 3, 4, 5, 6]);
});

test('setSeed decides what has no seed of its own, and leaves the rest as it is', () => {
  const draw = () => [
    hash(mapling.randomNormal([8])),
    hash(mapling.randomUniform([8])),
    mapling.util.createShuffledIndices(20).join(),
    hash(mapling.randomNormal([8], 0, 1, 'float32', 5)),
  ];
  mapling.setSeed(3);
  const first = draw();
  const second = draw();
  assert.deepEqual(
    first.map((one, at) => one === second[at]),
    [false, false, false, true],
  );
  mapling.setSeed(3);
  assert.deepEqual([draw(), draw()], [first, second]);
});
