/**
 * Arrays that do not lie in the file in one piece: those in their header, in chunks, and what was never written. A module of
 * its own, with what unpacks: Keras' files have none of them.
 */
import { sizeOf } from '../../tensor/shape.js';
import type { Source } from '../binary/source.js';
import { readChunks } from './chunks.js';
import { EXTERNAL, FILL_VALUE, FILTERS } from './messages.js';

/** Where an array lies: in its header, in one piece, in chunks. */
const [COMPACT, CONTIGUOUS, CHUNKED] = [0, 1, 2];

/**
 * The bytes of an array of this shape, whose values have `size` bytes each; `places` are those of its messages by their
 * kinds. The layout, version 3: version, class, and for compact ones size (2) and the bytes, for contiguous ones address
 * (8) and size (8); for chunks see there.
 */
export function readLayout(
  source: Source,
  layout: number,
  places: ReadonlyMap<number, number>,
  shape: readonly number[],
  size: number,
): Uint8Array {
  if (places.has(EXTERNAL)) source.fail('a dataset in another file cannot be read', layout);
  source.version('the layout of a dataset', layout, [3]);
  const kind = source.u8(layout + 1);
  if (kind === COMPACT) return source.span(layout + 4, source.u16(layout + 2));
  if (kind !== CONTIGUOUS && kind !== CHUNKED)
    source.fail(`a dataset of the layout class ${kind} cannot be read`, layout);
  const blank = filled(source, places.get(FILL_VALUE), size, size * sizeOf(shape), layout);
  // Space that was never written is not there.
  if (kind === CONTIGUOUS) return blank;
  return readChunks(source, layout, shape, size, places.get(FILTERS), blank);
}

/**
 * Bytes of values that were never written: zeros, or what the file says. Versions 1 and 2: version, two bytes about space,
 * whether there is a value, its size (4), the value. Version 3: version, flags (0x20: there is a value), size, value.
 */
function filled(
  source: Source,
  fill: number | undefined,
  size: number,
  length: number,
  at: number,
): Uint8Array {
  source.take(length, at);
  const out = new Uint8Array(length);
  if (fill === undefined) return out;
  const isNew = source.version('a fill value', fill, [1, 2, 3]) === 3;
  if (!(isNew ? source.u8(fill + 1) & 0x20 : source.u8(fill + 3))) return out;
  const begin = fill + (isNew ? 6 : 8);
  const own = source.span(begin, source.u32(begin - 4));
  if (own.length === size) for (let place = 0; place < length; place += size) out.set(own, place);
  else if (own.length > 0) source.fail(`a fill value of ${own.length} bytes for values of ${size}`, fill);
  return out;
}
