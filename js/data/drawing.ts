/** Drawings, made into what MNIST's makers would have scanned. */
import { describe, fault } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { isObject } from '../engine/look.js';
import { Tensor } from '../tensor/handle.js';
import { checkRoom } from './room.js';

/** A drawing: strokes of points `[x, y]`, y down, in any units. */
export type Strokes = ArrayLike<ArrayLike<readonly [number, number] | ArrayLike<number>>>;

/** The core holds a drawing four times while it works: as points, as lines, smoothed, and as it was handed over. */
const COPIES = 4;

/** How many items a list has: an array, a typed array, or whatever looks like one. */
function lengthOf(list: unknown, expected: string): number {
  const length = isObject(list) ? (list as ArrayLike<unknown>).length : undefined;
  if (typeof length === 'number' && Number.isSafeInteger(length) && length >= 0) return length;
  throw fault('type', `digit: expected ${expected}, got ${describe(list)}`);
}

/**
 * What MNIST would have made of a drawing: 28 × 28 values from 0 to 1.
 * @example
 * const picture = digit([[[10, 10], [12, 90]]]); // one line, from the top to the bottom
 * picture.shape; // → [28, 28]
 */
export function digit(strokes: Strokes): Tensor {
  const count = lengthOf(strokes, 'an array of strokes');
  const [lengths] = checkRoom(`digit: ${count} strokes`, COPIES * 4 * count, () => [new Uint32Array(count)]);
  let total = 0;
  for (let at = 0; at < count; at++) {
    const length = lengthOf(strokes[at], 'a stroke to be an array of points [x, y]');
    lengths[at] = length;
    total += length;
  }
  const points = checkRoom(`digit: ${total} points`, COPIES * 8 * total, () => new Float32Array(2 * total));
  let to = 0;
  for (let at = 0; at < count; at++) {
    const stroke = strokes[at]!;
    for (let place = 0; place < lengths[at]!; place++) {
      const point = stroke[place];
      const [x, y] = isObject(point) ? [point[0], point[1]] : [];
      if (typeof x !== 'number' || typeof y !== 'number' || !Number.isFinite(x) || !Number.isFinite(y))
        throw fault('type', `digit: a point is [x, y], got ${describe(point)}`);
      points[to++] = x;
      points[to++] = y;
    }
  }
  return new Tensor(
    call((wasm) => wasm.rasterize(points, lengths)),
    [28, 28],
    'float32',
  );
}
