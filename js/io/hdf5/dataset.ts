/** Arrays: their type, their shape, and where their values lie. */
import { isArray } from '../../engine/look.js';
import type { Source } from '../binary/source.js';
import { readDataspace } from './dataspace.js';
import { readType } from './datatype.js';
import type { Message } from './header.js';
import { DATASPACE, DATATYPE, LAYOUT } from './messages.js';
import { type Attributes, countOf, type Data, type Dataset, type Values } from './tree.js';

/** The version and the class of the layout of an array in one piece, whose address follows. */
const IN_ONE_PIECE = 0x103;

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
  const place = source.u16(layout) === IN_ONE_PIECE ? source.address(layout + 2) : undefined;
  const other = place === undefined ? await import('./layouts.js') : undefined;
  const raw = (shape: readonly number[], size: number): Uint8Array =>
    other?.readLayout(source, layout, places, shape, size) ?? source.span(place!, size * countOf(shape));
  return { ...lazily(source, type, space, raw, attributes), attributes };
}
