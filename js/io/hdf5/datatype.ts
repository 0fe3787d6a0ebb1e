/** Datatypes of plain numbers. What else there is `types.ts` reads. */
import type { Source } from '../binary/source.js';
import type { Values } from './tree.js';

/**
 * How values are read: their size in the file, what is made of `count` of them that begin at byte 0 of `raw`, and how many
 * bytes each takes then; texts count themselves.
 */
export type Type = readonly [size: number, decode: (raw: Uint8Array, count: number) => Values, made: number];

type Numbers = new (buffer: ArrayBuffer, start: number, count: number) => Values;

/** Whole numbers without a sign and with one, and floats, by their size in bytes. */
const NUMBERS: Readonly<Record<number, readonly Numbers[]>> = {
  1: [Uint8Array, Int8Array],
  2: [Uint16Array, Int16Array],
  4: [Uint32Array, Int32Array, Float32Array],
  8: [BigUint64Array, BigInt64Array, Float64Array],
};

/** IEEE floats by where their parts lie: exponent (place, number of bits), mantissa (place, number of bits). */
const FLOATS: Readonly<Record<number, string>> = { 4: '23,8,0,23', 8: '52,11,0,52' };

/**
 * The datatype at an address, if it is of numbers as they lie in memory: class (0 whole numbers, 1 floats) and version (4
 * bits each), flags (1 for big-endian, 8 for a sign; 3 bytes), size (4), of whole numbers where the bits that count begin
 * and how many these are (2 each), and of floats four bytes further where their parts lie.
 */
export function plainType(source: Source, at: number): Type | undefined {
  const [kind, flags, size] = [source.u8(at) & 15, source.u8(at + 1), source.u32(at + 4)];
  const make = NUMBERS[size]?.[kind === 1 ? 2 : (flags >> 3) & 1];
  if (kind > 1 || flags & 1 || !make) return undefined;
  const parts = `${source.span(at + 8 + 4 * kind, 4)}`;
  if (parts !== (kind === 1 ? FLOATS[size] : `0,0,${8 * size},0`)) return undefined;
  // A copy, because typed arrays begin at multiples of their size.
  return [size, (raw, count) => new make(raw.slice(0, size * count).buffer as ArrayBuffer, 0, count), size];
}
