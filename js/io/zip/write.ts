/** Writes zip archives whose members are stored as they are, as Keras does: weights do not become smaller. */
import { Zip, ZipPassThrough } from 'fflate';

/** The archive of these members. */
export function writeZip(members: ReadonlyMap<string, Uint8Array>, date: Date): Uint8Array {
  const parts: Uint8Array[] = [];
  const archive = new Zip((failure, part) => {
    if (failure) throw failure;
    parts.push(part);
  });
  for (const [name, bytes] of members) {
    const member = new ZipPassThrough(name);
    member.mtime = date;
    archive.add(member);
    member.push(bytes, true);
  }
  archive.end();
  const file = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}
