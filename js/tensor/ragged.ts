/**
 * Rows of unequal lengths as TensorFlow.js has them: their values one after the other, and beside them `splits`, where
 * each row begins and where the last one ends.
 */
import { describe, fault } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import type { Like } from './elementwise.js';
import { asTensor, Tensor, valuesOf } from './handle.js';
import { checkShape, sameShape, sizeOf } from './shape.js';
import { room, type Values } from './values.js';

const int32 = (values: ArrayLike<number>): Tensor =>
  new Tensor(Int32Array.from(values), [values.length], 'int32');

/** The most rows and values that are made. */
const MOST = 2 ** 26;

/**
 * For each row the numbers from a start up to a limit, in steps of a delta; what is given once holds for all rows.
 * @example raggedRange([2, 5], [4, 6], 1).rtDenseValues; // → [2, 3, 5]
 */
export function raggedRange(
  starts: Like,
  limits: Like,
  deltas: Like,
): { rtNestedSplits: Tensor; rtDenseValues: Tensor } {
  const where = 'raggedRange';
  const all = [starts, limits, deltas].map((one) => asTensor(where, one));
  const lists = all.filter(({ rank }) => rank > 0);
  const rows = lists[0]?.size ?? 1;
  const odd = lists.find(({ rank, size }) => rank > 1 || size !== rows);
  if (odd) throw fault('shape', `${where}: expected numbers or lists of ${rows}, got [${odd.shape}]`);
  const { dtype } = all[0]!;
  const values = all.map((one) => valuesOf(where, one));
  const of = (which: number, row: number): number => values[which]![all[which]!.rank === 0 ? 0 : row]!;
  const [splits, found]: [number[], number[]] = [[0], []];
  for (let row = 0; row < rows; row++) {
    const [start, limit, delta] = [of(0, row), of(1, row), of(2, row)];
    if (delta === 0) throw fault('value', `${where}: deltas: a step must not be 0`);
    const count = Math.max(0, Math.ceil((limit - start) / delta));
    if (!(found.length + count <= MOST)) throw fault('memory', `${where}: too many values`);
    for (let at = 0; at < count; at++) found.push(start + at * delta);
    splits.push(found.length);
  }
  const dense = room(where, found.length, dtype);
  dense.set(found);
  return { rtNestedSplits: int32(splits), rtDenseValues: new Tensor(dense, [found.length], dtype) };
}

/** Where the rows of one level begin and end. */
function readSplits(where: string, given: Like, most: number): Values {
  const x = asTensor(where, given);
  const splits = valuesOf(where, x);
  let before = 0;
  for (const at of splits) {
    if (x.rank !== 1 || splits[0] !== 0 || !(Number.isInteger(at) && at >= before && at <= most))
      throw fault('value', `${where}: splits: expected a list that rises from 0 up to ${most}`);
    before = at;
  }
  if (splits.length === 0) throw fault('value', `${where}: splits: expected at least one number`);
  return splits;
}

/**
 * The rows at `indices` of rows of unequal lengths, which may be nested.
 * @example raggedGather([[0, 2, 3]], [10, 20, 30], [1, 0], 1).outputDenseValues; // → [30, 10, 20]
 */
export function raggedGather(
  paramsNestedSplits: readonly Like[],
  paramsDenseValues: Like,
  indices: Like,
  outputRaggedRank: number,
): { outputNestedSplits: Tensor[]; outputDenseValues: Tensor } {
  const where = 'raggedGather';
  if (!isArray(paramsNestedSplits) || paramsNestedSplits.length === 0 || paramsNestedSplits.length > 16)
    throw fault(
      'type',
      `${where}: paramsNestedSplits: expected a list of splits, got ${describe(paramsNestedSplits)}`,
    );
  const [dense, places] = [asTensor(where, paramsDenseValues), asTensor(where, indices)];
  if (dense.rank === 0)
    throw fault('shape', `${where}: paramsDenseValues: expected rows, got a single value`);
  const nested: Values[] = [];
  // From the innermost, whose splits count the values, to the outermost.
  let inside = dense.shape[0]!;
  for (const one of Array.from(paramsNestedSplits).reverse()) {
    const splits = readSplits(where, one as Like, inside);
    nested.unshift(splits);
    inside = splits.length - 1;
  }
  const rank = places.rank - 1 + nested.length;
  if (places.rank === 0 || outputRaggedRank !== rank)
    throw fault(
      'value',
      `${where}: outputRaggedRank: expected ${rank} for indices [${places.shape}], got ${describe(outputRaggedRank)}`,
    );
  let runs = Array.from(valuesOf(where, places), (index): [number, number] => {
    if (Number.isInteger(index) && index >= 0 && index < inside) return [index, index + 1];
    throw fault('value', `${where}: indices: there is no row ${index} of ${inside}`);
  });
  const outer = places.shape.slice(0, -1).map((_, axis) => {
    const [count, length] = [sizeOf(places.shape.slice(0, axis + 1)), places.shape[axis + 1]!];
    return Array.from({ length: count + 1 }, (__, row) => row * length);
  });
  const inner = nested.map((splits) => {
    const own = [0];
    for (const [start, end] of runs)
      for (let row = start; row < end; row++) own.push(own.at(-1)! + splits[row + 1]! - splits[row]!);
    runs = runs.map(([start, end]) => [splits[start]!, splits[end]!]);
    return own;
  });
  const count = inner.at(-1)!.at(-1)!;
  const width = sizeOf(dense.shape.slice(1));
  const shape = checkShape(where, [count, ...dense.shape.slice(1)]);
  const [from, to] = [valuesOf(where, dense), room(where, count * width, dense.dtype)];
  let at = 0;
  for (const [start, end] of runs) {
    to.set(from.subarray(start * width, end * width), at);
    at += (end - start) * width;
  }
  return {
    outputNestedSplits: [...outer, ...inner].map(int32),
    outputDenseValues: new Tensor(to, shape, dense.dtype),
  };
}

/** The row to which each value of a level belongs. */
function parentsOf(where: string, kind: unknown, given: Like, count: number): number[] {
  if (kind === 'ROW_SPLITS') {
    const splits = readSplits(where, given, count);
    if (splits.at(-1) !== count)
      throw fault('value', `${where}: splits: expected the last to be ${count}, got ${splits.at(-1)}`);
    return Array.from(splits.subarray(1)).flatMap((end, row) =>
      Array.from({ length: end - splits[row]! }, () => row),
    );
  }
  if (kind !== 'VALUE_ROWIDS')
    throw fault(
      'value',
      `${where}: rowPartitionTypes: expected ROW_SPLITS, or FIRST_DIM_SIZE and VALUE_ROWIDS, got ${describe(kind)}`,
    );
  const ids = Array.from(valuesOf(where, asTensor(where, given)));
  if (ids.length !== count)
    throw fault('shape', `${where}: there are ${ids.length} row numbers for ${count} values`);
  ids.forEach((id, at) => {
    if (!Number.isInteger(id) || id < (ids[at - 1] ?? 0))
      throw fault('value', `${where}: row numbers: expected numbers that do not fall, from 0 on, got ${id}`);
  });
  return ids;
}

/**
 * Rows of unequal lengths as an ordinary tensor: what a row lacks is `defaultValue`, and what does not fit into `shape`
 * is left out; a length of −1 there is that of the longest row.
 * @example raggedTensorToTensor(-1, [1, 2, 3], 0, [[0, 1, 3]], ['ROW_SPLITS']); // → [[1, 0], [2, 3]]
 */
export function raggedTensorToTensor(
  shape: Like,
  values: Like,
  defaultValue: Like,
  rowPartitionTensors: readonly Like[],
  rowPartitionTypes: readonly string[],
): Tensor {
  const where = 'raggedTensorToTensor';
  const [x, missing, wanted] = [values, defaultValue, shape].map((one) => asTensor(where, one));
  const isFew = (list: unknown): list is unknown[] => isArray(list) && list.length > 0 && list.length <= 16;
  if (!isFew(rowPartitionTensors) || !isFew(rowPartitionTypes))
    throw fault(
      'type',
      `${where}: rowPartitionTensors: expected a list, got ${describe(rowPartitionTensors)}`,
    );
  if (rowPartitionTensors.length !== rowPartitionTypes.length)
    throw fault(
      'shape',
      `${where}: ${rowPartitionTensors.length} partitions, but ${rowPartitionTypes.length} types`,
    );
  const hasFirst = (rowPartitionTypes as unknown[])[0] === 'FIRST_DIM_SIZE';
  const kinds: unknown[] = Array.from(rowPartitionTypes).slice(Number(hasFirst));
  const given = Array.from(rowPartitionTensors).slice(Number(hasFirst));
  if (x!.rank === 0 || kinds.length === 0)
    throw fault('shape', `${where}: values: expected rows and how they are parted, got [${x!.shape}]`);
  if (!hasFirst && kinds[0] !== 'ROW_SPLITS')
    throw fault('value', `${where}: rowPartitionTypes: VALUE_ROWIDS begin with FIRST_DIM_SIZE`);
  const first = hasFirst ? valuesOf(where, asTensor(where, rowPartitionTensors[0] as Like))[0] : 0;
  const partitions = given.map((one) => valuesOf(where, asTensor(where, one as Like)));
  // How many rows a level has: as many as there are values in the level around it.
  const rowsOf = (level: number): number => {
    if (kinds[level] === 'ROW_SPLITS') return partitions[level]!.length - 1;
    if (level === 0) return first ?? 0;
    const around = partitions[level - 1]!;
    return kinds[level - 1] === 'ROW_SPLITS' ? (around.at(-1) ?? 0) : around.length;
  };
  // From the innermost, which has the values, to the outermost.
  const parents: number[][] = [];
  let count = x!.shape[0]!;
  for (let level = kinds.length - 1; level >= 0; level--) {
    const own = parentsOf(where, kinds[level], given[level] as Like, count);
    parents.unshift(own);
    count = rowsOf(level);
    if (!(count > (own.at(-1) ?? -1)))
      throw fault('value', `${where}: there is no row ${own.at(-1)} of ${count}`);
  }
  if (!(count <= MOST)) throw fault('memory', `${where}: ${count} rows are too many`);
  const inner = x!.shape.slice(1);
  const places = parents.map(within);
  const longest = places.map((own) => own.reduce((most, place) => Math.max(most, place + 1), 0));
  const lengths = [count, ...longest, ...inner];
  if (wanted!.rank === 1 && wanted!.size !== lengths.length)
    throw fault('shape', `${where}: shape: expected ${lengths.length} lengths, got [${wanted!.shape}]`);
  const asked: ArrayLike<number> = wanted!.rank === 1 ? valuesOf(where, wanted!) : [];
  const result = checkShape(
    where,
    lengths.map((length, axis) => ((asked[axis] ?? -1) < 0 ? length : asked[axis]!)),
  );
  if (!sameShape(result.slice(1 + kinds.length), inner))
    throw fault('shape', `${where}: shape [${result}] does not end with that of a value, [${inner}]`);
  const width = sizeOf(inner);
  if (missing!.size !== 1 && missing!.size !== width)
    throw fault(
      'shape',
      `${where}: defaultValue: expected a single value or [${inner}], got [${missing!.shape}]`,
    );
  const [from, fill] = [valuesOf(where, x!), valuesOf(where, missing!)];
  const to = room(where, sizeOf(result), x!.dtype);
  for (let at = 0; at < to.length; at++) to[at] = fill[fill.length === 1 ? 0 : at % width]!;
  let outer = Array.from({ length: count }, (_, row) => (row < result[0]! ? row : -1));
  parents.forEach((own, level) => {
    const length = result[level + 1]!;
    outer = own.map((row, at) => {
      const place = places[level]![at]!;
      return outer[row]! < 0 || place >= length ? -1 : outer[row]! * length + place;
    });
  });
  outer.forEach((place, at) => {
    if (place >= 0) to.set(from.subarray(at * width, (at + 1) * width), place * width);
  });
  return new Tensor(to, result, x!.dtype);
}

/** For values that belong to these rows, which do not fall: which of its row's values each is. */
function within(parents: readonly number[]): number[] {
  let begun = 0;
  return parents.map((row, at) => {
    if (row !== parents[at - 1]) begun = at;
    return at - begun;
  });
}
