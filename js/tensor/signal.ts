/** Windows, frames and short-time spectra of signals. */

import { describe, fault, whole } from '../engine/errors.js';
import { isFunction } from '../engine/look.js';
import { namespace } from '../engine/namespace.js';
import { allContained } from './contained.js';
import { cos, type Like, mul, sub } from './elementwise.js';
import { asTensor, fill, make, Tensor } from './handle.js';
import { gather, padFor } from './rearrange.js';
import { checkShape } from './shape.js';
import { rfft } from './spectral.js';

/**
 * `a − b · cos(2πi / n)` for a periodic window of an even number of values, or a symmetric one of an odd number.
 * @example cosineWindow(4, 0.5, 0.5); // → [0, 0.5, 1, 0.5]
 */
export const cosineWindow = (windowLength: number, a: number, b: number): Tensor =>
  windowFor('cosineWindow', windowLength, a, b);

function windowFor(where: string, windowLength: number, a: number, b: number): Tensor {
  const length = whole(`${where}: windowLength`, windowLength, 0);
  for (const value of [a, b])
    if (typeof value !== 'number') throw fault('type', `${where}: expected a number, got ${describe(value)}`);
  checkShape(where, [length]);
  const steps = length - (length % 2);
  // A window of one value is its middle.
  const angle = (at: number): number => (steps === 0 ? Math.PI : (2 * Math.PI * at) / steps);
  const angles = Float32Array.from({ length }, (_, at) => angle(at));
  return sub(a, mul(b, cos(make(where, angles))));
}

/** Von Hann's window. @example signal.hannWindow(4); // → [0, 0.5, 1, 0.5] */
const hannWindow = (windowLength: number): Tensor => windowFor('hannWindow', windowLength, 0.5, 0.5);
/** Hamming's window. @example signal.hammingWindow(4); // → [0.08, 0.54, 1, 0.54] */
const hammingWindow = (windowLength: number): Tensor => windowFor('hammingWindow', windowLength, 0.54, 0.46);

/** The least power of two that is not below `value`. @example enclosingPowerOfTwo(100); // → 128 */
export function enclosingPowerOfTwo(value: number): number {
  const least = whole('enclosingPowerOfTwo', value, 1);
  let power = 1;
  while (power < least) power *= 2;
  return power;
}

/**
 * Pieces of a signal, one in each row, `frameStep` values apart; with `padEnd` up to its last value.
 * @example signal.frame([1, 2, 3, 4], 2, 1); // → [[1, 2], [2, 3], [3, 4]]
 */
function frame(signal: Like, frameLength: number, frameStep: number, padEnd = false, padValue = 0): Tensor {
  return framed('frame', signal, frameLength, frameStep, padEnd, padValue);
}

function framed(
  where: string,
  signal: Like,
  frameLength: number,
  frameStep: number,
  padEnd: boolean,
  padValue: number,
): Tensor {
  const from = asTensor(where, signal);
  if (from.rank !== 1) throw fault('shape', `${where}: expected a signal with 1 axis, got [${from.shape}]`);
  const length = whole(`${where}: frameLength`, frameLength, 1);
  const step = whole(`${where}: frameStep`, frameStep, 1);
  if (typeof padEnd !== 'boolean')
    throw fault('type', `${where}: padEnd: expected true or false, got ${describe(padEnd)}`);
  const full = from.size < length ? 0 : Math.floor((from.size - length) / step) + 1;
  const count = padEnd ? Math.ceil(from.size / step) : full;
  const shape = checkShape(where, [count, length]);
  if (count === 0) return fill(where, shape, 0, from.dtype);
  const missing = Math.max(0, (count - 1) * step + length - from.size);
  const values = missing > 0 ? padFor(where, from, [[0, missing]], padValue) : from;
  const places = Int32Array.from(
    { length: count * length },
    (_, at) => Math.floor(at / length) * step + (at % length),
  );
  return gather(values, new Tensor(places, shape, 'int32'));
}

/**
 * The spectra of the frames of a signal, each under a window and filled up to `fftLength` values.
 * @example signal.stft([1, 1, 1, 1], 2, 2).shape; // → [2, 2]
 */
function stft(
  signal: Like,
  frameLength: number,
  frameStep: number,
  fftLength?: number | null,
  windowFn: (length: number) => Tensor = hannWindow,
): Tensor {
  if (!isFunction(windowFn))
    throw fault('type', `stft: windowFn: expected a function, got ${describe(windowFn)}`);
  const frames = framed('stft', signal, frameLength, frameStep, false, 0);
  const length = fftLength ?? enclosingPowerOfTwo(frameLength);
  return rfft(mul(frames, windowFn(frameLength)), length);
}

/** What signals are looked at with. */
export const signal = /* @__PURE__ */ namespace(
  'signal',
  /* @__PURE__ */ allContained({ hannWindow, hammingWindow, frame, stft }),
);
