/**
 * Datatypes of other than plain numbers: texts, truth values, numbers of half precision. A module of its own: arrays in
 * Keras' files seldom have them.
 */
import type { Source } from '../binary/source.js';
import { plainType, type Type } from './datatype.js';
import { globalObject } from './heap.js';

const CLASSES = [
  'integers',
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

/** Where the parts of floats of two bytes lie: exponent (place, number of bits), mantissa (place, number of bits). */
const HALF = '10,5,0,10';

/**
 * The datatype at an address: class and version (4 bits each), flags (3), size (4), and what the class says further.
 * HDF5 has no bfloat16: Keras writes its bytes, and `opaque` tells what stands for what such bytes are.
 */
export function readType(source: Source, at: number, opaque?: string): Type {
  const plain = plainType(source, at);
  if (plain) return plain;
  const [kind, flags, size] = [source.u8(at) & 15, source.u8(at + 1), source.u32(at + 4)];
  if (kind === 1 && size === 2 && !(flags & 1) && `${source.span(at + 12, 4)}` === HALF) return halves;
  if (kind === 3 && size > 0) return fixedTexts(source, at, size, flags & 15);
  if (kind === 5 && size === 2 && opaque === 'bfloat16') return brains;
  // The values of an enumeration are those of the type that follows; truth values are one of 0 and 1.
  if (kind === 8) {
    source.step(at);
    return readType(source, at + 8);
  }
  if (kind === 9 && (flags & 15) === 1 && size === 16) return longTexts(source);
  const what = CLASSES[kind] ?? 'values of an unknown kind';
  return source.fail(`${what} of ${size} bytes in this form cannot be read`, at);
}

/** Numbers of two bytes, as 32-bit floats. */
const widened = (floats: (bits: Uint16Array) => Float32Array): Type => [
  2,
  (raw, count) => floats(new Uint16Array(raw.slice(0, 2 * count).buffer as ArrayBuffer)),
  4,
];

/** Half-precision numbers: sign, 5 bits of exponent, 10 of mantissa. */
const halves = widened((all) =>
  Float32Array.from(all, (bits) => {
    const [sign, exponent, mantissa] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
    if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    return sign * (mantissa + (exponent && 1024)) * 2 ** ((exponent || 1) - 25);
  }),
);

/** Numbers of Google Brain's kind: the first half of the bits of a float32. */
const brains = widened((all) => new Float32Array(Uint32Array.from(all, (bits) => bits << 16).buffer));

const texts = (size: number, text: (raw: Uint8Array) => string): Type => [
  size,
  (raw, count) =>
    Array.from({ length: count }, (_, place) => text(raw.subarray(size * place, size * (place + 1)))),
  8,
];

/** Texts of one length, which end at a zero byte (ways 0 and 1) or before trailing spaces (way 2). */
const fixedTexts = (source: Source, at: number, size: number, way: number): Type =>
  texts(size, (raw) => source.text(raw, at).replace(way === 2 ? / +$/ : '', ''));

/** Texts of any length: each is its length (4), the address of a global heap (8) and a number in it (4). */
const longTexts = (source: Source): Type =>
  texts(16, (raw) => {
    const view = new DataView(raw.buffer, raw.byteOffset);
    const length = view.getUint32(0, true);
    if (length === 0) return '';
    const heap = Number(view.getBigUint64(4, true));
    const [start, room] = globalObject(source, heap, view.getUint32(12, true));
    if (length > room) source.fail(`a text of ${length} bytes in an object of ${room}`, start);
    return source.text(source.span(start, length), start);
  });
