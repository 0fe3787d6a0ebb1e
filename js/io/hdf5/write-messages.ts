/** Messages of object headers, in their oldest versions, which every reader knows. */
import { fault } from '../../engine/errors.js';
import { isArray } from '../../engine/look.js';
import { ATTRIBUTE } from './messages.js';
import { Block, type Sink } from './sink.js';
import { countOf, type Data, type Numbers, type Values } from './tree.js';

/** A message: its type and its content. */
export type Written = [type: number, content: Block];

/** An object header of version 1: version, zero, number of messages (2), references (4), size (4), and the messages. */
export function header(messages: readonly Written[]): Uint8Array {
  const all = new Block();
  for (const [type, content] of messages) {
    content.pad();
    all.u16(type).u16(content.length).u8(0, 0, 0, 0).bytes(content.done());
  }
  return new Block().u8(1, 0).u16(messages.length).u32(1).u32(all.length).pad().bytes(all.done()).done();
}

/** A shape: version, rank, flags, zeros (5), lengths (8 each); nothing at all needs version 2. */
export function dataspace(shape: readonly number[] | null): Block {
  if (shape === null) return new Block().u8(2, 0, 0, 2);
  const block = new Block().u8(1, shape.length, 0, 0, 0, 0, 0, 0);
  for (const length of shape) block.u64(length);
  return block;
}

/** The datatype of values: class and version, flags, size, and where the bits are. */
export function datatype(values: Values): Block {
  // Texts of any length, in UTF-8: sequences of texts of one byte.
  if (isArray(values)) return new Block().u8(0x19, 1, 1, 0).u32(16).u8(0x13, 0, 1, 0).u32(1);
  const size = values.BYTES_PER_ELEMENT;
  const bits = 8 * size;
  const begun = (...head: number[]): Block =>
    new Block()
      .u8(...head)
      .u32(size)
      .u16(0)
      .u16(bits);
  if (values instanceof Float32Array)
    return begun(0x11, 0x20, bits - 1, 0)
      .u8(23, 8, 0, 23)
      .u32(127);
  if (values instanceof Float64Array)
    return begun(0x11, 0x20, bits - 1, 0)
      .u8(52, 11, 0, 52)
      .u32(1023);
  return begun(0x10, /^(Int|BigInt)/.test(values.constructor.name) ? 8 : 0, 0, 0);
}

/** The bytes of numbers. */
export const bytesOf = (values: Numbers): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** How many bytes a heap of texts may have before the next one is begun. */
const HEAP = 2 ** 16;
const LEAST_HEAP = 4096;
const utf8 = /* @__PURE__ */ new TextEncoder();

/**
 * Texts lie in global heaps, and where they are meant stand their length (4), the address of the heap (8) and their number
 * in it (4). A heap: GCOL, version, zeros (3), size (8), objects of number (2), references (2), zeros (4), size (8) and
 * content, and what is free as object 0.
 */
export function textReferences(sink: Sink, texts: readonly string[]): Uint8Array {
  const references = new Block();
  let heap = new Block();
  let waiting: [length: number, number: number][] = [];
  const close = (): void => {
    if (waiting.length === 0) return;
    const used = 16 + heap.length;
    // The rest is too small for an object, or is one.
    const size = Math.max(LEAST_HEAP, used + 16);
    const head = new Block().letters('GCOL').u8(1, 0, 0, 0).u64(size).bytes(heap.done());
    head
      .u16(0)
      .u16(0)
      .u32(0)
      .u64(size - used)
      .pad(size);
    const at = sink.put(head.done());
    for (const [length, number] of waiting) references.u32(length).u64(at).u32(number);
    [heap, waiting] = [new Block(), []];
  };
  for (const text of texts) {
    const bytes = utf8.encode(text);
    heap
      .u16(waiting.length + 1)
      .u16(0)
      .u32(0)
      .u64(bytes.length)
      .bytes(bytes)
      .pad();
    waiting.push([bytes.length, waiting.length + 1]);
    if (heap.length > HEAP) close();
  }
  close();
  return references.done();
}

/** The values as they stand in the file; texts go to a heap before. */
export function rawOf(sink: Sink, { shape, values }: Data, where: string): [Values, Uint8Array] {
  const own = values();
  if (own.length !== countOf(shape))
    throw fault('shape', `${where}: ${own.length} values for the shape [${shape}]`);
  return [own, isArray(own) ? textReferences(sink, own) : bytesOf(own as Numbers)];
}

/** An attribute: version, zero, sizes (2 each) of name, type and shape, and these and the values, each padded. */
export function attribute(sink: Sink, name: string, data: Data): Written {
  const [values, raw] = rawOf(sink, data, name);
  const title = utf8.encode(`${name}\0`);
  const [type, space] = [datatype(values), dataspace(data.shape)];
  const ascii = title.every((byte) => byte < 128);
  const content = new Block().u8(ascii ? 1 : 3, 0);
  for (const { length } of [title, type, space]) content.u16(length);
  // Names that are not ASCII need version 3, which says so and pads nothing.
  if (!ascii) content.u8(1);
  for (const part of [title, type.done(), space.done()]) {
    content.bytes(part);
    if (ascii) content.pad();
  }
  content.bytes(raw);
  if (content.length > 0xfff0)
    throw fault('value', `${name}: an attribute of ${content.length} bytes: HDF5 takes fewer than 64 KiB`);
  return [ATTRIBUTE, content];
}
