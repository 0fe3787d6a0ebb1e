import { assert, mapling, test } from './mapling.mjs';
import { testFamily } from './oracle.mjs';

testFamily('shapes', { functions: ['stridedSlice'], methods: ['stridedSlice'] });

test('methods that name a number of axes give these shapes and keep the values', () => {
  const x = mapling.range(0, 24);
  const shapes = {
    flatten: [x.reshape([4, 6]).flatten(), [24]],
    as1D: [x.reshape([4, 6]).as1D(), [24]],
    as2D: [x.as2D(4, 6), [4, 6]],
    as3D: [x.as3D(2, 3, 4), [2, 3, 4]],
    as4D: [x.as4D(1, 2, 3, 4), [1, 2, 3, 4]],
    reshapeAs: [x.reshapeAs(mapling.zeros([6, 4])), [6, 4]],
  };
  for (const [name, [tensor, shape]] of Object.entries(shapes)) {
    assert.deepEqual(tensor.shape, shape, name);
    assert.deepEqual(tensor.dataSync(), x.dataSync(), name);
  }
  assert.equal(
    mapling
      .tensor([[7]])
      .asScalar()
      .arraySync(),
    7,
  );
});

test('a tensor joins others by its own methods', () => {
  const [a, b] = [mapling.tensor2d([[1, 2]]), mapling.tensor2d([[3, 4]])];
  assert.deepEqual(a.concat(b).arraySync(), [
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(a.concat([b, a], 1).arraySync(), [[1, 2, 3, 4, 1, 2]]);
  assert.deepEqual(a.concat(b, -1).arraySync(), [[1, 2, 3, 4]]);
  assert.deepEqual(a.clone().arraySync(), [[1, 2]]);
});

test('gather takes plain arrays of indices', () => {
  const x = mapling.tensor2d([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  assert.deepEqual(mapling.gather(x, [2, 0]).arraySync(), [
    [5, 6],
    [1, 2],
  ]);
  assert.deepEqual(x.gather([1], 1).arraySync(), [[2], [4], [6]]);
});

test('what is read from a tensor is a copy, and views of one tensor do not share writes', async () => {
  const x = mapling.tensor([1, 2, 3, 4]);
  const views = [x, x.reshape([2, 2]), x.slice(0, 2), x.clone()];
  for (const view of views) view.dataSync().fill(9);
  (await x.data()).fill(9);
  assert.deepEqual(x.arraySync(), [1, 2, 3, 4]);
  assert.deepEqual(views[1].arraySync(), [
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(views[2].arraySync(), [1, 2]);
});
