/**
 * Reads zip archives (PKWARE's APPNOTE 6.3.10): members stored as they are or deflated, found by the directory at the
 * end. How much comes out is known before anything is unpacked.
 */
import { describe } from '../../engine/errors.js';
import { Source } from '../binary/source.js';
import { crc32 } from './crc32.js';
import { isOutside } from './name.js';

const END = 0x0605_4b50;
const END_SIZE = 22;
const ENTRY_SIZE = 46;
const MEMBER_SIZE = 30;
/** The end of the archive may carry a comment, which is no longer. */
const LONGEST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;

/**
 * The members of an archive whose names are asked for, and the names of all. What unpacks is loaded for archives that are
 * packed: those of Keras are not.
 * @param where Begins errors, and names the archive.
 * @throws `format` for what is no archive, is damaged or would take much more memory than the archive has bytes.
 */
export async function readZip(
  where: string,
  bytes: Uint8Array,
  wanted: readonly string[],
): Promise<{ members: Map<string, Uint8Array>; names: string[] }> {
  const source = new Source(where, bytes);
  const entries = readDirectory(source);
  const members = new Map<string, Uint8Array>();
  const chosen = wanted.filter((name) => entries.has(name));
  for (const name of chosen) source.take(source.u32(entries.get(name)! + 24), entries.get(name)!);
  for (const name of chosen) members.set(name, await readMember(source, name, entries.get(name)!));
  return { members, names: [...entries.keys()] };
}

/** The directory: for each member one entry, one after the other. Where each lies, by the members' names. */
function readDirectory(source: Source): Map<string, number> {
  let end = source.bytes.length - END_SIZE;
  const first = Math.max(0, end - LONGEST_COMMENT);
  while (end >= first && source.u32(end) !== END) end--;
  if (end < first) source.fail('expected a zip archive, with a directory at its end', first);
  const entries = new Map<string, number>();
  for (let at = source.u32(end + 16), left = source.u16(end + 10); left > 0; left--) {
    source.expect('PK\x01\x02', at, 'the directory: ');
    const length = source.u16(at + 28);
    const title = source.span(at + ENTRY_SIZE, length);
    const name = new TextDecoder('utf-8', { ignoreBOM: true }).decode(title);
    const refused = (what: string): never => source.fail(`the member ${describe(name)} ${what}`, at);
    if (isOutside(name)) refused('leads out of the archive');
    // Of two members one would be read.
    if (entries.has(name)) refused('is there twice');
    if (source.u16(at + 8) & 1) refused('is encrypted');
    entries.set(name, at);
    // Behind the name lie what else is known, and a comment.
    at += ENTRY_SIZE + length + source.u16(at + 30) + source.u16(at + 32);
  }
  return entries;
}

/** The bytes of the member with this entry: a view of the archive if they are stored as they are. */
async function readMember(source: Source, name: string, entry: number): Promise<Uint8Array> {
  const method = source.u16(entry + 10);
  const [sum, packed, size] = [16, 20, 24].map((place) => source.u32(entry + place)) as [
    number,
    number,
    number,
  ];
  const at = source.u32(entry + 42);
  const damaged = (what: string): never => source.fail(`${name}: ${what}`, at);
  source.expect('PK\x03\x04', at, `${name}: `);
  const raw = source.span(at + MEMBER_SIZE + source.u16(at + 26) + source.u16(at + 28), packed);
  if (method !== STORED && method !== DEFLATED)
    damaged(`packed by method ${method}: stored and deflated members can be read`);
  const own = method === STORED ? raw : (await import('./inflate.js')).inflate(raw, size);
  if (own?.length !== size) return damaged(`it cannot be unpacked to ${size} bytes`);
  const got = crc32(own);
  if (got !== sum) damaged(`its checksum is ${got}, but ${sum} was expected`);
  return own;
}
