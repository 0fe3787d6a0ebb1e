/** Arrays stored in chunks: each has the chunk's whole shape, and lies where a B-tree says. */
import { sizeOf } from '../../tensor/shape.js';
import { type Filters, unfilter } from './filters.js';
import type { Source } from './source.js';

const DEEPEST = 16;

/** The lengths of a chunk, and the size of a value in bytes. */
export interface Chunking {
  tree: number | undefined;
  shape: readonly number[];
  width: number;
}

/** The bytes of the whole array; what is `blank` where no chunk was written. */
export function readChunks(
  source: Source,
  chunking: Chunking,
  shape: readonly number[],
  filters: Filters,
  at: number,
  blank: (length: number) => Uint8Array,
): Uint8Array {
  const { width, tree } = chunking;
  const whole = width * sizeOf(shape);
  const out = blank(whole);
  if (tree === undefined || whole === 0) return out;
  const size = width * sizeOf(chunking.shape);
  // A chunk can be greater than the array, but no file has reason to make it much greater.
  if (!(size <= 64 * (whole + 1024))) source.fail(`chunks of ${size} bytes for an array of ${whole}`, at);
  // One chunk is unpacked at a time, in two steps at most.
  source.take(2 * (size + 4), at);
  const visit = (node: number, depth: number): void => {
    source.step(node);
    if (depth > DEEPEST) source.fail('a tree of chunks is too deep', node);
    source.expect('TREE', node);
    if (source.u8(node + 4) !== 1) source.fail('expected a tree of chunks', node);
    const [level, count] = [source.u8(node + 5), source.u16(node + 6)];
    // A key: size (4), filters that were left out (4), where the chunk begins along each axis (8), and 0 (8).
    const key = 8 + 8 * (shape.length + 1);
    for (let place = 0, own = node + 24; place < count; place++, own += key + 8) {
      source.step(own);
      const child = source.pointer('a chunk', own + key);
      if (level > 0) {
        visit(child, depth + 1);
        continue;
      }
      const stored = source.span(child, source.u32(own));
      const begins = shape.map((_, axis) => source.u64(own + 8 + 8 * axis));
      // A tree that leads to one chunk again and again takes time and no room.
      source.step(own, size / 1024);
      const bytes = unfilter(source, filters, stored, size, source.u32(own + 4), child);
      put(source, out, shape, bytes, chunking, begins, own);
    }
  };
  visit(tree, 0);
  source.take(-2 * (size + 4), at);
  return out;
}

/** Copies a chunk to its place, row by row, without what lies outside. */
function put(
  source: Source,
  out: Uint8Array,
  shape: readonly number[],
  bytes: Uint8Array,
  { shape: chunk, width }: Chunking,
  begins: readonly number[],
  at: number,
): void {
  const last = shape.length - 1;
  if (begins.some((begin, axis) => begin >= shape[axis]!)) source.fail('a chunk outside its array', at);
  const lengths = chunk.map((length, axis) => Math.min(length, shape[axis]! - begins[axis]!));
  const copy = (axis: number, from: number, to: number): void => {
    const [start, length] = [to * shape[axis]! + begins[axis]!, lengths[axis]!];
    if (axis === last) {
      const first = from * chunk[axis]! * width;
      out.set(bytes.subarray(first, first + length * width), start * width);
      return;
    }
    for (let step = 0; step < length; step++) copy(axis + 1, from * chunk[axis]! + step, start + step);
  };
  copy(0, 0, 0);
}
