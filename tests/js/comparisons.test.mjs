import { assert, mapling, test } from './mapling.mjs';
import { testFamily } from './oracle.mjs';

testFamily('comparisons');

test('a comparison chooses between two tensors, by function and by method', () => {
  const x = mapling.tensor([-1, 0, 2]);
  assert.deepEqual(mapling.where(x.greater(0), x, mapling.zerosLike(x)).arraySync(), [0, 0, 2]);
  assert.deepEqual(mapling.where(mapling.less(x, [0, 0, 0]), -5, x).arraySync(), [-5, 0, 2]);
  // As in TensorFlow.js, the tensor whose method it is stands where the condition is true.
  assert.deepEqual(x.where(x.greater(0), mapling.tensor([7, 8, 9])).arraySync(), [7, 8, 2]);
});
