/** Pictures in black and white. */
import { describe, fault, finite } from '../engine/errors.js';
import { type Like, mul } from './elementwise.js';
import { asTensor, make, Tensor, valuesOf } from './handle.js';
import { sum } from './reduce.js';

/** The level that parts 256 levels into two groups whose means are farthest apart (Otsu 1979). */
function otsu(levels: readonly number[], total: number): number {
  let [best, most] = [-1, 0];
  const all = levels.reduce((sum, count, level) => sum + count * level, 0);
  let [below, moment] = [0, 0];
  for (let level = 0; level < levels.length - 1; level++) {
    below += levels[level]!;
    moment += level * levels[level]!;
    const above = levels.reduce((sum, count, at) => (at > level ? sum + count : sum), 0);
    const apart = moment / below - (all - moment) / above;
    const between = (below / total) * (above / total) * apart * apart;
    if (between > most) [best, most] = [level, between];
  }
  return best;
}

/**
 * 255 where a picture `[height, width, 1 or 3 channels]` of values from 0 to 255 is lighter than a threshold, else 0. It is
 * `threshValue` · 255, or with the method `'otsu'` found from the picture.
 * @example image.threshold(tensor3d([[[10], [200]]]), 'binary', false, 0.5).dataSync(); // → [0, 255]
 */
export function threshold(
  image: Like,
  method: 'binary' | 'otsu' = 'binary',
  inverted = false,
  threshValue = 0.5,
): Tensor {
  const from = asTensor('threshold', image);
  const channels = from.shape[2];
  if (from.rank !== 3 || (channels !== 1 && channels !== 3))
    throw fault('shape', `threshold: expected a picture of 1 or 3 channels, got [${from.shape}]`);
  if (from.dtype !== 'float32' && from.dtype !== 'int32')
    throw fault('type', `threshold: expected float32 or int32, got ${from.dtype}`);
  if (method !== 'binary' && method !== 'otsu')
    throw fault('value', `threshold: method: expected 'binary' or 'otsu', got ${describe(method)}`);
  if (typeof inverted !== 'boolean')
    throw fault('type', `threshold: inverted: expected true or false, got ${describe(inverted)}`);
  const shares = make('threshold', [0.2989, 0.587, 0.114], undefined, 'float32');
  const light = channels === 3 ? sum(mul(from, shares), 2, true) : from;
  const values = valuesOf('threshold', light);
  let bound = finite('threshold: threshValue', threshValue) * 255;
  if (method === 'otsu') {
    const levels = new Array<number>(256).fill(0);
    for (const value of values) {
      const level = Math.min(Math.max(Math.round(value), 0), 255);
      levels[level] = (levels[level] ?? 0) + 1;
    }
    bound = otsu(levels, values.length);
  }
  // A comparison with a float32, as TensorFlow.js makes it.
  bound = Math.fround(bound);
  const white = (value: number): boolean => (inverted ? value <= bound : value > bound);
  return new Tensor(
    Int32Array.from(values, (value) => (white(value) ? 255 : 0)),
    [...light.shape],
    'int32',
  );
}
