/**
 * Reads HDF5 files (format specification version 3.0, The HDF Group) as h5py writes them: groups of the old and, with few
 * members, of the new form; numbers, texts, truth values; arrays in one piece, inside their header or in chunks with gzip
 * and shuffle. What else there is it names and refuses.
 */
import { Source } from '../binary/source.js';
import { readAttributes } from './attribute.js';
import { readDataset } from './dataset.js';
import { readMembers } from './group.js';
import { readHeader } from './header.js';
import { readSuperblock } from './superblock.js';
import { type Dataset, type Group, isGroup } from './tree.js';

/** How deep groups may be nested. */
const DEEPEST = 100;

/**
 * The root group of a file. Values are read when they are asked for.
 * @param where Begins errors, and names the file.
 * @throws `format` for bytes that are no HDF5 file, are damaged, or have what cannot be read.
 */
export async function readHdf5(where: string, bytes: Uint8Array): Promise<Group> {
  const source = new Source(where, bytes);
  const root = await readObject(source, readSuperblock(source), []);
  return isGroup(root) ? root : source.fail('the root is no group', 0);
}

/** What lies at an address; `above` are the groups that it is in. */
async function readObject(source: Source, at: number, above: readonly number[]): Promise<Group | Dataset> {
  if (above.includes(at)) source.fail('a group contains itself', at);
  if (above.length > DEEPEST) source.fail(`groups are nested more than ${DEEPEST} deep`, at);
  const messages = readHeader(source, at);
  const attributes = readAttributes(source, messages);
  const found = readMembers(source, messages);
  if (!found)
    return (
      (await readDataset(source, messages, attributes)) ??
      source.fail('an object that is neither a group nor a dataset cannot be read', at)
    );
  const members = new Map<string, Group | Dataset>();
  for (const [name, place] of found) members.set(name, await readObject(source, place, [...above, at]));
  return { members, attributes };
}
