/**
 * Sparse values as TensorFlow.js has them: the places of what is not 0, `[count, axes]`, beside the values, and sums over
 * segments of rows.
 */
import { fault } from '../engine/errors.js';
import { namespace } from '../engine/namespace.js';
import { div, type Like } from './elementwise.js';
import { asTensor, make, Tensor, valuesOf } from './handle.js';
import { unsortedSegmentSum } from './indexing.js';
import { gather } from './rearrange.js';
import { checkShape, inferShape, stepsOf } from './shape.js';
import { room, type Values } from './values.js';

/** A list of whole numbers. */
function wholes(where: string, what: string, given: Like, rank: number): { x: Tensor; values: Values } {
  const x = asTensor(where, given);
  const values = valuesOf(where, x);
  if (x.rank !== rank)
    throw fault('shape', `${where}: ${what}: expected ${rank} axes, got the shape [${x.shape}]`);
  const odd = values.find((value) => !Number.isInteger(value));
  if (odd !== undefined) throw fault('value', `${where}: ${what}: expected whole numbers, got ${odd}`);
  return { x, values };
}

const int32 = (values: ArrayLike<number>, shape: number[]): Tensor =>
  new Tensor(Int32Array.from(values), shape, 'int32');

/** Gives each row of a sparse matrix that holds nothing a `defaultValue` in its first column. */
function sparseFillEmptyRows(
  indices: Like,
  values: Like,
  denseShape: Like,
  defaultValue: Like,
): Record<'outputIndices' | 'outputValues' | 'emptyRowIndicator' | 'reverseIndexMap', Tensor> {
  const where = 'sparse.sparseFillEmptyRows';
  const places = wholes(where, 'indices', indices, 2);
  const shape = wholes(where, 'denseShape', denseShape, 1);
  const [given, missing] = [asTensor(where, values), asTensor(where, defaultValue)];
  const [count, axes] = places.x.shape as [number, number];
  if (given.rank !== 1 || given.size !== count)
    throw fault('shape', `${where}: values: expected [${count}], got [${given.shape}]`);
  if (shape.values.length !== axes || axes === 0)
    throw fault('shape', `${where}: denseShape: expected [${axes}], got [${shape.x.shape}]`);
  if (missing.size !== 1)
    throw fault('shape', `${where}: defaultValue: expected a single value, got [${missing.shape}]`);
  const rows = checkShape(where, [shape.values[0]!])[0]!;
  const counts = room(where, rows, 'int32');
  for (let at = 0; at < count; at++) {
    const row = places.values[at * axes]!;
    if (row < 0 || row >= rows) throw fault('value', `${where}: indices: there is no row ${row} of ${rows}`);
    counts[row]!++;
  }
  const starts = room(where, rows, 'int32');
  let total = 0;
  counts.forEach((own, row) => {
    starts[row] = total;
    total += Math.max(own, 1);
  });
  const [to, found] = [room(where, total * axes, 'int32'), room(where, total, given.dtype)];
  const [held, back] = [valuesOf(where, given), room(where, count, 'int32')];
  counts.forEach((own, row) => {
    if (own > 0) return;
    to[starts[row]! * axes] = row;
    found[starts[row]!] = valuesOf(where, missing)[0]!;
  });
  for (let at = 0; at < count; at++) {
    const place = starts[places.values[at * axes]!]!++;
    to.set(places.values.subarray(at * axes, (at + 1) * axes), place * axes);
    found[place] = held[at]!;
    back[at] = place;
  }
  return {
    outputIndices: int32(to, [total, axes]),
    outputValues: new Tensor(found, [total], given.dtype),
    emptyRowIndicator: new Tensor(
      Uint8Array.from(counts, (own) => Number(own === 0)),
      [rows],
      'bool',
    ),
    reverseIndexMap: int32(back, [count]),
  };
}

/** The same values at their places in another shape, of which one length may be −1. */
function sparseReshape(
  inputIndices: Like,
  inputShape: Like,
  newShape: Like,
): { outputIndices: Tensor; outputShape: Tensor } {
  const where = 'sparse.sparseReshape';
  const places = wholes(where, 'inputIndices', inputIndices, 2);
  const from = checkShape(where, Array.from(wholes(where, 'inputShape', inputShape, 1).values));
  const wanted = Array.from(wholes(where, 'newShape', newShape, 1).values);
  const [count, axes] = places.x.shape as [number, number];
  if (from.length !== axes)
    throw fault('shape', `${where}: inputShape: expected ${axes} lengths, got [${from}]`);
  const shape = inferShape(
    where,
    wanted,
    from.reduce((size, length) => size * length, 1),
  );
  const [steps, strides] = [stepsOf(from), stepsOf(shape)];
  const to = room(where, count * shape.length, 'int32');
  for (let at = 0; at < count; at++) {
    let place = 0;
    for (let axis = 0; axis < axes; axis++) {
      const index = places.values[at * axes + axis]!;
      if (index < 0 || index >= from[axis]!)
        throw fault('value', `${where}: inputIndices: ${index} is outside axis ${axis} of [${from}]`);
      place += index * steps[axis]!;
    }
    for (let axis = 0; axis < shape.length; axis++) {
      to[at * shape.length + axis] = Math.floor(place / strides[axis]!);
      place %= strides[axis]!;
    }
  }
  return {
    outputIndices: int32(to, [count, shape.length]),
    outputShape: int32(shape, [shape.length]),
  };
}

/** The rows of `data` at `indices`, added up where their segment is the same; how many each segment has. */
function segments(
  where: string,
  data: Like,
  indices: Like,
  segmentIds: Like,
): { sums: Tensor; counts: Values } {
  const [rows, ids] = [wholes(where, 'indices', indices, 1), wholes(where, 'segmentIds', segmentIds, 1)];
  if (rows.values.length !== ids.values.length)
    throw fault(
      'shape',
      `${where}: there are ${rows.values.length} indices, but ${ids.values.length} segmentIds`,
    );
  const x = asTensor(where, data);
  if (x.rank === 0) throw fault('shape', `${where}: data: expected rows, got a single value`);
  ids.values.forEach((id, at) => {
    if (id < 0 || (at > 0 && id < ids.values[at - 1]!))
      throw fault('value', `${where}: segmentIds: expected numbers that do not fall, from 0 on, got ${id}`);
  });
  const last = ids.values.at(-1);
  const counts = room(where, checkShape(where, [last === undefined ? 0 : last + 1])[0]!, 'float32');
  for (const id of ids.values) counts[id]!++;
  const picked = gather(x, int32(rows.values, [rows.values.length]));
  return { sums: unsortedSegmentSum(picked, ids.x, counts.length), counts };
}

/** The sums of rows of `data`, by segment: `segmentIds` do not fall. */
function sparseSegmentSum(data: Like, indices: Like, segmentIds: Like): Tensor {
  return segments('sparse.sparseSegmentSum', data, indices, segmentIds).sums;
}

/** The means of rows of `data`, by segment; 0 where a segment has none. */
function sparseSegmentMean(data: Like, indices: Like, segmentIds: Like): Tensor {
  const where = 'sparse.sparseSegmentMean';
  const { sums, counts } = segments(where, data, indices, segmentIds);
  const shape = [counts.length, ...Array.from({ length: sums.rank - 1 }, () => 1)];
  const divisors = make(
    where,
    Float32Array.from(counts, (count) => Math.max(count, 1)),
  );
  return div(sums, divisors.reshape(shape));
}

/**
 * TensorFlow.js' functions of sparse values.
 * @example
 * const { outputValues } = sparse.sparseFillEmptyRows([[0, 1], [2, 0]], [5, 6], [3, 2], 0);
 * outputValues; // → [5, 0, 6]
 * sparse.sparseReshape([[0, 1], [1, 2]], [2, 3], [3, -1]).outputIndices; // → [[0, 1], [2, 1]]
 * sparse.sparseSegmentSum([[1, 2], [3, 4]], [0, 1, 1], [0, 0, 1]); // → [[4, 6], [3, 4]]
 * sparse.sparseSegmentMean([[1, 2], [3, 4]], [0, 1], [0, 0]); // → [[2, 3]]
 */
export const sparse = /* @__PURE__ */ namespace('sparse', {
  sparseFillEmptyRows,
  sparseReshape,
  sparseSegmentMean,
  sparseSegmentSum,
});
