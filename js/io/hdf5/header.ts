/** Object headers: the list of messages that says what an object is. */
import type { Source } from './source.js';

/** The kinds of messages that are read. */
export const DATASPACE = 0x01;
export const LINK_INFO = 0x02;
export const DATATYPE = 0x03;
export const FILL_VALUE = 0x05;
export const LINK = 0x06;
export const EXTERNAL = 0x07;
export const LAYOUT = 0x08;
export const FILTERS = 0x0b;
export const ATTRIBUTE = 0x0c;
const CONTINUATION = 0x10;
export const SYMBOL_TABLE = 0x11;
export const ATTRIBUTE_INFO = 0x15;

/** A message: where its content lies. */
export interface Message {
  type: number;
  at: number;
  size: number;
}

/** The messages of the object header at an address. */
export function readHeader(source: Source, at: number): Message[] {
  source.step(at);
  return source.u8(at) === 1 ? readFirst(source, at) : readSecond(source, at);
}

/** Adds a message, or the block in which the list goes on. A message that lies elsewhere, shared, is not read. */
function note(
  source: Source,
  found: Message[],
  blocks: [at: number, size: number][],
  message: Message,
  flags: number,
): void {
  const { type, at } = message;
  source.step(at);
  if (type === CONTINUATION) {
    blocks.push([source.pointer('the rest of an object header', at), source.u64(at + 8)]);
  } else if (type !== 0) {
    if (flags & 2) source.fail('a message that several objects share cannot be read', at);
    found.push(message);
  }
}

/**
 * Version 1: version, zero, number of messages (2), references (4), size (4), zeros (4). A message has type (2), size (2),
 * flags, zeros (3); contents are padded to 8 bytes.
 */
function readFirst(source: Source, start: number): Message[] {
  let left = source.u16(start + 2);
  const found: Message[] = [];
  const blocks: [number, number][] = [[start + 16, source.u32(start + 8)]];
  for (let block = blocks.shift(); block && left > 0; block = blocks.shift()) {
    let [at, size] = block;
    for (; size >= 8 && left > 0; left--) {
      const length = source.u16(at + 2);
      note(source, found, blocks, { type: source.u16(at), at: at + 8, size: length }, source.u8(at + 4));
      at += 8 + length;
      size -= 8 + length;
    }
  }
  if (left > 0) source.fail(`${left} messages of an object header are missing`, start);
  return found;
}

/**
 * Version 2: OHDR, version, flags, and what they announce; the size of the first block. A message has type (1), size (2),
 * flags, and its number in the order of creation (2) if that is kept. Blocks end with a checksum.
 */
function readSecond(source: Source, start: number): Message[] {
  source.expect('OHDR', start);
  source.version('an object header', start + 4, [2]);
  const flags = source.u8(start + 5);
  let first = start + 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const width = 1 << (flags & 3);
  const read = [source.u8, source.u16, source.u32, source.u64][flags & 3]!;
  const size = read.call(source, first);
  first += width;
  const head = flags & 4 ? 6 : 4;
  const found: Message[] = [];
  const blocks: [number, number][] = [[first, size]];
  for (let block = blocks.shift(), isFirst = true; block; block = blocks.shift(), isFirst = false) {
    let [at, left] = block;
    if (!isFirst) {
      source.expect('OCHK', at);
      [at, left] = [at + 4, left - 8];
    }
    while (left >= head) {
      const length = source.u16(at + 1);
      const message = { type: source.u8(at), at: at + head, size: length };
      note(source, found, blocks, message, source.u8(at + 3));
      at += head + length;
      left -= head + length;
    }
  }
  return found;
}
