/** Reading what the core has noted: shapes, and values where they lie. */
import { fault } from '../engine/errors.js';
import { core, memoryBuffer, onStart } from '../engine/instance.js';

// Views of WebAssembly's memory. When it grows their length becomes 0, or in shared memory stays behind.
let words: Uint32Array | undefined;
let floats = new Float32Array(0) as Float32Array<ArrayBufferLike>;

onStart(() => {
  words = undefined;
  floats = new Float32Array(0);
});

/** The note in which the core and JavaScript tell each other shapes: rank, six lengths, an address. */
export function note(): Uint32Array {
  if (!words || words.length === 0) words = new Uint32Array(memoryBuffer(), core().noteAddress(), 8);
  return words;
}

/** The core's memory, up to at least the value before `end`. */
export function memoryUpTo(end: number): Float32Array {
  if (floats.length < end || floats.length === 0) floats = new Float32Array(memoryBuffer());
  return floats;
}

/** The shape of the tensor that the core made last; `like` itself if it is that. */
export function notedShape(like: readonly number[]): number[] {
  const words = note();
  const rank = words[0]!;
  let same = like.length === rank;
  for (let axis = 0; same && axis < rank; axis++) same = like[axis] === words[axis + 1];
  if (same) return like as number[];
  const shape: number[] = [];
  for (let axis = 1; axis <= rank; axis++) shape.push(words[axis]!);
  return shape;
}

/** A copy of the values whose address is noted. */
export function copyNoted(size: number): Float32Array {
  return copyFrom(note()[7]!, size);
}

/** A copy of so many values. */
export function copyFrom(address: number, size: number): Float32Array {
  const begin = address >>> 2;
  const end = begin + size;
  try {
    return new Float32Array(memoryUpTo(end).subarray(begin, end));
  } catch {
    throw fault('memory', `there is no memory in JavaScript for ${size} values`);
  }
}
