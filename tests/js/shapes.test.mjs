import { assert, mapling, test } from './mapling.mjs';
import { testFamily } from './oracle.mjs';

testFamily('shapes');

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

test('names that say for how many axes they are', () => {
  const x = (shape) =>
    mapling
      .range(
        0,
        shape.reduce((size, length) => size * length, 1),
      )
      .reshape(shape);
  const list = (tensor) => Array.from(tensor.dataSync());
  const [one, two, three, four] = [x([2]), x([2, 2]), x([1, 2, 2]), x([1, 1, 2, 2])];
  assert.deepEqual(list(mapling.concat1d([one, [5]])), [0, 1, 5]);
  assert.deepEqual(list(mapling.concat2d([two, two], 1)), [0, 1, 0, 1, 2, 3, 2, 3]);
  assert.deepEqual(mapling.concat3d([three, three], 0).shape, [2, 2, 2]);
  assert.deepEqual(list(mapling.concat3d([three, three], 2)), [0, 1, 0, 1, 2, 3, 2, 3]);
  assert.deepEqual(list(mapling.concat4d([four, four], 3)), [0, 1, 0, 1, 2, 3, 2, 3]);
  assert.deepEqual(list(mapling.slice1d(x([4]), 1, 2)), [1, 2]);
  assert.deepEqual(list(mapling.slice2d(two, [1, 0], [1, 2])), [2, 3]);
  assert.deepEqual(list(mapling.slice3d(three, [0, 0, 1], [1, 2, 1])), [1, 3]);
  assert.deepEqual(list(mapling.slice4d(four, [0, 0, 1, 0], [1, 1, 1, 2])), [2, 3]);
  assert.deepEqual(list(mapling.reverse1d(one)), [1, 0]);
  assert.deepEqual(list(mapling.reverse2d(two, 0)), [2, 3, 0, 1]);
  assert.deepEqual(list(mapling.reverse3d(three)), [3, 2, 1, 0]);
  assert.deepEqual(list(mapling.reverse4d(four, [3])), [1, 0, 3, 2]);
  assert.deepEqual(list(mapling.pad1d(one, [1, 0], 7)), [7, 0, 1]);
  assert.deepEqual(
    list(
      mapling.pad2d(two, [
        [0, 0],
        [0, 1],
      ]),
    ),
    [0, 1, 0, 2, 3, 0],
  );
  assert.deepEqual(
    list(
      mapling.pad3d(three, [
        [0, 0],
        [1, 0],
        [0, 0],
      ]),
    ),
    [0, 0, 0, 1, 2, 3],
  );
  assert.deepEqual(
    list(
      mapling.pad4d(
        four,
        [
          [0, 0],
          [0, 0],
          [0, 0],
          [1, 0],
        ],
        9,
      ),
    ),
    [9, 0, 1, 9, 2, 3],
  );
  assert.throws(() => mapling.slice2d(one, [0, 0], [1, 1]), {
    message: 'slice2d: expected 2 axes, got shape [2]',
  });
  assert.deepEqual(x([24]).as5D(1, 2, 3, 4, 1).shape, [1, 2, 3, 4, 1]);
});

test('the points of a grid, and the places of what is true', async () => {
  const [x, y] = mapling.meshgrid([1, 2, 3], [4, 5]);
  assert.deepEqual(x.arraySync(), [
    [1, 2, 3],
    [1, 2, 3],
  ]);
  assert.deepEqual(y.arraySync(), [
    [4, 4, 4],
    [5, 5, 5],
  ]);
  const [first, second] = mapling.meshgrid([1, 2], [4, 5], { indexing: 'ij' });
  assert.deepEqual(
    [first.arraySync(), second.arraySync()],
    [
      [
        [1, 1],
        [2, 2],
      ],
      [
        [4, 5],
        [4, 5],
      ],
    ],
  );
  const places = await mapling.whereAsync(
    mapling.tensor2d([
      [true, false],
      [false, true],
    ]),
  );
  assert.deepEqual(
    [places.shape, places.dtype, places.arraySync()],
    [
      [2, 2],
      'int32',
      [
        [0, 0],
        [1, 1],
      ],
    ],
  );
});

test('vectors: lengths and the outer product, by methods too', () => {
  assert.deepEqual(mapling.euclideanNorm([3, 4]).arraySync(), 5);
  assert.deepEqual(
    mapling
      .tensor([[3, 4]])
      .euclideanNorm(1, true)
      .arraySync(),
    [[5]],
  );
  assert.deepEqual(mapling.tensor([1, 2]).outerProduct([3, 4]).arraySync(), [
    [3, 4],
    [6, 8],
  ]);
  assert.deepEqual(
    mapling
      .tensor([1, 2])
      .stack(mapling.tensor([3, 4]), 1)
      .arraySync(),
    [
      [1, 3],
      [2, 4],
    ],
  );
});
