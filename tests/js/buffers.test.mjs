// Buffers: values that are written one by one, and read back from tensors.
import { assert, mapling, test } from './mapling.mjs';

const list = (tensor) => Array.from(tensor.dataSync());

test('a buffer is zeros until it is written, and a tensor keeps what it was at that moment', () => {
  const made = mapling.buffer([2, 3]);
  assert.ok(made instanceof mapling.TensorBuffer);
  assert.deepEqual(
    [made.shape, made.dtype, made.size, made.rank, made.strides],
    [[2, 3], 'float32', 6, 2, [3]],
  );
  made.set(5, 1, 2);
  made.set(2.5, 0, 1);
  assert.deepEqual([made.get(1, 2), made.get(0, 1), made.get(0, 0)], [5, 2.5, 0]);
  const tensor = made.toTensor();
  made.set(9, 0, 0);
  assert.deepEqual(tensor.arraySync(), [
    [0, 2.5, 0],
    [0, 0, 5],
  ]);
  assert.deepEqual(Array.from(made.values), [9, 2.5, 0, 0, 0, 5]);
});

test('places in a buffer, from indices and to them', () => {
  const made = mapling.buffer([2, 3, 4]);
  for (const [at, place] of [
    [[0, 0, 0], 0],
    [[1, 2, 3], 23],
    [[1, 0, 2], 14],
  ]) {
    assert.equal(made.locToIndex(at), place);
    assert.deepEqual(made.indexToLoc(place), at);
  }
});

test('buffers of other kinds, of values that are given, and of one value', () => {
  const whole = mapling.buffer([2], 'int32', Int32Array.of(1700000001, 2));
  whole.set(3, 1);
  assert.deepEqual(whole.toTensor().dataSync(), Int32Array.of(1700000001, 3));
  const truth = mapling.buffer([2], 'bool');
  truth.set(true, 1);
  assert.deepEqual(truth.toTensor().dataSync(), Uint8Array.of(0, 1));
  const scalar = mapling.buffer([]);
  scalar.set(4);
  assert.deepEqual([scalar.get(), scalar.toTensor().arraySync()], [4, 4]);
  assert.deepEqual(list(mapling.buffer([2], null, [1, 2]).toTensor()), [1, 2]);
});

test('a tensor’s values as a buffer are a copy', async () => {
  const x = mapling.tensor2d([[1, 2]]);
  const [sync, later] = [x.bufferSync(), await x.buffer()];
  sync.set(9, 0, 0);
  assert.deepEqual([sync.get(0, 0), later.get(0, 0), x.arraySync()], [9, 1, [[1, 2]]]);
  assert.deepEqual(Array.from(new Float32Array((await x.bytes()).buffer)), [1, 2]);
});

test('what does not fit a buffer is refused by name', () => {
  const made = mapling.buffer([2, 3]);
  for (const [action, message] of [
    [() => made.get(0), /^TensorBuffer: expected 2 indices, got \[0\]$/],
    [() => made.get(2, 0), /^TensorBuffer: index 2 is outside axis 0 of \[2,3\]$/],
    [() => made.set(1, 0, -1), /^TensorBuffer: index: expected a whole number/],
    [() => made.set('1', 0, 0), /^TensorBuffer\.set: expected a number, got "1"$/],
    [() => mapling.buffer([2], 'float32', [1]), /^buffer: shape \[2\] holds 2 values, but 1 were given$/],
    [() => mapling.buffer([2], 'float64'), /^buffer: /],
  ])
    assert.throws(action, { message });
  assert.deepEqual(list(made.toTensor()), [0, 0, 0, 0, 0, 0]);
});
