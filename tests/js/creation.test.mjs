import { runInNewContext } from 'node:vm';
import { assert, mapling, test } from './mapling.mjs';
import { testFamily } from './oracle.mjs';

testFamily('creation');

test('shape and kind follow from the values', () => {
  const made = {
    'a number': [mapling.tensor(2.5), [], 'float32', [2.5]],
    'a truth value': [mapling.tensor(true), [], 'bool', [1]],
    'an array': [mapling.tensor([1, 2.5, -3]), [3], 'float32', [1, 2.5, -3]],
    'an empty array': [mapling.tensor([]), [0], 'float32', []],
    'nested arrays': [
      mapling.tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      [2, 3],
      'float32',
      [1, 2, 3, 4, 5, 6],
    ],
    'five levels': [mapling.tensor([[[[[1], [2]]]]]), [1, 1, 1, 2, 1], 'float32', [1, 2]],
    'truth values': [mapling.tensor([true, false]), [2], 'bool', [1, 0]],
    'a Float32Array': [mapling.tensor(Float32Array.of(1.5, 2)), [2], 'float32', [1.5, 2]],
    'an Int32Array': [mapling.tensor(Int32Array.of(1700000001, 2)), [2], 'int32', [1700000001, 2]],
    'a Uint8Array': [mapling.tensor(Uint8Array.of(255, 2)), [2], 'int32', [255, 2]],
    'a flat array with a shape': [mapling.tensor([1, 2, 3, 4], [2, 2]), [2, 2], 'float32', [1, 2, 3, 4]],
    'numbers as int32': [mapling.tensor([1.9, -1.9, 3], [3], 'int32'), [3], 'int32', [1, -1, 3]],
    'numbers as bool': [mapling.tensor([0, 0.5, -1], [3], 'bool'), [3], 'bool', [0, 1, 1]],
    'numbers with truth values': [mapling.tensor([5, true]), [2], 'int32', [5, 1]],
    'arrays of typed arrays': [
      mapling.tensor([Float32Array.of(1, 2), Float32Array.of(3, 4)]),
      [2, 2],
      'float32',
      [1, 2, 3, 4],
    ],
  };
  for (const [name, [tensor, shape, dtype, values]] of Object.entries(made)) {
    assert.deepEqual([tensor.shape, tensor.dtype, [...tensor.dataSync()]], [shape, dtype, values], name);
  }
});

test('texts of numbers are taken where a kind is asked for, as cells of tables are', () => {
  const made = mapling.tensor2d(
    [
      ['1', ' 2.5 '],
      ['-3e1', 4],
    ],
    [2, 2],
    'float32',
  );
  assert.deepEqual([made.dtype, ...made.dataSync()], ['float32', 1, 2.5, -30, 4]);
  assert.deepEqual([...mapling.tensor1d(['7', '8'], 'int32').dataSync()], [7, 8]);
  for (const odd of ['', ' ', 'a', '1,5', 'NaN', 'Infinity', null, undefined])
    assert.throws(() => mapling.tensor1d([odd], 'float32'), /^Error: tensor1d: expected numbers, got /);
  assert.throws(() => mapling.tensor1d(['1']), /^Error: tensor1d: expected numbers, got "1"/);
});

test('functions that name a number of axes', () => {
  assert.deepEqual(mapling.scalar(3).arraySync(), 3);
  assert.deepEqual(mapling.scalar(1700000001, 'int32').dataSync(), Int32Array.of(1700000001));
  assert.deepEqual(mapling.tensor1d([1, 2], 'int32').dataSync(), Int32Array.of(1, 2));
  assert.deepEqual(mapling.tensor2d([1, 2, 3, 4], [2, 2]).arraySync(), [
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(
    mapling
      .tensor2d(
        [
          [1, 2],
          [3, 4],
        ],
        [2, 2],
        'int32',
      )
      .arraySync(),
    [
      [1, 2],
      [3, 4],
    ],
  );
  assert.deepEqual(mapling.tensor3d([[[1], [2]]]).arraySync(), [[[1], [2]]]);
  assert.deepEqual(mapling.tensor4d([[[[1, 2]]]]).arraySync(), [[[[1, 2]]]]);
  assert.deepEqual(mapling.tensor5d([1, 2], [1, 1, 1, 1, 2]).arraySync(), [[[[[1, 2]]]]]);
  assert.deepEqual(mapling.tensor6d([1, 2], [1, 1, 1, 1, 2, 1]).arraySync(), [[[[[[1], [2]]]]]]);
});

test('a tensor keeps the values that it was made of', () => {
  const values = Float32Array.of(1, 2, 3);
  const x = mapling.tensor(values);
  values.fill(9);
  assert.deepEqual(x.arraySync(), [1, 2, 3]);
});

test('typed arrays of another realm are taken', () => {
  const foreign = runInNewContext('Int32Array.of(1700000001, 2)');
  assert.deepEqual(mapling.tensor(foreign).dataSync(), Int32Array.of(1700000001, 2));
  assert.equal(mapling.tensor1d(runInNewContext('Float32Array.of(0.5)')).dtype, 'float32');
  assert.deepEqual(mapling.tensor(runInNewContext('[[1, 2]]')).arraySync(), [[1, 2]]);
});

test('what is read back has the shape and the kind', async () => {
  const mask = mapling.tensor2d([[true, false]]);
  assert.deepEqual(await mapling.tensor([[1.5]]).array(), [[1.5]]);
  // Masks are read as numbers, as in TensorFlow.js.
  assert.deepEqual(mask.arraySync(), [[1, 0]]);
  assert.deepEqual(await mask.array(), [[1, 0]]);
  assert.deepEqual(await mapling.tensor([1.5]).data(), Float32Array.of(1.5));
  assert.deepEqual(mapling.tensor([1, 2], [2], 'int32').dataSync(), Int32Array.of(1, 2));
  assert.deepEqual(mask.dataSync(), Uint8Array.of(1, 0));
  assert.deepEqual(mapling.zeros([0, 2]).arraySync(), []);
});

test('a tensor knows its rank, size, strides and a number of its own', () => {
  const [x, y] = [mapling.zeros([2, 3, 4]), mapling.scalar(1)];
  assert.deepEqual([x.rank, x.size, x.rankType, y.rank, y.size, y.rankType], [3, 24, '3', 0, 1, '0']);
  assert.deepEqual([x.strides, y.strides, mapling.zeros([7]).strides], [[12, 4], [], []]);
  assert.ok(Number.isInteger(x.id) && Number.isInteger(y.id) && x.id !== y.id);
});

test('casting by the methods that name a kind', () => {
  const x = mapling.tensor([-1.5, 0, 2.5]);
  assert.deepEqual(x.toInt().dataSync(), Int32Array.of(-1, 0, 2));
  assert.deepEqual(x.toBool().dataSync(), Uint8Array.of(1, 0, 1));
  assert.deepEqual(x.toInt().toFloat().dataSync(), Float32Array.of(-1, 0, 2));
  assert.deepEqual(x.asType('int32').dataSync(), Int32Array.of(-1, 0, 2));
  assert.deepEqual(mapling.cast([1, 0], 'bool').dataSync(), Uint8Array.of(1, 0));
  assert.deepEqual(mapling.cast([Number.NaN, 0], 'bool').dataSync(), Uint8Array.of(1, 0));
  assert.equal(x.toFloat().dtype, 'float32');
});

test('a disposed tensor says so, and others keep their values', () => {
  const x = mapling.tensor([1, 2]);
  const y = x.add(1);
  assert.equal(x.isDisposed, false);
  x.dispose();
  assert.equal(x.isDisposed, true);
  assert.deepEqual(y.arraySync(), [2, 3]);
});
