/** Files in the safetensors format, read. */
import { brief, describe, fault } from '../../engine/errors.js';
import { isGone, isObject } from '../../engine/look.js';
import { Tensor } from '../../tensor/handle.js';
import { checkShape } from '../../tensor/shape.js';
import { foreign, readHead } from './head.js';
import { readingOf, valuesOf } from './types.js';

/** What a file holds. */
export interface Safetensors {
  /** Tensors by their names: those of a model are Keras' paths, such as `dense/kernel`. */
  tensors: { [name: string]: Tensor };
  /** Texts that the file carries besides. */
  metadata: { [key: string]: string };
}

/** What kind of thing a value is, in whichever window or module it was made. */
const kindOf = (value: unknown): string => (isObject(value) ? Object.prototype.toString.call(value) : '');

/** See `io.fromSafetensors`. Everything is looked at before the first tensor is made. */
export function read(where: string, given: unknown): Safetensors {
  const isBuffer = kindOf(given) === '[object ArrayBuffer]';
  if (!isBuffer && (kindOf(given) !== '[object Uint8Array]' || isGone(given as Uint8Array)))
    throw fault('type', `${where}: expected a Uint8Array, got ${describe(given)}`);
  const { buffer, byteOffset, byteLength } = isBuffer
    ? { buffer: given as ArrayBuffer, byteOffset: 0, byteLength: (given as ArrayBuffer).byteLength }
    : (given as Uint8Array);
  // Not a class of Node's, whose `slice` is no copy; and a buffer that was given away cannot be viewed.
  const file = byteLength > 0 ? new Uint8Array(buffer, byteOffset, byteLength) : new Uint8Array();
  const { entries, metadata, begin } = readHead(where, file);
  const readings = entries.map(({ name, dtype, shape, from, to }) => {
    const reading = readingOf(where, name, dtype);
    const size = shape.reduce((all, length) => all * length, reading.size);
    if (size !== to - from)
      throw foreign(
        where,
        `tensor \`${brief(name)}\`: ${to - from} bytes cannot be ${dtype} ${describe(shape)}`,
      );
    checkShape(`${where}: tensor \`${brief(name)}\``, shape);
    return reading;
  });
  const values = entries.map(({ name, from, to }, at) =>
    valuesOf(where, name, file.subarray(begin + from, begin + to), readings[at]!),
  );
  const tensors = entries.map(
    ({ name, shape }, at) => [name, new Tensor(values[at]!, shape, readings[at]!.dtype)] as const,
  );
  return { tensors: Object.fromEntries(tensors), metadata };
}
