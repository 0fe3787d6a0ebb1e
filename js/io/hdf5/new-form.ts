/**
 * Headers and groups of the form that HDF5 has since 1.8. A module of its own: h5py writes it, and Keras' files have it, where
 * it is asked for alone.
 */
import type { Source } from '../binary/source.js';
import type { HeaderForm, Message } from './header.js';
import { ATTRIBUTE_INFO, LINK, LINK_INFO } from './messages.js';

/**
 * An object header of version 2: OHDR, version, flags, and what they announce; the size of the first block. A message has
 * type (1), size (2), flags, and its number in the order of creation (2) if that is kept. Further blocks begin with OCHK;
 * all end with a checksum.
 */
export function newForm(source: Source, start: number): HeaderForm {
  source.expect('OHDR\x02', start);
  const flags = source.u8(start + 5);
  const first = start + 6 + (flags & 0x20 && 16) + (flags & 0x10 && 4);
  const width = 1 << (flags & 3);
  return {
    at: first + width,
    size: source.number(first, width),
    count: Number.POSITIVE_INFINITY,
    type: 1,
    head: flags & 4 ? 6 : 4,
    signature: 'OCHK',
  };
}

/** Adds what the messages of a group name, each in a message of its own: many lie in a heap, and are refused. */
export function readLinks(source: Source, messages: readonly Message[], found: Map<string, number>): void {
  for (const { type, at } of messages) {
    if (type === LINK_INFO) refuseHeap(source, at, 8);
    if (type === ATTRIBUTE_INFO) refuseHeap(source, at, 2);
    if (type === LINK) readLink(source, at, found);
  }
}

/** Version, flags, the highest number (of `width` bytes) if numbers are kept, then where a heap of many lies. */
function refuseHeap(source: Source, at: number, width: number): void {
  const heap = at + 2 + (source.u8(at + 1) & 1 && width);
  if (source.address(heap) !== undefined)
    source.fail('links or attributes in a fractal heap (more than 8, or large ones) cannot be read', heap);
}

/**
 * A link: version, flags, kind (1) if flag 8 is set, number (8) if 4, encoding (1) if 16, length of the name (1, 2,
 * 4 or 8 by the lowest bits), the name, and for kind 0 the address (8).
 */
function readLink(source: Source, start: number, found: Map<string, number>): void {
  source.expect('\x01', start);
  const flags = source.u8(start + 1);
  let at = start + 2;
  const kind = flags & 8 && source.u8(at++);
  at += (flags & 4 && 8) + (flags & 16 && 1);
  const width = 1 << (flags & 3);
  const span = source.span(at + width, source.number(at, width));
  at += width;
  const name = source.text(span, at);
  if (kind !== 0) source.fail(`the link ${name} to a path or to another file cannot be read`, at);
  found.set(name, source.pointer(name, at + span.length));
}
