// Sparse values and rows of unequal lengths, as TensorFlow.js has them.
import { assert, mapling, test } from './mapling.mjs';

const { sparse, tensor } = mapling;
const int = (values, shape) => tensor(values, shape, 'int32');
const refused = (call, code, message) => assert.throws(call, { name: 'Error', code, message });

test('sparseFillEmptyRows gives empty rows a value, and says which were and where values went', () => {
  const places = int([0, 1, 0, 3, 2, 0, 3, 1], [4, 2]);
  const found = sparse.sparseFillEmptyRows(places, tensor([1, 2, 3, 4]), int([5, 6]), 9);
  assert.deepEqual(found.outputIndices.arraySync(), [
    [0, 1],
    [0, 3],
    [1, 0],
    [2, 0],
    [3, 1],
    [4, 0],
  ]);
  assert.deepEqual([...found.outputValues.dataSync()], [1, 2, 9, 3, 4, 9]);
  assert.deepEqual([...found.emptyRowIndicator.dataSync()], [0, 1, 0, 0, 1]);
  assert.deepEqual([...found.reverseIndexMap.dataSync()], [0, 1, 3, 4]);
  assert.deepEqual([found.outputIndices.dtype, found.emptyRowIndicator.dtype], ['int32', 'bool']);
  refused(
    () => sparse.sparseFillEmptyRows(int([5, 0], [1, 2]), tensor([1]), int([5, 6]), 0),
    'value',
    /sparseFillEmptyRows: indices: there is no row 5 of 5/,
  );
  refused(
    () => sparse.sparseFillEmptyRows(places, tensor([1]), int([5, 6]), 0),
    'shape',
    /values: expected \[4\]/,
  );
});

test('sparseReshape finds the places in another shape', () => {
  const places = int([0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 2, 3], [5, 3]);
  const { outputIndices, outputShape } = sparse.sparseReshape(places, int([2, 3, 6]), int([9, -1]));
  assert.deepEqual(outputIndices.arraySync(), [
    [0, 0],
    [0, 1],
    [1, 2],
    [4, 2],
    [8, 1],
  ]);
  assert.deepEqual([...outputShape.dataSync()], [9, 4]);
  refused(() => sparse.sparseReshape(places, int([2, 3, 6]), int([5, 7])), 'shape', /sparseReshape/);
  refused(
    () => sparse.sparseReshape(int([0, 0, 6], [1, 3]), int([2, 3, 6]), int([36])),
    'value',
    /6 is outside axis 2/,
  );
});

test('sparseSegmentSum and sparseSegmentMean add up the rows of segments, with their gradients', () => {
  const data = tensor([
    [1, 2],
    [-1, 4],
    [6, 7],
  ]);
  const [rows, ids] = [int([0, 1, 1]), int([0, 0, 2])];
  assert.deepEqual(sparse.sparseSegmentSum(data, rows, ids).arraySync(), [
    [0, 6],
    [0, 0],
    [-1, 4],
  ]);
  assert.deepEqual(sparse.sparseSegmentMean(data, rows, ids).arraySync(), [
    [0, 3],
    [0, 0],
    [-1, 4],
  ]);
  const dx = mapling.grad((x) => sparse.sparseSegmentMean(x, rows, ids).sum())(data);
  assert.deepEqual(dx.arraySync(), [
    [0.5, 0.5],
    [1.5, 1.5],
    [0, 0],
  ]);
  refused(
    () => sparse.sparseSegmentSum(data, int([0, 1]), int([1, 0])),
    'value',
    /segmentIds: expected numbers that do not fall/,
  );
});

test('raggedRange counts for each row', () => {
  const { rtNestedSplits, rtDenseValues } = mapling.raggedRange(
    int([2, 5, 8]),
    int([3, 5, 12]),
    int([1, 1, 1]),
  );
  assert.deepEqual([...rtNestedSplits.dataSync()], [0, 1, 1, 5]);
  assert.deepEqual([...rtDenseValues.dataSync(), rtDenseValues.dtype], [2, 8, 9, 10, 11, 'int32']);
  const down = mapling.raggedRange(0, tensor([-1.5, 2]), -0.5);
  assert.deepEqual([...down.rtNestedSplits.dataSync()], [0, 3, 3]);
  assert.deepEqual([...down.rtDenseValues.dataSync()], [0, -0.5, -1]);
  refused(() => mapling.raggedRange(0, 3, 0), 'value', /raggedRange: deltas: a step must not be 0/);
  refused(() => mapling.raggedRange(0, 1e30, 1), 'memory', /raggedRange: too many values/);
});

test('raggedGather picks rows of unequal lengths', () => {
  const values = tensor([1, 2, 3, 4, 5, 6]);
  const one = mapling.raggedGather([int([0, 2, 3, 6])], values, int([2, 0, 2]), 1);
  assert.deepEqual(
    one.outputNestedSplits.map((splits) => [...splits.dataSync()]),
    [[0, 3, 5, 8]],
  );
  assert.deepEqual([...one.outputDenseValues.dataSync()], [4, 5, 6, 1, 2, 4, 5, 6]);
  // Two levels: [[[1, 2], [3]], [[4, 5, 6]]], picked as a matrix of rows.
  const two = mapling.raggedGather([int([0, 2, 3]), int([0, 2, 3, 6])], values, int([1, 0], [1, 2]), 3);
  assert.deepEqual(
    two.outputNestedSplits.map((splits) => [...splits.dataSync()]),
    [
      [0, 2],
      [0, 1, 3],
      [0, 3, 5, 6],
    ],
  );
  assert.deepEqual([...two.outputDenseValues.dataSync()], [4, 5, 6, 1, 2, 3]);
  refused(() => mapling.raggedGather([int([0, 2])], values, int([1]), 1), 'value', /no row 1 of 1/);
  refused(() => mapling.raggedGather([int([0, 9])], values, int([0]), 1), 'value', /splits: expected a list/);
  refused(
    () => mapling.raggedGather([int([0, 2])], values, int([0]), 2),
    'value',
    /outputRaggedRank: expected 1/,
  );
});

test('raggedTensorToTensor fills what rows lack', () => {
  const values = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const ids = int([0, 0, 0, 2, 2, 2, 2, 3, 4]);
  const parted = [
    [int(5, []), ids],
    ['FIRST_DIM_SIZE', 'VALUE_ROWIDS'],
  ];
  assert.deepEqual(mapling.raggedTensorToTensor(int([4, 4]), values, -1, ...parted).arraySync(), [
    [1, 2, 3, -1],
    [-1, -1, -1, -1],
    [4, 5, 6, 7],
    [8, -1, -1, -1],
  ]);
  assert.deepEqual(mapling.raggedTensorToTensor(int(-1, []), values, 0, ...parted).shape, [5, 4]);
  const rows = mapling.raggedTensorToTensor(
    int([-1, 1, -1]),
    tensor([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
    tensor([7, 8]),
    [int([0, 2, 2, 3])],
    ['ROW_SPLITS'],
  );
  assert.deepEqual(rows.arraySync(), [[[1, 2]], [[7, 8]], [[5, 6]]]);
  // [[[1, 2], [3]], []] by two levels of splits.
  const deep = mapling.raggedTensorToTensor(
    int(-1, []),
    tensor([1, 2, 3]),
    0,
    [int([0, 2, 2]), int([0, 2, 3])],
    ['ROW_SPLITS', 'ROW_SPLITS'],
  );
  assert.deepEqual(deep.arraySync(), [
    [
      [1, 2],
      [3, 0],
    ],
    [
      [0, 0],
      [0, 0],
    ],
  ]);
  refused(
    () => mapling.raggedTensorToTensor(int([4]), values, 0, [ids], ['VALUE_ROWIDS']),
    'value',
    /VALUE_ROWIDS begin with FIRST_DIM_SIZE/,
  );
  refused(
    () => mapling.raggedTensorToTensor(int([4, 4]), values, 0, [int([0, 9])], ['ROW_LIMITS']),
    'value',
    /rowPartitionTypes/,
  );
});
