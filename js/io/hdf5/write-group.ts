/** Groups of the old form, which h5py writes: a B-tree over tables of names in order, and a heap with the names. */
import { Block } from '../binary/block.js';
import { SYMBOL_TABLE } from './messages.js';
import { NOWHERE, type Sink } from './sink.js';
import type { Written } from './write-messages.js';

/** How many names a table holds: twice what the superblock says. */
export const HALF_TABLE = 4;

/** How many children a node of a tree has room for, halved: HDF5's own number. All nodes of a file are as long. */
export const HALF_NODE = 16;
const NODE = 24 + 8 * (4 * HALF_NODE + 1);

/** A table or a node: its address, and where its last name lies among the names. */
type Child = readonly [at: number, last: number];

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
  let children: Child[] = [];
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
    children.push([sink.put(table.pad(8 + 2 * HALF_TABLE * 40)), last]);
  }
  const heap = new Block().text('HEAP').u32(0).u64(names.length, 1, sink.put(names));
  let level = 0;
  do children = nodes(sink, children, level++);
  while (children.length > 1);
  return [SYMBOL_TABLE, new Block().u64(children[0]![0], sink.put(heap))];
}

/**
 * Puts the nodes of a tree over these children, one behind the other. TREE, type 0, level, number of children (2), the
 * neighbours; then a key (8), a child (8), a key, …: each key is the last name before what follows.
 */
function nodes(sink: Sink, children: readonly Child[], level: number): Child[] {
  const first = sink.end;
  const count = Math.max(1, Math.ceil(children.length / (2 * HALF_NODE)));
  const neighbour = (place: number): number =>
    place < 0 || place === count ? NOWHERE : first + place * NODE;
  return Array.from({ length: count }, (_, place): Child => {
    const begin = place * 2 * HALF_NODE;
    const before = children[begin - 1]?.[1] ?? 0;
    const own = children.slice(begin, begin + 2 * HALF_NODE);
    const node = new Block().text('TREE').u8(0, level).u16(own.length);
    node.u64(neighbour(place - 1), neighbour(place + 1), before, ...own.flat());
    return [sink.put(node.pad(NODE)), own.at(-1)?.[1] ?? 0];
  });
}
