/** Attributes: small arrays with a name, inside the header of what they describe. */
import { isArray } from '../../engine/look.js';
import type { Source } from '../binary/source.js';
import { lazily } from './data.js';
import type { Type } from './datatype.js';
import type { Message } from './header.js';
import { ATTRIBUTE } from './messages.js';
import type { Attributes, Data } from './tree.js';
import { readType } from './types.js';

/**
 * All attributes among these messages: version, flags (in version 1: zero), sizes (2 each) of name, type and shape, in
 * version 3 the name's encoding; then these three, each padded to 8 bytes in version 1, and the values.
 */
export function readAttributes(source: Source, messages: readonly Message[]): Attributes {
  const all = new Map<string, Data>();
  for (const { type: kind, at, size } of messages) {
    if (kind !== ATTRIBUTE) continue;
    const version = source.version('an attribute', at, [1, 2, 3]);
    if (version > 1 && source.u8(at + 1) !== 0) source.fail('an attribute of a shared type', at);
    let next = at + (version === 3 ? 9 : 8);
    const [name, type, space] = [2, 4, 6].map((place) => {
      const [begin, length] = [next, source.u16(at + place)];
      next += version === 1 ? Math.ceil(length / 8) * 8 : length;
      return begin;
    }) as [number, number, number];
    const values = next;
    const raw = (): Uint8Array => source.span(values, Math.max(0, at + size - values));
    const title = source.text(source.span(name, source.u16(at + 2)), name);
    all.set(
      title,
      lazily(source, space, () => readType(source, type), raw),
    );
  }
  return all;
}

/** The datatype of an array with these messages, among which an attribute may say of what kind its bytes are. */
export function typeOf(source: Source, at: number, messages: readonly Message[]): Type {
  const kind = readAttributes(source, messages).get('dtype')?.values();
  return readType(source, at, isArray(kind) ? kind[0] : undefined);
}
