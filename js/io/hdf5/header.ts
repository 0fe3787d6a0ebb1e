/** Object headers: the list of messages that says what an object is. */
import type { Source } from '../binary/source.js';
import { ATTRIBUTE_INFO, CONTINUATION, LINK_INFO } from './messages.js';

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
    source.expect('OHDR\x02', start);
    const flags = source.u8(start + 5);
    const first = start + 6 + (flags & 0x20 && 16) + (flags & 0x10 && 4);
    const width = 1 << (flags & 3);
    blocks.push([first + width, source.number(first, width)]);
    head = flags & 4 ? 6 : 4;
  }
  // How long a message's type is, and the letters and the checksum around what blocks say.
  const [width, around] = isOld ? [2, 0] : [1, 4];
  for (let [at, room] of blocks) {
    for (; room >= head && left > 0; left--) {
      const [type, size] = [source.number(at, width), source.u16(at + width)];
      const content = at + head;
      source.step(content);
      if (type === CONTINUATION) {
        const next = source.pointer('the rest of an object header', content);
        if (!isOld) source.expect('OCHK', next);
        blocks.push([next + around, source.u64(content + 8) - 2 * around]);
      } else if (type !== 0) {
        if (source.u8(at + width + 2) & 2)
          source.fail('a message that several objects share cannot be read', content);
        if (type === LINK_INFO || type === ATTRIBUTE_INFO) refuseHeap(source, content, type);
        found.push({ type, at: content, size });
      }
      at = content + size;
      room -= head + size;
    }
  }
  if (isOld && left > 0) source.fail(`${left} messages of an object header are missing`, start);
  return found;
}

/** Version, flags, the highest number (8 for links, 2 for attributes) if numbers are kept, then where a heap of many lies. */
function refuseHeap(source: Source, at: number, type: number): void {
  const heap = at + 2 + (source.u8(at + 1) & 1 && (type === LINK_INFO ? 8 : 2));
  if (source.address(heap) !== undefined)
    source.fail('links or attributes in a fractal heap (more than 8, or large ones) cannot be read', heap);
}
