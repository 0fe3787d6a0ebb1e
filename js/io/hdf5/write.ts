/** Writes HDF5 files as h5py does by default: superblock 0, groups of the old form, arrays in one piece. */
import { isArray } from '../../engine/look.js';
import { Block } from '../binary/block.js';
import { signature } from './begins.js';
import { DATASPACE, DATATYPE, FILL_VALUE, LAYOUT } from './messages.js';
import { NOWHERE, Sink } from './sink.js';
import { type Dataset, type Group, isGroup } from './tree.js';
import { HALF_NODE, HALF_TABLE, symbolTable } from './write-group.js';
import { attribute, dataspace, datatype, header, rawOf, type Written } from './write-messages.js';

/** The file of a group and all that is in it. */
export function writeHdf5(root: Group): Uint8Array {
  const sink = new Sink();
  const at = writeObject(sink, root);
  // Versions of five structures, sizes of addresses and of lengths, sizes of the nodes of groups, flags; addresses; then the
  // root's entry: no name, its header, nothing else known.
  const first = new Block().bytes(signature()).u8(0, 0, 0, 0, 0, 8, 8, 0);
  first.u16(HALF_TABLE, HALF_NODE).u32(0).u64(0, NOWHERE, sink.end, NOWHERE, 0, at, 0, 0, 0);
  return sink.done(first);
}

/** Writes what is inside first, then the object itself: its address. */
function writeObject(sink: Sink, node: Group | Dataset): number {
  const attributes = [...node.attributes].map(([key, data]) => attribute(sink, key, data));
  if (!isGroup(node)) return sink.put(header([...dataset(sink, node), ...attributes]));
  const members = new Map<string, number>();
  for (const [key, member] of node.members) members.set(key, writeObject(sink, member));
  return sink.put(header([symbolTable(sink, members), ...attributes]));
}

/** The messages of an array in one piece. Its fill value is version 2: space late, written if it is set, zeros. */
function dataset(sink: Sink, node: Dataset): Written[] {
  const [values, raw] = rawOf(sink, node);
  const place = raw.length === 0 ? NOWHERE : sink.put(raw);
  return [
    [DATASPACE, dataspace(node.shape)],
    [DATATYPE, datatype(values)],
    [FILL_VALUE, new Block().u8(2, 2, isArray(values) ? 0 : 2, 1).u32(0)],
    [LAYOUT, new Block().u8(3, 1).u64(place, raw.length)],
  ];
}
