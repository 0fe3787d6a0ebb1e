/** Slices named by several indices each: picked, added up, written over. */

import { fault, whole } from '../engine/errors.js';
import { isA } from '../engine/look.js';
import { contained } from './contained.js';
import { add, castFor, where as chosen, type Like } from './elementwise.js';
import { asTensor, fill, Tensor, valuesOf } from './handle.js';
import { placesWhere, roomForRows } from './moves.js';
import type { Rank } from './rank.js';
import { gather, movesInCore, pickRows, shaped, sliced } from './rearrange.js';
import { runScatter } from './run.js';
import { checkAxis, checkShape, type Shape, sameShape, sizeOf, stepsOf } from './shape.js';
import { convert, room } from './values.js';

/** The values of a tensor, which all have to be whole numbers. */
function wholeNumbers(where: string, x: Tensor): ArrayLike<number> {
  const values = valuesOf(where, x);
  const odd = x.dtype === 'float32' ? values.find((value) => !Number.isInteger(value)) : undefined;
  if (odd !== undefined) throw fault('value', `${where}: indices are whole numbers, got ${odd}`);
  return values;
}

/** Which slice of `shape` is meant by each group of `depth` indices: rows, where the axes behind are one. */
function rowsOf(where: string, indices: Tensor, depth: number, shape: Shape): Uint32Array {
  const values = wholeNumbers(where, indices);
  const steps = stepsOf(shape.slice(0, depth));
  const count = depth === 0 ? sizeOf(indices.shape.slice(0, -1)) : values.length / depth;
  const rows = roomForRows(where, count);
  for (let row = 0; row < count; row++) {
    for (let axis = 0; axis < depth; axis++) {
      const index = values[row * depth + axis]!;
      if (index < 0 || index >= shape[axis]!)
        throw fault('value', `${where}: index ${index} is outside axis ${axis} of [${shape}]`);
      rows[row]! += index * steps[axis]!;
    }
  }
  return rows;
}

/**
 * The slices of `x` that the rows of `indices` name; with an index for each axis these are single values.
 * @example gatherND([[1, 2], [3, 4]], tensor2d([[0, 1], [1, 0]], [2, 2], 'int32')); // → [2, 3]
 */
export function gatherND(x: Like, indices: Like): Tensor {
  return contained(() => {
    const where = 'gatherND';
    const [from, places] = [asTensor(where, x), asTensor(where, indices)];
    if (from.rank === 0 || places.rank === 0)
      throw fault('shape', `${where}: expected tensors with axes, got [${from.shape}] and [${places.shape}]`);
    const depth = places.shape[places.rank - 1]!;
    if (depth > from.rank)
      throw fault('shape', `${where}: ${depth} indices each for the ${from.rank} axes of [${from.shape}]`);
    const inner = from.shape.slice(depth);
    const shape = checkShape(where, [...places.shape.slice(0, -1), ...inner]);
    const matrix: [number, number] = [sizeOf(from.shape.slice(0, depth)), sizeOf(inner)];
    return pickRows(where, from, matrix, rowsOf(where, places, depth, from.shape), shape);
  });
}

/** Slices that are put into a tensor of `shape`: `rows` says where, `width` how many values each has. */
interface Put {
  rows: Uint32Array;
  count: number;
  width: number;
  updates: Tensor;
  shape: Shape;
}

/** Checks that there is a slice of `shape` for each index. */
function checkPut(where: string, indices: Like, updates: Like, shape: Shape): Put {
  const [places, from] = [asTensor(where, indices), asTensor(where, updates)];
  if (places.rank === 0 || from.rank === 0 || shape.length === 0) {
    const shapes = `[${places.shape}], [${from.shape}] and [${shape}]`;
    throw fault('shape', `${where}: expected indices, updates and shape with axes, got ${shapes}`);
  }
  const depth = places.rank > 1 ? places.shape[places.rank - 1]! : 1;
  const outer = places.rank > 1 ? places.shape.slice(0, -1) : places.shape;
  const inner = shape.slice(depth);
  if (depth > shape.length || !sameShape(from.shape, [...outer, ...inner])) {
    const wanted =
      depth > shape.length ? `at most ${shape.length} indices each` : `[${[...outer, ...inner]}]`;
    throw fault('shape', `${where}: updates [${from.shape}] at [${places.shape}]: expected ${wanted}`);
  }
  const rows = rowsOf(where, places, depth, shape);
  return { rows, count: sizeOf(shape.slice(0, depth)), width: sizeOf(inner), updates: from, shape };
}

/** Zeros of `shape`, to which slices are added: those at the same place add up. */
function addedUp(where: string, { rows, count, width, updates, shape }: Put): Tensor {
  if (updates.dtype === 'float32')
    return shaped(where, runScatter(shaped(where, updates, [rows.length, width]), rows, count, where), shape);
  const sums = room(where, sizeOf(shape), updates.dtype);
  const values = valuesOf(where, updates);
  for (let at = 0; at < values.length; at++) {
    const place = rows[Math.floor(at / width)]! * width + (at % width);
    sums[place] = updates.dtype === 'bool' ? sums[place]! | values[at]! : sums[place]! + values[at]!;
  }
  return new Tensor(sums, shape, updates.dtype);
}

/**
 * Zeros of `shape`, to which the `updates` are added at the `indices`: those at the same place add up.
 * @example scatterND(tensor2d([[1], [3]], [2, 1], 'int32'), [9, 8], [4]); // → [0, 9, 0, 8]
 */
export function scatterND<R extends Rank = Rank>(indices: Like, updates: Like, shape: number[]): Tensor<R> {
  return contained(() => {
    return addedUp('scatterND', checkPut('scatterND', indices, updates, checkShape('scatterND', shape)));
  });
}

/** `into` with other slices at some places; of several at the same place the last. */
function written(where: string, into: Tensor, put: Put): Tensor {
  const { rows, count, width, updates } = put;
  // Which update stands in each row at the end, counted from 1; 0 where none does.
  const last = roomForRows(where, count);
  rows.forEach((row, at) => {
    last[row] = at + 1;
  });
  const changed = last.reduce((sum, one) => sum + Number(one > 0), 0);
  if (movesInCore(into) || movesInCore(updates)) {
    const [picks, targets] = [roomForRows(where, changed), roomForRows(where, changed)];
    let done = 0;
    last.forEach((one, row) => {
      if (one === 0) return;
      picks[done] = one - 1;
      targets[done++] = row;
    });
    const slices = pickRows(where, updates, [rows.length, width], picks, [changed, width]);
    const spread = runScatter(slices, targets, count, where);
    const mask = new Tensor(convert(where, last, 'bool'), [count, 1], 'bool');
    const matrices = chosen(mask, spread, shaped(where, into, [count, width]));
    return shaped(where, matrices, put.shape);
  }
  const values = room(where, into.size, into.dtype);
  values.set(valuesOf(where, into));
  const news = valuesOf(where, updates);
  last.forEach((one, row) => {
    if (one > 0) values.set(news.subarray((one - 1) * width, one * width), row * width);
  });
  return new Tensor(values, put.shape, into.dtype);
}

/**
 * The tensor with the `updates` in place of its slices at the `indices`; of several for one place the last.
 * @example tensorScatterUpdate([1, 2, 3], tensor2d([[1]], [1, 1], 'int32'), [9]); // → [1, 9, 3]
 */
export function tensorScatterUpdate<R extends Rank = Rank>(
  tensor: Like,
  indices: Like,
  updates: Like,
): Tensor<R> {
  return contained(() => {
    const where = 'tensorScatterUpdate';
    const into = asTensor(where, tensor);
    const put = checkPut(where, indices, updates, into.shape);
    if (put.updates.dtype === into.dtype) return written(where, into, put);
    throw fault('type', `${where}: the tensor is ${into.dtype}, the updates are ${put.updates.dtype}`);
  });
}

/**
 * `defaultValue` everywhere but at the places of a list, of which each has a value, or all the same.
 * @example sparseToDense(tensor1d([0, 2], 'int32'), [7, 9], [4]); // → [7, 0, 9, 0]
 */
export function sparseToDense<R extends Rank = Rank>(
  sparseIndices: Like,
  sparseValues: Like,
  outputShape: number[],
  defaultValue: Like = 0,
): Tensor<R> {
  const where = 'sparseToDense';
  const places = asTensor(where, sparseIndices);
  const values = asTensor(where, sparseValues);
  const shape = checkShape(where, outputShape);
  const other = isA(defaultValue, Tensor) ? defaultValue : castFor(where, defaultValue, values.dtype);
  if (other.dtype !== values.dtype)
    throw fault('type', `${where}: the values are ${values.dtype}, the default value is ${other.dtype}`);
  if (other.size !== 1)
    throw fault('shape', `${where}: expected a single default value, got [${other.shape}]`);
  if (places.rank > 2)
    throw fault('shape', `${where}: expected indices with at most 2 axes, got [${places.shape}]`);
  const [count, depth] = [places.shape[0] ?? 1, places.shape[1] ?? 1];
  if (shape.length !== depth)
    throw fault('shape', `${where}: ${depth} indices each for the ${shape.length} axes of [${shape}]`);
  if (values.rank > 0 && !sameShape(values.shape, [count]))
    throw fault('shape', `${where}: expected values of shape [] or [${count}], got [${values.shape}]`);
  const rows = shaped(where, places, [count, depth]);
  const blank = fill(where, shape, 0, values.dtype);
  const zeros = fill(where, [count], 0, values.dtype);
  // By arithmetic, through which gradients flow, if there is any.
  const float = values.dtype === 'float32';
  const background = float ? add(blank, shaped(where, other, [])) : filledLike(where, blank, other);
  const updates = values.rank > 0 ? values : float ? add(zeros, values) : filledLike(where, zeros, values);
  return written(where, background, checkPut(where, rows, updates, shape));
}

/** A tensor of the shape and kind of `x` that holds a single value. */
const filledLike = (where: string, { shape, dtype }: Tensor, value: Tensor): Tensor =>
  fill(where, [...shape], valuesOf(where, value)[0]!, dtype);

/**
 * The slices along `axis` where `mask` is true, whose axes are those of the tensor from `axis` on.
 * @example await booleanMaskAsync([1, 2, 3], [true, false, true]); // → [1, 3]
 */
export async function booleanMaskAsync(tensor: Like, mask: Like, axis?: number | null): Promise<Tensor> {
  return contained(() => {
    const where = 'booleanMaskAsync';
    const [from, chosen] = [asTensor(where, tensor), asTensor(where, mask)];
    const at = from.rank === 0 ? 0 : checkAxis(where, axis ?? 0, from.rank);
    const end = at + chosen.rank;
    if (chosen.rank === 0 || !sameShape(from.shape.slice(at, end), chosen.shape))
      throw fault('shape', `${where}: mask [${chosen.shape}] does not fit axis ${at} of [${from.shape}]`);
    const shape = [...from.shape.slice(0, at), chosen.size, ...from.shape.slice(end)];
    const places = placesWhere(where, valuesOf(where, chosen), (value) => value !== 0);
    const picks = new Tensor(places, [places.length], 'int32');
    return gather(shaped(where, from, shape), picks, at);
  });
}

/**
 * The sums of the slices of `x` that belong to each segment; what belongs to none is left out.
 * @example unsortedSegmentSum([1, 2, 3], tensor1d([0, 1, 0], 'int32'), 2); // → [4, 2]
 */
export function unsortedSegmentSum<T extends Tensor>(x: Like, segmentIds: Like, numSegments: number): T {
  return contained(() => {
    const where = 'unsortedSegmentSum';
    const [from, ids] = [asTensor(where, x), asTensor(where, segmentIds)];
    const segments = whole(`${where}: numSegments`, numSegments, 0);
    if (ids.rank === 0 || !sameShape(ids.shape, from.shape.slice(0, ids.rank)))
      throw fault('shape', `${where}: segmentIds [${ids.shape}] are not the first axes of [${from.shape}]`);
    const inner = from.shape.slice(ids.rank);
    const shape = checkShape(where, [segments, ...inner]);
    const updates = from.dtype === 'bool' ? castFor(where, from, 'int32') : from;
    // One more segment, for what belongs to none.
    const rows = Uint32Array.from(wholeNumbers(where, ids), (id) =>
      id >= 0 && id < segments ? id : segments,
    );
    const count = rows.includes(segments) ? segments + 1 : segments;
    const put: Put = {
      rows,
      count,
      width: sizeOf(inner),
      updates,
      shape: checkShape(where, [count, ...inner]),
    };
    const sums = addedUp(where, put);
    return count === segments ? sums : sliced(where, sums, 0, [shape[0]!]);
  }) as T;
}
