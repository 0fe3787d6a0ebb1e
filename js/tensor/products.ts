/** Products of matrices, convolution and pooling. */

import { fault } from '../engine/errors.js';
import { isA } from '../engine/look.js';
import { contained } from './contained.js';
import { div, type Like } from './elementwise.js';
import { asTensor, fill, Tensor, valuesOf } from './handle.js';
import { channelsLast, checkPadding, type Edges, flag, type Pair, pictures } from './pictures.js';
import { expandDims, pad, reshape, transpose } from './rearrange.js';
import { Op, run, run2 } from './run.js';
import { broadcastShapes, checkPair, checkShape, sizeOf } from './shape.js';
import { room } from './values.js';
import { product, spread } from './whole.js';

const MATMUL = /* @__PURE__ */ new Op('binary', 'matMul');
const CONV2D = /* @__PURE__ */ new Op('general', 'conv2d');
const MAX_POOL = /* @__PURE__ */ new Op('general', 'maxPool');
const AVG_POOL = /* @__PURE__ */ new Op('general', 'avgPool');

/** The last two axes swapped. */
function turned(x: Tensor, yes: boolean): Tensor {
  if (!yes || x.rank < 2) return x;
  const axes = x.shape.map((_, at) => at);
  return transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}

/**
 * `[…, m, k] · […, k, n]`; leading axes are broadcast.
 * @example
 * matMul([[1, 2]], [[3], [4]]); // → [[11]]
 * matMul([[1, 2]], [[3, 4]], false, true); // → [[11]]
 */
export function matMul<T extends Tensor>(a: Like, b: Like, transposeA = false, transposeB = false): T {
  // Two tensors as they are make nothing on the way, and small products are many.
  if (!transposeA && !transposeB && isA(a, Tensor) && isA(b, Tensor)) return multiplied(a, b) as T;
  return contained(() =>
    multiplied(turned(asTensor('matMul', a), transposeA), turned(asTensor('matMul', b), transposeB)),
  ) as T;
}

function multiplied(x: Tensor, y: Tensor): Tensor {
  const exact = x.dtype !== 'float32' && y.dtype !== 'float32' && x.rank >= 2 && y.rank >= 2;
  const [m, k] = x.shape.slice(-2) as [number, number];
  const [inner, n] = y.shape.slice(-2) as [number, number];
  if (!exact || k !== inner) return run2(MATMUL, x, y, 'matMul');
  const outer = broadcastShapes('matMul', x.shape.slice(0, -2), y.shape.slice(0, -2));
  const shape = checkShape('matMul', [...outer, m, n]);
  const matrices = (of: Tensor, rows: number, columns: number) =>
    spread({ values: valuesOf('matMul', of), shape: of.shape }, [...outer, rows, columns]);
  const [left, right] = [matrices(x, m, k), matrices(y, k, n)];
  const values = room('matMul', sizeOf(shape), 'int32');
  for (let at = 0; at < sizeOf(outer); at++) product(left, right, values, at, m, k, n);
  return new Tensor(values, shape, 'int32');
}

/**
 * The product of vectors and matrices.
 * @example
 * dot([1, 2], [3, 4]); // → 11
 * dot([[1, 2], [3, 4]], [1, 10]); // → [21, 43]
 */
export function dot(a: Like, b: Like): Tensor {
  return contained(() => {
    const [x, y] = [asTensor('dot', a), asTensor('dot', b)];
    if (x.rank < 1 || y.rank < 1 || x.rank > 2 || y.rank > 2)
      throw fault('shape', `dot: expected tensors with 1 or 2 axes, got [${x.shape}] and [${y.shape}]`);
    const [rows, columns] = [x.rank === 1 ? expandDims(x, 0) : x, y.rank === 1 ? expandDims(y, 1) : y];
    if (rows.shape[1] !== columns.shape[0])
      throw fault('shape', `dot: [${x.shape}] and [${y.shape}]: inner sizes differ`);
    return reshape(matMul(rows, columns), [...x.shape.slice(0, -1), ...y.shape.slice(1)]);
  });
}

/**
 * The products of each value of one vector with each of another.
 * @example outerProduct([1, 2], [3, 4]); // → [[3, 4], [6, 8]]
 */
export function outerProduct(a: Like, b: Like): Tensor {
  return contained(() => {
    const [x, y] = [asTensor('outerProduct', a), asTensor('outerProduct', b)];
    if (x.rank !== 1 || y.rank !== 1)
      throw fault('shape', `outerProduct: expected two vectors, got [${x.shape}] and [${y.shape}]`);
    return matMul(expandDims(x, 1), expandDims(y, 0));
  });
}

/**
 * Convolves pictures with kernels `[h, w, in, out]`.
 * @example
 * const x = tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
 * conv2d(x, ones([2, 2, 1, 1]), 1, 'valid').dataSync(); // → [10]
 */
export function conv2d<T extends Tensor>(
  x: Like,
  kernel: Like,
  strides: Pair = 1,
  padding: Edges = 'valid',
  dataFormat: 'NHWC' | 'NCHW' = 'NHWC',
  dilations: Pair = 1,
): T {
  return contained(() => {
    const { images, restore } = pictures('conv2d', x, dataFormat);
    const { same, by } = checkPadding('conv2d', channelsLast(padding, dataFormat));
    const numbers = [...checkPair('conv2d: strides', strides), ...checkPair('conv2d: dilations', dilations)];
    const padded = by.length > 0 ? pad(images, by) : images;
    return restore(run(CONV2D, [padded, asTensor('conv2d', kernel)], [...numbers, flag(same)], 'conv2d'));
  }) as T;
}

/** Windows that slide over pictures: `pool` has these, its numbers, and what lies around them. */
function pooled(
  where: string,
  x: Like,
  [window, strides, padding]: [window: Pair, strides: Pair, padding: Edges],
  pool: (images: Tensor, numbers: number[], edges: [number, number][]) => Tensor,
): Tensor {
  return contained(() => {
    const { images, restore } = pictures(where, x, 'NHWC');
    const { same, by } = checkPadding(where, padding);
    const sizes = checkPair(`${where}: filterSize`, window);
    return restore(pool(images, [...sizes, ...checkPair(`${where}: strides`, strides), flag(same)], by));
  });
}

/**
 * The greatest value of each window.
 * @example maxPool(tensor4d([1, 2, 3, 4], [1, 2, 2, 1]), 2, 2, 'valid').dataSync(); // → [4]
 */
export function maxPool<T extends Tensor>(
  x: Like,
  window: Pair,
  strides: Pair = window,
  padding: Edges = 'valid',
): T {
  return pooled('maxPool', x, [window, strides, padding], (images, numbers, by) => {
    const padded = by.length > 0 ? pad(images, by, Number.NEGATIVE_INFINITY) : images;
    return run(MAX_POOL, [padded], numbers, 'maxPool');
  }) as T;
}

/**
 * The mean of each window; what lies outside the picture does not count.
 * @example
 * const x = tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
 * avgPool(x, 2, 1, 'valid').dataSync(); // → [2.5]
 */
export function avgPool<T extends Tensor>(
  x: Like,
  window: Pair,
  strides: Pair = window,
  padding: Edges = 'valid',
): T {
  return pooled('avgPool', x, [window, strides, padding], (images, numbers, by) => {
    if (by.length === 0) return run(AVG_POOL, [images], numbers, 'avgPool');
    const pool = (one: Tensor): Tensor => run(AVG_POOL, [pad(one, by)], numbers, 'avgPool');
    return div(pool(images), pool(fill('avgPool', images.shape, 1, 'float32')));
  }) as T;
}
