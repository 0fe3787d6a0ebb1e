import { assert, mapling, test } from './mapling.mjs';
import { testFamily } from './oracle.mjs';

testFamily('matrices');

test('a product over 4,000,000 terms: relative error ≤ 1e-5', () => {
  const k = 4_000_000;
  const [row, column] = [mapling.fill([1, k], 0.1), mapling.fill([k, 1], 0.3)];
  const product = row.matMul(column).dataSync()[0];
  const exact = k * Math.fround(0.1) * Math.fround(0.3);
  assert.ok(Math.abs(product / exact - 1) <= 1e-5, `${product}, expected ${exact}`);
});

test('zero times what is not finite is not a number, in products too', () => {
  const product = mapling.tensor2d([[0, 1]]).matMul(
    mapling.tensor2d([
      [Number.NaN, 1],
      [2, 3],
    ]),
  );
  assert.deepEqual(product.arraySync(), [[Number.NaN, 3]]);
  const infinite = mapling.zeros([3, 2]).matMul(mapling.tensor2d([[Number.POSITIVE_INFINITY], [0]]));
  assert.deepEqual(infinite.arraySync(), [[Number.NaN], [Number.NaN], [Number.NaN]]);
});
