/** Types of values in safetensors files, and what becomes of them here. */
import { brief, describe, fault } from '../../engine/errors.js';
import type { DataType, Values } from '../../tensor/values.js';

/** How values of a type are read. Bytes are in the order of all machines that run WebAssembly, the least first. */
interface Reading {
  /** Bytes of a value. */
  size: number;
  dtype: DataType;
  /** The value at a byte. */
  at: (view: DataView, byte: number) => number | bigint;
  /** All values at once, of bytes that are theirs, where they are as they stand. */
  whole?: (bytes: ArrayBuffer) => Values;
}

const float32 = (size: number, at: Reading['at']): Reading => ({ size, dtype: 'float32', at });
const int32 = (size: number, at: Reading['at']): Reading => ({ size, dtype: 'int32', at });

/** A number of 32 bits whose first half is given: that is what `BF16` keeps. */
function brain(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, bits);
  return view.getFloat32(0);
}

/** A number of 16 bits: a sign, five bits of exponent, ten of the fraction. */
function half(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const READINGS: Readonly<Record<string, Reading>> = {
  F32: {
    ...float32(4, (view, byte) => view.getFloat32(byte, true)),
    whole: (bytes) => new Float32Array(bytes),
  },
  F64: float32(8, (view, byte) => view.getFloat64(byte, true)),
  F16: float32(2, (view, byte) => half(view.getUint16(byte, true))),
  BF16: float32(2, (view, byte) => brain(view.getUint16(byte, true))),
  I8: int32(1, (view, byte) => view.getInt8(byte)),
  U8: int32(1, (view, byte) => view.getUint8(byte)),
  I16: int32(2, (view, byte) => view.getInt16(byte, true)),
  U16: int32(2, (view, byte) => view.getUint16(byte, true)),
  I32: { ...int32(4, (view, byte) => view.getInt32(byte, true)), whole: (bytes) => new Int32Array(bytes) },
  U32: int32(4, (view, byte) => view.getUint32(byte, true)),
  I64: int32(8, (view, byte) => view.getBigInt64(byte, true)),
  U64: int32(8, (view, byte) => view.getBigUint64(byte, true)),
  BOOL: { size: 1, dtype: 'bool', at: (view, byte) => view.getUint8(byte) },
};

/** How values of a type are read, if they can be. */
export function readingOf(where: string, name: string, dtype: string): Reading {
  if (Object.hasOwn(READINGS, dtype)) return READINGS[dtype]!;
  throw fault(
    'format',
    `${where}: tensor \`${brief(name)}\` is of type ${describe(dtype)}; read are ${Object.keys(READINGS).join(', ')}`,
  );
}

/** The values in these bytes. None may change but by rounding: one that does not fit is named. */
export function valuesOf(
  where: string,
  name: string,
  bytes: Uint8Array,
  { size, dtype, at, whole }: Reading,
): Values {
  if (whole) return whole(bytes.slice().buffer);
  const count = bytes.length / size;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values =
    dtype === 'float32'
      ? new Float32Array(count)
      : dtype === 'int32'
        ? new Int32Array(count)
        : new Uint8Array(count);
  for (let index = 0; index < count; index++) {
    const read = at(view, index * size);
    const value = Number(read);
    values[index] = value;
    const isWrong =
      dtype === 'float32'
        ? Number.isFinite(value) && !Number.isFinite(values[index])
        : values[index] !== value;
    if (isWrong || (dtype === 'bool' && value > 1))
      throw fault('value', `${where}: tensor \`${brief(name)}\`: ${read} at place ${index} is no ${dtype}`);
  }
  return values;
}
