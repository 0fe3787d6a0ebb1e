/**
 * Arithmetic on values that lie in JavaScript: whole numbers and masks, which stay exact here beyond 2²⁴, where
 * float32 ends; and comparisons.
 */
import { fault } from '../engine/errors.js';
import { broadcastShapes, type Shape, sameShape, sizeOf, stepsOf } from './shape.js';
import { type DataType, room, type Values } from './values.js';

/** Values with a shape. */
export interface Block {
  values: ArrayLike<number>;
  shape: readonly number[];
}

/** How far apart values lie along the axes of `shape` in a block that is broadcast to it. */
function broadcastSteps(block: Block, shape: Shape): number[] {
  const steps = stepsOf(block.shape);
  const added = shape.length - block.shape.length;
  return shape.map((_, axis) => (block.shape[axis - added] === 1 ? 0 : (steps[axis - added] ?? 0)));
}

/** Calls `visit` with the place of each value of `shape` in order, walking along `steps`. */
function walk(shape: readonly number[], steps: readonly number[], visit: (place: number) => void): void {
  const size = sizeOf(shape);
  const last = shape.length - 1;
  if (last < 0) {
    visit(0);
    return;
  }
  const at = new Array<number>(shape.length).fill(0);
  let place = 0;
  for (let done = 0; done < size; done++) {
    visit(place);
    for (let axis = last; axis >= 0; axis--) {
      place += steps[axis]!;
      if (++at[axis]! < shape[axis]!) break;
      place -= steps[axis]! * shape[axis]!;
      at[axis] = 0;
    }
  }
}

/** The values of `block` in the shape that it is broadcast to. */
export function spread(block: Block, shape: Shape): ArrayLike<number> {
  if (sameShape(block.shape, shape)) return block.values;
  const spread = new Float64Array(sizeOf(shape));
  let at = 0;
  walk(shape, broadcastSteps(block, shape), (place) => {
    spread[at++] = block.values[place]!;
  });
  return spread;
}

/** A function of two values, with broadcasting. */
export function zip(
  where: string,
  a: Block,
  b: Block,
  dtype: DataType,
  action: (a: number, b: number) => number | boolean,
): { values: Values; shape: Shape } {
  const shape = broadcastShapes(where, a.shape, b.shape);
  const values = room(where, sizeOf(shape), dtype);
  const [x, y] = [a, b].map((block) => (block.values.length === 1 ? block.values : spread(block, shape)));
  const [stepX, stepY] = [x!.length === 1 ? 0 : 1, y!.length === 1 ? 0 : 1];
  for (let at = 0; at < values.length; at++) values[at] = Number(action(x![at * stepX]!, y![at * stepY]!));
  return { values, shape };
}

/** `a` where `mask` is not 0, else `b`. */
export function choose(
  where: string,
  mask: Block,
  a: Block,
  b: Block,
  dtype: DataType,
): { values: Values; shape: Shape } {
  const shape = broadcastShapes(where, broadcastShapes(where, a.shape, b.shape), mask.shape);
  const values = room(where, sizeOf(shape), dtype);
  const [pick, x, y] = [mask, a, b].map((block) => spread(block, shape));
  for (let at = 0; at < values.length; at++) values[at] = pick![at] ? x![at]! : y![at]!;
  return { values, shape };
}

/** `a` to the power `b` of whole numbers, wrapped as all of int32. */
export function power(a: number, b: number): number {
  if (b < 0) return a === 1 ? 1 : a === -1 ? (b % 2 === 0 ? 1 : -1) : 0;
  let [base, exponent, result] = [a, b, 1];
  while (exponent > 0) {
    if (exponent & 1) result = Math.imul(result, base);
    base = Math.imul(base, base);
    exponent = Math.floor(exponent / 2);
  }
  return result;
}

/** The remainder that has the divisor's sign. */
export function remainder(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

/** What each value is made of that a reduction gives; `undefined` first, where there is nothing to begin with. */
export const WHOLE_REDUCTIONS: Readonly<Record<string, (sum: number | undefined, x: number) => number>> = {
  sum: (sum, x) => (sum ?? 0) + x,
  prod: (product, x) => Math.imul(product ?? 1, x),
  max: (most, x) => (most === undefined || x > most ? x : most),
  min: (least, x) => (least === undefined || x < least ? x : least),
  any: (any, x) => (any || x ? 1 : 0),
  all: (all, x) => (all !== 0 && x ? 1 : 0),
};

/** What a reduction of nothing gives; `max` and `min` of nothing are refused. */
const EMPTY: Readonly<Record<string, number>> = { sum: 0, prod: 1, any: 0, all: 1 };

/** Reduces over `axes`, which stay with length 1 in the shape that is given back. */
export function fold(
  where: string,
  name: string,
  block: Block,
  axes: readonly number[],
  dtype: DataType,
): { values: Values; shape: Shape } {
  const shape = block.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const result = new Array<number | undefined>(sizeOf(shape)).fill(undefined);
  const reduce = WHOLE_REDUCTIONS[name]!;
  const steps = stepsOf(shape).map((step, axis) => (axes.includes(axis) ? 0 : step));
  let at = 0;
  if (block.values.length > 0) {
    walk(block.shape, steps, (place) => {
      result[place] = reduce(result[place], block.values[at++]!);
    });
  }
  const values = room(where, result.length, dtype);
  for (let at = 0; at < values.length; at++) {
    const value = result[at] ?? EMPTY[name];
    if (value === undefined) throw fault('shape', `${where}: an axis of [${block.shape}] is empty`);
    values[at] = value;
  }
  return { values, shape };
}

/** The place of the first greatest (or least) value along `axis`. */
export function extreme(
  where: string,
  block: Block,
  axis: number,
  better: (a: number, b: number) => boolean,
): { values: Int32Array; shape: Shape } {
  const length = block.shape[axis]!;
  if (length === 0) throw fault('shape', `${where}: axis ${axis} of [${block.shape}] is empty`);
  const step = stepsOf(block.shape)[axis]!;
  const shape = block.shape.filter((_, at) => at !== axis);
  const places = new Int32Array(sizeOf(shape));
  for (let at = 0; at < places.length; at++) {
    const start = Math.floor(at / step) * step * length + (at % step);
    let best = 0;
    for (let index = 1; index < length; index++) {
      if (better(block.values[start + index * step]!, block.values[start + best * step]!)) best = index;
    }
    places[at] = best;
  }
  return { values: places, shape };
}

/** What values along an axis come to one after the other, beginning with `begin`: sums or products. */
export function running(
  where: string,
  block: Block,
  axis: number,
  exclusive: boolean,
  reverse: boolean,
  { begin, join }: { begin: number; join: (result: number, x: number) => number },
): Values {
  const results = room(where, block.values.length, 'int32');
  const [length, step] = [block.shape[axis]!, stepsOf(block.shape)[axis]!];
  for (let start = 0; start < results.length; start++) {
    if (Math.floor(start / step) % length !== 0) continue;
    let result = begin;
    for (let index = 0; index < length; index++) {
      const place = start + (reverse ? length - 1 - index : index) * step;
      const next = join(result, block.values[place]!);
      results[place] = exclusive ? result : next;
      result = next;
    }
  }
  return results;
}

/** The products of matrix `at` of whole numbers, `[m, k] · [k, n]`, wrapped as all of int32; `y` holds zeros before. */
export function product(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  y: Values,
  at: number,
  m: number,
  k: number,
  n: number,
): void {
  for (let row = at * m; row < (at + 1) * m; row++) {
    for (let inner = 0; inner < k; inner++) {
      const factor = a[row * k + inner]!;
      if (factor === 0) continue;
      const from = (at * k + inner) * n;
      for (let column = 0; column < n; column++) {
        y[row * n + column] = (y[row * n + column]! + Math.imul(factor, b[from + column]!)) | 0;
      }
    }
  }
}
