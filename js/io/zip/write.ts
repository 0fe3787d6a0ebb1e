/** Writes zip archives whose members are stored as they are, as Keras does: weights would not become smaller. */
import type { Bytes } from '../../engine/bytes.js';
import { describe, fault } from '../../engine/errors.js';
import { Block } from '../binary/block.js';
import { CompositeArrayBuffer } from '../buffers.js';
import { crc32 } from './crc32.js';
import { isOutside } from './name.js';

/** The version of the format that is needed, and the flag that names are UTF-8. */
const VERSION = 20;
const UTF8 = 0x800;

/** Seconds in twos, minutes and hours, then day, month and years since 1980, from the lowest bits up. */
const stamp = (date: Date): number =>
  ((((date.getFullYear() - 1980) << 9) | ((date.getMonth() + 1) << 5) | date.getDate()) << 16) |
  (date.getHours() << 11) |
  (date.getMinutes() << 5) |
  (date.getSeconds() >> 1);

/** The most that two bytes can count, and of four nearly the most: a header must have place behind it. */
const MOST = 0xffff;
const MOST_BYTES = 0xfffe_0000;

/**
 * The archive of these members: each with a header before it, then a directory, then where that begins.
 * @param where Begins errors.
 * @throws `value` for a name that `readZip` would refuse, and for more than an archive can count.
 */
export function writeZip(where: string, members: ReadonlyMap<string, Uint8Array>, date: Date): Bytes {
  const pieces: Uint8Array[] = [];
  const directory = new Block();
  let end = 0;
  for (const [name, bytes] of members) {
    const title = new TextEncoder().encode(name);
    const isTooMuch = members.size > MOST || title.length > MOST || end + bytes.length > MOST_BYTES;
    if (isTooMuch || isOutside(name))
      throw fault(
        'value',
        `${where}: the member ${describe(name)} ${isTooMuch ? 'is too much for an archive' : 'leads out of the archive'}`,
      );
    // What a header and the directory both say; method 0, and nothing beside the name.
    const about = new Block()
      .u16(VERSION, UTF8, 0)
      .u32(stamp(date), crc32(bytes), bytes.length, bytes.length)
      .u16(title.length, 0)
      .done();
    const head = new Block().u32(0x0403_4b50).bytes(about).bytes(title).done();
    // No comment, the first disk, attributes of two kinds, and where the header is.
    directory.u32(0x0201_4b50).u16(VERSION).bytes(about).u16(0, 0, 0).u32(0, end).bytes(title);
    pieces.push(head, bytes);
    end += head.length + bytes.length;
  }
  const { length } = directory;
  directory.u32(0x0605_4b50, 0).u16(members.size, members.size).u32(length, end).u16(0);
  return new Uint8Array(CompositeArrayBuffer.join([...pieces, directory.done()]));
}
