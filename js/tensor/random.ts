/** Random tensors. The same seed gives the same values on every engine. */

import { checkFunction, describe, fault, finite, whole } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import { contained } from './contained.js';
import { add, cast, castFor, clone, div, floor, type Like, mul } from './elementwise.js';
import { asTensor, Tensor, valuesOf } from './handle.js';
import type { Rank } from './rank.js';
import { softmax } from './reduce.js';
import { runRandom } from './run.js';
import { readSeed } from './seed.js';
import { broadcastShapes, checkShape, type Shape, sameShape, sizeOf } from './shape.js';
import { checkType, type DataType, room } from './values.js';

/** The core's distributions, by their numbers. */
const DISTRIBUTIONS = { even: 0, normal: 1, truncated: 2, gamma: 3 } as const;
/** What their two numbers are called. */
const PARAMETERS = {
  even: ['low', 'high'],
  normal: ['mean', 'stdDev'],
  truncated: ['mean', 'stdDev'],
  gamma: ['alpha', 'beta'],
} as const;

function random(
  where: string,
  distribution: keyof typeof DISTRIBUTIONS,
  shape: number[],
  a: number,
  b: number,
  dtype: DataType | null | undefined,
  seed: number | string | null | undefined,
): Tensor {
  const checked = checkShape(where, shape);
  const kind = checkType(where, dtype ?? 'float32');
  const from = readSeed(`${where}: seed`, seed);
  const [first, second] = PARAMETERS[distribution];
  const numbers = [finite(`${where}: ${first}`, a), finite(`${where}: ${second}`, b)] as const;
  if (second === 'stdDev' && b < 0)
    throw fault('value', `${where}: stdDev: expected a number of at least 0, got ${b}`);
  const made = runRandom(DISTRIBUTIONS[distribution], checked, ...numbers, from, where);
  if (kind === 'float32') return made;
  const other = cast(made, kind);
  made.dispose();
  return other;
}

/** Refuses masks where TensorFlow.js has only numbers. */
function noMasks(where: string, dtype: unknown): void {
  if (dtype === 'bool') throw fault('type', `${where}: expected dtype float32 or int32, got bool`);
}

/**
 * Normally distributed values. The same seed gives the same values everywhere.
 * @example randomNormal([1000], 5, 1, 'float32', 1).mean().round(); // → 5
 */
export const randomNormal = <R extends Rank = Rank>(
  shape: number[],
  mean = 0,
  stdDev = 1,
  dtype?: DataType | null,
  seed?: number | string | null,
): Tensor<R> => random('randomNormal', 'normal', shape, mean, stdDev, dtype, seed);

/**
 * Values spread evenly over `[low, high)`.
 * @example randomUniform([1000], 0, 10, 'float32', 1).mean().round(); // → 5
 */
export const randomUniform = <R extends Rank = Rank>(
  shape: number[],
  low = 0,
  high = 1,
  dtype?: DataType | null,
  seed?: number | string | null,
): Tensor<R> => random('randomUniform', 'even', shape, low, high, dtype, seed);

/**
 * Normally distributed values of mean 0 and deviation 1.
 * @example randomStandardNormal([1000], 'float32', 1).mean().round().abs(); // → 0
 */
export function randomStandardNormal<R extends Rank = Rank>(
  shape: number[],
  dtype?: 'float32' | 'int32' | null,
  seed?: number | string | null,
): Tensor<R> {
  noMasks('randomStandardNormal', dtype);
  return random('randomStandardNormal', 'normal', shape, 0, 1, dtype, seed);
}

/**
 * Normally distributed values, of which those more than two deviations from the mean are drawn again.
 * @example truncatedNormal([1000], 0, 1, 'float32', 1).abs().max().dataSync()[0] <= 2; // → true
 */
export function truncatedNormal<R extends Rank = Rank>(
  shape: number[],
  mean = 0,
  stdDev = 1,
  dtype?: 'float32' | 'int32' | null,
  seed?: number | string | null,
): Tensor<R> {
  noMasks('truncatedNormal', dtype);
  return random('truncatedNormal', 'truncated', shape, mean, stdDev, dtype, seed);
}

/**
 * Values of a gamma distribution of shape `alpha` and rate `beta`, whose mean is `alpha / beta`.
 * @example randomGamma([100], 2, 1, 'float32', 1).min().dataSync()[0] > 0; // → true
 */
export function randomGamma<R extends Rank = Rank>(
  shape: number[],
  alpha: number,
  beta: number | null = 1,
  dtype?: 'float32' | 'int32' | null,
  seed?: number | string | null,
): Tensor<R> {
  noMasks('randomGamma', dtype);
  const rate = beta ?? 1;
  for (const value of [alpha, rate]) {
    if (finite('randomGamma', value) <= 0 || !Number.isFinite(Math.fround(value)))
      throw fault('value', `randomGamma: alpha and beta are numbers above 0, got ${describe(value)}`);
  }
  return random('randomGamma', 'gamma', shape, alpha, rate, dtype, seed);
}

/**
 * Whole numbers spread evenly over `low` … `high − 1`, exact over all of int32.
 * @example randomUniformInt([100], 0, 3, 1).max(); // → 2
 */
export function randomUniformInt<R extends Rank = Rank>(
  shape: number[],
  low: number,
  high: number,
  seed?: number | string | null,
): Tensor<R> {
  const where = 'randomUniformInt';
  const checked = checkShape(where, shape);
  for (const bound of [low, high]) {
    if (whole(where, bound, -(2 ** 31)) > 2 ** 31)
      throw fault('value', `${where}: ${bound} lies outside of int32`);
  }
  if (low >= high) throw fault('value', `${where}: there is no number from ${low} up to but without ${high}`);
  // The upper and the lower half of 32 random bits for each number.
  const drawn = random(where, 'even', checkShape(where, [sizeOf(checked), 2]), 0, 2 ** 16, 'float32', seed);
  const halves = valuesOf(where, drawn);
  const values = room(where, sizeOf(checked), 'int32');
  for (let at = 0; at < values.length; at++) {
    const bits = Math.floor(halves[2 * at]!) * 2 ** 16 + Math.floor(halves[2 * at + 1]!);
    values[at] = low + Math.floor((bits / 2 ** 32) * (high - low));
  }
  drawn.dispose();
  return new Tensor(values, checked, 'int32');
}

/** What `draw` gives, called for each value in turn. @example rand([3], () => 0.5); // → [0.5, 0.5, 0.5] */
export function rand<R extends Rank = Rank>(
  shape: number[],
  draw: () => number,
  dtype?: DataType | null,
): Tensor<R> {
  const checked = checkShape('rand', shape);
  const kind = checkType('rand', dtype ?? 'float32');
  checkFunction('rand', draw);
  const values = room('rand', sizeOf(checked), kind);
  for (let at = 0; at < values.length; at++) {
    const value: unknown = draw();
    if (typeof value !== 'number')
      throw fault('type', `rand: the function has to give numbers, but gave ${describe(value)}`);
    values[at] = kind === 'bool' ? Number(value !== 0) : value;
  }
  return new Tensor(values, checked, kind);
}

/**
 * Numbers of classes, drawn `numSamples` times for each row by the row's logits, or by its probabilities if they are
 * `normalized`.
 * @example multinomial([0, 100], 3, 1); // → [1, 1, 1]
 */
export function multinomial(
  logits: Like,
  numSamples: number,
  seed?: number | string | null,
  normalized = false,
): Tensor {
  return contained(() => {
    const where = 'multinomial';
    const from = castFor(where, logits, 'float32');
    if (from.rank !== 1 && from.rank !== 2)
      throw fault('shape', `${where}: expected logits with 1 or 2 axes, got [${from.shape}]`);
    const classes = from.shape[from.rank - 1]!;
    if (classes < 2) throw fault('shape', `${where}: expected at least 2 classes, got ${classes}`);
    const samples = whole(`${where}: numSamples`, numSamples, 0);
    const rows = from.size / classes;
    const shape = checkShape(where, [rows, samples]);
    const shares = valuesOf(where, normalized === true ? from : softmax(from));
    const drawn = valuesOf(where, random(where, 'even', shape, 0, 1, 'float32', seed));
    const picked = room(where, drawn.length, 'int32');
    const sums = new Float64Array(classes);
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let at = 0; at < classes; at++) sums[at] = sum += shares[row * classes + at]!;
      for (let sample = 0; sample < samples; sample++) {
        const place = row * samples + sample;
        let least = 0;
        // What rounding leaves beyond the last sum is the last class's.
        let most = classes - 1;
        while (least < most) {
          const middle = (least + most) >> 1;
          if (drawn[place]! < sums[middle]!) most = middle;
          else least = middle + 1;
        }
        picked[place] = least;
      }
    }
    return new Tensor(picked, from.rank === 1 ? [samples] : shape, 'int32');
  });
}

/** The shape of what is dropped together, with the tensor's lengths where none are given. */
function noiseShapeOf(x: Tensor, given: unknown): Shape {
  if (given === undefined || given === null) return x.shape;
  const own = isArray(given) && given.length === x.rank;
  const shape = checkShape(
    'dropout: noiseShape',
    own ? Array.from(given, (length: unknown, at) => length ?? x.shape[at]) : given,
  );
  if (sameShape(broadcastShapes('dropout: noiseShape', x.shape, shape), x.shape)) return shape;
  throw fault('shape', `dropout: noiseShape [${shape}] is larger than [${x.shape}]`);
}

/**
 * Each value 0 with probability `rate`, else divided by `1 − rate`, so that the expectation stays.
 * @example
 * dropout([1, 2, 3, 4], 0); // → [1, 2, 3, 4]
 * dropout(ones([1000]), 0.5, null, 1).mean().dataSync()[0] > 0.8; // → true
 */
export function dropout(
  x: Like,
  rate: number,
  noiseShape?: (number | null)[] | null,
  seed?: number | string | null,
): Tensor {
  return contained(() => {
    const from = asTensor('dropout', x);
    if (from.dtype !== 'float32') throw fault('type', `dropout: expected float32, got ${from.dtype}`);
    if (!(finite('dropout: rate', rate) >= 0 && rate < 1))
      throw fault('value', `dropout: rate ${rate} is outside 0 ≤ rate < 1`);
    const shape = noiseShapeOf(from, noiseShape);
    if (rate === 0) return clone(from);
    const even = random('dropout', 'even', shape, 0, 1, 'float32', seed);
    return mul(from, div(floor(add(even, 1 - rate)), 1 - rate));
  });
}
