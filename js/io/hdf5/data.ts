/** Values of a type and a shape, whatever they belong to. */
import { sizeOf } from '../../tensor/shape.js';
import type { Source } from '../binary/source.js';
import { readDataspace } from './dataspace.js';
import type { Type } from './datatype.js';
import type { Data, Values } from './tree.js';

/** Values that are read when they are asked for; `raw` finds their bytes, and `space` is where their shape stands. */
export function lazily(
  source: Source,
  space: number,
  type: () => Type,
  raw: (shape: readonly number[], size: number) => Uint8Array,
): Data {
  const shape = readDataspace(source, space);
  const values = (): Values => {
    const [size, decode, made] = type();
    const count = shape ? sizeOf(shape) : 0;
    const bytes = count === 0 ? new Uint8Array(0) : raw(shape!, size);
    if (bytes.length < size * count)
      source.fail(`${bytes.length} bytes for ${count} values of ${size}`, space);
    source.take(made * count, space);
    return decode(bytes, count);
  };
  return { shape, values };
}
