/** Groups: names, and the addresses of what they name. */
import type { Source } from '../binary/source.js';
import type { Message } from './header.js';
import { localHeap } from './heap.js';
import { ATTRIBUTE_INFO, LINK, LINK_INFO, SYMBOL_TABLE } from './messages.js';

const DEEPEST = 16;

/** The addresses of a group's members by name; undefined for what is no group. */
export async function readMembers(
  source: Source,
  messages: readonly Message[],
): Promise<Map<string, number> | undefined> {
  const found = new Map<string, number>();
  const has = (...types: number[]): boolean => messages.some(({ type }) => types.includes(type));
  for (const { type, at } of messages) if (type === SYMBOL_TABLE) readTable(source, at, found);
  if (has(LINK, LINK_INFO, ATTRIBUTE_INFO))
    (await import('./new-form.js')).readLinks(source, messages, found);
  return has(SYMBOL_TABLE, LINK, LINK_INFO) ? found : undefined;
}

/**
 * The old form: the address of a B-tree (8), and of a heap with the names (8). A node of the tree: TREE, type 0, level,
 * number of children (2), neighbours (8 each); then a key (8), a child (8), a key, … A leaf: SNOD, version, zero, number
 * of entries (2). An entry: offset of the name (8), address (8), what else is known (4; 2 for a link by a path), zeros
 * (4), room for that (16).
 */
function readTable(source: Source, start: number, found: Map<string, number>): void {
  const name = localHeap(source, source.pointer('the names of a group', start + 8));
  const visit = (node: number, depth: number): void => {
    source.step(node);
    if (depth > DEEPEST) source.fail('a tree of names is too deep', node);
    const isLeaf = source.u8(node) === 0x53;
    source.expect(isLeaf ? 'SNOD\x01' : 'TREE\0', node);
    const [first, size] = isLeaf ? [8, 40] : [32, 16];
    for (let left = source.u16(node + 6), at = node + first; left > 0; left--, at += size) {
      source.step(at);
      if (!isLeaf) {
        visit(source.pointer('a node of a tree', at), depth + 1);
        continue;
      }
      const own = name(source.u64(at));
      if (source.u32(at + 16) === 2) source.fail(`the link ${own} to a path cannot be read`, at);
      found.set(own, source.pointer(own, at + 8));
    }
  };
  visit(source.pointer('the tree of a group', start), 0);
}
