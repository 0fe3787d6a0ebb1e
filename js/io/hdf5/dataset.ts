/** Arrays: their type, their shape, and where their values lie. */
import { isArray } from '../../engine/look.js';
import type { Source } from '../binary/source.js';
import { readDataspace } from './dataspace.js';
import { readType } from './datatype.js';
import type { Message } from './header.js';
import { DATASPACE, DATATYPE, EXTERNAL, FILL_VALUE, FILTERS, LAYOUT } from './messages.js';
import { type Attributes, countOf, type Data, type Dataset, type Values } from './tree.js';

/** Where an array lies: in its header, in one piece, in chunks. */
const [COMPACT, CONTIGUOUS, CHUNKED] = [0, 1, 2];

/** What reads arrays in chunks. Keras' files have none: it is loaded for the first file that has. */
let chunks: typeof import('./chunks.js') | undefined;

/** Values of a type and a shape, read when they are asked for; `raw` finds their bytes. */
export function lazily(
  source: Source,
  type: number,
  space: number,
  raw: (shape: readonly number[], size: number) => Uint8Array,
  attributes?: Attributes,
): Data {
  const shape = readDataspace(source, space);
  const values = (): Values => {
    const kind = attributes?.get('dtype')?.values();
    const [size, decode, made] = readType(source, type, isArray(kind) ? kind[0] : undefined);
    const count = countOf(shape);
    const bytes = count === 0 ? new Uint8Array(0) : raw(shape ?? [], size);
    if (bytes.length < size * count)
      source.fail(`${bytes.length} bytes for ${count} values of ${size}`, space);
    source.take(made * count, type);
    return decode(bytes, count);
  };
  return { shape, values };
}

/** The dataset that these messages describe; undefined for what is none. */
export async function readDataset(
  source: Source,
  messages: readonly Message[],
  attributes: Attributes,
): Promise<Dataset | undefined> {
  const places = new Map(messages.map(({ type, at }) => [type, at]));
  const [type, space, layout] = [DATATYPE, DATASPACE, LAYOUT].map((kind) => places.get(kind));
  if (type === undefined || space === undefined || layout === undefined) return undefined;
  if (source.u8(layout + 1) === CHUNKED) chunks ??= await import('./chunks.js');
  /**
   * Version 3: version, class, and for compact ones size (2) and the bytes, for contiguous ones address (8) and size (8);
   * for chunks see there.
   */
  const raw = (shape: readonly number[], size: number): Uint8Array => {
    if (places.has(EXTERNAL)) source.fail('a dataset in another file cannot be read', layout);
    source.version('the layout of a dataset', layout, [3]);
    const kind = source.u8(layout + 1);
    const whole = size * countOf(shape);
    const blank = (): Uint8Array => filled(source, places.get(FILL_VALUE), size, whole, layout);
    if (kind === COMPACT) return source.span(layout + 4, source.u16(layout + 2));
    if (kind === CONTIGUOUS) {
      const place = source.address(layout + 2);
      // Space that was never written is not there.
      return place === undefined ? blank() : source.span(place, whole);
    }
    if (kind === CHUNKED && chunks)
      return chunks.readChunks(source, layout, shape, size, places.get(FILTERS), blank());
    return source.fail(`a dataset of the layout class ${kind} cannot be read`, layout);
  };
  return { ...lazily(source, type, space, raw, attributes), attributes };
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
