/** Shapes: checked once here, so that the core only sees whole, positive lengths. */
import { describe } from '../engine/errors.js';

/** The lengths of a tensor's axes, outermost first. */
export type Shape = number[];

/** How many values a tensor of this shape holds. */
export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, length) => product * length, 1);

/** Most values in one tensor: WebAssembly's memory ends at 4 GiB. */
const MOST = 2 ** 29;

/** A shape as given by a caller, or an error that names `where`. */
export function checkShape(where: string, shape: unknown): Shape {
  const lengths = typeof shape === 'number' ? [shape] : shape;
  if (!Array.isArray(lengths))
    throw new Error(`${where}: a shape is an array of numbers, got ${describe(shape)}`);
  for (const length of lengths) {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new Error(`${where}: a shape holds whole numbers of at least 0, got ${describe(length)}`);
    }
  }
  if (lengths.length > 6) throw new Error(`${where}: shape [${lengths}]: at most 6 axes are supported`);
  if (sizeOf(lengths) > MOST) throw new Error(`${where}: shape [${lengths}]: too many elements`);
  return [...lengths];
}

/** `shape` with one −1 replaced by what makes it hold `size` values. */
export function inferShape(where: string, shape: readonly number[], size: number): Shape {
  const open = shape.filter((length) => length === -1).length;
  if (open === 0) return checkShape(where, shape);
  if (open > 1) throw new Error(`${where}: shape [${shape}]: at most one length may be -1`);
  const known = checkShape(
    where,
    shape.map((length) => (length === -1 ? 1 : length)),
  );
  const inferred = size / sizeOf(known);
  if (!Number.isSafeInteger(inferred))
    throw new Error(`${where}: ${size} values do not fill shape [${shape}]`);
  return shape.map((length) => (length === -1 ? inferred : length));
}

/** An axis counted from the front; −1 is the last. */
export function checkAxis(where: string, axis: unknown, rank: number): number {
  const index = typeof axis === 'number' && axis < 0 ? axis + rank : axis;
  if (typeof index === 'number' && Number.isSafeInteger(index) && index >= 0 && index < rank) return index;
  throw new Error(`${where}: axis ${describe(axis)} is outside a tensor with ${rank} axes`);
}
