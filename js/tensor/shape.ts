/** Shapes: checked once here, so that the core only sees whole lengths of at least 0. */
import { describe, fault, shown } from '../engine/errors.js';
import { isArray } from '../engine/look.js';

/** The lengths of a tensor's axes, outermost first. */
export type Shape = number[];

/** The most axes of a tensor. */
export const MOST_AXES = 6;

/** Most values in one tensor: their bytes must be counted by WebAssembly's signed 32 bits. */
const MOST = 2 ** 29;

/** How many values a tensor of this shape holds. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** A shape as given by a caller, or an error that names `where`. */
export function checkShape(where: string, shape: unknown): Shape {
  const lengths = typeof shape === 'number' ? [shape] : shape;
  if (!isArray(lengths))
    throw fault('shape', `${where}: a shape is an array of numbers, got ${describe(shape)}`);
  if (lengths.length > MOST_AXES)
    throw fault('shape', `${where}: shape ${describe(lengths)}: at most ${MOST_AXES} axes are supported`);
  // Not `forEach` and its like, which pass over holes.
  for (let at = 0; at < lengths.length; at++) {
    const length: unknown = lengths[at];
    if (typeof length === 'number' && Number.isSafeInteger(length) && length >= 0) continue;
    throw fault('shape', `${where}: a shape holds whole numbers of at least 0, got ${describe(length)}`);
  }
  if (sizeOf(lengths) > MOST) throw fault('memory', `${where}: shape [${lengths}]: too many elements`);
  return [...lengths];
}

/** `shape` with one −1 replaced by what makes it hold `size` values. */
export function inferShape(where: string, shape: unknown, size: number): Shape {
  if (!isArray(shape)) {
    throw fault('shape', `${where}: a shape is an array of numbers, got ${describe(shape)}`);
  }
  if (shape.length > MOST_AXES)
    throw fault('shape', `${where}: shape ${describe(shape)}: at most ${MOST_AXES} axes are supported`);
  const open = shape.filter((length) => length === -1).length;
  if (open > 1) throw fault('shape', `${where}: shape ${describe(shape)}: at most one length may be -1`);
  const known = checkShape(
    where,
    shape.map((length) => (length === -1 ? 1 : length)),
  );
  const missing = open === 0 ? 1 : size / sizeOf(known);
  const wanted = known.map((length, at) => (shape[at] === -1 ? missing : length));
  if (!Number.isSafeInteger(missing) || sizeOf(wanted) !== size) {
    throw fault('shape', `${where}: ${size} values do not fill shape ${shown(shape)}`);
  }
  return wanted;
}

/** An axis counted from the front; −1 is the last. */
export function checkAxis(where: string, axis: unknown, rank: number): number {
  const index = typeof axis === 'number' && axis < 0 ? axis + rank : axis;
  if (typeof index === 'number' && Number.isSafeInteger(index) && index >= 0 && index < rank) return index;
  throw fault('shape', `${where}: axis ${describe(axis)} is outside a tensor with ${rank} axes`);
}

/** Axes counted from the front, in order, each once; all where none are given. */
export function checkAxes(where: string, axes: unknown, rank: number): number[] {
  if (axes === undefined || axes === null) {
    const all: number[] = [];
    while (all.length < rank) all.push(all.length);
    return all;
  }
  const given: unknown[] = isArray(axes) ? axes : [axes];
  if (given.length > MOST_AXES)
    throw fault('shape', `${where}: ${given.length} axes of a tensor with ${rank}`);
  const checked = Array.from(given, (axis) => checkAxis(where, axis, rank));
  if (new Set(checked).size !== checked.length)
    throw fault('shape', `${where}: axes [${checked}]: an axis is named twice`);
  return checked.sort((a, b) => a - b);
}

/** The shape that two operands share after broadcasting. */
export function broadcastShapes(where: string, a: readonly number[], b: readonly number[]): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, at) => {
    const [m, n] = [a[at - rank + a.length] ?? 1, b[at - rank + b.length] ?? 1];
    if (m !== n && m !== 1 && n !== 1) {
      throw fault('shape', `${where}: [${a}] and [${b}] cannot be broadcast together`);
    }
    return m === 1 ? n : m;
  });
}

/** How far apart neighbours along each axis lie in row-major order. */
export function stepsOf(shape: readonly number[]): number[] {
  const steps = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    steps[axis] = step;
    step *= shape[axis]!;
  }
  return steps;
}

/** So many numbers of at least 1, one for each axis, from one or from all of them. */
export function checkSizes(where: string, value: unknown, count: number): number[] {
  const sizes: unknown = typeof value === 'number' ? new Array<number>(count).fill(value) : value;
  const good = (one: unknown): one is number =>
    typeof one === 'number' && Number.isSafeInteger(one) && one >= 1 && one < 2 ** 31;
  if (isArray(sizes) && sizes.length === count && Array.from(sizes).every(good)) return [...sizes];
  const many =
    count === 2 ? 'one or two whole numbers' : count === 1 ? 'a whole number' : `1 or ${count} whole numbers`;
  throw fault('value', `${where}: expected ${many} of at least 1, got ${describe(value)}`);
}

/** Two numbers, down and across, from one or two. */
export const checkPair = (where: string, value: unknown): [number, number] =>
  checkSizes(where, value, 2) as [number, number];
