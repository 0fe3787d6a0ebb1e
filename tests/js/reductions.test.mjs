import { assert, mapling, test } from './mapling.mjs';
import { testFamily } from './oracle.mjs';

testFamily('reductions');

test('a sum of 4,000,000 values of 0.1: relative error ≤ 1e-5', () => {
  const sum = mapling.fill([4_000_000], 0.1).sum().dataSync()[0];
  const exact = 4e6 * Math.fround(0.1);
  assert.ok(Math.abs(sum / exact - 1) <= 1e-5, `${sum}, expected ${exact}`);
});

test('a sum of 4,000,000 whole numbers is exact', () => {
  assert.equal(mapling.fill([4_000_000], 251, 'int32').sum().dataSync()[0], 1_004_000_000);
});

test('null means all axes, as no axis does', () => {
  const x = mapling.tensor2d([
    [1, 2],
    [3, 4],
  ]);
  for (const axis of [null, undefined]) {
    assert.equal(mapling.sum(x, axis).arraySync(), 10);
    assert.equal(x.mean(axis).arraySync(), 2.5);
    assert.equal(x.max(axis).arraySync(), 4);
    assert.equal(mapling.min(x, axis).arraySync(), 1);
  }
});
