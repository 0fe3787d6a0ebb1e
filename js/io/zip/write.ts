/** Writes zip archives whose members are stored as they are, as Keras does: weights would not become smaller. */
import type { Bytes } from '../../engine/bytes.js';
import { crc32 } from './crc32.js';

const [ENTRY_SIZE, MEMBER_SIZE, END_SIZE] = [46, 30, 22];
/** The version of the format that is needed, and the flag that names are UTF-8. */
const [VERSION, UTF8] = [20, 0x800];

/** Seconds in twos, minutes and hours, then day, month and years since 1980, from the lowest bits up. */
const stamp = (date: Date): number =>
  ((((date.getFullYear() - 1980) << 9) | ((date.getMonth() + 1) << 5) | date.getDate()) << 16) |
  (date.getHours() << 11) |
  (date.getMinutes() << 5) |
  (date.getSeconds() >> 1);

/** The archive of these members: each with a header before it, then a directory, then where that begins. */
export function writeZip(members: ReadonlyMap<string, Uint8Array>, date: Date): Bytes {
  const all = [...members].map(([name, bytes]) => ({
    title: new TextEncoder().encode(name),
    bytes,
    sum: crc32(bytes),
  }));
  const heads = ENTRY_SIZE + MEMBER_SIZE;
  const size = all.reduce((total, { title, bytes }) => total + heads + 2 * title.length + bytes.length, 0);
  const file = new Uint8Array(size + END_SIZE);
  const view = new DataView(file.buffer);
  let at = 0;
  /** What a header and the directory both say: version, flags, method 0, time, checksum, sizes, length of the name. */
  const about = ({ title, bytes, sum }: (typeof all)[0], from: number): void => {
    view.setUint16(from, VERSION, true);
    view.setUint16(from + 2, UTF8, true);
    for (const [place, value] of [stamp(date), sum, bytes.length, bytes.length].entries())
      view.setUint32(from + 6 + 4 * place, value, true);
    view.setUint16(from + 22, title.length, true);
  };
  const places = all.map((member) => {
    const place = at;
    view.setUint32(at, 0x0403_4b50, true);
    about(member, at + 4);
    file.set(member.title, at + MEMBER_SIZE);
    at += MEMBER_SIZE + member.title.length;
    file.set(member.bytes, at);
    at += member.bytes.length;
    return place;
  });
  const directory = at;
  for (const [number, member] of all.entries()) {
    view.setUint32(at, 0x0201_4b50, true);
    view.setUint16(at + 4, VERSION, true);
    about(member, at + 6);
    view.setUint32(at + 42, places[number]!, true);
    file.set(member.title, at + ENTRY_SIZE);
    at += ENTRY_SIZE + member.title.length;
  }
  view.setUint32(at, 0x0605_4b50, true);
  view.setUint16(at + 8, all.length, true);
  view.setUint16(at + 10, all.length, true);
  view.setUint32(at + 12, at - directory, true);
  view.setUint32(at + 16, directory, true);
  return file;
}
