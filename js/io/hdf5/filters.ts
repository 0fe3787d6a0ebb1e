/** Filters: what was done to the bytes of a chunk before they were written, undone in the reverse order. */

import type { Source } from '../binary/source.js';
import { inflate } from '../zip/inflate.js';

const [DEFLATE, SHUFFLE, CHECKSUM] = [1, 2, 3];

/** What was done, by number, with the first number that it was given. */
export type Filters = readonly { id: number; value: number }[];

/**
 * Version 1: version, number of filters, zeros (6). Each filter: number (2), length of the name (2), flags (2), how many
 * numbers it was given (2), the name padded to 8 bytes, the numbers (4 each, padded to 8). Version 2 begins at once, has
 * no padding, and names only for filters from number 256 on.
 */
export function readFilters(source: Source, start: number): Filters {
  const version = source.version('a filter pipeline', start, [1, 2]);
  let at = start + (version === 1 ? 8 : 2);
  return Array.from({ length: source.u8(start + 1) }, () => {
    const id = source.u16(at);
    if (![DEFLATE, SHUFFLE, CHECKSUM].includes(id))
      source.fail(`a dataset packed by filter ${id}: gzip, shuffle and fletcher32 can be read`, at);
    const named = version === 1;
    const name = named ? Math.ceil(source.u16(at + 2) / 8) * 8 : 0;
    const count = source.u16(at + (named ? 6 : 4));
    at += (named ? 8 : 6) + name;
    const value = count > 0 ? source.u32(at) : 0;
    at += 4 * count + (named && count % 2 === 1 ? 4 : 0);
    return { id, value };
  });
}

/** The bytes of a chunk as they were, `size` of them. Filters whose bit is set in `skipped` were not used. */
export function unfilter(
  source: Source,
  filters: Filters,
  stored: Uint8Array,
  size: number,
  skipped: number,
  at: number,
): Uint8Array {
  let bytes = stored;
  for (let place = filters.length - 1; place >= 0; place--) {
    if ((skipped >> place) & 1) continue;
    const { id, value } = filters[place]!;
    if (id === CHECKSUM) {
      bytes = bytes.subarray(0, Math.max(0, bytes.length - 4));
    } else if (id === DEFLATE) {
      // Two bytes say how it was packed, and four behind are a checksum, which is not looked at. Another one, of a filter
      // before, may have been packed with it.
      bytes = inflate(bytes.subarray(2), size + 4) ?? source.fail('a chunk cannot be unpacked', at);
    } else {
      bytes = unshuffle(bytes, value);
    }
  }
  if (bytes.length < size) source.fail(`a chunk of ${bytes.length} bytes, but ${size} were expected`, at);
  return bytes;
}

/** First bytes of all values, then all second bytes, … become values again. What is left over stands at the end. */
function unshuffle(bytes: Uint8Array, width: number): Uint8Array {
  const out = bytes.slice();
  const count = Math.floor(bytes.length / width);
  if (width < 2 || count < 2) return out;
  for (let byte = 0, from = 0; byte < width; byte++)
    for (let value = 0; value < count; value++) out[value * width + byte] = bytes[from++]!;
  return out;
}
