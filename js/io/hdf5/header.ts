/** Object headers: the list of messages that says what an object is. */
import type { Source } from '../binary/source.js';
import { CONTINUATION } from './messages.js';

/** A message: where its content lies. */
export interface Message {
  type: number;
  at: number;
  size: number;
}

/** Where messages lie, and their form. */
export interface HeaderForm {
  /** Of the first block of them. */
  at: number;
  size: number;
  /** How many there are. */
  count: number;
  /** Bytes of a message's type, before its size (2) and flags, and of its whole head. */
  type: number;
  head: number;
  /** What further blocks begin with; they end with as many bytes. */
  signature: string;
}

/**
 * Version 1: version, zero, number of messages (2), references (4), size (4), zeros (4). A message has type (2), size (2),
 * flags, zeros (3); contents are padded to 8 bytes. Version 2 is read in `new-form.ts`.
 */
export const oldForm = (source: Source, start: number): HeaderForm => ({
  at: start + 16,
  size: source.u32(start + 8),
  count: source.u16(start + 2),
  type: 2,
  head: 8,
  signature: '',
});

/** The messages of a header. The list goes on in other blocks; a message that lies elsewhere, shared, is not read. */
export function readMessages(source: Source, { at: start, size: room, ...form }: HeaderForm): Message[] {
  const { count, type: width, head, signature } = form;
  const found: Message[] = [];
  const blocks = [[start, room] as const];
  let left = count;
  for (let [at, room] of blocks) {
    for (; room >= head && left > 0; left--) {
      const [type, size] = [source.number(at, width), source.u16(at + width)];
      const content = at + head;
      source.step(content);
      if (type === CONTINUATION) {
        const next = source.pointer('the rest of an object header', content);
        source.expect(signature, next);
        const { length } = signature;
        blocks.push([next + length, source.u64(content + 8) - 2 * length]);
      } else if (type !== 0) {
        if (source.u8(at + width + 2) & 2)
          source.fail('a message that several objects share cannot be read', content);
        found.push({ type, at: content, size });
      }
      at = content + size;
      room -= head + size;
    }
  }
  if (left > 0 && left < Number.POSITIVE_INFINITY)
    source.fail(`${left} messages of an object header are missing`, start);
  return found;
}
