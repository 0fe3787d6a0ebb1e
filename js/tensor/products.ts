/** Products of matrices, convolution and pooling. */
import { describe, fault, whole } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import { castFor, div, type Like } from './elementwise.js';
import { asTensor, fill, type Padding, Tensor, valuesOf } from './handle.js';
import { expandDims, pad, reshape, transpose } from './rearrange.js';
import { Op, run, run2 } from './run.js';
import { checkPair } from './shape.js';
import { product } from './whole.js';

type Pair = number | [number, number];

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

/** `[…, m, k] · […, k, n]`; leading axes are broadcast. */
export function matMul(a: Like, b: Like, transposeA = false, transposeB = false): Tensor {
  const x = turned(asTensor('matMul', a), transposeA);
  const y = turned(asTensor('matMul', b), transposeB);
  const exact = x.dtype !== 'float32' && y.dtype !== 'float32' && x.rank === 2 && y.rank === 2;
  if (!exact || x.shape[1] !== y.shape[0]) return run2(MATMUL, x, y, 'matMul');
  const [m, k, n] = [x.shape[0]!, x.shape[1]!, y.shape[1]!];
  return new Tensor(product(valuesOf('matMul', x), valuesOf('matMul', y), m, k, n), [m, n], 'int32');
}

/** The product of vectors and matrices. */
export function dot(a: Like, b: Like): Tensor {
  const [x, y] = [asTensor('dot', a), asTensor('dot', b)];
  if (x.rank < 1 || y.rank < 1 || x.rank > 2 || y.rank > 2)
    throw fault('shape', `dot: expected tensors with 1 or 2 axes, got [${x.shape}] and [${y.shape}]`);
  const [rows, columns] = [x.rank === 1 ? expandDims(x, 0) : x, y.rank === 1 ? expandDims(y, 1) : y];
  if (rows.shape[1] !== columns.shape[0])
    throw fault('shape', `dot: [${x.shape}] and [${y.shape}]: inner sizes differ`);
  return reshape(matMul(rows, columns), [...x.shape.slice(0, -1), ...y.shape.slice(1)]);
}

/** The products of each value of one vector with each of another. */
export function outerProduct(a: Like, b: Like): Tensor {
  const [x, y] = [asTensor('outerProduct', a), asTensor('outerProduct', b)];
  if (x.rank !== 1 || y.rank !== 1)
    throw fault('shape', `outerProduct: expected two vectors, got [${x.shape}] and [${y.shape}]`);
  return matMul(expandDims(x, 1), expandDims(y, 0));
}

/** Pictures `[n, h, w, c]` from one picture or several, in either order of axes, and the way back for results. */
function pictures(
  where: string,
  x: Like,
  format: unknown,
): { images: Tensor; restore: (y: Tensor) => Tensor } {
  if (format !== 'NHWC' && format !== 'NCHW')
    throw fault('value', `${where}: dataFormat: expected 'NHWC' or 'NCHW', got ${describe(format)}`);
  const from = asTensor(where, x);
  if (from.rank !== 3 && from.rank !== 4)
    throw fault('shape', `${where}: expected pictures with 3 or 4 axes, got [${from.shape}]`);
  const single = from.rank === 3;
  const batch = castFor(where, single ? expandDims(from, 0) : from, 'float32');
  const first = format === 'NCHW';
  const restore = (y: Tensor): Tensor => {
    const result = first ? transpose(y, [0, 3, 1, 2]) : y;
    return single ? reshape(result, result.shape.slice(1)) : result;
  };
  return { images: first ? transpose(batch, [0, 2, 3, 1]) : batch, restore };
}

/** `'same'`, or `'valid'` after padding by so much on each side. */
function checkPadding(where: string, padding: unknown): { same: boolean; by: [number, number][] } {
  const none: [number, number] = [0, 0];
  if (padding === 'same' || padding === 'valid') return { same: padding === 'same', by: [] };
  if (typeof padding === 'number') {
    const each = whole(`${where}: pad`, padding, 0);
    return { same: false, by: [none, [each, each], [each, each], none] };
  }
  if (isArray(padding) && padding.length === 4) {
    const pairs = padding.map((pair: unknown) => {
      if (!isArray(pair) || pair.length !== 2)
        throw fault('value', `${where}: pad: expected pairs of lengths, got ${describe(pair)}`);
      return pair.map((length) => whole(`${where}: pad`, length, 0)) as [number, number];
    });
    return { same: false, by: pairs };
  }
  throw fault('value', `${where}: pad: expected 'same', 'valid' or a number, got ${describe(padding)}`);
}

const flag = (yes: boolean): number => (yes ? 1 : 0);

/** How a convolution or a pooling treats the edges: by name, or by so many values around. */
export type Edges = Padding | number | [number, number][];

/** Convolves pictures with kernels `[h, w, in, out]`. */
export function conv2d(
  x: Like,
  kernel: Like,
  strides: Pair = 1,
  padding: Edges = 'valid',
  dataFormat: 'NHWC' | 'NCHW' = 'NHWC',
  dilations: Pair = 1,
): Tensor {
  const { images, restore } = pictures('conv2d', x, dataFormat);
  const { same, by } = checkPadding('conv2d', padding);
  const numbers = [...checkPair('conv2d: strides', strides), ...checkPair('conv2d: dilations', dilations)];
  const padded = by.length > 0 ? pad(images, by) : images;
  return restore(run(CONV2D, [padded, asTensor('conv2d', kernel)], [...numbers, flag(same)], 'conv2d'));
}

/** The greatest value of each window. */
export function maxPool(x: Like, window: Pair, strides: Pair = window, padding: Edges = 'valid'): Tensor {
  const { images, restore } = pictures('maxPool', x, 'NHWC');
  const { same, by } = checkPadding('maxPool', padding);
  const numbers = [...checkPair('maxPool: filterSize', window), ...checkPair('maxPool: strides', strides)];
  const padded = by.length > 0 ? pad(images, by, Number.NEGATIVE_INFINITY) : images;
  return restore(run(MAX_POOL, [padded], [...numbers, flag(same)], 'maxPool'));
}

/** The mean of each window; what lies outside the picture does not count. */
export function avgPool(x: Like, window: Pair, strides: Pair = window, padding: Edges = 'valid'): Tensor {
  const { images, restore } = pictures('avgPool', x, 'NHWC');
  const { same, by } = checkPadding('avgPool', padding);
  const numbers = [
    ...checkPair('avgPool: filterSize', window),
    ...checkPair('avgPool: strides', strides),
    flag(same),
  ];
  if (by.length === 0) return restore(run(AVG_POOL, [images], numbers, 'avgPool'));
  const pool = (one: Tensor): Tensor => run(AVG_POOL, [pad(one, by)], numbers, 'avgPool');
  return restore(div(pool(images), pool(fill('avgPool', images.shape, 1, 'float32'))));
}
