/**
 * Reads zip archives (PKWARE's APPNOTE 6.3.10): members stored as they are or deflated, found by the directory at the
 * end. How much comes out is known before anything is unpacked.
 */
import { describe, fault } from '../../engine/errors.js';
import { crc32 } from './crc32.js';
import { inflate } from './inflate.js';

/** All members together may be so many times as long as the archive, and a little more. */
const GROWTH = 4;
const LEAST = 2 ** 16;

const [END, ENTRY, MEMBER] = [0x0605_4b50, 0x0201_4b50, 0x0403_4b50];
const [END_SIZE, ENTRY_SIZE, MEMBER_SIZE] = [22, 46, 30];
/** The end of the archive may carry a comment, which is no longer. */
const LONGEST_COMMENT = 0xffff;
const [STORED, DEFLATED] = [0, 8];

interface Entry {
  name: string;
  method: number;
  sum: number;
  packed: number;
  size: number;
  /** Where the member's own header lies. */
  at: number;
}

/**
 * The members of an archive whose names are asked for, and the names of all.
 * @param where Begins errors, and names the archive.
 * @throws `format` for what is no archive, is damaged or would take much more memory than the archive has bytes.
 */
export function readZip(
  where: string,
  bytes: Uint8Array,
  wanted: readonly string[],
): { members: Map<string, Uint8Array>; names: string[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = readDirectory(where, bytes, view);
  const chosen = entries.filter(({ name }) => wanted.includes(name));
  const sum = chosen.reduce((total, { size }) => total + size, 0);
  if (sum > GROWTH * bytes.length + LEAST)
    throw fault(
      'format',
      `${where}: an archive of ${bytes.length} bytes says that it holds ${sum}: more than ${GROWTH} times as many are not unpacked`,
    );
  const members = new Map<string, Uint8Array>();
  for (const entry of chosen) members.set(entry.name, readMember(where, bytes, view, entry));
  return { members, names: entries.map(({ name }) => name) };
}

/** The directory: for each member one entry, one after the other. */
function readDirectory(where: string, bytes: Uint8Array, view: DataView): Entry[] {
  const refused = (what: string): Error => fault('format', `${where}: ${what}`);
  let end = bytes.length - END_SIZE;
  const first = Math.max(0, end - LONGEST_COMMENT);
  while (end >= first && view.getUint32(end, true) !== END) end--;
  if (end < first) throw refused('expected a zip archive, whose directory stands at its end: there is none');
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const entries = new Map<string, Entry>();
  for (let place = 0; place < count; place++) {
    const isEntry = at + ENTRY_SIZE <= end && view.getUint32(at, true) === ENTRY;
    const next = isEntry ? at + ENTRY_SIZE + view.getUint16(at + 28, true) : end + 1;
    if (next > end) throw refused(`the archive's directory is damaged (byte ${at})`);
    const name = new TextDecoder().decode(bytes.subarray(at + ENTRY_SIZE, next));
    const member = `the member ${describe(name)}`;
    // Programs that unpack all of an archive would write elsewhere, and of two members one would be read.
    if (/^([/\\]|[a-z]:)|(^|[/\\])\.\.([/\\]|$)/i.test(name))
      throw refused(`${member} leads out of the archive`);
    if (entries.has(name)) throw refused(`${member} is there twice`);
    if (view.getUint16(at + 8, true) & 1) throw refused(`${member} is encrypted`);
    entries.set(name, {
      name,
      method: view.getUint16(at + 10, true),
      sum: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    });
    // Behind the name lie what else is known, and a comment.
    at = next + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return [...entries.values()];
}

/** A member's bytes: a view of the archive if they are stored as they are. */
function readMember(where: string, bytes: Uint8Array, view: DataView, entry: Entry): Uint8Array {
  const { name, method, sum, packed, size, at } = entry;
  const damaged = (what: string): Error => fault('format', `${where}: ${name}: ${what}`);
  if (at + MEMBER_SIZE > bytes.length || view.getUint32(at, true) !== MEMBER)
    throw damaged(`its header is not at byte ${at} of the archive`);
  const start = at + MEMBER_SIZE + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (start + packed > bytes.length)
    throw damaged(`${packed} bytes from byte ${start} on, but the archive ends at ${bytes.length}`);
  const raw = bytes.subarray(start, start + packed);
  if (method !== STORED && method !== DEFLATED)
    throw damaged(`packed by method ${method}: stored and deflated members can be read`);
  const own = method === STORED ? raw : inflate(raw, size);
  if (!own) throw damaged(`it cannot be unpacked to ${size} bytes`);
  if (own.length !== size) throw damaged(`${own.length} bytes, but ${size} were expected`);
  const got = crc32(own);
  if (got !== sum) throw damaged(`its checksum is ${got}, but ${sum} was expected: the file is damaged`);
  return own;
}
