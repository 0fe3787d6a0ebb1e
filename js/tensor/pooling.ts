/** Windows that slide over pictures and volumes, besides `maxPool` and `avgPool`. */

import { describe, fault, whole } from '../engine/errors.js';
import { batchToSpaceND, spaceToBatchND } from './blocks.js';
import { contained } from './contained.js';
import { add, castFor, div, type Like, maximum, mul, pow } from './elementwise.js';
import { asTensor, make, Tensor, valuesOf } from './handle.js';
import { checkPadding, type Edges, ofRank, type Pair, pictures, samples } from './pictures.js';
import { avgPool, matMul, maxPool } from './products.js';
import { gather, pad, reshape } from './rearrange.js';
import { checkPair, checkSizes } from './shape.js';

type Triple = number | [number, number, number];

/** Keras' rule for windows along one axis: how many, and how far the first reaches over the edge. */
function windows(where: string, length: number, size: number, stride: number, apart: number, same: boolean) {
  const reach = (size - 1) * apart + 1;
  const count = same ? Math.ceil(length / stride) : Math.floor((length - reach) / stride) + 1;
  if (count < 1)
    throw fault('shape', `${where}: a window of ${reach} places is larger than the ${length} that there are`);
  const before = same ? Math.floor(Math.max((count - 1) * stride + reach - length, 0) / 2) : 0;
  return { count, before };
}

/**
 * Pools pictures with windows of neighbours, or of pixels that lie `dilations` apart.
 * @example pool(tensor4d([1, 2, 3, 4], [1, 2, 2, 1]), 2, 'max', 'valid').dataSync(); // → [4]
 */
export function pool<T extends Tensor>(
  x: Like,
  windowShape: Pair,
  poolingType: 'avg' | 'max',
  padding: Edges = 'valid',
  dilations: Pair = 1,
  strides: Pair = 1,
): T {
  return contained(() => {
    if (poolingType !== 'avg' && poolingType !== 'max')
      throw fault('value', `pool: poolingType: expected 'avg' or 'max', got ${describe(poolingType)}`);
    const one = poolingType === 'avg' ? avgPool : maxPool;
    const apart = checkPair('pool: dilations', dilations ?? 1);
    const steps = checkPair('pool: strides', strides ?? 1);
    const size = checkPair('pool: windowShape', windowShape);
    if (apart[0] === 1 && apart[1] === 1) return one(x, size, steps, padding);
    if (steps[0] !== 1 || steps[1] !== 1)
      throw fault('value', `pool: either strides or dilations must be 1, got [${steps}] and [${apart}]`);
    // No edges at all are what 'valid' means.
    const none = checkPadding('pool', padding).by.every(([before, after]) => before === 0 && after === 0);
    if (padding !== 'same' && !none)
      throw fault(
        'value',
        `pool: pad: expected 'same' or 'valid' beside dilations, got ${describe(padding)}`,
      );
    // Each place of a block of `dilations` is a picture of its own, whose neighbours lie that far apart.
    const { images, restore } = pictures('pool', x, 'NHWC');
    const around = size.map((length, axis): [number, number] => {
      const over = padding === 'same' ? (length - 1) * apart[axis]! : 0;
      return [Math.floor(over / 2), over - Math.floor(over / 2)];
    });
    const rest = around.map(([before, after], axis) => {
      const full = images.shape[axis + 1]! + before + after;
      return (apart[axis]! - (full % apart[axis]!)) % apart[axis]!;
    });
    const paddings = around.map(([before, after], axis): [number, number] => [before, after + rest[axis]!]);
    const crops = rest.map((over): [number, number] => [0, over]);
    return restore(
      batchToSpaceND(one(spaceToBatchND(images, apart, paddings), size, 1, 'valid'), apart, crops),
    );
  }) as T;
}

/** Plane by plane, then in depth: the mean of means is the mean, since all rows of a window see as many places. */
function pool3d(
  where: string,
  one: typeof maxPool,
  x: Like,
  filterSize: Triple,
  strides: Triple,
  padding: Edges,
  format: unknown,
): Tensor {
  const { batch, restore } = samples(where, x, 3, format, 'NDHWC');
  const [depth, ...plane] = checkSizes(`${where}: filterSize`, filterSize, 3);
  const [next, ...steps] = checkSizes(`${where}: strides`, strides, 3);
  const { same, by } = checkPadding(where, padding, 3);
  const name = same ? 'same' : 'valid';
  const edges = (pairs: [number, number][]): Edges => (by.length > 0 ? pairs : name);
  const none: [number, number] = [0, 0];
  const [n, d, h, w, c] = batch.shape as [number, number, number, number, number];
  const planes = one(
    reshape(batch, [n * d, h, w, c]),
    plane as Pair,
    steps as Pair,
    edges([none, by[2]!, by[3]!, none]),
  );
  const [oh, ow] = [planes.shape[1]!, planes.shape[2]!];
  const columns = reshape(planes, [n, d, oh * ow, c]);
  const y = one(columns, [depth!, 1], [next!, 1], edges([none, by[1]!, none, none]));
  return restore(reshape(y, [n, y.shape[1]!, oh, ow, c]));
}

/**
 * The greatest value of each window of volumes `[n, depth, height, width, c]`.
 * @example maxPool3d(range(0, 8).reshape([1, 2, 2, 2, 1]), 2, 2, 'valid').dataSync(); // → [7]
 */
export function maxPool3d<T extends Tensor>(
  x: Like,
  filterSize: Triple = 1,
  strides: Triple = 1,
  padding: Edges = 'valid',
  _dimRoundingMode?: 'floor' | 'round' | 'ceil' | null,
  dataFormat: 'NDHWC' = 'NDHWC',
): T {
  return contained(() => {
    return pool3d('maxPool3d', maxPool, x, filterSize, strides, padding, dataFormat);
  }) as T;
}

/**
 * The mean of each window of volumes; what lies outside does not count.
 * @example
 * const x = range(0, 8).reshape([1, 2, 2, 2, 1]);
 * avgPool3d(x, 2, 1, 'valid').dataSync(); // → [3.5]
 */
export function avgPool3d<T extends Tensor>(
  x: Like,
  filterSize: Triple = 1,
  strides: Triple = 1,
  padding: Edges = 'valid',
  _dimRoundingMode?: 'floor' | 'round' | 'ceil' | null,
  dataFormat: 'NDHWC' = 'NDHWC',
): T {
  return contained(() => {
    return pool3d('avgPool3d', avgPool, x, filterSize, strides, padding, dataFormat);
  }) as T;
}

/**
 * The greatest value of each window, and where it stands first: `(row · width + column) · channels + channel` in its
 * picture, or counted through the whole batch.
 * @example
 * const { result, indexes } = maxPoolWithArgmax(tensor4d([1, 9, 3, 4], [1, 2, 2, 1]), 2, 2, 'valid');
 * indexes.dataSync(); // → [1]
 */
export function maxPoolWithArgmax(
  x: Like,
  filterSize: Pair,
  strides: Pair,
  padding: 'valid' | 'same',
  includeBatchInIndex = false,
): { result: Tensor; indexes: Tensor } {
  return contained(() => {
    const where = 'maxPoolWithArgmax';
    const from = ofRank(where, 'pictures', x, 4);
    const result = maxPool(from, filterSize, strides, padding);
    const { same } = checkPadding(where, padding);
    const [n, h, w, c] = from.shape as [number, number, number, number];
    const [size, steps] = [
      checkPair(`${where}: filterSize`, filterSize),
      checkPair(`${where}: strides`, strides),
    ];
    const first = (length: number, axis: number): number =>
      windows(where, length, size[axis]!, steps[axis]!, 1, same).before;
    const [top, left] = [first(h, 0), first(w, 1)];
    const values = valuesOf(where, from);
    const [oh, ow] = [result.shape[1]!, result.shape[2]!];
    const places = new Int32Array(result.size);
    for (let at = 0; at < places.length; at++) {
      const [channel, pixel] = [at % c, Math.floor(at / c)];
      const image = Math.floor(pixel / (oh * ow));
      const row = (Math.floor(pixel / ow) % oh) * steps[0] - top;
      const column = (pixel % ow) * steps[1] - left;
      let best = -1;
      for (let y = Math.max(row, 0); y < Math.min(row + size[0], h); y++) {
        for (let z = Math.max(column, 0); z < Math.min(column + size[1], w); z++) {
          const place = ((image * h + y) * w + z) * c + channel;
          // The first NaN counts as the greatest.
          const isMore = best >= 0 && (values[place]! > values[best]! || Number.isNaN(values[place]));
          if (best < 0 || (isMore && !Number.isNaN(values[best]))) best = place;
        }
      }
      places[at] = includeBatchInIndex ? best : best - image * h * w * c;
    }
    const indexes = new Tensor(places, [n, oh, ow, c], 'int32');
    return { result, indexes };
  });
}

/**
 * The greatest sum of a pixel and the filter's value `[h, w, c]` in each window: grey-scale dilation.
 * @example
 * const x = tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
 * dilation2d(x, zeros([2, 2, 1]), 1, 'valid').dataSync(); // → [4]
 */
export function dilation2d<T extends Tensor>(
  x: Like,
  filter: Like,
  strides: Pair = 1,
  padding: 'valid' | 'same' = 'valid',
  dilations: Pair = 1,
  dataFormat: 'NHWC' = 'NHWC',
): T {
  const where = 'dilation2d';
  const { batch, restore } = samples(where, x, 2, dataFormat, 'NHWC');
  const kernel = ofRank(where, 'a filter', filter, 3);
  const { same } = checkPadding(where, padding);
  const [kh, kw, c] = kernel.shape as [number, number, number];
  if (c !== batch.shape[3] || kh < 1 || kw < 1)
    throw fault('shape', `${where}: [${batch.shape}] with a filter [${kernel.shape}]`);
  const [steps, apart] = [
    checkPair(`${where}: strides`, strides),
    checkPair(`${where}: dilations`, dilations),
  ];
  const axes = [kh, kw].map((size, axis) =>
    windows(where, batch.shape[axis + 1]!, size, steps[axis]!, apart[axis]!, same),
  );
  // What lies outside is below everything: one row and one column of it, which places outside stand for.
  const outside = pad(
    batch,
    [
      [0, 0],
      [0, 1],
      [0, 1],
      [0, 0],
    ],
    Number.NEGATIVE_INFINITY,
  );
  const seen = (axis: number, tap: number): Tensor => {
    const { count, before } = axes[axis]!;
    const length = batch.shape[axis + 1]!;
    const places = Int32Array.from({ length: count }, (_, at) => {
      const place = at * steps[axis]! + tap * apart[axis]! - before;
      return place >= 0 && place < length ? place : length;
    });
    return new Tensor(places, [count], 'int32');
  };
  const taps = reshape(kernel, [kh * kw, c]);
  let y: Tensor | undefined;
  for (let tap = 0; tap < kh * kw; tap++) {
    const rows = gather(outside, seen(0, Math.floor(tap / kw)), 1);
    const sum = add(gather(rows, seen(1, tap % kw), 2), reshape(gather(taps, [tap]), [c]));
    y = y === undefined ? sum : maximum(y, sum);
  }
  return restore(y!) as T;
}

/**
 * Each value divided by a power of `bias` plus `alpha` times the squares of up to `depthRadius` channels around it.
 * @example localResponseNormalization(tensor3d([[[1, 2]]]), 1, 0, 1, 1); // → [[[0.2, 0.4]]]
 */
export function localResponseNormalization<T extends Tensor>(
  x: Like,
  depthRadius = 5,
  bias = 1,
  alpha = 1,
  beta = 0.5,
): T {
  return contained(() => {
    const where = 'localResponseNormalization';
    const given = asTensor(where, x);
    if (given.rank !== 3 && given.rank !== 4)
      throw fault('shape', `${where}: expected pictures with 3 or 4 axes, got [${given.shape}]`);
    const from = castFor(where, given, 'float32');
    const radius = whole(`${where}: depthRadius`, depthRadius, 0);
    const c = from.shape.at(-1)!;
    // A product with a band of ones adds neighbours up.
    const band = Float32Array.from({ length: c * c }, (_, at) =>
      Number(Math.abs(Math.floor(at / c) - (at % c)) <= radius),
    );
    const sums = matMul(reshape(mul(from, from), [-1, c]), make(where, band, [c, c], 'float32'));
    return div(from, pow(add(mul(reshape(sums, from.shape), alpha), bias), beta));
  }) as T;
}
