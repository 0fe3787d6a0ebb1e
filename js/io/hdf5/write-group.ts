/** Groups of the old form, which h5py writes: a B-tree over tables of names in order, and a heap with the names. */
import { SYMBOL_TABLE } from './messages.js';
import { Block, type Sink } from './sink.js';
import type { Written } from './write-messages.js';

/** How many names a table holds, and how many children a node of the tree: twice what the superblock says. */
export const HALF_TABLE = 4;
export const HALF_NODE = 16;

const utf8 = /* @__PURE__ */ new TextEncoder();

/** Byte by byte, as the names are looked up. */
function compare(one: Uint8Array, other: Uint8Array): number {
  const at = one.findIndex((byte, place) => byte !== other[place]);
  return at < 0 ? one.length - other.length : one[at]! - (other[at] ?? -1);
}

/** A part of the tree: where it lies, and where its last name is in the heap. */
interface Node {
  at: number;
  last: number;
}

/** Parts of a list, each of at most so many. */
const parts = <T>(all: readonly T[], most: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / most) }, (_, part) =>
    all.slice(part * most, (part + 1) * most),
  );

/** Writes what a group names, and gives the message that says where. */
export function symbolTable(sink: Sink, members: ReadonlyMap<string, number>): Written {
  const named = [...members].map(([name, at]) => ({ name: utf8.encode(name), at }));
  named.sort((one, other) => compare(one.name, other.name));
  // The heap begins with an empty name, which comes before all others.
  const names = new Block().pad(8);
  const entries = named.map(({ name, at }) => {
    const offset = names.length;
    names.bytes(name).u8(0).pad();
    return { offset, at };
  });
  const data = sink.put(names.done());
  const heap = new Block().letters('HEAP').u8(0, 0, 0, 0).u64(names.length).u64(1).u64(data);
  let nodes = parts(entries, 2 * HALF_TABLE).map((own): Node => {
    // An entry: name, address, and 24 bytes of what is not known.
    const table = new Block().letters('SNOD').u8(1, 0).u16(own.length);
    for (const { offset, at } of own)
      table
        .u64(offset)
        .u64(at)
        .pad(table.length + 24);
    const size = 8 + 2 * HALF_TABLE * 40;
    return { at: sink.put(table.pad(size).done()), last: own.at(-1)!.offset };
  });
  for (let level = 0, isTop = false; !isTop; level++) {
    const groups = nodes.length === 0 ? [[]] : parts(nodes, 2 * HALF_NODE);
    isTop = groups.length === 1;
    nodes = treeNodes(sink, groups, level);
  }
  return [SYMBOL_TABLE, new Block().u64(nodes[0]!.at).u64(sink.put(heap.done()))];
}

/**
 * Nodes of one level: TREE, type 0, level, number of children (2), neighbours (8 each), and between keys, each the last
 * name before it, the children.
 */
function treeNodes(sink: Sink, groups: readonly Node[][], level: number): Node[] {
  const size = 24 + 8 * (4 * HALF_NODE + 1);
  const start = sink.end;
  let before = 0;
  return groups.map((children, place) => {
    const node = new Block().letters('TREE').u8(0, level).u16(children.length);
    if (place > 0) node.u64(start + (place - 1) * size);
    else node.nowhere();
    if (place < groups.length - 1) node.u64(start + (place + 1) * size);
    else node.nowhere();
    node.u64(before);
    for (const { at, last } of children) {
      node.u64(at).u64(last);
      before = last;
    }
    return { at: sink.put(node.pad(size).done()), last: before };
  });
}
