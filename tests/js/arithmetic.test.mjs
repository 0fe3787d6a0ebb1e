import { assert, mapling, test } from './mapling.mjs';
import { testFamily } from './oracle.mjs';

testFamily('arithmetic');

test('numbers, nested arrays and typed arrays stand for tensors on either side', () => {
  const x = mapling.tensor2d([
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(mapling.add(1, x).arraySync(), [
    [2, 3],
    [4, 5],
  ]);
  assert.deepEqual(x.sub([[1], [2]]).arraySync(), [
    [0, 1],
    [1, 2],
  ]);
  assert.deepEqual(x.mul(Float32Array.of(10, 100)).arraySync(), [
    [10, 200],
    [30, 400],
  ]);
  assert.deepEqual(mapling.div([6, 8], 2).arraySync(), [3, 4]);
});

test('arguments keep their values', () => {
  const [a, b] = [mapling.tensor([1, 2, 3]), mapling.tensor([4, 5, 6])];
  a.add(b).mul(b).sub(a).div(b).pow(2);
  assert.deepEqual(
    [a.arraySync(), b.arraySync()],
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  );
});
