/** Object headers: the list of messages that says what an object is. */
import { CONTINUATION } from './messages.js';
import type { Source } from './source.js';

/** A message: where its content lies. */
export interface Message {
  type: number;
  at: number;
  size: number;
}

/**
 * The messages of the object header at an address. The list goes on in other blocks; a message that lies elsewhere,
 * shared, is not read.
 *
 * Version 1: version, zero, number of messages (2), references (4), size (4), zeros (4). A message has type (2), size (2),
 * flags, zeros (3); contents are padded to 8 bytes.
 *
 * Version 2: OHDR, version, flags, and what they announce; the size of the first block. A message has type (1), size (2),
 * flags, and its number in the order of creation (2) if that is kept. Further blocks begin with OCHK; all end with a
 * checksum.
 */
export function readHeader(source: Source, start: number): Message[] {
  source.step(start);
  const isOld = source.u8(start) === 1;
  const found: Message[] = [];
  const blocks: [at: number, size: number][] = [];
  let [head, left] = [8, Number.POSITIVE_INFINITY];
  if (isOld) {
    left = source.u16(start + 2);
    blocks.push([start + 16, source.u32(start + 8)]);
  } else {
    source.expect('OHDR', start);
    source.version('an object header', start + 4, [2]);
    const flags = source.u8(start + 5);
    const first = start + 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
    blocks.push([first + (1 << (flags & 3)), source.sized(first, flags)]);
    head = flags & 4 ? 6 : 4;
  }
  for (const block of blocks) {
    let [at, room] = block;
    for (; room >= head && left > 0; left--) {
      const [type, size, flags] = isOld
        ? [source.u16(at), source.u16(at + 2), source.u8(at + 4)]
        : [source.u8(at), source.u16(at + 1), source.u8(at + 3)];
      const content = at + head;
      source.step(content);
      if (type === CONTINUATION) {
        const next = source.pointer('the rest of an object header', content);
        const length = source.u64(content + 8);
        if (!isOld) source.expect('OCHK', next);
        blocks.push(isOld ? [next, length] : [next + 4, length - 8]);
      } else if (type !== 0) {
        if (flags & 2) source.fail('a message that several objects share cannot be read', content);
        found.push({ type, at: content, size });
      }
      at = content + size;
      room -= head + size;
    }
  }
  if (isOld && left > 0) source.fail(`${left} messages of an object header are missing`, start);
  return found;
}
