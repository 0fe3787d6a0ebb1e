/** From what a caller hands over (numbers, nested arrays, typed arrays) to flat typed values and a shape. */
import { describe } from '../engine/errors.js';
import type { Shape } from './shape.js';

/** The kinds of values: `float32` computes; `int32` and `bool` are labels, indices and masks. */
export type DataType = 'float32' | 'int32' | 'bool';

export type TypedArray =
  | Float32Array
  | Float64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | Uint8ClampedArray;

export type NestedArray = (number | boolean | NestedArray | TypedArray)[];

/** Anything a tensor can be made of. */
export type TensorLike = number | boolean | TypedArray | NestedArray;

/** Flat values of one kind: what a tensor holds. */
export type Values = Float32Array | Int32Array | Uint8Array;

export const isTypedArray = (value: unknown): value is TypedArray =>
  ArrayBuffer.isView(value) && !(value instanceof DataView) && !/^Big/.test(value.constructor.name);

export function checkType(where: string, dtype: unknown): DataType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new Error(`${where}: unknown dtype ${describe(dtype)}; known: float32, int32, bool`);
}

/** Values of `dtype`, copied from `source`. */
export function convert(source: ArrayLike<number>, dtype: DataType): Values {
  if (dtype === 'float32') return Float32Array.from(source);
  if (dtype === 'int32') return Int32Array.from(source);
  return Uint8Array.from(source, (value) => (value ? 1 : 0));
}

/** The shape of nested arrays, read along their first elements. */
export function shapeOf(where: string, value: unknown): Shape {
  const shape: Shape = [];
  let inner = value;
  while (Array.isArray(inner) || isTypedArray(inner)) {
    shape.push(inner.length);
    if (shape.length > 6) throw new Error(`${where}: at most 6 axes are supported`);
    inner = inner[0];
  }
  return shape;
}

/** All numbers of nested arrays in row-major order. Ragged arrays and anything but numbers are refused. */
export function flatten(where: string, value: unknown, shape: Shape): { flat: number[]; boolean: boolean } {
  const flat: number[] = [];
  let boolean = false;
  const visit = (part: unknown, depth: number): void => {
    if (Array.isArray(part) || isTypedArray(part)) {
      if (depth >= shape.length || part.length !== shape[depth]) {
        throw new Error(`${where}: nested arrays of unequal lengths: expected shape [${shape}]`);
      }
      for (let at = 0; at < part.length; at++) visit(part[at], depth + 1);
      return;
    }
    if (depth < shape.length)
      throw new Error(`${where}: nested arrays of unequal depth: expected shape [${shape}]`);
    if (typeof part === 'boolean') boolean = true;
    else if (typeof part !== 'number') throw new Error(`${where}: expected numbers, got ${describe(part)}`);
    flat.push(Number(part));
  };
  visit(value, 0);
  return { flat, boolean };
}

/** The kind that values have when none is asked for, as in TensorFlow.js. */
export function impliedType(value: unknown, boolean: boolean): DataType {
  if (boolean) return 'bool';
  const whole =
    value instanceof Int32Array || value instanceof Uint8Array || value instanceof Uint8ClampedArray;
  return whole ? 'int32' : 'float32';
}

/** Nested arrays again, row by row. */
export function nest(values: ArrayLike<number>, shape: Shape, boolean: boolean): unknown {
  const one = (at: number): unknown => (boolean ? values[at] !== 0 : values[at]);
  if (shape.length === 0) return one(0);
  const build = (depth: number, offset: number, size: number): unknown => {
    const length = shape[depth] ?? 0;
    const width = length === 0 ? 0 : size / length;
    const last = depth === shape.length - 1;
    return Array.from({ length }, (_, at) =>
      last ? one(offset + at) : build(depth + 1, offset + at * width, width),
    );
  };
  return build(0, 0, values.length);
}
