/** Values that are written one by one before they become a tensor. */
import { describe, fault, whole } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import { asTensor, Tensor, valuesOf } from './handle.js';
import type { Rank } from './rank.js';
import { checkShape, type Shape, sizeOf, stepsOf } from './shape.js';
import { checkType, convert, type DataType, isTypedArray, room, type Values } from './values.js';

export class TensorBuffer<R extends Rank = Rank, D extends DataType = DataType> {
  /** See `Tensor`: never there. */
  _ofRank?(rank: R, dtype: D): void;
  readonly shape: Shape;
  readonly dtype: DataType;
  readonly values: Values;

  /** Zeros, unless there are `values`, which it takes as they are. */
  constructor(shape: Shape, dtype: DataType = 'float32', values?: Values) {
    const where = 'TensorBuffer';
    this.shape = checkShape(where, shape);
    this.dtype = values && dtype === 'complex64' ? dtype : checkType(where, dtype);
    const size = sizeOf(this.shape);
    this.values = values ?? room(where, size, this.dtype);
    if (!isTypedArray(this.values))
      throw fault('type', `${where}: expected a typed array of values, got ${describe(values)}`);
    const length = this.dtype === 'complex64' ? 2 * size : size;
    if (this.values.length !== length)
      throw fault(
        'shape',
        `${where}: shape [${this.shape}] holds ${length} values, but ${this.values.length} were given`,
      );
  }
  get size(): number {
    return this.values.length;
  }
  get rank(): number {
    return this.shape.length;
  }
  get strides(): number[] {
    return stepsOf(this.shape).slice(0, -1);
  }
  /** Where the value at these indices, one for each axis, stands in `values`. */
  locToIndex(at: number[]): number {
    if (!isArray(at) || at.length !== this.rank)
      throw fault('shape', `TensorBuffer: expected ${this.rank} indices, got ${describe(at)}`);
    const steps = stepsOf(this.shape);
    return at.reduce((sum, index, axis) => {
      if (whole('TensorBuffer: index', index, 0) < this.shape[axis]!) return sum + index * steps[axis]!;
      throw fault('value', `TensorBuffer: index ${index} is outside axis ${axis} of [${this.shape}]`);
    }, 0);
  }
  /** The indices of the value that stands at `index` in `values`. */
  indexToLoc(index: number): number[] {
    const place = whole('TensorBuffer: index', index, 0);
    return stepsOf(this.shape).map((step, axis) => Math.floor(place / step) % this.shape[axis]!);
  }
  /**
   * Writes a value at a place.
   * @example
   * const made = buffer([2]);
   * made.set(5, 1);
   * made.toTensor(); // → [0, 5]
   */
  set(value: number, ...at: number[]): void {
    if (typeof value !== 'number' && typeof value !== 'boolean')
      throw fault('type', `TensorBuffer.set: expected a number, got ${describe(value)}`);
    const place = this.locToIndex(at.length === 0 && this.rank > 0 ? [0] : at);
    this.values[place] = this.dtype === 'bool' ? Number(Boolean(value)) : Number(value);
  }
  /**
   * The value at a place.
   * @example
   * const made = buffer([2, 2], 'float32', Float32Array.of(1, 2, 3, 4));
   * made.get(1, 0); // → 3
   */
  get(...at: number[]): number {
    return this.values[this.locToIndex(at.length === 0 && this.rank > 0 ? [0] : at)]!;
  }
  /** A tensor of a copy of the values. */
  toTensor(): Tensor {
    return new Tensor(this.values.slice(), [...this.shape], this.dtype);
  }
}

/**
 * A buffer of zeros, or of the values that are given, which are then its own.
 * @example
 * const made = buffer([2, 2]);
 * made.set(7, 0, 1);
 * made.toTensor(); // → [[0, 7], [0, 0]]
 */
export function buffer<R extends Rank = Rank, D extends DataType = DataType>(
  shape: number[],
  dtype?: D | null,
  values?: Values | null,
): TensorBuffer<R, D> {
  const checked = checkShape('buffer', shape);
  const kind = checkType('buffer', dtype ?? 'float32');
  if (values === undefined || values === null)
    return new TensorBuffer(checked, kind, room('buffer', sizeOf(checked), kind));
  if (!isTypedArray(values) && !isArray(values))
    throw fault('type', `buffer: expected an array of values, got ${describe(values)}`);
  if (values.length !== sizeOf(checked))
    throw fault(
      'shape',
      `buffer: shape [${checked}] holds ${sizeOf(checked)} values, but ${values.length} were given`,
    );
  const fits = Object.getPrototypeOf(values) === Object.getPrototypeOf(room('buffer', 0, kind));
  return new TensorBuffer(checked, kind, fits ? values : convert('buffer', values, kind));
}

/** A buffer with a copy of a tensor's values. */
export function bufferOf(x: Tensor): TensorBuffer {
  const from = asTensor('buffer', x);
  return new TensorBuffer(
    [...from.shape],
    from.dtype,
    convert('buffer', valuesOf('buffer', from), from.dtype),
  );
}
