/**
 * IDX, the file format of MNIST: two zero bytes, a type, the number of dimensions, each dimension as a big-endian
 * unsigned number of 32 bits, the values. The header is read while a file comes: it says how much there is to come.
 */
import { type Refusal, refused } from './refusal.js';
import { looksLike } from './sniff.js';
import type { Format } from './unpack.js';

/** The only type of value that is read: unsigned bytes, as in MNIST and its relatives. */
const UNSIGNED_BYTE = 0x08;
/** Pictures in colour have four dimensions; more has not been seen. */
const MOST_DIMENSIONS = 6;
/** No longer file is read: a packed file of a megabyte can become a thousand. The largest relative of MNIST has half as many. */
const MOST_BYTES = 2 ** 30;

interface Header {
  shape: number[];
  /** Where the values begin. */
  from: number;
  /** How long the whole file is. */
  length: number;
}

/** The header at the start of a file; undefined while there is too little of it. */
function header(start: Uint8Array, file: string, isAll: boolean): Header | undefined {
  const fail = (why: string, refusal: Refusal): never => {
    throw refused(`${file}: idx: ${why}`, refusal);
  };
  const isNone = (why: string): never => fail(why, { why: 'kind', file, looks: looksLike(start) });
  const [first, second, type, dimensions = 0] = start;
  const hex = (byte = 0): string => byte.toString(16).padStart(2, '0');
  if (first === 0x1f && second === 0x8b) isNone('the file is still compressed (gzip)');
  if (first || second)
    isNone(
      `not an IDX file: it starts with ${Array.from(start.subarray(0, 4), hex).join(' ')} instead of two zeros`,
    );
  if (start.length < 4) return isAll ? isNone(`${start.length} bytes are too few for a header`) : undefined;
  if (type !== UNSIGNED_BYTE)
    fail(`values of type 0x${hex(type)}; only unsigned bytes (0x08) are read`, { why: 'type', file });
  if (dimensions < 1 || dimensions > MOST_DIMENSIONS)
    fail(`${dimensions} dimensions; expected 1 to ${MOST_DIMENSIONS}`, {
      why: 'axes',
      file,
      axes: dimensions,
    });
  const from = 4 + 4 * dimensions;
  if (start.length < from) {
    if (!isAll) return undefined;
    fail(`the file ends within the sizes of its ${dimensions} dimensions`, { why: 'length', file });
  }
  const sizes = new DataView(start.buffer, start.byteOffset);
  const shape = Array.from({ length: dimensions }, (_, at) => sizes.getUint32(4 + 4 * at));
  const length = from + shape.reduce((product, size) => product * size, 1);
  if (length > MOST_BYTES)
    fail(`its header promises [${shape}], ${length} bytes; at most ${MOST_BYTES} are read`, {
      why: 'size',
      file,
      promised: length,
    });
  return { shape, from, length };
}

export const idx: Format = {
  name: 'idx',
  lengthOf: (start, file, isAll) => header(start, file, isAll)?.length,
};

/** An IDX file of unsigned bytes: its shape and its values. */
export function parseIdx(bytes: Uint8Array, file = 'file'): { shape: number[]; values: Uint8Array } {
  const { shape, from, length } = header(bytes, file, true)!;
  const values = bytes.subarray(from);
  if (bytes.length !== length)
    throw refused(`${file}: idx: ${values.length} values follow the header, which promises [${shape}]`, {
      why: 'length',
      file,
      bytes: bytes.length,
      promised: length,
    });
  return { shape, values };
}
