/** Attributes: small arrays with a name, inside the header of what they describe. */
import { lazily } from './dataset.js';
import type { Message } from './header.js';
import { ATTRIBUTE, ATTRIBUTE_INFO } from './messages.js';
import type { Source } from './source.js';
import type { Attributes, Data } from './tree.js';

/** All attributes among these messages. */
export function readAttributes(source: Source, messages: readonly Message[]): Attributes {
  const all = new Map<string, Data>();
  for (const message of messages) {
    if (message.type === ATTRIBUTE) all.set(...readAttribute(source, message));
    // Version, flags, the highest number (2) if numbers are kept, then where a heap of many attributes lies.
    if (message.type === ATTRIBUTE_INFO) {
      const heap = message.at + (source.u8(message.at + 1) & 1 ? 4 : 2);
      if (source.address(heap) !== undefined)
        source.fail('attributes in a fractal heap (more than 8, or large ones) cannot be read', heap);
    }
  }
  return all;
}

/**
 * Version, flags (in version 1: zero), sizes (2 each) of name, type and shape, in version 3 the name's encoding; then
 * these three, each padded to 8 bytes in version 1, and the values.
 */
function readAttribute(source: Source, { at, size }: Message): [string, Data] {
  const version = source.version('an attribute', at, [1, 2, 3]);
  if (version > 1 && source.u8(at + 1) !== 0) source.fail('an attribute of a shared type', at);
  const sizes = [at + 2, at + 4, at + 6].map((place) => source.u16(place));
  const padded = sizes.map((own) => (version === 1 ? Math.ceil(own / 8) * 8 : own));
  const name = at + (version === 3 ? 9 : 8);
  const type = name + padded[0]!;
  const space = type + padded[1]!;
  const values = space + padded[2]!;
  const raw = (): Uint8Array => source.span(values, Math.max(0, at + size - values));
  return [source.text(source.span(name, sizes[0]!), name), lazily(source, type, space, raw)];
}
