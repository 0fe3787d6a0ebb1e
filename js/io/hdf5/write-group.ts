/** Groups of the old form, which h5py writes: a B-tree over tables of names in order, and a heap with the names. */
import { Block } from '../binary/block.js';
import { SYMBOL_TABLE } from './messages.js';
import { NOWHERE, type Sink } from './sink.js';
import type { Written } from './write-messages.js';

/** How many names a table holds: twice what the superblock says. */
export const HALF_TABLE = 4;

/**
 * How many children a node of a tree has room for, halved: all tables of a group of so many members, so that each tree is
 * one node. HDF5's own number is the least.
 */
export const halfNode = (members: number): number => Math.max(16, Math.ceil(members / (4 * HALF_TABLE)));

/** Byte by byte, as the names are looked up. */
function compare(one: Uint8Array, other: Uint8Array): number {
  const at = one.findIndex((byte, place) => byte !== other[place]);
  return at < 0 ? one.length - other.length : one[at]! - (other[at] ?? -1);
}

/** Writes what a group names, and gives the message that says where. */
export function symbolTable(sink: Sink, members: ReadonlyMap<string, number>): Written {
  const named = [...members].map(([name, at]) => ({ name: new TextEncoder().encode(name), at }));
  named.sort((one, other) => compare(one.name, other.name));
  // The heap begins with an empty name, which comes before all others: the tree's first key.
  const names = new Block().pad(8);
  // TREE, type 0, level 0, number of children (2), neighbours, of which there are none; each key is the last name before it.
  const tree = new Block().text('TREE').u8(0, 0);
  tree.u16(Math.ceil(named.length / (2 * HALF_TABLE))).u64(NOWHERE, NOWHERE, 0);
  for (let first = 0; first < named.length; first += 2 * HALF_TABLE) {
    const own = named.slice(first, first + 2 * HALF_TABLE);
    // An entry: name, address, and 24 bytes of what is not known.
    const table = new Block().text('SNOD').u8(1, 0).u16(own.length);
    let last = 0;
    for (const { name, at } of own) {
      last = names.length;
      table.u64(last, at, 0, 0, 0);
      names.bytes(name).u8(0).pad();
    }
    tree.u64(sink.put(table.pad(8 + 2 * HALF_TABLE * 40)), last);
  }
  const heap = new Block().text('HEAP').u32(0).u64(names.length, 1, sink.put(names));
  tree.pad(24 + 8 * (4 * sink.halfNode + 1));
  return [SYMBOL_TABLE, new Block().u64(sink.put(tree), sink.put(heap))];
}
