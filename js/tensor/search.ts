/** Values that are looked for, told apart and counted. What is found are places and numbers, which have no gradients. */

import { describe, fault, whole } from '../engine/errors.js';
import { contained } from './contained.js';
import type { Like } from './elementwise.js';
import { asTensor, make, Tensor, valuesOf } from './handle.js';
import { placesWhere } from './moves.js';
import { gather } from './rearrange.js';
import { checkAxis, checkShape, sameShape, sizeOf } from './shape.js';
import { room } from './values.js';

/** Runs what needs a table of values, which has room for 2²⁴ different ones. */
function fitting<T>(where: string, action: () => T): T {
  try {
    return action();
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw fault('memory', `${where}: more different values than can be told apart`);
  }
}

/** The slices along an axis that differ, in the order in which they come first, and which of these each slice is. */
export function unique<T extends Tensor>(x: Like, axis = 0): { values: T; indices: Tensor } {
  return contained(() => {
    const from = asTensor('unique', x);
    if (from.rank === 0) throw fault('shape', 'unique: expected at least one axis, got a single value');
    const at = checkAxis('unique', axis, from.rank);
    const values = valuesOf('unique', from);
    const length = from.shape[at]!;
    const inner = from.shape.slice(at + 1).reduce((size, one) => size * one, 1);
    const outer = length * inner === 0 ? 0 : values.length / (length * inner);
    // One value is its own name; of several the text is.
    const nameOf = (slice: number): number | string => {
      if (outer === 1 && inner === 1) return values[slice]!;
      const parts: number[] = [];
      for (let block = 0; block < outer; block++) {
        const start = (block * length + slice) * inner;
        for (let place = start; place < start + inner; place++) parts.push(values[place]!);
      }
      return parts.join();
    };
    const known = new Map<number | string, number>();
    const firsts: number[] = [];
    const indices = room('unique', length, 'int32') as Int32Array;
    fitting('unique', () => {
      for (let slice = 0; slice < length; slice++) {
        const name = nameOf(slice);
        const found = known.get(name);
        indices[slice] = found ?? firsts.push(slice) - 1;
        if (found === undefined) known.set(name, firsts.length - 1);
      }
    });
    const picks = new Tensor(Int32Array.from(firsts), [firsts.length], 'int32');
    return { values: gather(from, picks, at), indices: new Tensor(indices, [length], 'int32') };
  }) as { values: T; indices: Tensor };
}

/**
 * The values of `x` that are not in `y`, as often as they are in `x`, and their places there.
 * @example
 * const [values, places] = await setdiff1dAsync([1, 2, 3], [2]);
 * values; // → [1, 3]
 */
export async function setdiff1dAsync(x: Like, y: Like): Promise<[Tensor, Tensor]> {
  const where = 'setdiff1dAsync';
  const [from, without] = [asTensor(where, x), asTensor(where, y)];
  if (from.dtype !== without.dtype)
    throw fault('type', `${where}: x is ${from.dtype}, y is ${without.dtype}: expected one kind`);
  if (from.rank !== 1 || without.rank !== 1)
    throw fault('shape', `${where}: expected two vectors, got [${from.shape}] and [${without.shape}]`);
  const known = fitting(where, () => new Set<number>(valuesOf(where, without)));
  const places = placesWhere(where, valuesOf(where, from), (value) => !known.has(value));
  const picks = new Tensor(places, [places.length], 'int32');
  return [gather(from, picks), picks];
}

function searched(where: string, sortedSequence: Like, values: Like, side: unknown): Tensor {
  if (side !== 'left' && side !== 'right')
    throw fault('value', `${where}: side: expected 'left' or 'right', got ${describe(side)}`);
  const [sorted, wanted] = [asTensor(where, sortedSequence), asTensor(where, values)];
  if (
    sorted.rank === 0 ||
    !sameShape(sorted.shape.slice(0, -1), wanted.shape.slice(0, -1)) ||
    wanted.rank === 0
  )
    throw fault(
      'shape',
      `${where}: [${sorted.shape}] and [${wanted.shape}]: expected the same axes but for the last`,
    );
  const [edges, sought] = [valuesOf(where, sorted), valuesOf(where, wanted)];
  const [length, each] = [sorted.shape[sorted.rank - 1]!, wanted.shape[wanted.rank - 1]!];
  const found = Int32Array.from(sought, (value, at) => {
    const start = Math.floor(at / each) * length;
    let [least, most] = [0, length];
    while (least < most) {
      const middle = (least + most) >> 1;
      const edge = edges[start + middle]!;
      if (side === 'left' ? edge < value : edge <= value) least = middle + 1;
      else most = middle;
    }
    return most;
  });
  return new Tensor(found, wanted.shape, 'int32');
}

/**
 * Where each value goes into a sorted sequence, along the last axis: before those that are equal, or behind them if
 * `side` is `'right'`.
 * @example searchSorted([1, 3, 5], [0, 3, 9]); // → [0, 1, 3]
 */
export const searchSorted = (sortedSequence: Like, values: Like, side: 'left' | 'right' = 'left'): Tensor =>
  searched('searchSorted', sortedSequence, values, side);
/**
 * The place of the first value of a sorted sequence that is not below each value.
 * @example lowerBound([1, 3, 5], [3]); // → [1]
 */
export const lowerBound = (sortedSequence: Like, values: Like): Tensor =>
  searched('lowerBound', sortedSequence, values, 'left');
/**
 * The place of the first value of a sorted sequence that is above each value.
 * @example upperBound([1, 3, 5], [3]); // → [2]
 */
export const upperBound = (sortedSequence: Like, values: Like): Tensor =>
  searched('upperBound', sortedSequence, values, 'right');

/** How often each number below `size` occurs in each of the `rows`, or the sums of their weights. */
function counted(
  where: string,
  x: Tensor,
  weights: Like,
  size: number,
  rows: readonly number[],
  binary: boolean,
): Tensor {
  const heavy = asTensor(where, weights);
  if (heavy.size !== 0 && heavy.size !== x.size)
    throw fault('shape', `${where}: weights [${heavy.shape}]: expected as many as [${x.shape}] has, or none`);
  const classes = whole(`${where}: size`, size, 0);
  const shape = checkShape(where, [...rows, classes]);
  const weighed = heavy.size > 0 && !binary ? valuesOf(where, heavy) : undefined;
  const { dtype } = heavy;
  const sums = room(where, sizeOf(shape), dtype);
  const width = x.size / (rows[0] ?? 1);
  valuesOf(where, x).forEach((value, at) => {
    if (!Number.isInteger(value) || value < 0)
      throw fault('value', `${where}: expected whole numbers of at least 0, got ${value}`);
    if (value >= classes) return;
    const place = Math.floor(at / width) * classes + value;
    const sum = binary ? 1 : sums[place]! + (weighed ? weighed[at]! : 1);
    sums[place] = dtype === 'bool' ? Number(sum !== 0) : sum;
  });
  return new Tensor(sums, shape, dtype);
}

/**
 * How often each number below `size` occurs, or the sums of their `weights`, if there are any; of the weights' kind.
 * @example bincount(tensor1d([1, 1, 3], 'int32'), [], 5); // → [0, 2, 0, 1, 0]
 */
export const bincount = <T extends Tensor>(x: Like, weights: Like, size: number): T =>
  contained(() => counted('bincount', asTensor('bincount', x), weights, size, [], false)) as T;

/**
 * As {@link bincount}, for a vector or each row of a matrix; `binaryOutput` says only whether a number occurs.
 * @example denseBincount(tensor1d([0, 2, 2], 'int32'), [], 3); // → [1, 0, 2]
 */
export function denseBincount<T extends Tensor>(
  x: Like,
  weights: Like,
  size: number,
  binaryOutput = false,
): T {
  return contained(() => {
    const from = asTensor('denseBincount', x);
    if (from.rank !== 1 && from.rank !== 2)
      throw fault('shape', `denseBincount: expected 1 or 2 axes, got [${from.shape}]`);
    return counted('denseBincount', from, weights, size, from.shape.slice(0, -1), binaryOutput === true);
  }) as T;
}

/**
 * Whether the prediction for each target is among the `k` greatest of its row.
 * @example await inTopKAsync([[0.1, 0.7, 0.2], [0.5, 0.4, 0.1]], [1, 2], 1); // → [1, 0]
 */
export async function inTopKAsync(predictions: Like, targets: Like, k = 1): Promise<Tensor> {
  return contained(() => {
    const where = 'inTopKAsync';
    const [scores, labels] = [asTensor(where, predictions), asTensor(where, targets)];
    if (scores.rank < 2 || !sameShape(scores.shape.slice(0, -1), labels.shape))
      throw fault(
        'shape',
        `${where}: predictions [${scores.shape}] and targets [${labels.shape}]: expected one axis more`,
      );
    const classes = scores.shape[scores.rank - 1]!;
    if (whole(`${where}: k`, k, 1) > classes)
      throw fault('value', `${where}: k: there are ${classes} classes, not ${k}`);
    const values = valuesOf(where, scores);
    const hits = Uint8Array.from(valuesOf(where, labels), (label, row) => {
      const own = values[row * classes + label];
      // A label that is no class, and a score that is no number, are among none.
      if (!(label >= 0 && label < classes) || own === undefined || Number.isNaN(own)) return 0;
      let before = 0;
      for (let at = 0; at < classes; at++) {
        const other = values[row * classes + at]!;
        // Of equals the first counts as the greater one.
        if (other > own || (other === own && at < label)) before++;
      }
      return Number(before < k);
    });
    return make(where, hits, labels.shape, 'bool');
  });
}
