/** Arrays: their type, their shape, and where their values lie. */
import { sizeOf } from '../../tensor/shape.js';
import type { Source } from '../binary/source.js';
import { lazily } from './data.js';
import { plainType } from './datatype.js';
import type { Message } from './header.js';
import { DATASPACE, DATATYPE, LAYOUT } from './messages.js';
import type { Attributes, Dataset } from './tree.js';

/** The version and the class of the layout of an array in one piece, whose address follows. */
const IN_ONE_PIECE = 0x103;

/** The dataset that these messages describe; undefined for what is none. */
export async function readDataset(
  source: Source,
  messages: readonly Message[],
  attributes: Attributes,
): Promise<Dataset | undefined> {
  const places = new Map(messages.map(({ type, at }) => [type, at]));
  const [type, space, layout] = [DATATYPE, DATASPACE, LAYOUT].map((kind) => places.get(kind));
  if (type === undefined || space === undefined || layout === undefined) return undefined;
  const plain = plainType(source, type);
  const others = plain ? undefined : await import('./attribute.js');
  const place = source.u16(layout) === IN_ONE_PIECE ? source.address(layout + 2) : undefined;
  const layouts = place === undefined ? await import('./layouts.js') : undefined;
  const raw = (shape: readonly number[], size: number): Uint8Array =>
    layouts?.readLayout(source, layout, places, shape, size) ?? source.span(place!, size * sizeOf(shape));
  return { ...lazily(source, space, () => plain ?? others!.typeOf(source, type, messages), raw), attributes };
}
