/** Sums, products, means and the like over axes. */

import { describe, fault, whole as wholeNumber } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import { contained } from './contained.js';
import { abs, add, castFor, clone, exp, type Like, log, mul, sqrt, square, sub } from './elementwise.js';
import { asTensor, fill, Tensor, valuesOf } from './handle.js';
import { joinedTensors } from './join.js';
import { box, gather, reshape, reverseFor, transpose } from './rearrange.js';
import { Op, run, run1, runReduction } from './run.js';
import { checkAxes, checkAxis } from './shape.js';
import { extreme, fold, running } from './whole.js';

/** One axis, several, or none given for all. */
export type Axes = number | number[] | null;

const whole = (where: string, x: Tensor) => ({ values: valuesOf(where, x), shape: x.shape });

/** A reduction in JavaScript, of whole numbers and masks. */
function foldWhole(
  where: string,
  name: string,
  x: Tensor,
  axes: number[],
  keepDims: boolean,
  dtype: 'int32' | 'bool',
): Tensor {
  const { values, shape } = fold(where, name, whole(where, x), axes, dtype);
  return new Tensor(values, keepDims ? shape : shape.filter((_, axis) => !axes.includes(axis)), dtype);
}

function reduceWith(op: Op, where: string, x: Like, axis: Axes | undefined, keepDims: boolean): Tensor {
  const from = asTensor(where, x);
  const axes = checkAxes(where, axis, from.rank);
  if (from.dtype === 'float32' || op.name === 'mean') {
    return runReduction(op, from, axes, keepDims === true, where);
  }
  const stays = from.dtype === 'bool' && (op.name === 'max' || op.name === 'min');
  return foldWhole(where, op.name, from, axes, keepDims === true, stays ? 'bool' : 'int32');
}

function reduction(name: string) {
  const op = new Op('reduce', name);
  return <T extends Tensor>(x: Like, axis?: Axes, keepDims = false): T =>
    reduceWith(op, name, x, axis, keepDims) as T;
}

/**
 * The sum, of all or along axes.
 * @example
 * sum([[1, 2], [3, 4]]); // → 10
 * sum([[1, 2], [3, 4]], 0); // → [4, 6]
 */
export const sum = /* @__PURE__ */ reduction('sum');
/** The mean, of all or along axes. @example mean([[1, 3], [5, 7]], 1); // → [2, 6] */
export const mean = /* @__PURE__ */ reduction('mean');
/** The greatest value, of all or along axes. @example max([[1, 5], [7, 2]], 1); // → [5, 7] */
export const max = /* @__PURE__ */ reduction('max');
/** The least value, of all or along axes. @example min([[1, 5], [7, 2]], 0); // → [1, 2] */
export const min = /* @__PURE__ */ reduction('min');
/** The product over axes. @example prod([[1, 2], [3, 4]], 1); // → [2, 12] */
export const prod = /* @__PURE__ */ reduction('prod');

function logical(name: 'any' | 'all') {
  return <T extends Tensor>(x: Like, axis?: Axes, keepDims = false): T => {
    const from = asTensor(name, x);
    return foldWhole(name, name, from, checkAxes(name, axis, from.rank), keepDims === true, 'bool') as T;
  };
}

/** Whether any value is true. @example any([[false, false], [false, true]], 1); // → [0, 1] */
export const any = /* @__PURE__ */ logical('any');
/** Whether all values are true. @example all([[true, false], [true, true]], 1); // → [0, 1] */
export const all = /* @__PURE__ */ logical('all');

/**
 * The place of the first greatest value along an axis.
 * @example argMax([[1, 5, 2], [9, 0, 3]], 1); // → [1, 0]
 */
export function argMax<T extends Tensor>(x: Like, axis = 0): T {
  return argExtreme('argMax', x, axis, (a, b) => a > b) as T;
}
/**
 * The place of the first smallest value along an axis.
 * @example argMin([[1, 5, 2], [9, 0, 3]], 1); // → [0, 1]
 */
export function argMin<T extends Tensor>(x: Like, axis = 0): T {
  return argExtreme('argMin', x, axis, (a, b) => a < b) as T;
}
function argExtreme(name: string, x: Like, axis: number, better: (a: number, b: number) => boolean): Tensor {
  const from = asTensor(name, x);
  const { values, shape } = extreme(name, whole(name, from), checkAxis(name, axis, from.rank), better);
  return new Tensor(values, shape, 'int32');
}

/**
 * Running sums along an axis; without the value itself if `exclusive`, from the end if `reverse`.
 * @example cumsum([1, 2, 3, 4]); // → [1, 3, 6, 10]
 */
export function cumsum<T extends Tensor>(x: Like, axis = 0, exclusive = false, reverse = false): T {
  const from = asTensor('cumsum', x);
  const at = checkAxis('cumsum', axis, from.rank);
  if (from.dtype === 'float32') {
    return run(CUMSUM, [from], [at, exclusive ? 1 : 0, reverse ? 1 : 0], 'cumsum') as T;
  }
  const sums = running('cumsum', whole('cumsum', from), at, exclusive, reverse, SUM);
  return new Tensor(sums, from.shape, 'int32') as T;
}
const CUMSUM = /* @__PURE__ */ new Op('general', 'cumsum');
const SUM = { begin: 0, join: (sum: number, x: number): number => sum + x };
const PRODUCT = { begin: 1, join: Math.imul };

/**
 * Running products along an axis; without the value itself if `exclusive`, from the end if `reverse`.
 * @example cumprod([1, 2, 3, 4]); // → [1, 2, 6, 24]
 */
export function cumprod<T extends Tensor>(x: Like, axis = 0, exclusive = false, reverse = false): T {
  return contained(() => {
    const where = 'cumprod';
    const from = asTensor(where, x);
    const at = checkAxis(where, axis, from.rank);
    if (from.dtype !== 'float32') {
      const products = running(where, whole(where, from), at, exclusive, reverse, PRODUCT);
      return new Tensor(products, from.shape, 'int32');
    }
    const length = from.shape[at]!;
    const part = (y: Tensor, begin: number, count: number): Tensor => {
      const along = (value: number, rest: number[]): number[] =>
        rest.map((one, i) => (i === at ? value : one));
      return box(
        where,
        y,
        along(
          begin,
          y.shape.map(() => 0),
        ),
        along(count, y.shape),
      );
    };
    let y = reverse ? reverseFor(where, from, at) : clone(from);
    if (exclusive && length > 0) {
      const shape = from.shape.map((one, i) => (i === at ? 1 : one));
      y = joinedTensors(where, [fill(where, shape, 1, 'float32'), part(y, 0, length - 1)], at);
    }
    // Each round doubles how many factors each value has, so that the derivative is right where factors are 0 too.
    for (let step = 1; step < length; step *= 2) {
      const products = mul(part(y, step, length - step), part(y, 0, length - step));
      y = joinedTensors(where, [part(y, 0, step), products], at);
    }
    return reverse ? reverseFor(where, y, at) : y;
  }) as T;
}

/** Runs an op of the last axis on another. */
function alongAxis(name: string) {
  const op = new Op('unary', name);
  return <T extends Tensor>(x: Like, axis = -1): T => {
    const from = asTensor(name, x);
    if (from.rank === 0) throw fault('shape', `${name}: expected at least one axis, got a single value`);
    const at = checkAxis(name, axis, from.rank);
    const last = from.rank - 1;
    if (at === last) return run1(op, from, name) as T;
    const order = from.shape.map((_, axis) => (axis === at ? last : axis === last ? at : axis));
    return transpose<T>(run1(op, transpose(from, order), name), order);
  };
}

/**
 * Odds that add up to 1 along an axis, by default the last.
 * @example softmax([0, 0, Math.log(2)]); // → [0.25, 0.25, 0.5]
 */
export const softmax = /* @__PURE__ */ alongAxis('softmax');
/**
 * The logarithm of `softmax`, exact for small odds too.
 * @example logSoftmax([0, 0]); // → [-0.6931, -0.6931]
 */
export const logSoftmax = /* @__PURE__ */ alongAxis('logSoftmax');

/** `ln Σ exp(x)`, for values of any size. @example logSumExp([0, 0]); // → 0.6931 */
export function logSumExp<T extends Tensor>(x: Like, axis?: Axes, keepDims = false): T {
  return contained(() => {
    const from = castFor('logSumExp', x, 'float32');
    const axes = checkAxes('logSumExp', axis, from.rank);
    const top = reduceWith(new Op('reduce', 'max'), 'logSumExp', from, axes, true);
    const sums = sum(exp(sub(from, top)), axes, true);
    const result = add(log(sums), top);
    return keepDims
      ? result
      : reshape(
          result,
          from.shape.filter((_, axis) => !axes.includes(axis)),
        );
  }) as T;
}

/** Mean and variance over axes. @example moments([1, 3, 5, 7]).variance; // → 5 */
export function moments(x: Like, axis?: Axes, keepDims = false): { mean: Tensor; variance: Tensor } {
  return contained(() => {
    const from = asTensor('moments', x);
    const axes = checkAxes('moments', axis, from.rank);
    const center = mean(from, axes, true);
    const variance = mean(square(sub(from, center)), axes, keepDims);
    return { mean: mean(from, axes, keepDims), variance };
  });
}

/**
 * The length of vectors along axes: `'euclidean'`, 1, or the greatest or least of absolute values (`Infinity`,
 * `-Infinity`). With two axes the norm of matrices: the greatest column sum of absolute values (1), the greatest or least
 * row sum (`Infinity`, `-Infinity`), or that of all values as a vector (`'fro'`, `'euclidean'`).
 * @example
 * norm([3, 4]); // → 5
 * norm([[1, 2], [3, 4]], 1); // → 10
 */
export function norm(x: Like, ord: number | string = 'euclidean', axis?: Axes, keepDims = false): Tensor {
  return contained(() => {
    return normFor('norm', x, ord, axis, keepDims);
  });
}
export function normFor(
  where: string,
  x: Like,
  ord: number | string,
  axis: Axes | undefined,
  keepDims: boolean,
): Tensor {
  const from = asTensor(where, x);
  const axes = checkAxes(where, axis, from.rank);
  const ofMatrices = isArray(axis) && axis.length === 2;
  const [infinite, least] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  if (ord === 'euclidean' || ord === 'fro' || (ord === 2 && !ofMatrices))
    return sqrt(sum(square(from), axes, keepDims));
  if (ord !== 1 && ord !== infinite && ord !== least) {
    const known = ofMatrices ? "1, 'euclidean', 'fro'" : "1, 2, 'euclidean'";
    throw fault('value', `${where}: expected ${known} or an infinity, got ${describe(ord)}`);
  }
  const pick = new Op('reduce', ord === least ? 'min' : 'max');
  if (!ofMatrices)
    return ord === 1 ? sum(abs(from), axes, keepDims) : reduceWith(pick, where, abs(from), axes, keepDims);
  const [rows, columns] = axes as [number, number];
  const [summed, left] = ord === 1 ? [rows, columns] : [columns, rows];
  const norms = reduceWith(pick, where, sum(abs(from), summed, true), left, true);
  return keepDims
    ? norms
    : reshape(
        norms,
        from.shape.filter((_, at) => !axes.includes(at)),
      );
}

/**
 * The `k` greatest values along the last axis and their places, the greatest first unless `sorted` is false.
 * @example
 * const { values, indices } = topk([3, 9, 5], 2);
 * indices; // → [1, 2]
 */
export function topk<T extends Tensor>(x: Like, k = 1, sorted = true): { values: T; indices: T } {
  return contained(() => {
    const from = asTensor('topk', x);
    if (from.rank === 0) throw fault('shape', 'topk: expected at least one axis, got a single value');
    const length = from.shape[from.rank - 1]!;
    const count = wholeNumber('topk: k', k, 0);
    if (count > length) throw fault('value', `topk: k: there are ${length} values, not ${count}`);
    const values = valuesOf('topk', from);
    const rows = length === 0 ? 0 : values.length / length;
    const places = new Int32Array(rows * count);
    for (let row = 0; row < rows; row++) {
      // Of equal values the first counts as the greater one; NaN counts as the greatest.
      const order = Array.from({ length }, (_, at) => at);
      const at = (place: number): number => values[row * length + place]!;
      const rank = (value: number): number => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value);
      order.sort((a, b) => (rank(at(a)) === rank(at(b)) ? a - b : rank(at(b)) > rank(at(a)) ? 1 : -1));
      const first = order.slice(0, count);
      places.set(sorted ? first : first.sort((a, b) => a - b), row * count);
    }
    const indices = new Tensor(places, [...from.shape.slice(0, -1), count], 'int32');
    return { values: gather(from, indices, from.rank - 1, from.rank - 1), indices };
  }) as { values: T; indices: T };
}
