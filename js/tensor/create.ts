/** Making tensors. */

import { checkSeed, whole } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { checkShape, sizeOf } from './shape.js';
import { asTensor, make, Tensor } from './tensor.js';
import { checkType, convert, type DataType, type TensorLike } from './values.js';

/** A tensor of `values`: a number, (nested) arrays or a typed array; `shape` follows from them when not given. */
export function tensor(values: TensorLike, shape?: number[], dtype?: DataType): Tensor {
  return make('tensor', values, shape, dtype);
}

function ranked(rank: number) {
  return (values: TensorLike, shape?: number[], dtype?: DataType): Tensor => {
    const made = make(`tensor${rank}d`, values, shape, dtype);
    if (made.rank === rank) return made;
    throw new Error(`tensor${rank}d: expected ${rank} axes, got shape [${made.shape}]`);
  };
}

/** A vector. */
export const tensor1d = (values: TensorLike, dtype?: DataType): Tensor => ranked(1)(values, undefined, dtype);
/** A matrix. */
export const tensor2d = ranked(2);
export const tensor3d = ranked(3);
/** A batch of pictures, say: `[n, height, width, channels]`. */
export const tensor4d = ranked(4);
export const tensor5d = ranked(5);
export const tensor6d = ranked(6);

/** A tensor of one value and no axes. */
export const scalar = (value: number | boolean, dtype?: DataType): Tensor => make('scalar', value, [], dtype);

/** A tensor that holds `value` everywhere. */
export function fill(shape: number[], value: number, dtype: DataType = 'float32'): Tensor {
  const checked = checkShape('fill', shape);
  return new Tensor(
    convert(new Float32Array(sizeOf(checked)).fill(value), checkType('fill', dtype)),
    checked,
    dtype,
  );
}
export const zeros = (shape: number[], dtype?: DataType): Tensor => fill(shape, 0, dtype);
export const ones = (shape: number[], dtype?: DataType): Tensor => fill(shape, 1, dtype);
export const zerosLike = (x: Tensor): Tensor => fill(x.shape, 0, x.dtype);
export const onesLike = (x: Tensor): Tensor => fill(x.shape, 1, x.dtype);

/** The identity matrix. */
export function eye(rows: number, columns = rows): Tensor {
  const shape = checkShape('eye', [rows, columns]);
  const values = new Float32Array(sizeOf(shape));
  for (let at = 0; at < Math.min(rows, columns); at++) values[at * columns + at] = 1;
  return new Tensor(values, shape, 'float32');
}

/** `start`, `start + step`, … up to but without `stop`. */
export function range(
  start: number,
  stop: number,
  step = stop < start ? -1 : 1,
  dtype: DataType = 'float32',
): Tensor {
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (!Number.isFinite(length)) throw new Error(`range: ${start} to ${stop} in steps of ${step} never ends`);
  return make(
    'range',
    Array.from({ length }, (_, at) => start + at * step),
    [length],
    dtype,
  );
}

/** `count` values in equal steps from `start` to `stop`, both included. */
export function linspace(start: number, stop: number, count: number): Tensor {
  const length = whole('linspace: count', count, 1);
  return make(
    'linspace',
    Array.from({ length }, (_, at) => start + ((stop - start) * at) / Math.max(1, length - 1)),
  );
}

/** Rows of zeros with `on` where the index says. */
export function oneHot(indices: Tensor | TensorLike, depth: number, on = 1, off = 0): Tensor {
  const from = asTensor('oneHot', indices);
  const classes = whole('oneHot: depth', depth, 1);
  const values = new Float32Array(from.size * classes).fill(off);
  from.values.forEach((index, row) => {
    // As in TensorFlow, an index outside marks nothing.
    if (index >= 0 && index < classes) values[row * classes + Math.trunc(index)] = on;
  });
  return new Tensor(values, [...from.shape, classes], 'float32');
}

function random(
  name: string,
  kind: 'normal' | 'uniform',
  shape: number[],
  a: number,
  b: number,
  seed?: number,
): Tensor {
  const checked = checkShape(name, shape);
  if (!Number.isFinite(a) || !Number.isFinite(b))
    throw new Error(`${name}: expected finite numbers, got ${a} and ${b}`);
  const from = checkSeed(name, seed);
  return new Tensor(
    call((wasm) => wasm.random(kind, sizeOf(checked), a, b, from)),
    checked,
    'float32',
  );
}

/** Normally distributed values. The same seed gives the same values everywhere. */
export const randomNormal = (
  shape: number[],
  mean = 0,
  stdDev = 1,
  dtype: DataType = 'float32',
  seed?: number,
): Tensor => random('randomNormal', 'normal', shape, mean, stdDev, seed).cast(dtype);

/** Values spread evenly over `[low, high)`. */
export const randomUniform = (
  shape: number[],
  low = 0,
  high = 1,
  dtype: DataType = 'float32',
  seed?: number,
): Tensor => random('randomUniform', 'uniform', shape, low, high, seed).cast(dtype);
