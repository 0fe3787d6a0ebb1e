/** Messages of object headers, in forms that all readers since HDF5 1.8 know. */
import { isArray } from '../../engine/look.js';
import { Block } from '../binary/block.js';
import { ATTRIBUTE } from './messages.js';
import type { Sink } from './sink.js';
import type { Data, Numbers, Values } from './tree.js';

/** A message: its type and its content. */
export type Written = [type: number, content: Block];

/** An object header of version 1: version, zero, number of messages (2), references (4), size (4), and the messages. */
export function header(messages: readonly Written[]): Block {
  const all = new Block();
  for (const [type, content] of messages) all.u16(type, content.pad().length).u32(0).bytes(content.done());
  return new Block().u16(1, messages.length).u32(1, all.length, 0).bytes(all.done());
}

/** A shape: version 2, rank, flags, kind (0 a single value, 1 axes, 2 nothing at all), lengths (8 each). */
export const dataspace = (shape: readonly number[] | null): Block =>
  new Block().u8(2, shape?.length ?? 0, 0, shape ? Math.sign(shape.length) : 2).u64(...(shape ?? []));

/** The datatype of values: class and version, flags, size, and where the bits are. */
export function datatype(values: Values): Block {
  // Texts of any length, in UTF-8: sequences of texts of one byte.
  if (isArray(values)) return new Block().u8(0x19, 1, 1, 0).u32(16).u8(0x13, 0, 1, 0).u32(1);
  const size = values.BYTES_PER_ELEMENT;
  const { name } = values.constructor;
  const [isFloat, isSigned] = [/^Float/.test(name), /^(Big)?Int/.test(name)];
  const begun = new Block().u8(...(isFloat ? [0x11, 0x20, 8 * size - 1, 0] : [0x10, isSigned ? 8 : 0, 0, 0]));
  begun.u32(size).u16(0, 8 * size);
  const [exponent, mantissa] = size === 4 ? [8, 23] : [11, 52];
  return isFloat ? begun.u8(mantissa, exponent, 0, mantissa).u32(2 ** (exponent - 1) - 1) : begun;
}

/**
 * Texts lie in a global heap, and where they are meant stand their length (4), the address of the heap (8) and their number
 * in it (4). A heap: GCOL, version, zeros (3), size (8), objects of number (2), references (2), zeros (4), size (8) and
 * content, and what is free as object 0.
 */
function textReferences(sink: Sink, texts: readonly string[]): Uint8Array {
  const heap = new Block();
  const references = new Block();
  for (const [place, text] of texts.entries()) {
    const bytes = new TextEncoder().encode(text);
    heap
      .u32(place + 1, 0)
      .u64(bytes.length)
      .bytes(bytes)
      .pad();
    references
      .u32(bytes.length)
      .u64(sink.end)
      .u32(place + 1);
  }
  // No heap is smaller.
  const free = Math.max(4096 - 16 - heap.length, 16);
  const head = new Block()
    .text('GCOL')
    .u32(1)
    .u64(heap.length + 16 + free)
    .bytes(heap.done());
  sink.put(head.u64(0, free).pad(head.length - 16 + free));
  return references.done();
}

/** The values as they stand in the file; texts go to a heap before. */
export function rawOf(sink: Sink, { values }: Data): [Values, Uint8Array] {
  const own = values();
  const { buffer, byteOffset, byteLength } = own as Numbers;
  return [own, isArray(own) ? textReferences(sink, own) : new Uint8Array(buffer, byteOffset, byteLength)];
}

/**
 * An attribute, of fewer than 64 KiB: version 3, zero, sizes (2 each) of name, type and shape, 1 for UTF-8, and these and
 * the values.
 */
export function attribute(sink: Sink, name: string, data: Data): Written {
  const [values, raw] = rawOf(sink, data);
  const parts = [new Block().text(`${name}\0`), datatype(values), dataspace(data.shape)];
  const content = new Block()
    .u8(3, 0)
    .u16(...parts.map(({ length }) => length))
    .u8(1);
  for (const part of [...parts.map((one) => one.done()), raw]) content.bytes(part);
  return [ATTRIBUTE, content];
}
