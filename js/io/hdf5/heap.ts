/** Heaps: where names of members and texts of any length lie. */
import type { Source } from '../binary/source.js';

/** A group's names: HEAP, version, zeros (3), size of the data (8), free list (8), address of the data (8). */
export function localHeap(source: Source, at: number): (offset: number) => string {
  source.step(at);
  source.expect('HEAP\0', at);
  const size = source.u64(at + 8);
  const data = source.pointer('the data of a local heap', at + 24);
  return (offset) => {
    if (offset >= size) source.fail(`a name at ${offset} of a heap of ${size} bytes`, data);
    return source.text(source.span(data + offset, size - offset), data + offset);
  };
}

/**
 * An object of a global heap, and where it lies. GCOL, version, zeros (3), size (8); objects of number (2), references
 * (2), zeros (4), size (8), and the content padded to 8 bytes. The object with number 0 is the free space at the end.
 */
export function globalObject(source: Source, heap: number, number: number): [at: number, size: number] {
  source.expect('GCOL\x01', heap);
  const end = heap + source.u64(heap + 8);
  for (let at = heap + 16; at + 16 <= end; ) {
    source.step(at, 0.01);
    const [own, size] = [source.u16(at), source.u64(at + 8)];
    if (own === number) return [at + 16, size];
    if (own === 0) break;
    at += 16 + Math.ceil(size / 8) * 8;
  }
  return source.fail(`there is no object ${number} in a global heap`, heap);
}
