/** Tensors in JavaScript: immutable, garbage-collected, nothing to dispose of. */

import { describe, whole } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { compare } from './compare.js';
import { checkAxis, checkShape, inferShape, type Shape, sizeOf } from './shape.js';
import {
  checkType,
  convert,
  type DataType,
  flatten,
  impliedType,
  isTypedArray,
  nest,
  shapeOf,
  type TensorLike,
  type Values,
} from './values.js';

/** Pictures kept as bytes, a quarter of the memory: the value is `byte / 255`. */
export interface Bytes {
  bytes: Uint8Array;
}

type Axes = number | number[] | null | undefined;
type Pair = number | [number, number];
export type Padding = 'same' | 'valid';

/** An array of numbers with a shape. */
export class Tensor {
  readonly shape: Shape;
  readonly dtype: DataType;
  /** Nothing to free, so never disposed: here for programs written for TensorFlow.js. */
  readonly isDisposed = false;
  readonly #held: Values | Bytes;

  /** Takes `held` as it is; use `tensor(…)` to have it checked. */
  constructor(held: Values | Bytes, shape: Shape, dtype: DataType) {
    this.#held = held;
    this.shape = shape;
    this.dtype = dtype;
  }

  get rank(): number {
    return this.shape.length;
  }
  get size(): number {
    return sizeOf(this.shape);
  }

  /** The bytes of a set of pictures, when this tensor is one. */
  get packed(): Uint8Array | undefined {
    return 'bytes' in this.#held ? this.#held.bytes : undefined;
  }

  /** The values, row by row, not copied: for reading only. */
  get values(): Values {
    const held = this.#held;
    return 'bytes' in held ? Float32Array.from(held.bytes, (byte) => byte / 255) : held;
  }

  /** A copy of the values, row by row. */
  dataSync(): Values {
    return this.packed ? this.values : this.values.slice();
  }
  async data(): Promise<Values> {
    return this.dataSync();
  }
  // biome-ignore lint/suspicious/noExplicitAny: as deeply nested as the shape; TensorFlow.js' programs index it freely
  arraySync(): any {
    return nest(this.values, this.shape, this.dtype === 'bool');
  }
  // biome-ignore lint/suspicious/noExplicitAny: see arraySync
  async array(): Promise<any> {
    return this.arraySync();
  }
  toString(): string {
    return `Tensor\n    ${JSON.stringify(this.arraySync()).replaceAll('],', '],\n     ')}`;
  }
  print(): void {
    console.log(this.toString());
  }
  /** Does nothing: memory is freed when nobody refers to the tensor. */
  dispose(): void {}
  clone(): this {
    return this;
  }
  /** Does nothing, as `dispose`. */
  keep(): this {
    return this;
  }

  #shaped(shape: Shape): Tensor {
    return new Tensor(this.#held, shape, this.dtype);
  }
  reshape(shape: number[]): Tensor {
    const wanted = inferShape('reshape', shape, this.size);
    if (sizeOf(wanted) !== this.size) {
      throw new Error(
        `reshape: [${this.shape}] holds ${this.size} values, [${wanted}] holds ${sizeOf(wanted)}`,
      );
    }
    return this.#shaped(wanted);
  }
  reshapeAs(other: Tensor): Tensor {
    return this.reshape(other.shape);
  }
  flatten(): Tensor {
    return this.#shaped([this.size]);
  }
  as1D(): Tensor {
    return this.flatten();
  }
  asScalar(): Tensor {
    return this.reshape([]);
  }
  as2D(rows: number, columns: number): Tensor {
    return this.reshape([rows, columns]);
  }
  as3D(a: number, b: number, c: number): Tensor {
    return this.reshape([a, b, c]);
  }
  as4D(a: number, b: number, c: number, d: number): Tensor {
    return this.reshape([a, b, c, d]);
  }
  expandDims(axis = 0): Tensor {
    const at = checkAxis('expandDims', axis, this.rank + 1);
    return this.#shaped([...this.shape.slice(0, at), 1, ...this.shape.slice(at)]);
  }
  squeeze(axes?: number[]): Tensor {
    const drop = axes?.map((axis) => checkAxis('squeeze', axis, this.rank));
    const odd = drop?.find((axis) => this.shape[axis] !== 1);
    if (odd !== undefined) throw new Error(`squeeze: axis ${odd} of [${this.shape}] is not 1`);
    return this.#shaped(this.shape.filter((length, at) => (drop ? !drop.includes(at) : length !== 1)));
  }
  cast(dtype: DataType): Tensor {
    const wanted = checkType('cast', dtype);
    return wanted === this.dtype ? this : new Tensor(convert(this.values, wanted), this.shape, wanted);
  }
  asType(dtype: DataType): Tensor {
    return this.cast(dtype);
  }
  toInt(): Tensor {
    return this.cast('int32');
  }
  toFloat(): Tensor {
    return this.cast('float32');
  }
  toBool(): Tensor {
    return this.cast('bool');
  }

  /** The box that starts at `begin`; a `size` of −1 (or none) reaches to the end. */
  slice(begin: number | number[], size?: number | number[]): Tensor {
    const from = [begin].flat();
    if (from.length > this.rank)
      throw new Error(`slice: ${from.length} begins for a tensor with ${this.rank} axes`);
    while (from.length < this.rank) from.push(0);
    const wanted = size === undefined ? [] : [size].flat();
    const lengths = this.shape.map((length, at) => {
      const start = whole('slice: begin', from[at], 0);
      const open = wanted[at] === undefined || wanted[at] === -1;
      const count = open ? length - start : whole('slice: size', wanted[at], 0);
      if (count < 0 || start + count > length) {
        throw new Error(`slice: begin [${from}] and size [${wanted}] do not lie inside [${this.shape}]`);
      }
      return count;
    });
    // Whole rows of pictures stay bytes, and need no copy.
    if (this.shape.slice(1).every((length, at) => length === lengths[at + 1]) && this.rank > 0) {
      const row = sizeOf(this.shape.slice(1));
      const [first, last] = [from[0]! * row, (from[0]! + lengths[0]!) * row];
      const held = this.#held;
      const part = 'bytes' in held ? { bytes: held.bytes.subarray(first, last) } : held.subarray(first, last);
      return new Tensor(part, lengths, this.dtype);
    }
    return compute('slice', [this], { begin: from, size: lengths });
  }
  gather(indices: Tensor | number[], axis = 0): Tensor {
    const picked = asTensor('gather', indices);
    const at = checkAxis('gather', axis, this.rank);
    const rows = Array.from(picked.values, (index) => whole('gather: index', index, 0));
    if (at !== 0) return this.#swapped(at).gather(picked).#swapped(at);
    return compute('gather', [this], { indices: rows }).reshape([...picked.shape, ...this.shape.slice(1)]);
  }
  #swapped(axis: number): Tensor {
    const order = this.shape.map((_, at) => (at === 0 ? axis : at === axis ? 0 : at));
    return this.transpose(order);
  }
  transpose(order?: number[]): Tensor {
    const axes = order ?? this.shape.map((_, at) => this.rank - 1 - at);
    return compute('transpose', [this], {
      order: axes.map((axis) => checkAxis('transpose', axis, this.rank)),
    });
  }
  concat(others: Tensor | Tensor[], axis = 0): Tensor {
    return compute('concat', [this, ...[others].flat()], { axis });
  }
  broadcastTo(shape: number[]): Tensor {
    return compute('broadcastTo', [this], { shape: checkShape('broadcastTo', shape) });
  }

  add(other: Tensor | TensorLike): Tensor {
    return compute('add', [this, asTensor('add', other)]);
  }
  sub(other: Tensor | TensorLike): Tensor {
    return compute('sub', [this, asTensor('sub', other)]);
  }
  mul(other: Tensor | TensorLike): Tensor {
    return compute('mul', [this, asTensor('mul', other)]);
  }
  div(other: Tensor | TensorLike): Tensor {
    return compute('div', [this, asTensor('div', other)]).toFloat();
  }
  pow(exponent: Tensor | TensorLike): Tensor {
    return compute('pow', [this, asTensor('pow', exponent)]);
  }
  matMul(other: Tensor | TensorLike, transposeA = false, transposeB = false): Tensor {
    const turned = (x: Tensor, yes: boolean): Tensor => {
      if (!yes || x.rank < 2) return x;
      const axes = x.shape.map((_, at) => at);
      return x.transpose([...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
    };
    return compute('matmul', [turned(this, transposeA), turned(asTensor('matMul', other), transposeB)]);
  }
  dot(other: Tensor | TensorLike): Tensor {
    const right = asTensor('dot', other);
    if (this.rank === 0 || right.rank === 0)
      throw new Error('dot: expected tensors with 1 or 2 axes, got a scalar');
    const [rows, columns] = [
      this.rank === 1 ? this.expandDims(0) : this,
      right.rank === 1 ? right.expandDims(1) : right,
    ];
    const product = rows.matMul(columns);
    return product.reshape([...this.shape.slice(0, -1), ...(right.rank === 1 ? [] : right.shape.slice(1))]);
  }
  abs(): Tensor {
    return compute('abs', [this]);
  }
  neg(): Tensor {
    return compute('neg', [this]);
  }
  sign(): Tensor {
    return compute('sign', [this]);
  }
  square(): Tensor {
    return compute('mul', [this, this]);
  }
  sqrt(): Tensor {
    return compute('sqrt', [this]);
  }
  exp(): Tensor {
    return compute('exp', [this]);
  }
  log(): Tensor {
    return compute('log', [this]);
  }
  relu(): Tensor {
    return compute('relu', [this]);
  }
  sigmoid(): Tensor {
    return compute('sigmoid', [this]);
  }
  tanh(): Tensor {
    return compute('tanh', [this]);
  }
  erf(): Tensor {
    return compute('erf', [this]);
  }
  clipByValue(low: number, high: number): Tensor {
    return compute('clamp', [this], { low, high });
  }
  softmax(axis = -1): Tensor {
    lastAxis('softmax', axis, this.rank);
    return compute('softmax', [this]);
  }
  logSoftmax(axis = -1): Tensor {
    lastAxis('logSoftmax', axis, this.rank);
    return compute('logSoftmax', [this]);
  }

  equal(other: Tensor | TensorLike): Tensor {
    return compare('equal', this, asTensor('equal', other));
  }
  notEqual(other: Tensor | TensorLike): Tensor {
    return compare('notEqual', this, asTensor('notEqual', other));
  }
  greater(other: Tensor | TensorLike): Tensor {
    return compare('greater', this, asTensor('greater', other));
  }
  greaterEqual(other: Tensor | TensorLike): Tensor {
    return compare('greaterEqual', this, asTensor('greaterEqual', other));
  }
  less(other: Tensor | TensorLike): Tensor {
    return compare('less', this, asTensor('less', other));
  }
  lessEqual(other: Tensor | TensorLike): Tensor {
    return compare('lessEqual', this, asTensor('lessEqual', other));
  }
  logicalAnd(other: Tensor | TensorLike): Tensor {
    return compare('logicalAnd', this, asTensor('logicalAnd', other));
  }
  logicalOr(other: Tensor | TensorLike): Tensor {
    return compare('logicalOr', this, asTensor('logicalOr', other));
  }
  logicalNot(): Tensor {
    return this.equal(0);
  }

  sum(axis?: Axes, keepDims = false): Tensor {
    return this.#reduced('sum', axis, keepDims);
  }
  mean(axis?: Axes, keepDims = false): Tensor {
    return this.#reduced('mean', axis, keepDims);
  }
  max(axis?: Axes, keepDims = false): Tensor {
    return this.#reduced('max', axis, keepDims);
  }
  min(axis?: Axes, keepDims = false): Tensor {
    return this.neg().max(axis, keepDims).neg();
  }
  #reduced(name: string, axis: Axes, keepDims: boolean): Tensor {
    const chosen = axis === undefined || axis === null ? this.shape.map((_, at) => at) : [axis].flat();
    const axes = chosen.map((one) => checkAxis(name, one, this.rank));
    return compute(name, [this], { axes, keepDims });
  }
  argMax(axis = 0): Tensor {
    return compute('argmax', [this], { axis: checkAxis('argMax', axis, this.rank) }).toInt();
  }
  argMin(axis = 0): Tensor {
    return this.neg().argMax(axis);
  }

  conv2d(
    kernel: Tensor,
    strides: Pair = 1,
    padding: Padding = 'valid',
    _format = 'NHWC',
    dilations: Pair = 1,
  ): Tensor {
    const options = { strides: pair(strides), dilation: pair(dilations), padding };
    return compute('conv2d', [this, asTensor('conv2d', kernel)], options);
  }
  maxPool(window: Pair, strides: Pair = window, padding: Padding = 'valid'): Tensor {
    return compute('maxPool', [this], { window: pair(window), strides: pair(strides), padding });
  }
  avgPool(window: Pair, strides: Pair = window, padding: Padding = 'valid'): Tensor {
    return compute('averagePool', [this], { window: pair(window), strides: pair(strides), padding });
  }
}

const pair = (value: Pair): [number, number] => (typeof value === 'number' ? [value, value] : value);

function lastAxis(where: string, axis: number, rank: number): void {
  if (checkAxis(where, axis, rank) === rank - 1) return;
  throw new Error(`${where}: only the last axis is supported, got ${axis}; transpose the tensor first`);
}

/** Ops whose results stay whole numbers when their inputs are. */
const KEEPS_INTEGERS = /^(add|sub|mul|neg|abs|sign|sum|max|slice|gather|transpose|concat|broadcastTo)$/;

/** Runs the core's op `name`. */
export function compute(name: string, inputs: Tensor[], options: object = {}): Tensor {
  const floats = inputs.map(({ values }) =>
    values instanceof Float32Array ? values : Float32Array.from(values),
  );
  const shapes = inputs.map(({ shape }) => Uint32Array.from(shape));
  const [values, shape] = call((wasm) => wasm.compute(name, floats, shapes, JSON.stringify(options)));
  const result = new Tensor(values, Array.from(shape), 'float32');
  const integers = KEEPS_INTEGERS.test(name) && inputs.every(({ dtype }) => dtype !== 'float32');
  return integers ? result.toInt() : result;
}

/** `value` as a tensor, whatever it was. */
export function asTensor(where: string, value: unknown): Tensor {
  return value instanceof Tensor ? value : make(where, value);
}

/** A checked tensor of `value`; shape and kind follow from it when not given. */
export function make(where: string, value: unknown, shape?: readonly number[], dtype?: DataType): Tensor {
  const known =
    Array.isArray(value) || isTypedArray(value) || typeof value === 'number' || typeof value === 'boolean';
  if (!known)
    throw new Error(`${where}: expected numbers or (nested) arrays of numbers, got ${describe(value)}`);
  const found = shapeOf(where, value);
  // A typed array is already flat: no need to look at each value.
  const { flat, boolean } = isTypedArray(value)
    ? { flat: value, boolean: false }
    : flatten(where, value, found);
  const wanted = shape ? checkShape(where, shape) : found;
  if (sizeOf(wanted) !== flat.length) {
    throw new Error(
      `${where}: shape [${wanted}] holds ${sizeOf(wanted)} values, but ${flat.length} were given`,
    );
  }
  const kind = dtype === undefined ? impliedType(value, boolean) : checkType(where, dtype);
  return new Tensor(convert(flat, kind), wanted, kind);
}
