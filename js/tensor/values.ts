/** From what a caller hands over (numbers, nested arrays, typed arrays) to flat typed values and a shape. */
import { describe, fault, shown } from '../engine/errors.js';
import { isArray, isGone } from '../engine/look.js';
import { MOST_AXES, type Shape } from './shape.js';

/** The kinds of real values: `float32` computes; `int32` and `bool` are labels, indices and masks. */
export type NumericDataType = 'float32' | 'int32' | 'bool';
/** All kinds: complex numbers have two float32 for each value. */
export type DataType = NumericDataType | 'complex64';

/** The arrays that values of each kind come in. */
export interface DataTypeMap {
  float32: Float32Array;
  int32: Int32Array;
  bool: Uint8Array;
  complex64: Float32Array;
}

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

/** Reads the name of a typed array's kind whatever realm the array comes from; `undefined` for anything else. */
const kindOf = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)!.get!;

const kind = (value: unknown): string | undefined => kindOf.call(value);

/** Whether `value` is an array of numbers of one kind, of this realm or another (a frame's, a test runner's). */
export function isTypedArray(value: unknown): value is TypedArray {
  const name = kind(value);
  return name !== undefined && !name.startsWith('Big');
}

/** Refuses an array whose values are gone, because its memory was given away or made smaller. */
export function checkAttached(where: string, value: ArrayBufferView): void {
  if (!isGone(value)) return;
  const what = kind(value) ?? 'DataView';
  throw fault(
    'value',
    `${where}: the memory of this ${what} was given away or made smaller; its values are gone`,
  );
}

export function checkType(where: string, dtype: unknown): NumericDataType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw fault('type', `${where}: unknown dtype ${describe(dtype)}; known: float32, int32, bool`);
}

/** An array for `size` values, zeros; memory that cannot be had is an error with a code. */
export function room(where: string, size: number, dtype: DataType): Values {
  try {
    if (dtype === 'float32') return new Float32Array(size);
    return dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size);
  } catch {
    throw fault('memory', `${where}: there is no memory for ${size} values`);
  }
}

/** Values of `dtype`, copied from `source`. */
export function convert(where: string, source: ArrayLike<number>, dtype: DataType): Values {
  const values = room(where, source.length, dtype);
  if (dtype !== 'bool') values.set(source);
  // What is no number is not 0, so it is true, as in NumPy and TensorFlow.js.
  else for (let at = 0; at < values.length; at++) values[at] = source[at] || Number.isNaN(source[at]) ? 1 : 0;
  return values;
}

/** The shape of nested arrays, read along their first elements. */
export function shapeOf(where: string, value: unknown): Shape {
  const shape: Shape = [];
  let inner = value;
  while (isArray(inner) || isTypedArray(inner)) {
    if (isTypedArray(inner)) checkAttached(where, inner);
    shape.push(inner.length);
    if (shape.length > MOST_AXES) throw fault('shape', `${where}: at most ${MOST_AXES} axes are supported`);
    inner = inner[0];
  }
  return shape;
}

/** Whether a text says a number, as cells of tables do. */
const isNumeric = (part: unknown): boolean =>
  typeof part === 'string' && part.trim() !== '' && Number.isFinite(Number(part));

/**
 * All numbers of nested arrays in row-major order, and the kind that holds them: truth values are bool, but beside
 * numbers they are numbers. Ragged arrays and anything but numbers are refused.
 * With `takesTexts` values may be texts of numbers.
 */
export function flatten(
  where: string,
  value: unknown,
  shape: Shape,
  takesTexts = false,
): { flat: number[]; kind: NumericDataType } {
  const flat: number[] = [];
  let booleans = 0;
  const visit = (part: unknown, depth: number): void => {
    if (isArray(part) || isTypedArray(part)) {
      if (depth >= shape.length || part.length !== shape[depth]) {
        throw fault('shape', `${where}: nested arrays of unequal lengths: expected shape ${shown(shape)}`);
      }
      for (let at = 0; at < part.length; at++) visit(part[at], depth + 1);
      return;
    }
    if (depth < shape.length)
      throw fault('shape', `${where}: nested arrays of unequal depth: expected shape ${shown(shape)}`);
    if (typeof part === 'boolean') booleans++;
    else if (typeof part !== 'number' && !(takesTexts && isNumeric(part)))
      throw fault('type', `${where}: expected numbers, got ${describe(part)}`);
    flat.push(Number(part));
  };
  visit(value, 0);
  // Lists of typed arrays have the kind of these, as in TensorFlow.js.
  let inner: unknown = value;
  while (isArray(inner)) inner = inner[0];
  if (isTypedArray(inner)) return { flat, kind: typeOfArray(inner) };
  if (booleans === 0) return { flat, kind: 'float32' };
  if (booleans === flat.length) return { flat, kind: 'bool' };
  return { flat, kind: flat.every(Number.isInteger) ? 'int32' : 'float32' };
}

/** The kind that a typed array has when none is asked for, as in TensorFlow.js. */
export const typeOfArray = (value: TypedArray): NumericDataType =>
  /^(Int32|Uint8|Uint8Clamped)Array$/.test(kind(value) ?? '') ? 'int32' : 'float32';

/** Nested arrays again, row by row. */
export function nest(values: ArrayLike<number>, shape: readonly number[]): unknown {
  if (shape.length === 0) return values[0];
  const build = (depth: number, offset: number, size: number): unknown => {
    const length = shape[depth] ?? 0;
    const width = length === 0 ? 0 : size / length;
    const last = depth === shape.length - 1;
    return Array.from({ length }, (_, at) =>
      last ? values[offset + at] : build(depth + 1, offset + at * width, width),
    );
  };
  return build(0, 0, values.length);
}
