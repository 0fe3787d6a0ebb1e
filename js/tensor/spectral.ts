/** Complex numbers and Fourier transforms. */

import { fault, whole } from '../engine/errors.js';
import { namespace } from '../engine/namespace.js';
import { contained } from './contained.js';
import { castFor, div, type Like, mul } from './elementwise.js';
import { asTensor, fill, make, type Tensor } from './handle.js';
import { joinedTensors } from './join.js';
import { complexOf, isComplex, paired, pairsOf, partOf } from './pairs.js';
import { padFor, reshapeFor, reverseFor, sliced } from './rearrange.js';
import { Op, run } from './run.js';
import { sameShape } from './shape.js';

const FOURIER = /* @__PURE__ */ new Op('general', 'fourier');

/**
 * Complex numbers of their real and imaginary parts.
 * @example
 * const z = complex([1, 2], [3, 4]);
 * imag(z); // → [3, 4]
 */
export function complex<T extends Tensor>(real: Like, imag: Like): T {
  const [re, im] = [real, imag].map((part) => castFor('complex', asTensor('complex', part), 'float32'));
  if (!sameShape(re!.shape, im!.shape))
    throw fault('shape', `complex: the real part is [${re!.shape}], the imaginary part [${im!.shape}]`);
  return paired('complex', re!, im!) as T;
}

function asComplex(where: string, x: Like): Tensor {
  const from = asTensor(where, x);
  if (isComplex(from)) return from;
  throw fault('type', `${where}: expected complex64, got ${from.dtype}; complex(real, imag) makes it`);
}

/** The real parts of complex numbers. @example real(complex([1, 2], [3, 4])); // → [1, 2] */
export const real = <T extends Tensor>(x: Like): T => partOf('real', asComplex('real', x), 0) as T;
/** The imaginary parts of complex numbers. @example imag(complex([1, 2], [3, 4])); // → [3, 4] */
export const imag = <T extends Tensor>(x: Like): T => partOf('imag', asComplex('imag', x), 1) as T;

/** How many values rows along the last axis have. */
function rowLength(where: string, x: Tensor): number {
  const length = x.shape.at(-1);
  if (length !== undefined && length > 0) return length;
  throw fault('shape', `${where}: expected rows of at least one value, got shape [${x.shape}]`);
}

/** The transform of pairs, whose rows have `n` values. */
function transformed(where: string, pairs: Tensor, n: number, inverse: boolean): Tensor {
  const sums = run(FOURIER, [pairs], [inverse ? 1 : 0], where);
  return inverse ? div(sums, n) : sums;
}

/**
 * The discrete Fourier transform along the last axis.
 * @example
 * real(fft(complex([1, 2, 3, 4], [0, 0, 0, 0]))); // → [10, -2, -2, -2]
 * imag(spectral.fft(complex([0, 1, 0, 0], [0, 0, 0, 0]))); // → [0, -1, 0, 1]
 */
export function fft(x: Like): Tensor {
  return contained(() => {
    const from = asComplex('fft', x);
    return complexOf(transformed('fft', pairsOf('fft', from), rowLength('fft', from), false));
  });
}

/**
 * The inverse of {@link fft}.
 * @example
 * real(ifft(fft(complex([1, 2], [0, 0])))); // → [1, 2]
 * real(spectral.ifft(complex([4, 0, 0, 0], [0, 0, 0, 0]))); // → [1, 1, 1, 1]
 */
export function ifft(x: Like): Tensor {
  return contained(() => {
    const from = asComplex('ifft', x);
    return complexOf(transformed('ifft', pairsOf('ifft', from), rowLength('ifft', from), true));
  });
}

/**
 * The first half of the transform of real rows along the last axis, zero frequency first; rows are cut, or filled up with
 * zeros, to `fftLength` values.
 * @example
 * real(rfft([1, 2, 3, 4])); // → [10, -2, -2]
 * real(spectral.rfft([1, 1, 1, 1])); // → [4, 0, 0]
 */
export function rfft(x: Like, fftLength?: number | null): Tensor {
  return contained(() => {
    const from = asTensor('rfft', x);
    if (from.dtype !== 'float32') throw fault('type', `rfft: expected float32, got ${from.dtype}`);
    const given = rowLength('rfft', from);
    const n = whole('rfft: fftLength', fftLength ?? given, 1);
    const outer = from.shape.slice(0, -1);
    const zeros = outer.map(() => 0);
    let rows = from;
    if (n < given) rows = sliced('rfft', from, [...zeros, 0], [...outer, n]);
    if (n > given) rows = padFor('rfft', from, [...outer.map(() => [0, 0]), [0, n - given]]);
    const pairs = pairsOf('rfft', paired('rfft', rows, fill('rfft', [...rows.shape], 0, 'float32')));
    const sums = transformed('rfft', pairs, n, false);
    return complexOf(sliced('rfft', sums, [...zeros, 0, 0], [...outer, Math.floor(n / 2) + 1, 2]));
  });
}

/**
 * The inverse of {@link rfft} for rows of even length: `n` complex numbers give `2 · (n − 1)` real ones. As in
 * TensorFlow.js a single row comes back as a matrix of one row.
 * @example
 * irfft(rfft([1, 2, 3, 4])); // → [[1, 2, 3, 4]]
 * spectral.irfft(spectral.rfft([1, 2, 3, 4])); // → [[1, 2, 3, 4]]
 */
export function irfft(x: Like): Tensor {
  return contained(() => {
    const from = asComplex('irfft', x);
    const n = rowLength('irfft', from);
    const outer = from.shape.slice(0, -1);
    let pairs = pairsOf('irfft', from);
    if (n > 2) {
      // The other half: the same numbers from the end, their imaginary parts negative.
      const inner = sliced('irfft', pairs, [...outer.map(() => 0), 1, 0], [...outer, n - 2, 2]);
      const mirrored = mul(
        reverseFor('irfft', inner, outer.length),
        make('irfft', [1, -1], undefined, 'float32'),
      );
      pairs = joinedTensors('irfft', [pairs, mirrored], outer.length);
    }
    const length = n > 2 ? 2 * (n - 1) : n;
    const values = partOf('irfft', complexOf(transformed('irfft', pairs, length, true)), 0);
    return outer.length > 0 ? values : reshapeFor('irfft', values, [1, length]);
  });
}

/** The Fourier transforms. */
export const spectral = /* @__PURE__ */ namespace('spectral', { fft, ifft, rfft, irfft });
