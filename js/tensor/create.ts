/** Making tensors. */

import { describe, fault, finite, whole } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import { contained } from './contained.js';
import { type Like, mul } from './elementwise.js';
import { asTensor, fill as filled, make, Tensor, valuesOf } from './handle.js';
import { complexOf } from './pairs.js';
import type { Rank } from './rank.js';
import { reshapeFor } from './rearrange.js';
import { checkShape, MOST_AXES, type Shape, sizeOf } from './shape.js';
import { checkType, type DataType, room, type TensorLike } from './values.js';

/**
 * A tensor of `values`: a number, (nested) arrays or a typed array; `shape` follows from them when not given.
 * @example
 * tensor([[1, 2], [3, 4]]).shape; // → [2, 2]
 * tensor(new Float32Array(6), [2, 3]).shape; // → [2, 3]
 */
export function tensor<R extends Rank = Rank>(
  values: TensorLike,
  shape?: number[] | null,
  dtype?: DataType | null,
): Tensor<R> {
  return make('tensor', values, shape, dtype);
}

function ranked(rank: number) {
  const where = `tensor${rank}d`;
  return (values: TensorLike, shape?: number[] | null, dtype?: DataType | null): Tensor => {
    const made = make(where, values, shape, dtype);
    if (made.rank === rank) return made;
    throw fault('shape', `${where}: expected ${rank} axes, got shape [${made.shape}]`);
  };
}

/** A vector. @example tensor1d([1, 2, 3]); // → [1, 2, 3] */
export const tensor1d = (values: TensorLike, dtype?: DataType | null): Tensor =>
  vector(values, undefined, dtype);
const vector = /* @__PURE__ */ ranked(1);
/** A matrix. @example tensor2d([1, 2, 3, 4], [2, 2]); // → [[1, 2], [3, 4]] */
export const tensor2d = /* @__PURE__ */ ranked(2);
/**
 * A batch of sequences, say: `[n, steps, channels]`.
 * @example tensor3d([[[1], [2]]]).shape; // → [1, 2, 1]
 */
export const tensor3d = /* @__PURE__ */ ranked(3);
/**
 * A batch of pictures, say: `[n, height, width, channels]`.
 * @example tensor4d([1, 2, 3, 4], [1, 2, 2, 1]).shape; // → [1, 2, 2, 1]
 */
export const tensor4d = /* @__PURE__ */ ranked(4);
/**
 * A batch of volumes, say: `[n, depth, height, width, channels]`.
 * @example tensor5d([1, 2], [1, 1, 1, 1, 2]).rank; // → 5
 */
export const tensor5d = /* @__PURE__ */ ranked(5);
/** A tensor of six axes. @example tensor6d([1, 2], [1, 1, 1, 1, 1, 2]).rank; // → 6 */
export const tensor6d = /* @__PURE__ */ ranked(6);

/** A tensor of one value and no axes. @example scalar(3); // → 3 */
export function scalar(value: number | boolean, dtype?: DataType | null): Tensor {
  if (typeof value !== 'number' && typeof value !== 'boolean')
    throw fault('type', `scalar: expected a number, got ${describe(value)}`);
  return make('scalar', value, [], dtype);
}

/** A tensor that holds `value` everywhere. @example fill([2, 2], 7); // → [[7, 7], [7, 7]] */
export function fill<R extends Rank = Rank>(
  shape: number[],
  value: number,
  dtype?: DataType | null,
): Tensor<R> {
  if (typeof value !== 'number' && typeof value !== 'boolean')
    throw fault('type', `fill: expected a number, got ${describe(value)}`);
  const kind = dtype ?? (typeof value === 'boolean' ? 'bool' : 'float32');
  return filled('fill', checkShape('fill', shape), Number(value), checkType('fill', kind));
}
const constant =
  (where: string, value: number) =>
  <R extends Rank = Rank>(shape: number[], dtype?: DataType | null): Tensor<R> =>
    filled(where, checkShape(where, shape), value, checkType(where, dtype ?? 'float32'));
/** 0 everywhere. @example zeros([2]); // → [0, 0] */
export const zeros = /* @__PURE__ */ constant('zeros', 0);
/** 1 everywhere. @example ones([2, 2]); // → [[1, 1], [1, 1]] */
export const ones = /* @__PURE__ */ constant('ones', 1);
const constantLike =
  (where: string, value: number) =>
  <T extends Tensor>(x: Like): T => {
    const { shape, dtype } = asTensor(where, x);
    if (dtype !== 'complex64') return filled(where, [...shape], value, dtype) as T;
    const parts = room(where, 2 * sizeOf(shape), 'float32').map((_, at) => (at % 2 === 0 ? value : 0));
    return complexOf(new Tensor(parts, [...shape, 2], 'float32')) as T;
  };
/** 0 everywhere, in the shape and the type of another tensor. @example zerosLike([[5, 6]]); // → [[0, 0]] */
export const zerosLike = /* @__PURE__ */ constantLike('zerosLike', 0);
/** 1 everywhere, in the shape and the type of another tensor. @example onesLike([[5, 6]]); // → [[1, 1]] */
export const onesLike = /* @__PURE__ */ constantLike('onesLike', 1);

/** The identity matrix, or one for each place of `batchShape`. @example eye(2); // → [[1, 0], [0, 1]] */
export function eye(
  rows: number,
  columns?: number | null,
  batchShape?: number[] | null,
  dtype?: DataType | null,
): Tensor {
  const wide = columns ?? rows;
  const batch = batchShape ?? [];
  if (!isArray(batch) || batch.length > MOST_AXES)
    throw fault('shape', `eye: batchShape: expected an array of lengths, got ${describe(batch)}`);
  const shape = checkShape('eye', [...batch, rows, wide]);
  const values = room('eye', sizeOf(shape), checkType('eye', dtype ?? 'float32'));
  for (let start = 0; start < values.length; start += rows * wide) {
    for (let at = 0; at < Math.min(rows, wide); at++) values[start + at * wide + at] = 1;
  }
  return new Tensor(values, shape, dtype ?? 'float32');
}

/**
 * A tensor of twice the axes with these values on its diagonal, and zeros elsewhere.
 * @example diag([1, 2]); // → [[1, 0], [0, 2]]
 */
export function diag(x: Like): Tensor {
  return contained(() => {
    const from = asTensor('diag', x);
    const shape = checkShape('diag', [...from.shape, ...from.shape]);
    if (from.dtype === 'float32')
      return reshapeFor('diag', mul(eye(from.size), reshapeFor('diag', from, [1, from.size])), shape);
    const values = room('diag', sizeOf(shape), from.dtype);
    valuesOf('diag', from).forEach((value, at) => {
      values[at * (from.size + 1)] = value;
    });
    return new Tensor(values, shape, from.dtype);
  });
}

/** `start`, `start + step`, … up to but without `stop`. @example range(0, 6, 2); // → [0, 2, 4] */
export function range(start: number, stop: number, step?: number, dtype?: DataType | null): Tensor {
  const [from, to] = [finite('range: start', start), finite('range: stop', stop)];
  const by = finite('range: step', step ?? (to < from ? -1 : 1));
  if (by === 0) throw fault('value', `range: ${from} to ${to} in steps of 0 never ends`);
  const length = Math.max(0, Math.ceil((to - from) / by));
  const shape = checkShape('range', [length]);
  const values = room('range', length, checkType('range', dtype ?? 'float32'));
  for (let at = 0; at < length; at++)
    values[at] = dtype === 'bool' ? Number(from + at * by !== 0) : from + at * by;
  return new Tensor(values, shape, dtype ?? 'float32');
}

/**
 * `count` values in equal steps from `start` to `stop`, both included.
 * @example linspace(0, 1, 3); // → [0, 0.5, 1]
 */
export function linspace(start: number, stop: number, count: number): Tensor {
  const [from, to] = [finite('linspace: start', start), finite('linspace: stop', stop)];
  const shape: Shape = checkShape('linspace', [whole('linspace: count', count, 1)]);
  const values = room('linspace', count, 'float32');
  for (let at = 0; at < count; at++) values[at] = from + ((to - from) * at) / Math.max(1, count - 1);
  return new Tensor(values, shape, 'float32');
}

/**
 * Rows of `off` with `on` where the index says; an index outside marks nothing.
 * @example oneHot(tensor1d([2, 0], 'int32'), 3); // → [[0, 0, 1], [1, 0, 0]]
 */
export function oneHot(indices: Like, depth: number, on = 1, off = 0, dtype: DataType = 'int32'): Tensor {
  return contained(() => {
    const from = asTensor('oneHot', indices);
    const classes = whole('oneHot: depth', depth, 1);
    for (const value of [on, off]) {
      if (typeof value !== 'number') throw fault('type', `oneHot: expected a number, got ${describe(value)}`);
    }
    const shape = checkShape('oneHot', [...from.shape, classes]);
    const values = room('oneHot', sizeOf(shape), checkType('oneHot', dtype)).fill(off);
    valuesOf('oneHot', from).forEach((index, row) => {
      if (index >= 0 && index < classes) values[row * classes + Math.trunc(index)] = on;
    });
    return new Tensor(values, shape, dtype);
  });
}
