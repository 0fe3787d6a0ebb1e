/** Arrays: their type, their shape, and where their values lie. */
import { isArray } from '../../engine/look.js';
import { type Chunking, readChunks } from './chunks.js';
import { readDataspace } from './dataspace.js';
import { readType } from './datatype.js';
import { type Filters, readFilters } from './filters.js';
import type { Message } from './header.js';
import { DATASPACE, DATATYPE, EXTERNAL, FILL_VALUE, FILTERS, LAYOUT } from './messages.js';
import type { Source } from './source.js';
import { type Attributes, countOf, type Data, type Dataset, type Values } from './tree.js';

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
    const { size, made, decode } = readType(source, type, isArray(kind) ? kind[0] : undefined);
    const count = countOf(shape);
    const bytes = count === 0 ? new Uint8Array(0) : raw(shape ?? [], size);
    if (bytes.length < size * count)
      source.fail(`${bytes.length} bytes for ${count} values of ${size}`, space);
    source.take(made * count, type);
    return decode(bytes, count);
  };
  return { shape, values };
}

/** The dataset that these messages describe. */
export function readDataset(source: Source, messages: readonly Message[], attributes: Attributes): Dataset {
  const at = (type: number): number | undefined => messages.find((message) => message.type === type)?.at;
  const [type, space, layout] = [at(DATATYPE)!, at(DATASPACE)!, at(LAYOUT)!];
  const filters = at(FILTERS);
  const raw = (shape: readonly number[], size: number): Uint8Array => {
    if (at(EXTERNAL) !== undefined) source.fail('a dataset in another file cannot be read', layout);
    const own = filters === undefined ? [] : readFilters(source, filters);
    const blank = (length: number): Uint8Array => filled(source, at(FILL_VALUE), size, length, layout);
    return readLayout(source, layout, shape, size, own, blank);
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

/**
 * Version 3: version, class, and for compact ones (0) size (2) and the bytes, for contiguous ones (1) address (8) and
 * size (8), for chunks (2) rank + 1, the address of their tree (8), and lengths (4 each), of which the last is the size of
 * a value.
 */
function readLayout(
  source: Source,
  at: number,
  shape: readonly number[],
  size: number,
  filters: Filters,
  blank: (length: number) => Uint8Array,
): Uint8Array {
  source.version('the layout of a dataset', at, [3]);
  const kind = source.u8(at + 1);
  const whole = size * countOf(shape);
  if (kind === 0) return source.span(at + 4, source.u16(at + 2));
  if (kind === 1) {
    const place = source.address(at + 2);
    // Space that was never written is not there.
    return place === undefined ? blank(whole) : source.span(place, whole);
  }
  if (kind !== 2) return source.fail(`a dataset of the layout class ${kind} cannot be read`, at);
  const rank = source.u8(at + 2) - 1;
  if (rank !== shape.length) source.fail(`chunks of ${rank} axes for an array of ${shape.length}`, at);
  const lengths = Array.from({ length: rank + 1 }, (_, axis) => source.u32(at + 11 + 4 * axis));
  const width = lengths.pop()!;
  if (width !== size || lengths.includes(0)) source.fail('chunks of another type than their array', at);
  const chunking: Chunking = { tree: source.address(at + 3), shape: lengths, width };
  return readChunks(source, chunking, shape, filters, at, blank);
}
