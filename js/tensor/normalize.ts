/** Values held to a mean and a deviation that are known, and means that move. */

import { fault, finite } from '../engine/errors.js';
import { contained } from './contained.js';
import { add, castFor, div, type Like, mul, pow, rsqrt, sub } from './elementwise.js';
import { asTensor, type Tensor } from './handle.js';
import type { Rank } from './rank.js';
import { reshapeFor } from './rearrange.js';
import { broadcastShapes, sameShape } from './shape.js';

/** `(x − mean) / √(variance + varianceEpsilon) · scale + offset`, broadcast to `x` as in sums. */
function normalized(
  where: string,
  x: Like,
  mean: Like,
  variance: Like,
  offset: Like | null | undefined,
  scale: Like | null | undefined,
  varianceEpsilon: number | null | undefined,
  rank?: number,
): Tensor {
  const from = asTensor(where, x);
  if (rank !== undefined && from.rank !== rank)
    throw fault('shape', `${where}: expected ${rank} axes, got shape [${from.shape}]`);
  const epsilon = varianceEpsilon ?? 0.001;
  if (finite(`${where}: varianceEpsilon`, epsilon) < 0)
    throw fault('value', `${where}: varianceEpsilon: expected a number of at least 0, got ${epsilon}`);
  const row = (name: string, given: Like): Tensor => {
    const one = castFor(where, given, 'float32');
    if (rank !== undefined && one.rank !== rank && one.rank !== 1)
      throw fault('shape', `${where}: ${name}: expected 1 or ${rank} axes, got shape [${one.shape}]`);
    if (sameShape(broadcastShapes(`${where}: ${name}`, from.shape, one.shape), from.shape)) return one;
    throw fault('shape', `${where}: ${name} [${one.shape}] is larger than [${from.shape}]`);
  };
  const inverse = rsqrt(add(row('variance', variance), epsilon));
  const factor = scale === undefined || scale === null ? inverse : mul(inverse, row('scale', scale));
  const y = mul(sub(from, row('mean', mean)), factor);
  return offset === undefined || offset === null ? y : add(y, row('offset', offset));
}

const ofRank =
  (where: string, rank?: number) =>
  <R extends Rank = Rank>(
    x: Like,
    mean: Like,
    variance: Like,
    offset?: Like | null,
    scale?: Like | null,
    varianceEpsilon?: number | null,
  ): Tensor<R> =>
    contained(() => normalized(where, x, mean, variance, offset, scale, varianceEpsilon, rank));

/**
 * `(x − mean) / √(variance + varianceEpsilon) · scale + offset`, with statistics that are given: one value for each
 * channel, the last axis, or anything that is broadcast to `x`.
 * @example batchNorm([[1, 2], [3, 4]], [2, 3], [1, 1], null, null, 0); // → [[-1, -1], [1, 1]]
 */
export const batchNorm = /* @__PURE__ */ ofRank('batchNorm');
/**
 * `batchNorm` for matrices.
 * @example batchNorm2d([[1, 2], [3, 4]], [2, 3], [1, 4], null, null, 0); // → [[-1, -0.5], [1, 0.5]]
 */
export const batchNorm2d = /* @__PURE__ */ ofRank('batchNorm2d', 2);
/**
 * `batchNorm` for three axes.
 * @example batchNorm3d([[[1, 2]], [[3, 4]]], [2, 3], [1, 1], null, null, 0); // → [[[-1, -1]], [[1, 1]]]
 */
export const batchNorm3d = /* @__PURE__ */ ofRank('batchNorm3d', 3);
/**
 * `batchNorm` for four axes.
 * @example batchNorm4d([[[[1, 2]], [[3, 4]]]], [2, 3], [1, 1], null, null, 0); // → [[[[-1, -1]], [[1, 1]]]]
 */
export const batchNorm4d = /* @__PURE__ */ ofRank('batchNorm4d', 4);

/**
 * `v` moved towards `x` by `1 − decay` of the way; by more in the first steps, when `v` began at 0, if `zeroDebias`:
 * `step` counts from 1.
 * @example movingAverage([1, 1], [2, 4], 0.5, 1, false); // → [1.5, 2.5]
 */
export function movingAverage<T extends Tensor>(
  v: Like,
  x: Like,
  decay: Like,
  step?: Like | null,
  zeroDebias = true,
): T {
  return contained(() => {
    const where = 'movingAverage';
    const [from, to] = [asTensor(where, v), asTensor(where, x)];
    if (from.dtype !== to.dtype || !sameShape(from.shape, to.shape))
      throw fault(
        'shape',
        `${where}: v is ${from.dtype} [${from.shape}], x is ${to.dtype} [${to.shape}]: expected the same`,
      );
    const single = (name: string, given: Like): Tensor => {
      const one = castFor(where, given, 'float32');
      if (one.size === 1) return reshapeFor(where, one, []);
      throw fault('shape', `${where}: ${name}: expected a single value, got [${one.shape}]`);
    };
    const kept = single('decay', decay);
    const way = mul(sub(to, from), sub(1, kept));
    if (!zeroDebias) return add(from, way);
    if (step === undefined || step === null)
      throw fault('value', `${where}: step: expected a number, because zeroDebias is true`);
    return add(from, div(way, sub(1, pow(kept, single('step', step)))));
  }) as T;
}
