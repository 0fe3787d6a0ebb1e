/**
 * Arrays stored in chunks: each has the chunk's whole shape, and lies where a B-tree says. A module of its own, with what
 * unpacks: Keras' own files need neither.
 */
import { sizeOf } from '../../tensor/shape.js';
import type { Source } from '../binary/source.js';
import { readFilters, unfilter } from './filters.js';

const DEEPEST = 16;

/**
 * The bytes of the whole array, in place of those of `out` that were written. The layout says: version, class, rank + 1,
 * the address of the tree (8), and lengths (4 each), of which the last is the size of a value.
 */
export function readChunks(
  source: Source,
  at: number,
  shape: readonly number[],
  width: number,
  pipeline: number | undefined,
  out: Uint8Array,
): Uint8Array {
  const filters = pipeline === undefined ? [] : readFilters(source, pipeline);
  const rank = source.u8(at + 2) - 1;
  if (rank !== shape.length) source.fail(`chunks of ${rank} axes for an array of ${shape.length}`, at);
  const chunk = Array.from({ length: rank + 1 }, (_, axis) => source.u32(at + 11 + 4 * axis));
  if (chunk.pop() !== width || chunk.includes(0)) source.fail('chunks of another type than their array', at);
  const tree = source.address(at + 3);
  if (tree === undefined || out.length === 0) return out;
  const size = width * sizeOf(chunk);
  // A chunk can be greater than the array, but no file has reason to make it much greater.
  if (!(size <= 64 * (out.length + 1024)))
    source.fail(`chunks of ${size} bytes for an array of ${out.length}`, at);
  // One chunk is unpacked at a time, in two steps at most.
  source.take(2 * (size + 4), at);
  const visit = (node: number, depth: number): void => {
    source.step(node);
    if (depth > DEEPEST) source.fail('a tree of chunks is too deep', node);
    source.expect('TREE\x01', node);
    const [level, count] = [source.u8(node + 5), source.u16(node + 6)];
    // A key: size (4), filters that were left out (4), where the chunk begins along each axis (8), and 0 (8).
    const key = 8 + 8 * (rank + 1);
    for (let place = 0, own = node + 24; place < count; place++, own += key + 8) {
      source.step(own);
      const child = source.pointer('a chunk', own + key);
      if (level > 0) {
        visit(child, depth + 1);
        continue;
      }
      const stored = source.span(child, source.u32(own));
      const begins = shape.map((_, axis) => source.u64(own + 8 + 8 * axis));
      if (begins.some((begin, axis) => begin >= shape[axis]!)) source.fail('a chunk outside its array', own);
      // A tree that leads to one chunk again and again takes time and no room.
      source.step(own, size / 1024);
      const bytes = unfilter(source, filters, stored, size, source.u32(own + 4), child);
      put(out, shape, bytes, chunk, width, begins);
    }
  };
  visit(tree, 0);
  source.take(-2 * (size + 4), at);
  return out;
}

/** Copies a chunk to its place, row by row, without what lies outside. */
function put(
  out: Uint8Array,
  shape: readonly number[],
  bytes: Uint8Array,
  chunk: readonly number[],
  width: number,
  begins: readonly number[],
): void {
  const last = shape.length - 1;
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
