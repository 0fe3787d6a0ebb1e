/** Shapes that a program expects, and shapes as tensors. */

import { describe, fault } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import type { Like } from './elementwise.js';
import { asTensor, Tensor, valuesOf } from './handle.js';
import type { Rank } from './rank.js';
import { broadcastShapes, checkShape, type Shape } from './shape.js';

/**
 * The tensor itself, which must have this shape; `null` stands for any length.
 * @example ensureShape([[1, 2]], [null, 2]); // → [[1, 2]]
 */
export function ensureShape<R extends Rank = Rank>(x: Like, shape: (number | null)[]): Tensor<R> {
  const from = asTensor('ensureShape', x);
  const wanted: unknown = shape;
  if (!isArray(wanted))
    throw fault('type', `ensureShape: expected an array of lengths, got ${describe(wanted)}`);
  const fits = (length: number, at: number): boolean =>
    wanted[at] === null || wanted[at] === undefined || wanted[at] === length;
  if (wanted.length === from.rank && from.shape.every(fits)) return from;
  throw fault('shape', `ensureShape: expected ${describe(wanted)}, got [${from.shape}]`);
}

/**
 * The shape, as int32, that tensors of two shapes have together after broadcasting.
 * @example broadcastArgs([2, 1], [1, 3]); // → [2, 3]
 */
export function broadcastArgs<R extends Rank = Rank>(s0: Like, s1: Like): Tensor<R> {
  const where = 'broadcastArgs';
  const shapes = [s0, s1].map((one): Shape => {
    const x = asTensor(where, one);
    if (x.rank === 1) return checkShape(where, Array.from(valuesOf(where, x)));
    throw fault('shape', `${where}: expected two vectors, got [${x.shape}]`);
  });
  const together = Int32Array.from(broadcastShapes(where, shapes[0]!, shapes[1]!));
  return new Tensor(together, [together.length], 'int32');
}
