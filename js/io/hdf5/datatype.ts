/** Datatypes: how values are written in bytes. */
import { globalObject } from './heap.js';
import type { Source } from './source.js';
import type { Values } from './tree.js';

/** How values are read: their size in the file, and what is made of `count` of them that begin at byte 0 of `raw`. */
export interface Type {
  size: number;
  /** Bytes that each value takes once it is read; texts count themselves. */
  made: number;
  decode(raw: Uint8Array, count: number): Values;
}

const CLASSES = [
  'numbers',
  'floats',
  'times',
  'texts',
  'bit fields',
  'opaque values',
  'compound values',
  'references',
  'enumerations',
  'lists of any length',
  'arrays',
];

/**
 * The datatype at an address: class and version (4 bits each), flags (3), size (4), and what the class says further.
 * HDF5 has no bfloat16: Keras writes its bytes, and `opaque` tells what stands for what such bytes are.
 */
export function readType(source: Source, at: number, opaque?: string): Type {
  const [head, flags] = [source.u8(at), source.u8(at + 1)];
  const [kind, size] = [head & 15, source.u32(at + 4)];
  if ((kind === 0 || kind === 1) && flags & 1) source.fail('big-endian numbers cannot be read', at);
  if (kind === 0) return integers(source, at, size, (flags & 8) !== 0);
  if (kind === 1) return floats(source, at, size);
  if (kind === 3) return fixedTexts(source, at, size, flags & 15);
  if (kind === 5 && size === 2 && opaque === 'bfloat16') return { size, made: 4, decode: brains };
  // The values of an enumeration are those of the type that follows; truth values are one of 0 and 1.
  if (kind === 8) {
    source.step(at);
    return readType(source, at + 8);
  }
  if (kind === 9 && (flags & 15) === 1) return longTexts(source, at, size);
  return source.fail(`${CLASSES[kind] ?? 'values of an unknown kind'} cannot be read`, at);
}

type Numbers = new (buffer: ArrayBuffer, start: number, count: number) => Values;

/** Whole numbers without a sign and with one, by their size in bytes. */
const INTEGERS: Readonly<Record<number, readonly [Numbers, Numbers]>> = {
  1: [Uint8Array, Int8Array],
  2: [Uint16Array, Int16Array],
  4: [Uint32Array, Int32Array],
  8: [BigUint64Array, BigInt64Array],
};

/** Numbers as they lie in the file. A copy, because typed arrays begin at multiples of their size. */
function plain(size: number, make: Numbers): Type {
  return {
    size,
    made: size,
    decode: (raw, count) => new make(raw.slice(0, size * count).buffer, 0, count),
  };
}

function integers(source: Source, at: number, size: number, signed: boolean): Type {
  // Bits before and behind those that count, which h5py leaves out.
  if (source.u16(at + 8) !== 0 || source.u16(at + 10) !== 8 * size)
    source.fail('integers of other than whole bytes cannot be read', at);
  const kinds = INTEGERS[size];
  if (!kinds) return source.fail(`integers of ${size} bytes cannot be read`, at);
  return plain(size, kinds[signed ? 1 : 0]);
}

/** IEEE floats by where their parts lie: offset and number of bits, exponent (place, length), mantissa (place, length). */
function floats(source: Source, at: number, size: number): Type {
  const parts = [12, 13, 14, 15].map((byte) => source.u8(at + byte));
  const layout = `${size}: ${parts}`;
  if (layout === '4: 23,8,0,23') return plain(size, Float32Array);
  if (layout === '8: 52,11,0,52') return plain(size, Float64Array);
  if (layout === '2: 10,5,0,10') return { size, made: 4, decode: halves };
  return source.fail(
    `floats of ${size} bytes, ${parts[1]} bits of exponent and ${parts[3]} of mantissa cannot be read`,
    at,
  );
}

/** Half-precision numbers: sign, 5 bits of exponent, 10 of mantissa. */
function halves(raw: Uint8Array, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, place) => {
    const bits = raw[2 * place]! | (raw[2 * place + 1]! << 8);
    const [sign, exponent, mantissa] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
    if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    const share = exponent === 0 ? mantissa : mantissa + 1024;
    return sign * share * 2 ** (Math.max(exponent, 1) - 25);
  });
}

/** Numbers of Google Brain's kind: the first half of the bits of a float32. */
function brains(raw: Uint8Array, count: number): Float32Array {
  const bits = Uint32Array.from(
    { length: count },
    (_, place) => (raw[2 * place]! << 16) | (raw[2 * place + 1]! << 24),
  );
  return new Float32Array(bits.buffer);
}

/** Texts of one length, which end at a zero byte (ways 0 and 1) or before trailing spaces (way 2). */
function fixedTexts(source: Source, at: number, size: number, way: number): Type {
  if (size === 0) source.fail('texts of no bytes', at);
  const text = (raw: Uint8Array, place: number): string => {
    const own = source.text(raw.subarray(size * place, size * (place + 1)), at);
    return way === 2 ? own.replace(/ +$/, '') : own;
  };
  const decode = (raw: Uint8Array, count: number): string[] =>
    Array.from({ length: count }, (_, place) => text(raw, place));
  return { size, made: 8, decode };
}

/** Texts of any length: each is its length (4), the address of a global heap (8) and a number in it (4). */
function longTexts(source: Source, at: number, size: number): Type {
  if (size !== 16) source.fail(`references to texts of ${size} bytes`, at);
  const text = (view: DataView, from: number): string => {
    const length = view.getUint32(from, true);
    if (length === 0) return '';
    const heap = Number(view.getBigUint64(from + 4, true));
    const [start, room] = globalObject(source, heap, view.getUint32(from + 12, true));
    if (length > room) source.fail(`a text of ${length} bytes in an object of ${room}`, start);
    return source.text(source.span(start, length), start);
  };
  const decode = (raw: Uint8Array, count: number): string[] => {
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    return Array.from({ length: count }, (_, place) => text(view, size * place));
  };
  return { size, made: 8, decode };
}
