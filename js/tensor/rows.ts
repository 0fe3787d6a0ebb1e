/** Samples of a tensor: neighbours along its first axis. */
import { Tensor, valuesOf } from './handle.js';

/**
 * `count` samples from the one at `from`, which must be there. Values that lie in JavaScript are not copied; pictures
 * stay bytes.
 */
export function rowsOf(where: string, x: Tensor, from: number, count: number): Tensor {
  const [rows, ...sample] = x.shape;
  const size = rows ? x.size / rows : 0;
  const [begin, end] = [from * size, (from + count) * size];
  const shape = [count, ...sample];
  const { packed } = x;
  if (packed) return new Tensor({ bytes: packed.subarray(begin, end) }, shape, x.dtype);
  return new Tensor(valuesOf(where, x).subarray(begin, end), shape, x.dtype);
}
