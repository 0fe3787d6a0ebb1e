/**
 * Reads HDF5 files (format specification version 3.0, The HDF Group) as h5py writes them: groups of the old and, with few
 * members, of the new form; numbers, texts, truth values; arrays in one piece, inside their header or in chunks with gzip
 * and shuffle. What else there is it names and refuses.
 */
import { Source } from '../binary/source.js';
import { readDataset } from './dataset.js';
import { readMembers } from './group.js';
import type { Message } from './header.js';
import { oldForm, readMessages } from './header.js';
import { readSuperblock } from './superblock.js';
import { type Attributes, type Dataset, type Group, isGroup } from './tree.js';

/** How deep groups may be nested. */
const DEEPEST = 100;

type AttributesOf = (source: Source, messages: readonly Message[]) => Attributes;

/**
 * The root group of a file. Values are read when they are asked for.
 * @param where Begins errors, and names the file.
 * @param attributesOf Reads attributes, where they are wanted: `readAttributes`.
 * @throws `format` for bytes that are no HDF5 file, are damaged, or have what cannot be read.
 */
export async function readHdf5(
  where: string,
  bytes: Uint8Array,
  attributesOf: AttributesOf = () => new Map(),
): Promise<Group> {
  const source = new Source(where, bytes);
  const root = await readObject(source, readSuperblock(source), [], attributesOf);
  return isGroup(root) ? root : source.fail('the root is no group', 0);
}

/** What lies at an address; `above` are the groups that it is in. */
async function readObject(
  source: Source,
  at: number,
  above: readonly number[],
  attributesOf: AttributesOf,
): Promise<Group | Dataset> {
  if (above.includes(at)) source.fail('a group contains itself', at);
  if (above.length > DEEPEST) source.fail(`groups are nested more than ${DEEPEST} deep`, at);
  source.step(at);
  const isOld = source.u8(at) === 1;
  const form = isOld ? oldForm(source, at) : (await import('./new-form.js')).newForm(source, at);
  const messages = readMessages(source, form);
  const attributes = attributesOf(source, messages);
  const found = await readMembers(source, messages);
  if (!found)
    return (
      (await readDataset(source, messages, attributes)) ??
      source.fail('an object that is neither a group nor a dataset cannot be read', at)
    );
  const members = new Map<string, Group | Dataset>();
  const inside = [...above, at];
  for (const [name, place] of found) members.set(name, await readObject(source, place, inside, attributesOf));
  return { members, attributes };
}
