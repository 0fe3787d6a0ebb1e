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

test('truncatedNormal: seeded, nothing beyond two deviations, and the deviation that is left', () => {
  const x = mapling.truncatedNormal([COUNT], 3, 2, 'float32', 1);
  assert.equal(hash(x), hash(mapling.truncatedNormal([COUNT], 3, 2, null, 1)));
  const values = x.dataSync();
  assert.ok(values.every((value) => Math.abs(value - 3) <= 4.000001));
  const found = spreadOf(values);
  within(found.mean, 3, 10 / Math.sqrt(COUNT));
  within(found.deviation, 2 * 0.8796, 0.05);
  assert.throws(() => mapling.truncatedNormal([1], 0, 1, 'bool'), { code: 'type' });
});

test('randomStandardNormal is randomNormal of mean 0 and deviation 1', () => {
  const [one, other] = [mapling.randomStandardNormal([8], null, 5), mapling.randomNormal([8], 0, 1, null, 5)];
  assert.equal(hash(one), hash(other));
  assert.equal(mapling.randomStandardNormal([2], 'int32').dtype, 'int32');
});

test('randomGamma: seeded; mean and deviation within five standard errors, below and above a shape of 1', () => {
  for (const [alpha, beta] of [
    [0.5, 1],
    [1, 2],
    [4, 0.5],
    [100, 1],
  ]) {
    const x = mapling.randomGamma([COUNT], alpha, beta, 'float32', 2);
    assert.equal(hash(x), hash(mapling.randomGamma([COUNT], alpha, beta, null, 2)));
    const values = x.dataSync();
    assert.ok(values.every((value) => value > 0));
    const found = spreadOf(values);
    const deviation = Math.sqrt(alpha) / beta;
    within(found.mean, alpha / beta, (5 * deviation) / Math.sqrt(COUNT));
    // The fourth moment of a gamma distribution says how far deviations lie apart.
    within(found.deviation, deviation, 5 * deviation * Math.sqrt((2 + 6 / alpha) / 4 / COUNT));
  }
  assert.equal(mapling.randomGamma([3], 50, 1, 'int32', 1).dtype, 'int32');
  for (const odd of [0, -1, Number.NaN, 1e39])
    assert.throws(() => mapling.randomGamma([1], odd), /^Error: randomGamma/);
});

test('randomUniformInt: seeded, every number as often, below 0 too, over all of int32', () => {
  const x = mapling.randomUniformInt([COUNT], -3, 4, 9);
  assert.equal(x.dtype, 'int32');
  assert.equal(hash(x), hash(mapling.randomUniformInt([COUNT], -3, 4, 9)));
  const counts = new Array(7).fill(0);
  for (const value of x.dataSync()) counts[value + 3]++;
  for (const count of counts) within(count / COUNT, 1 / 7, 5 * Math.sqrt(6 / 49 / COUNT));
  const wide = mapling.randomUniformInt([COUNT], -(2 ** 31), 2 ** 31, 1).dataSync();
  assert.ok(wide.some((value) => value % 2 === 1) && wide.some((value) => value > 2 ** 30));
  within(spreadOf(Float64Array.from(wide)).mean / 2 ** 31, 0, 5 / Math.sqrt(3 * COUNT));
  assert.throws(() => mapling.randomUniformInt([1], 3, 3), {
    message: /^randomUniformInt: there is no number/,
  });
});

test('the bits of the distributions with seed 1 are these on every engine', () => {
  assert.deepEqual(
    [
      mapling.truncatedNormal([COUNT], 0, 1, null, 1),
      mapling.randomGamma([COUNT], 2.5, 1, null, 1),
      mapling.randomGamma([COUNT], 0.3, 1, null, 1),
      mapling.randomUniformInt([COUNT], 0, 1000, 1),
      mapling.multinomial([0, 1, 2, 3], COUNT, 1),
    ].map(hash),
    ['b6f7f2be40fc83db', '0a3b6b9c974b868c', '3dc7821a3168d186', '764b5f495c1e2e79', '6ab25bf9fac021e3'],
  );
});

test('rand calls its function for each value in turn', () => {
  let calls = 0;
  const count = () => calls++;
  assert.deepEqual(mapling.rand([2, 2], count).arraySync(), [
    [0, 1],
    [2, 3],
  ]);
  assert.deepEqual(Array.from(mapling.rand([2], () => 1.9, 'int32').dataSync()), [1, 1]);
  assert.deepEqual(Array.from(mapling.rand([2], () => 0.5, 'bool').dataSync()), [1, 1]);
  assert.throws(() => mapling.rand([1], () => 'one'), { message: /^rand: the function has to give numbers/ });
});

test('multinomial: each class as often as its probability says, by logits or by probabilities', () => {
  const shares = [0.1, 0.2, 0.3, 0.4];
  const check = (values) => {
    for (const [at, share] of shares.entries()) {
      const found = values.filter((value) => value === at).length / values.length;
      within(found, share, 5 * Math.sqrt((share * (1 - share)) / values.length));
    }
  };
  const drawn = mapling.multinomial(shares, COUNT, 1, true);
  assert.deepEqual([drawn.shape, drawn.dtype], [[COUNT], 'int32']);
  assert.equal(hash(drawn), hash(mapling.multinomial(shares, COUNT, 1, true)));
  check(drawn.dataSync());
  const logits = mapling.tensor2d([shares.map(Math.log), [0, -1000, -1000, -1000]]);
  const rows = mapling.multinomial(logits, COUNT, 2);
  assert.deepEqual(rows.shape, [2, COUNT]);
  check(rows.dataSync().subarray(0, COUNT));
  assert.ok(
    rows
      .dataSync()
      .subarray(COUNT)
      .every((value) => value === 0),
  );
  assert.throws(() => mapling.multinomial([1], 2), {
    message: 'multinomial: expected at least 2 classes, got 1',
  });
  assert.throws(() => mapling.multinomial([[[1, 2]]], 2), { code: 'shape' });
});

test('dropout: the share that is dropped, the rest scaled, whole rows by the shape of the noise', () => {
  const x = mapling.ones([COUNT]);
  const y = mapling.dropout(x, 0.25, null, 1).dataSync();
  const kept = y.filter((value) => value !== 0);
  within(kept.length / COUNT, 0.75, 5 * Math.sqrt(0.1875 / COUNT));
  assert.ok(kept.every((value) => value === Math.fround(1 / 0.75)));
  assert.equal(hash(mapling.dropout(x, 0.25, null, 1)), hash(mapling.dropout(x, 0.25, undefined, 1)));
  const rows = mapling.dropout(mapling.ones([50, 3]), 0.5, [null, 1], 4).arraySync();
  assert.ok(rows.every(([a, b, c]) => a === b && b === c));
  assert.deepEqual(new Set(rows.flat()), new Set([0, 2]));
  assert.deepEqual(mapling.dropout([1, 2], 0).arraySync(), [1, 2]);
  for (const odd of [1, -0.1, Number.NaN])
    assert.throws(() => mapling.dropout(x, odd), /^Error: dropout: rate/);
  assert.throws(() => mapling.dropout(mapling.ones([2], 'int32'), 0.5), { code: 'type' });
  assert.throws(() => mapling.dropout(mapling.ones([2]), 0.5, [3, 2]), { code: 'shape' });
});
