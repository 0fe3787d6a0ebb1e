/** The same values in other shapes and orders: no arithmetic. */

import { describe, fault, whole } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import { hasValues, hostCell, isResident } from './cell.js';
import { contained } from './contained.js';
import { add, type Like } from './elementwise.js';
import { asTensor, make, Tensor, valuesOf } from './handle.js';
import { framed, picked, placesFor, roomForRows, strided } from './moves.js';
import { complexOf, isComplex, pairsOf } from './pairs.js';
import type { Rank } from './rank.js';
import { Op, run, runGather } from './run.js';
import { recording } from './scope.js';
import {
  broadcastShapes,
  checkAxes,
  checkAxis,
  checkShape,
  inferShape,
  type Shape,
  sameShape,
  sizeOf,
  stepsOf,
} from './shape.js';
import type { Values } from './values.js';

/**
 * Whether the core moves the values: those that lie there, and all float32 while gradients are recorded. Other values
 * are moved where they lie, in JavaScript; whole numbers stay exact there.
 */
export const movesInCore = (x: Tensor): boolean =>
  x.dtype === 'float32' && (recording() || x.isVariable || (isResident(x._cell) && !hasValues(x._cell)));

/** A tensor of what `move` makes of the values of `x`, which stay bytes if they are a set of pictures. */
function moved(where: string, x: Tensor, shape: Shape, move: (values: Values) => Values): Tensor {
  const { packed } = x;
  const held = packed ? { bytes: move(packed) as Uint8Array } : move(valuesOf(where, x));
  return new Tensor(hostCell(sizeOf(shape), held), shape, x.dtype);
}

const general = (name: string): Op => new Op('general', name);
const RESHAPE = /* @__PURE__ */ general('reshape');
const TRANSPOSE = /* @__PURE__ */ general('transpose');
const BROADCAST = /* @__PURE__ */ general('broadcastTo');
const SLICE = /* @__PURE__ */ general('slice');
const PAD = /* @__PURE__ */ general('padZero');

/** The same values in another shape, which is known to hold as many. */
export function shaped(where: string, x: Tensor, shape: Shape): Tensor {
  return x.dtype === 'float32' && recording() ? run(RESHAPE, [x], shape, where) : x._view(shape);
}

/**
 * The same values in another shape; one length may be −1, for whatever is left.
 * @example reshape([1, 2, 3, 4], [2, -1]); // → [[1, 2], [3, 4]]
 */
export function reshape<R extends Rank = Rank>(x: Like, shape: number[]): Tensor<R> {
  return reshapeFor('reshape', x, shape);
}
export function reshapeFor(where: string, x: Like, shape: readonly number[]): Tensor {
  const from = asTensor(where, x);
  return shaped(where, from, inferShape(where, shape, from.size));
}
export function reshapeAs(x: Like, other: Tensor): Tensor {
  return reshapeFor('reshapeAs', x, asTensor('reshapeAs', other).shape);
}
export function flatten(x: Like): Tensor {
  const from = asTensor('flatten', x);
  return shaped('flatten', from, [from.size]);
}
/** The same values with a new axis of length 1. @example expandDims([1, 2], 1); // → [[1], [2]] */
export function expandDims<T extends Tensor>(x: Like, axis = 0): T {
  return expanded('expandDims', asTensor('expandDims', x), axis) as T;
}
export function expanded(where: string, from: Tensor, axis: number): Tensor {
  const at = checkAxis(where, axis, from.rank + 1);
  return shaped(where, from, checkShape(where, [...from.shape.slice(0, at), 1, ...from.shape.slice(at)]));
}
/** The same values without axes of length 1: these, or all of them. @example squeeze([[[1, 2]]]); // → [1, 2] */
export function squeeze<T extends Tensor>(x: Like, axis?: number | number[] | null): T {
  const from = asTensor('squeeze', x);
  const all = axis === undefined || axis === null || (isArray(axis) && axis.length === 0);
  const drop = checkAxes('squeeze', all ? null : axis, from.rank);
  const odd = all ? undefined : drop.find((axis) => from.shape[axis] !== 1);
  if (odd !== undefined) throw fault('shape', `squeeze: axis ${odd} of [${from.shape}] is not 1`);
  const stays = (length: number, at: number): boolean => length !== 1 || !drop.includes(at);
  return shaped('squeeze', from, from.shape.filter(stays)) as T;
}

/**
 * Axes in another order; the reverse order if none is given.
 * @example transpose([[1, 2], [3, 4]]); // → [[1, 3], [2, 4]]
 */
export function transpose<T extends Tensor>(x: Like, order?: number[] | null): T {
  const from = asTensor('transpose', x);
  const given: unknown = order ?? from.shape.map((_, at) => from.rank - 1 - at);
  if (!isArray(given) || given.length !== from.rank) {
    throw fault('shape', `transpose: expected the ${from.rank} axes in order, got ${describe(given)}`);
  }
  const axes = Array.from(given, (axis) => checkAxis('transpose', axis, from.rank));
  if (new Set(axes).size !== from.rank)
    throw fault('shape', `transpose: [${axes}] does not name each axis of [${from.shape}] once`);
  if (isComplex(from))
    return complexOf(run(TRANSPOSE, [pairsOf('transpose', from)], [...axes, from.rank], 'transpose')) as T;
  if (movesInCore(from)) return run(TRANSPOSE, [from], axes, 'transpose') as T;
  const [shape, steps] = [from.shape, stepsOf(from.shape)].map((list) => axes.map((axis) => list[axis]!));
  return moved('transpose', from, shape!, (values) => strided('transpose', values, shape!, steps!, 0)) as T;
}

/**
 * The values repeated to a larger shape, as when shapes that differ are added.
 * @example broadcastTo([1, 2], [2, 2]); // → [[1, 2], [1, 2]]
 */
export function broadcastTo<R extends Rank = Rank>(x: Like, shape: number[]): Tensor<R> {
  const from = asTensor('broadcastTo', x);
  const wanted = checkShape('broadcastTo', shape);
  if (!sameShape(broadcastShapes('broadcastTo', from.shape, wanted), wanted))
    throw fault('shape', `broadcastTo: [${from.shape}] cannot become [${wanted}]`);
  if (movesInCore(from)) return run(BROADCAST, [from], wanted, 'broadcastTo');
  const [own, added] = [stepsOf(from.shape), wanted.length - from.rank];
  const steps = wanted.map((_, axis) => (from.shape[axis - added] === 1 ? 0 : (own[axis - added] ?? 0)));
  return moved('broadcastTo', from, wanted, (values) => strided('broadcastTo', values, wanted, steps, 0));
}

/**
 * The box that starts at `begin`; a `size` of −1 (or none) reaches to the end.
 * @example slice([[1, 2], [3, 4]], [1, 0], [1, 2]); // → [[3, 4]]
 */
export function slice<R extends Rank, T extends Tensor<R> = Tensor<R>>(
  x: Like,
  begin: number | number[],
  size?: number | number[],
): T {
  return sliced('slice', asTensor('slice', x), begin, size) as T;
}
export function sliced(
  where: string,
  from: Tensor,
  begin: number | number[],
  size?: number | number[],
): Tensor {
  const given: unknown[] = isArray(begin) ? begin : [begin];
  const wanted: unknown[] = size === undefined || size === null ? [] : isArray(size) ? size : [size];
  if (given.length > from.rank || wanted.length > from.rank)
    throw fault('shape', `${where}: ${given.length} begins and ${wanted.length} sizes for [${from.shape}]`);
  const [starts, shape]: [number[], Shape] = [[], []];
  for (const begin of given) starts.push(isWhole(begin) ? begin : whole(`${where}: begin`, begin ?? 0, 0));
  while (starts.length < from.rank) starts.push(0);
  for (let at = 0; at < from.rank; at++) {
    const [length, start, size] = [from.shape[at]!, starts[at]!, wanted[at]];
    const count =
      size === undefined || size === -1
        ? length - start
        : isWhole(size)
          ? size
          : whole(`${where}: size`, size, 0);
    if (count < 0 || start + count > length) {
      throw fault(
        'shape',
        `${where}: begin [${starts}] and size ${describe(wanted)} do not lie inside [${from.shape}]`,
      );
    }
    shape.push(count);
  }
  return box(where, from, starts, shape);
}
/** What `whole` takes; it is asked in words only where it is not so. */
const isWhole = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** The box of `shape` at `starts`, which lies inside. */
export function box(where: string, from: Tensor, starts: number[], shape: Shape): Tensor {
  if (isComplex(from)) return complexOf(box(where, pairsOf(where, from), [...starts, 0], [...shape, 2]));
  if (movesInCore(from)) return run(SLICE, [from], [...starts, ...shape], where);
  const steps = stepsOf(from.shape);
  let offset = 0;
  // Whole rows need no copy.
  let rows = from.rank > 0;
  for (let axis = 0; axis < from.rank; axis++) {
    offset += starts[axis]! * steps[axis]!;
    if (axis > 0 && shape[axis] !== from.shape[axis]) rows = false;
  }
  return moved(where, from, shape, (values) =>
    rows && !from.isVariable
      ? values.subarray(offset, offset + sizeOf(shape))
      : strided(where, values, shape, steps, offset),
  );
}

/**
 * Slices along an axis, picked by index; the axis becomes those of the indices. The first `batchDims` axes of both run
 * side by side.
 * @example gather([[1, 2], [3, 4], [5, 6]], tensor1d([2, 0], 'int32')); // → [[5, 6], [1, 2]]
 */
export function gather<T extends Tensor>(x: Like, indices: Like, axis = 0, batchDims = 0): T {
  return contained(() => {
    const from = asTensor('gather', x);
    const places = asTensor('gather', indices);
    const at = checkAxis('gather', axis, from.rank);
    const fromEnd = typeof batchDims === 'number' && batchDims < 0;
    const batch = whole('gather: batchDims', fromEnd ? batchDims + places.rank : batchDims, 0);
    const [outer, length, inner] = [from.shape.slice(0, at), from.shape[at]!, from.shape.slice(at + 1)];
    if (
      batch > at ||
      batch > places.rank ||
      !sameShape(outer.slice(0, batch), places.shape.slice(0, batch))
    ) {
      throw fault('shape', `gather: batchDims ${batch}: [${from.shape}] and [${places.shape}] differ there`);
    }
    const picks = valuesOf('gather', places);
    for (const index of picks) {
      if (whole('gather: index', index, 0) >= length)
        throw fault('value', `gather: index ${index} is outside 0 … ${length - 1}`);
    }
    const shape = checkShape('gather', [...outer, ...places.shape.slice(batch), ...inner]);
    // As rows of a matrix: those that are picked, for each place along the axes in front.
    const blocks = sizeOf(outer);
    const each = sizeOf(places.shape.slice(batch));
    const repeated = sizeOf(outer.slice(batch));
    const rows = roomForRows('gather', blocks * each);
    for (let block = 0; block < blocks; block++) {
      const first = batch > 0 ? Math.floor(block / repeated) * each : 0;
      for (let pick = 0; pick < each; pick++)
        rows[block * each + pick] = block * length + picks[first + pick]!;
    }
    return pickRows('gather', from, [blocks * length, sizeOf(inner)], rows, shape);
  }) as T;
}

/** Rows of a tensor that is read as a matrix, in a shape that holds as many values. */
export function pickRows(
  where: string,
  from: Tensor,
  matrix: [number, number],
  rows: Uint32Array,
  shape: Shape,
): Tensor {
  if (isComplex(from)) {
    const pairs = pairsOf(where, from);
    return complexOf(pickRows(where, pairs, [matrix[0], 2 * matrix[1]], rows, [...shape, 2]));
  }
  if (!movesInCore(from))
    return moved(where, from, shape, (values) => picked(where, values, matrix[1], rows));
  return shaped(where, runGather(shaped(where, from, matrix), rows, where), shape);
}

/** For each place along an axis of `shape`, the one in `places`, as rows of a matrix. */
export function along(where: string, from: Tensor, axis: number, places: ArrayLike<number>): Tensor {
  const length = from.shape[axis]!;
  const blocks = sizeOf(from.shape.slice(0, axis));
  const shape = checkShape(
    where,
    from.shape.map((old, at) => (at === axis ? places.length : old)),
  );
  const rows = roomForRows(where, blocks * places.length);
  for (let at = 0; at < rows.length; at++) {
    rows[at] = Math.floor(at / places.length) * length + places[at % places.length]!;
  }
  return pickRows(where, from, [blocks * length, sizeOf(from.shape.slice(axis + 1))], rows, shape);
}

/**
 * The values in the reverse order along axes; all if none are given.
 * @example reverse([[1, 2], [3, 4]], 1); // → [[2, 1], [4, 3]]
 */
export function reverse<T extends Tensor>(x: Like, axis?: number | number[] | null): T {
  return contained(() => {
    return reverseFor('reverse', x, axis);
  }) as T;
}
export function reverseFor(where: string, x: Like, axis?: number | number[] | null): Tensor {
  const from = asTensor(where, x);
  return checkAxes(where, axis, from.rank).reduce(
    (result, axis) => {
      const length = from.shape[axis]!;
      return along(
        where,
        result,
        axis,
        placesFor(where, length, (at) => length - 1 - at),
      );
    },
    shaped(where, from, from.shape),
  );
}

/**
 * The values around the tensor mirrored at its edges, which are repeated if `mode` is `'symmetric'`.
 * @example mirrorPad([1, 2, 3], [[1, 1]], 'reflect'); // → [2, 1, 2, 3, 2]
 */
export function mirrorPad<T extends Tensor>(
  x: Like,
  paddings: [number, number][],
  mode: 'reflect' | 'symmetric',
): T {
  return contained(() => {
    const from = asTensor('mirrorPad', x);
    if (mode !== 'reflect' && mode !== 'symmetric')
      throw fault('value', `mirrorPad: expected 'reflect' or 'symmetric', got ${describe(mode)}`);
    const skip = mode === 'reflect' ? 1 : 0;
    return checkPaddings('mirrorPad', from, paddings).reduce(
      (result, [before, after], axis) => {
        const length = from.shape[axis]!;
        if (Math.max(before, after) > length - skip)
          throw fault('shape', `mirrorPad: ${Math.max(before, after)} values beside an axis of ${length}`);
        const places = placesFor('mirrorPad', before + length + after, (at) => {
          const place = at - before;
          if (place < 0) return -place - 1 + skip;
          return place < length ? place : 2 * length - 1 - place - skip;
        });
        return along('mirrorPad', result, axis, places);
      },
      shaped('mirrorPad', from, from.shape),
    );
  }) as T;
}

function checkPaddings(where: string, from: Tensor, paddings: unknown): [number, number][] {
  if (!isArray(paddings) || paddings.length !== from.rank)
    throw fault('shape', `${where}: expected ${from.rank} pairs of lengths, got ${describe(paddings)}`);
  return Array.from(paddings, (pair: unknown) => {
    if (!isArray(pair) || pair.length !== 2)
      throw fault('shape', `${where}: expected a pair of lengths, got ${describe(pair)}`);
    return Array.from(pair, (length) => whole(`${where}: length`, length, 0)) as [number, number];
  });
}

/**
 * Values around the tensor: `[before, after]` for each axis.
 * @example pad([[1]], [[0, 1], [1, 0]]); // → [[0, 1], [0, 0]]
 */
export function pad<T extends Tensor>(x: Like, paddings: [number, number][], value = 0): T {
  return padFor('pad', x, paddings, value) as T;
}
export function padFor(where: string, x: Like, paddings: unknown, value = 0): Tensor {
  const from = asTensor(where, x);
  const pairs = checkPaddings(where, from, paddings);
  if (typeof value !== 'number')
    throw fault('type', `${where}: expected a number to pad with, got ${describe(value)}`);
  const begin = pairs.map(([before]) => before);
  const shape = checkShape(
    where,
    from.shape.map((length, axis) => length + pairs[axis]![0] + pairs[axis]![1]),
  );
  if (movesInCore(from)) {
    const padded = run(PAD, [from], [...begin, ...shape], where);
    if (value === 0) return padded;
    const frame = framed(where, new Float32Array(from.size), from.shape, begin, shape, value);
    return add(padded, make(where, frame, shape, 'float32'));
  }
  const bytes = from.packed && value !== 0 ? new Tensor(valuesOf(where, from), from.shape, from.dtype) : from;
  return moved(where, bytes, shape, (values) => framed(where, values, from.shape, begin, shape, value));
}
