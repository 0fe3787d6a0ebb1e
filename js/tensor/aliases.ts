/** Other names that TensorFlow.js has for what is here. */

import { fault, onlyKeys } from '../engine/errors.js';
import { contained } from './contained.js';
import type { Like } from './elementwise.js';
import { asTensor, asTensors, make, type Tensor, valuesOf } from './handle.js';
import { joinedTensors } from './join.js';
import { broadcastTo, padFor, reshapeFor, reverseFor, sliced } from './rearrange.js';
import { normFor } from './reduce.js';
import { checkShape } from './shape.js';

function ranked(where: string, x: Like, rank: number): Tensor {
  const from = asTensor(where, x);
  if (from.rank === rank) return from;
  throw fault('shape', `${where}: expected ${rank} axes, got shape [${from.shape}]`);
}

/** `concat` for vectors. @example concat1d([[1, 2], [3]]); // → [1, 2, 3] */
export const concat1d = (parts: Like[]): Tensor => joinedTensors('concat1d', asTensors('concat1d', parts), 0);
/** `concat` for matrices. @example concat2d([[[1, 2]], [[3, 4]]], 1); // → [[1, 2, 3, 4]] */
export const concat2d = (parts: Like[], axis: number): Tensor =>
  joinedTensors('concat2d', asTensors('concat2d', parts), axis);
/** `concat` for three axes. @example concat3d([[[[1]]], [[[2]]]], 2); // → [[[1, 2]]] */
export const concat3d = (parts: Like[], axis: number): Tensor =>
  joinedTensors('concat3d', asTensors('concat3d', parts), axis);
/** `concat` for four axes. @example concat4d([[[[[1]]]], [[[[2]]]]], 3); // → [[[[1, 2]]]] */
export const concat4d = (parts: Like[], axis: number): Tensor =>
  joinedTensors('concat4d', asTensors('concat4d', parts), axis);

/** `slice` for vectors. @example slice1d([1, 2, 3], 1, 2); // → [2, 3] */
export const slice1d = (x: Like, begin: number, size: number): Tensor =>
  sliced('slice1d', ranked('slice1d', x, 1), [begin], [size]);
/** `slice` for matrices. @example slice2d([[1, 2], [3, 4]], [0, 1], [2, 1]); // → [[2], [4]] */
export const slice2d = (x: Like, begin: number[], size: number[]): Tensor =>
  sliced('slice2d', ranked('slice2d', x, 2), begin, size);
/** `slice` for three axes. @example slice3d([[[1, 2, 3]]], [0, 0, 1], [1, 1, 2]); // → [[[2, 3]]] */
export const slice3d = (x: Like, begin: number[], size: number[]): Tensor =>
  sliced('slice3d', ranked('slice3d', x, 3), begin, size);
/** `slice` for four axes. @example slice4d([[[[1, 2, 3]]]], [0, 0, 0, 1], [1, 1, 1, 2]); // → [[[[2, 3]]]] */
export const slice4d = (x: Like, begin: number[], size: number[]): Tensor =>
  sliced('slice4d', ranked('slice4d', x, 4), begin, size);

/** `reverse` for vectors. @example reverse1d([1, 2, 3]); // → [3, 2, 1] */
export const reverse1d = (x: Like): Tensor => reverseFor('reverse1d', ranked('reverse1d', x, 1), 0);
/** `reverse` for matrices. @example reverse2d([[1, 2], [3, 4]], 0); // → [[3, 4], [1, 2]] */
export const reverse2d = (x: Like, axis?: number | number[]): Tensor =>
  reverseFor('reverse2d', ranked('reverse2d', x, 2), axis);
/** `reverse` for three axes. @example reverse3d([[[1, 2]]], 2); // → [[[2, 1]]] */
export const reverse3d = (x: Like, axis?: number | number[]): Tensor =>
  reverseFor('reverse3d', ranked('reverse3d', x, 3), axis);
/** `reverse` for four axes. @example reverse4d([[[[1, 2]]]], 3); // → [[[[2, 1]]]] */
export const reverse4d = (x: Like, axis?: number | number[]): Tensor =>
  reverseFor('reverse4d', ranked('reverse4d', x, 4), axis);

type Around = [number, number];
/** `pad` for vectors. @example pad1d([1, 2], [1, 0]); // → [0, 1, 2] */
export const pad1d = (x: Like, paddings: Around, value?: number): Tensor =>
  padFor('pad1d', ranked('pad1d', x, 1), [paddings], value);
/** `pad` for matrices. @example pad2d([[1]], [[0, 1], [0, 1]]); // → [[1, 0], [0, 0]] */
export const pad2d = (x: Like, paddings: [Around, Around], value?: number): Tensor =>
  padFor('pad2d', ranked('pad2d', x, 2), paddings, value);
/** `pad` for three axes. @example pad3d([[[1]]], [[0, 0], [0, 0], [1, 0]]); // → [[[0, 1]]] */
export const pad3d = (x: Like, paddings: [Around, Around, Around], value?: number): Tensor =>
  padFor('pad3d', ranked('pad3d', x, 3), paddings, value);
/** `pad` for four axes. @example pad4d([[[[1]]]], [[0, 0], [0, 0], [0, 0], [1, 0]]); // → [[[[0, 1]]]] */
export const pad4d = (x: Like, paddings: [Around, Around, Around, Around], value?: number): Tensor =>
  padFor('pad4d', ranked('pad4d', x, 4), paddings, value);

/** The length of vectors along axes. @example euclideanNorm([3, 4]); // → 5 */
export const euclideanNorm = (x: Like, axis?: number | number[] | null, keepDims?: boolean): Tensor =>
  contained(() => normFor('euclideanNorm', x, 'euclidean', axis, keepDims === true));

/** Prints a tensor. @example print(tensor([1, 2])); // → undefined */
export const print = (x: Like, verbose = false): void => asTensor('print', x).print(verbose);

/**
 * The coordinates of a grid, each in the grid's shape; `'xy'` swaps the first two axes.
 * @example
 * const [x, y] = meshgrid([1, 2], [10, 20]);
 * y; // → [[10, 10], [20, 20]]
 */
export function meshgrid<T extends Tensor>(
  x?: Like,
  y?: Like,
  options: { indexing?: 'xy' | 'ij' } = {},
): T[] {
  onlyKeys('meshgrid', options, ['indexing']);
  const { indexing = 'xy' } = options;
  if (indexing !== 'xy' && indexing !== 'ij')
    throw fault('value', `meshgrid: indexing: expected 'xy' or 'ij'`);
  if (x === undefined) return [];
  const first = reshapeFor('meshgrid', x, [-1]);
  if (y === undefined) return [first as T];
  const second = reshapeFor('meshgrid', y, [-1]);
  const swap = indexing === 'xy';
  const shape = checkShape('meshgrid', swap ? [second.size, first.size] : [first.size, second.size]);
  return [
    broadcastTo(reshapeFor('meshgrid', first, swap ? [1, -1] : [-1, 1]), shape),
    broadcastTo(reshapeFor('meshgrid', second, swap ? [-1, 1] : [1, -1]), shape),
  ] as T[];
}

/**
 * The places where a tensor is true, one row of indices for each.
 * @example await whereAsync([false, true, true]); // → [[1], [2]]
 */
export async function whereAsync(condition: Like): Promise<Tensor> {
  const from = asTensor('whereAsync', condition);
  const steps = from.shape.map((_, axis) =>
    from.shape.slice(axis + 1).reduce((size, length) => size * length, 1),
  );
  const places: number[] = [];
  let rows = 0;
  valuesOf('whereAsync', from).forEach((value, at) => {
    if (value === 0) return;
    rows++;
    for (const [axis, step] of steps.entries()) places.push(Math.floor(at / step) % from.shape[axis]!);
  });
  return make('whereAsync', Int32Array.from(places), [rows, from.rank], 'int32');
}
