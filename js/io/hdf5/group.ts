/** Groups: names, and the addresses of what they name. */
import type { Message } from './header.js';
import { localHeap } from './heap.js';
import { LINK, LINK_INFO, SYMBOL_TABLE } from './messages.js';
import type { Source } from './source.js';

const DEEPEST = 16;

/** The addresses of a group's members by name; undefined for what is no group. */
export function readMembers(source: Source, messages: readonly Message[]): Map<string, number> | undefined {
  const table = messages.find(({ type }) => type === SYMBOL_TABLE);
  const info = messages.find(({ type }) => type === LINK_INFO);
  const links = messages.filter(({ type }) => type === LINK);
  if (!table && !info && links.length === 0) return undefined;
  const found = new Map<string, number>();
  if (table) readTable(source, table.at, found);
  if (info) {
    // Version, flags, the highest number (8) if numbers are kept, then where a heap of many links lies.
    const heap = info.at + (source.u8(info.at + 1) & 1 ? 10 : 2);
    if (source.address(heap) !== undefined)
      source.fail('links in a fractal heap (more than 8 in a group of the new form) cannot be read', heap);
  }
  for (const { at } of links) found.set(...readLink(source, at));
  return found;
}

/** The old form: the address of a B-tree (8), and of a heap with the names (8). */
function readTable(source: Source, at: number, found: Map<string, number>): void {
  const name = localHeap(source, source.pointer('the names of a group', at + 8));
  const visit = (node: number, depth: number): void => {
    source.step(node);
    if (depth > DEEPEST) source.fail('a tree of names is too deep', node);
    if (source.u8(node) === 0x53) {
      readEntries(source, node, name, found);
      return;
    }
    source.expect('TREE', node);
    if (source.u8(node + 4) !== 0) source.fail('expected a tree of names', node);
    // Type, level, number of children (2), neighbours (8 each); then a key (8), a child (8), a key, …
    const count = source.u16(node + 6);
    for (let place = 0; place < count; place++)
      visit(source.pointer('a node of a tree', node + 32 + 16 * place), depth + 1);
  };
  visit(source.pointer('the tree of a group', at), 0);
}

/**
 * SNOD, version, zero, number of entries (2). An entry: offset of the name (8), address (8), what else is known (4; 2 for
 * a link by a path), zeros (4), room for that (16).
 */
function readEntries(
  source: Source,
  at: number,
  name: (offset: number) => string,
  found: Map<string, number>,
): void {
  source.expect('SNOD', at);
  source.version('a symbol table', at + 4, [1]);
  const count = source.u16(at + 6);
  for (let place = 0, entry = at + 8; place < count; place++, entry += 40) {
    source.step(entry);
    const own = name(source.u64(entry));
    if (source.u32(entry + 16) === 2) source.fail(`the link ${own} to a path cannot be read`, entry);
    found.set(own, source.pointer(own, entry + 8));
  }
}

/**
 * The new form: version, flags, kind (1) if flag 8 is set, number (8) if 4, encoding (1) if 16, length of the name (1, 2,
 * 4 or 8 by the lowest bits), the name, and for kind 0 the address (8).
 */
function readLink(source: Source, start: number): [string, number] {
  source.version('a link', start, [1]);
  const flags = source.u8(start + 1);
  let at = start + 2;
  const kind = flags & 8 ? source.u8(at++) : 0;
  at += (flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0);
  const length = source.sized(at, flags);
  at += 1 << (flags & 3);
  const name = source.text(source.span(at, length), at);
  if (kind !== 0) source.fail(`the link ${name} to a path or to another file cannot be read`, at);
  return [name, source.pointer(name, at + length)];
}
