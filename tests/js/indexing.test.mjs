// What is named by indices, told apart, searched for and counted.
import { assert, mapling, test } from './mapling.mjs';
import { list } from './numbers.mjs';
import { testFamily } from './oracle.mjs';

testFamily('indexing');
testFamily('search');

const { tensor } = mapling;
const int = (values, shape) => tensor(values, shape, 'int32');
const bool = (values, shape) => tensor(values, shape, 'bool');

test('a mask picks slices along the axes that it covers', async () => {
  const x = tensor([1, 2, 3, 4, 5, 6], [3, 2]);
  const picked = async (mask, axis) => (await mapling.booleanMaskAsync(x, mask, axis)).arraySync();
  assert.deepEqual(await picked(bool([1, 0, 1], [3])), [
    [1, 2],
    [5, 6],
  ]);
  assert.deepEqual(await picked([false, true], 1), [[2], [4], [6]]);
  assert.deepEqual(await picked(bool([1, 0, 0, 1, 1, 0], [3, 2])), [1, 4, 5]);
  assert.deepEqual(await picked(bool([0, 0, 0], [3])), []);
  const whole = await mapling.booleanMaskAsync(int([1700000061, 2], [2]), bool([1, 0], [2]));
  assert.deepEqual([whole.dtype, list(whole)], ['int32', [1700000061]]);
  await assert.rejects(mapling.booleanMaskAsync(x, bool([1, 0], [2])), {
    message: 'booleanMaskAsync: mask [2] does not fit axis 0 of [3,2]',
  });
});

test('the difference of two lists keeps order and repetitions, and tells places', async () => {
  const [left, places] = await mapling.setdiff1dAsync([1, 2, 2, 4, 5, 6], [1, 5]);
  assert.deepEqual([list(left), list(places), places.dtype], [[2, 2, 4, 6], [1, 2, 3, 5], 'int32']);
  const [none] = await mapling.setdiff1dAsync(int([1, 2], [2]), int([2, 1], [2]));
  assert.deepEqual([none.shape, none.dtype], [[0], 'int32']);
  await assert.rejects(mapling.setdiff1dAsync(int([1], [1]), [1]), { code: 'type' });
});

test('whether a target is among the greatest k, of equals the first', async () => {
  const scores = tensor([20, 10, 40, 30, 30, 50, -20, 10], [2, 4]);
  const found = async (...args) => (await mapling.inTopKAsync(...args)).arraySync();
  assert.deepEqual(await found(scores, int([2, 0], [2])), [1, 0]);
  assert.deepEqual(await found(scores, [3, 0], 2), [1, 1]);
  assert.deepEqual(await found([[1, 1, 0]], int([1], [1])), [0]);
  assert.deepEqual(await found([[1, 1, 0]], int([1], [1]), 2), [1]);
  assert.deepEqual(await found([[Number.NaN, 1]], int([0], [1]), 2), [0]);
  assert.equal((await mapling.inTopKAsync(scores, int([2, 0], [2]))).dtype, 'bool');
  await assert.rejects(mapling.inTopKAsync(scores, int([2, 0], [2]), 5), {
    message: 'inTopKAsync: k: there are 4 classes, not 5',
  });
});

test('a tensor has the shape that is expected, or is refused', () => {
  const x = mapling.ones([2, 3]);
  assert.equal(mapling.ensureShape(x, [2, null]), x);
  for (const shape of [[2], [3, 3], [2, 3, 1], 'text'])
    assert.throws(() => mapling.ensureShape(x, shape), /^Error: ensureShape: expected .*(got \[2,3\]|text)/);
});

test('methods make kin: zeros, ones, marked rows', () => {
  const x = int([2, 0], [2]);
  assert.deepEqual(x.oneHot(3).arraySync(), [
    [0, 0, 1],
    [1, 0, 0],
  ]);
  assert.deepEqual([list(x.onesLike()), list(x.zerosLike()), x.onesLike().dtype], [[1, 1], [0, 0], 'int32']);
});

test('places that are not there are refused by name, and nothing is written', () => {
  const x = mapling.ones([2, 3]);
  const refusals = {
    'gatherND: index 2 is outside axis 0 of [2,3]': () => mapling.gatherND(x, [[2, 0]]),
    'gatherND: index -1 is outside axis 0 of [2,3]': () => mapling.gatherND(x, [[-1]]),
    'gatherND: 3 indices each for the 2 axes of [2,3]': () => mapling.gatherND(x, [[0, 0, 0]]),
    'gatherND: indices are whole numbers, got 0.5': () => mapling.gatherND(x, [[0.5]]),
    'scatterND: index 9 is outside axis 0 of [8]': () => mapling.scatterND([[9]], [1], [8]),
    'scatterND: updates [2] at [1,1]: expected [1]': () => mapling.scatterND([[1]], [1, 2], [8]),
    'tensorScatterUpdate: the tensor is float32, the updates are int32': () =>
      mapling.tensorScatterUpdate(x, [[0]], int([1, 2, 3], [1, 3])),
    'sparseToDense: 1 indices each for the 2 axes of [2,2]': () =>
      mapling.sparseToDense([0, 1], [1, 2], [2, 2]),
    'stridedSlice: strides: a step of 0 never ends': () => x.stridedSlice([0], [1], [0]),
    'stridedSlice: begin 5 is outside an axis of 2': () => x.stridedSlice([5], [6], [1], 0, 0, 0, 0, 1),
    'stridedSlice: more than one ellipsis': () => x.stridedSlice([0, 0], [1, 1], [1, 1], 0, 0, 3),
    'stridedSlice: 3 entries for the 2 axes of [2,3]': () => x.stridedSlice([0, 0, 0], [1, 1, 1]),
    'unsortedSegmentSum: segmentIds [3] are not the first axes of [2,3]': () =>
      x.unsortedSegmentSum([0, 1, 2], 3),
    'unique: expected at least one axis, got a single value': () => mapling.unique(1),
    "searchSorted: side: expected 'left' or 'right', got \"up\"": () => mapling.searchSorted([1], [1], 'up'),
    'bincount: expected whole numbers of at least 0, got -1': () => mapling.bincount(int([-1], [1]), [], 3),
    'denseBincount: expected 1 or 2 axes, got [1,1,1]': () => mapling.denseBincount([[[1]]], [], 3),
    'bitwiseAnd: expected two tensors of int32, got float32 and float32': () => mapling.bitwiseAnd([1], [1]),
  };
  for (const [message, call] of Object.entries(refusals)) assert.throws(call, { message });
  assert.deepEqual(list(x), [1, 1, 1, 1, 1, 1]);
});

test('an update leaves the tensor as it was', () => {
  for (const dtype of ['float32', 'int32']) {
    const x = mapling.zeros([4], dtype);
    const y = mapling.tensorScatterUpdate(x, [[1]], tensor([7], [1], dtype));
    assert.deepEqual(
      [list(x), list(y)],
      [
        [0, 0, 0, 0],
        [0, 7, 0, 0],
      ],
    );
  }
});

test('a gradient through picked rows adds up rows that are picked twice, however many rows there are', () => {
  const table = mapling.randomNormal([1009, 7], 0, 1, 'float32', 3);
  const dx = mapling.grad((x) => mapling.gather(x, [5, 1008, 5]).sum())(table);
  const rows = dx.sum(1).dataSync();
  assert.deepEqual([rows[5], rows[1008], rows.reduce((sum, row) => sum + row, 0)], [14, 7, 21]);
});
