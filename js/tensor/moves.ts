/** Values moved about in JavaScript: arrays in, arrays out. */
import { sizeOf, stepsOf } from './shape.js';
import { type DataType, room, type Values } from './values.js';

/** A new array like `source`, for `size` values. */
const like = (where: string, source: Values, size: number): Values => {
  const dtype: DataType =
    source instanceof Float32Array ? 'float32' : source instanceof Int32Array ? 'int32' : 'bool';
  return room(where, size, dtype);
};

/** The block of `shape` that begins at `offset` of `source`, whose neighbours along each axis lie `steps` apart. */
export function strided(
  where: string,
  source: Values,
  shape: readonly number[],
  steps: readonly number[],
  offset: number,
): Values {
  const result = like(where, source, sizeOf(shape));
  const last = shape.length - 1;
  let at = 0;
  const copy = (axis: number, from: number): void => {
    if (axis > last) {
      result[at++] = source[from]!;
    } else if (axis === last && steps[axis] === 1) {
      result.set(source.subarray(from, from + shape[axis]!), at);
      at += shape[axis]!;
    } else {
      for (let index = 0; index < shape[axis]!; index++) copy(axis + 1, from + index * steps[axis]!);
    }
  };
  if (result.length > 0) copy(0, offset);
  return result;
}

/** So many indices of rows, all 0. */
export const roomForRows = (where: string, count: number): Uint32Array =>
  new Uint32Array(room(where, count, 'int32').buffer);

/** So many places, each where `placeOf` says. */
export function placesFor(where: string, count: number, placeOf: (at: number) => number): Uint32Array {
  const places = roomForRows(where, count);
  for (let at = 0; at < count; at++) places[at] = placeOf(at);
  return places;
}

/** The places of the values of which something holds. */
export function placesWhere(where: string, values: Values, holds: (value: number) => boolean): Int32Array {
  let count = 0;
  for (const value of values) if (holds(value)) count++;
  const places = room(where, count, 'int32') as Int32Array;
  let done = 0;
  values.forEach((value, at) => {
    if (holds(value)) places[done++] = at;
  });
  return places;
}

/** Rows of `width` values, picked by index. */
export function picked(where: string, source: Values, width: number, rows: Uint32Array): Values {
  const result = like(where, source, rows.length * width);
  for (let at = 0; at < rows.length; at++) {
    const from = rows[at]! * width;
    if (width === 1) result[at] = source[from]!;
    else result.set(source.subarray(from, from + width), at * width);
  }
  return result;
}

/** Arrays joined along an axis: of each part, `runs` values go into every block. */
export function joined(
  where: string,
  parts: readonly Values[],
  runs: readonly number[],
  blocks: number,
): Values {
  const total = runs.reduce((sum, run) => sum + run, 0);
  const result = like(where, parts[0]!, total * blocks);
  let at = 0;
  for (let block = 0; block < blocks; block++) {
    parts.forEach((part, index) => {
      const run = runs[index]!;
      result.set(part.subarray(block * run, (block + 1) * run), at);
      at += run;
    });
  }
  return result;
}

/** `source` in the box of `outer` that begins at `begin`, `value` elsewhere. */
export function framed(
  where: string,
  source: Values,
  shape: readonly number[],
  begin: readonly number[],
  outer: readonly number[],
  value: number,
): Values {
  const result = like(where, source, sizeOf(outer)).fill(value);
  const steps = stepsOf(outer);
  const last = shape.length - 1;
  let from = 0;
  const copy = (axis: number, at: number): void => {
    if (axis > last) {
      result[at] = source[from++]!;
      return;
    }
    const start = at + begin[axis]! * steps[axis]!;
    if (axis === last) {
      result.set(source.subarray(from, from + shape[axis]!), start);
      from += shape[axis]!;
    } else {
      for (let index = 0; index < shape[axis]!; index++) copy(axis + 1, start + index * steps[axis]!);
    }
  };
  if (source.length > 0) copy(0, 0);
  return result;
}
