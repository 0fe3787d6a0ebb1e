/** How things cross between a page and its worker. */
import { describe, fault, shown } from '../engine/errors.js';
import { areAll, can, isA, isArray, isObject } from '../engine/look.js';
import { checkShape, sizeOf } from '../tensor/shape.js';
import { convert, flatten, isTypedArray, shapeOf, typeOfArray } from '../tensor/values.js';
import { moveWith } from './calls.js';
import type { Plain, PlainData } from './protocol.js';

/** What a `Tensor` has, of this copy of the package or of another. */
interface TensorLike {
  shape: readonly number[];
  dtype: 'float32' | 'int32' | 'bool';
  dataSync(): Plain['values'];
  packed?: Uint8Array;
}

const isTensor = (value: unknown): value is TensorLike =>
  isObject(value) && 'dtype' in value && can(value, 'dataSync');

/** Whether it is one thing, in the form that crosses. */
export const isPlain = (value: unknown): value is Plain =>
  isObject(value) && 'shape' in value && 'values' in value && isTypedArray(value.values);

/** Arrays of the kinds that models are given cross as they are; others are converted. */
const isKept = (values: unknown): values is Plain['values'] =>
  /^\[object (Float32|Int32|Uint8)Array\]$/.test(Object.prototype.toString.call(values));

/** The kinds of values that an array may stand for. */
const KINDS: Readonly<Record<string, readonly Plain['dtype'][]>> = {
  Float32Array: ['float32'],
  Int32Array: ['int32'],
  Uint8Array: ['int32', 'bool', 'bytes'],
};

function fromTyped(where: string, values: unknown, shape: unknown, dtype?: unknown): Plain {
  if (!isTypedArray(values)) throw fault('type', `${where}: expected a typed array, got ${describe(values)}`);
  // An array whose memory was given away has no values any more.
  shapeOf(where, values);
  const lengths = checkShape(where, shape);
  if (sizeOf(lengths) !== values.length)
    throw fault('shape', `${where}: ${values.length} values do not make up shape ${shown(lengths)}`);
  const kept = isKept(values) ? values : convert(where, values, typeOfArray(values));
  const kinds = KINDS[Object.prototype.toString.call(kept).slice(8, -1)]!;
  const kind = (dtype ?? kinds[0]) as Plain['dtype'];
  if (kinds.includes(kind)) return { values: kept, shape: [...lengths], dtype: kind };
  throw fault(
    'type',
    `${where}: dtype: expected ${kinds.join(' or ')} for this array, got ${describe(dtype)}`,
  );
}

/** One thing that samples are made of. */
export function toPlain(where: string, value: unknown): Plain {
  if (isTensor(value)) {
    const shape = [...value.shape];
    const { packed } = value;
    if (packed) return { values: packed.slice(), shape, dtype: 'bytes' };
    const { dtype } = value;
    if ((dtype as string) === 'complex64') throw fault('type', `${where}: complex64 is not taken here`);
    return { values: value.dataSync(), shape, dtype };
  }
  if (isPlain(value)) return fromTyped(where, value.values, value.shape, value.dtype);
  if (isTypedArray(value)) return fromTyped(where, value, shapeOf(where, value));
  if (!isArray(value)) {
    const expected = 'expected a tensor, { values, shape }, a typed array or nested arrays';
    throw fault('type', `${where}: ${expected}, got ${describe(value)}`);
  }
  const shape = shapeOf(where, value);
  const { flat, kind } = flatten(where, value, shape);
  return { values: convert(where, flat, kind), shape, dtype: kind };
}

/** Data for inputs or outputs, in the form that crosses. */
export function toPlainData(where: string, data: unknown): PlainData {
  const isSingle = isTensor(data) || isPlain(data) || isTypedArray(data);
  const isWhole = (part: unknown): boolean => isTensor(part) || isPlain(part);
  if (!isSingle && isArray(data) && data.length > 0 && areAll(data, isWhole))
    return Array.from(data, (part) => toPlain(where, part));
  if (!isSingle && isObject(data) && !isArray(data)) {
    const parts = Object.entries(data).map(([name, part]) => [name, toPlain(`${where}: ${name}`, part)]);
    return Object.fromEntries(parts) as PlainData;
  }
  return toPlain(where, data);
}

/** Finds the memory of all arrays in `parts`. Memory that is shared, or that only a part is used of, stays. */
function findMemory(parts: unknown, found: Set<Transferable>): void {
  if (ArrayBuffer.isView(parts)) {
    if (isA(parts.buffer, ArrayBuffer) && parts.byteLength === parts.buffer.byteLength)
      found.add(parts.buffer);
  } else if (isArray(parts) || (isObject(parts) && Object.getPrototypeOf(parts) === Object.prototype)) {
    for (const part of Object.values(parts)) findMemory(part, found);
  }
}

/** The same, but its typed arrays move instead of being copied. */
export function moved<T>(value: T): T {
  if (!isObject(value)) return value;
  const found = new Set<Transferable>();
  findMemory(value, found);
  return moveWith(value as T & object, [...found]);
}
