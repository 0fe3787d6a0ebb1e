// int32 is exact: beyond 2²⁴ float32 has no room for every whole number.
import { assert, mapling, test } from './mapling.mjs';

const times = () => mapling.tensor1d([1700000000, 1700000060], 'int32');
const exactly = (tensor, ...values) => assert.deepEqual(tensor.dataSync(), Int32Array.of(...values));

test('times of day lose no second in a difference', () => {
  // A plain number is a float32 tensor in TensorFlow.js; the difference is exact all the same.
  assert.deepEqual(Array.from(times().sub(1700000000).dataSync()), [0, 60]);
  exactly(mapling.sub(times(), mapling.scalar(1700000000, 'int32')), 0, 60);
  exactly(mapling.sub(times(), mapling.tensor1d([1700000000], 'int32')), 0, 60);
});

test('arithmetic beyond 2²⁴', () => {
  exactly(mapling.tensor1d([16777217], 'int32').add(mapling.scalar(1, 'int32')), 16777218);
  exactly(times().mul(mapling.scalar(1, 'int32')), 1700000000, 1700000060);
  exactly(times().neg(), -1700000000, -1700000060);
  exactly(times().neg().abs(), 1700000000, 1700000060);
  exactly(times().sign(), 1, 1);
});

test('what moves values moves them exactly', () => {
  exactly(times().gather([1, 0, 1]), 1700000060, 1700000000, 1700000060);
  exactly(mapling.concat([times(), times()]), 1700000000, 1700000060, 1700000000, 1700000060);
  exactly(mapling.stack([times(), times()], 1), 1700000000, 1700000000, 1700000060, 1700000060);
  exactly(mapling.unstack(times())[1], 1700000060);
  exactly(mapling.split(times(), 2)[1], 1700000060);
  exactly(times().reshape([2, 1]).transpose(), 1700000000, 1700000060);
  exactly(times().broadcastTo([2, 2]), 1700000000, 1700000060, 1700000000, 1700000060);
  exactly(times().slice(1), 1700000060);
  exactly(times().expandDims(1).squeeze([1]), 1700000000, 1700000060);
  exactly(mapling.where(mapling.tensor([true, false]), times(), times().neg()), 1700000000, -1700000060);
  exactly(mapling.fill([2], 1700000001, 'int32'), 1700000001, 1700000001);
  exactly(mapling.onesLike(times()), 1, 1);
});

test('the greatest, the least and their places beyond 2²⁴', () => {
  const close = mapling.tensor1d([16777216, 16777217, 16777215], 'int32');
  exactly(close.max(), 16777217);
  exactly(close.min(), 16777215);
  exactly(close.argMax(), 1);
  exactly(close.argMin(), 2);
  exactly(mapling.argMax(mapling.tensor2d([[16777216, 16777217]], [1, 2], 'int32'), 1), 1);
});

test('places in more than 2²⁴ values', () => {
  const values = new Float32Array(2 ** 24 + 8);
  values[2 ** 24 + 3] = 1;
  exactly(mapling.tensor1d(values).argMax(), 2 ** 24 + 3);
});

test('comparisons beyond 2²⁴', () => {
  const [a, b] = [mapling.tensor1d([16777216], 'int32'), mapling.tensor1d([16777217], 'int32')];
  const holds = (mask) => mask.dataSync()[0];
  assert.deepEqual(
    [holds(a.equal(b)), holds(a.notEqual(b)), holds(a.less(b)), holds(a.greaterEqual(b))],
    [0, 1, 1, 0],
  );
});

test('a whole quotient is rounded down', () => {
  exactly(mapling.tensor1d([7, -7, 1700000061], 'int32').div(mapling.scalar(2, 'int32')), 3, -4, 850000030);
  assert.equal(mapling.tensor1d([7], 'int32').div(2.5).dtype, 'float32');
});
