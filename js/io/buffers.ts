/** Bytes that lie in several buffers, as if they lay in one. */
import type { Bytes } from '../engine/bytes.js';
import { describe, fault } from '../engine/errors.js';
import { isArray, isRevoked } from '../engine/look.js';
import { checkAttached } from '../tensor/values.js';

/** The kind of a value, whatever realm it comes from. */
export const kindOf = (value: unknown): string =>
  isRevoked(value) ? '' : Object.prototype.toString.call(value).slice(8, -1);

/** The bytes of a buffer, which may have been given away. */
export function wholeOf(where: string, buffer: ArrayBuffer): Bytes {
  try {
    return new Uint8Array(buffer);
  } catch {
    throw fault('value', `${where}: this memory was given away; its bytes are gone`);
  }
}

/** The bytes of a buffer, or of a view of one: of a view, those that it shows. */
export function bytesOf(where: string, given: unknown): Bytes {
  if (ArrayBuffer.isView(given)) {
    checkAttached(where, given);
    return new Uint8Array(given.buffer as ArrayBuffer, given.byteOffset, given.byteLength);
  }
  if (kindOf(given) === 'ArrayBuffer' || kindOf(given) === 'SharedArrayBuffer')
    return wholeOf(where, given as ArrayBuffer);
  throw fault('type', `${where}: expected an ArrayBuffer, got ${describe(given)}`);
}

/** Buffers, or views of them, one or more. */
type Several = ArrayBufferLike | ArrayBufferView | readonly (ArrayBufferLike | ArrayBufferView)[];

const listOf = (buffers: Several | null | undefined): Iterable<unknown> =>
  buffers === undefined || buffers === null ? [] : isArray(buffers) ? buffers.values() : [buffers];

/** Buffers in one; `where` begins errors: what the user called. */
export function composite(where: string, buffers?: Several): CompositeArrayBuffer {
  for (const one of listOf(buffers)) bytesOf(where, one);
  return new CompositeArrayBuffer(buffers);
}

/** What begins where. */
interface Shard {
  bytes: Bytes;
  start: number;
}

/** Several buffers, the first one's bytes first, of which pieces are taken out without joining them. */
export class CompositeArrayBuffer {
  readonly byteLength: number;
  readonly #shards: Shard[] = [];

  /**
   * All bytes in one buffer, which is new.
   * @example io.CompositeArrayBuffer.join([new ArrayBuffer(2), new ArrayBuffer(3)]).byteLength; // → 5
   */
  static join(buffers?: Several): ArrayBuffer {
    return new CompositeArrayBuffer(buffers).slice();
  }
  constructor(buffers?: Several) {
    let start = 0;
    for (const one of listOf(buffers)) {
      const bytes = bytesOf('CompositeArrayBuffer', one);
      if (bytes.length > 0) this.#shards.push({ bytes, start });
      start += bytes.length;
    }
    this.byteLength = start;
  }
  /** The bytes from `start` up to `end`, in a new buffer. Places outside are those of the nearest end. */
  slice(start?: number, end?: number): ArrayBuffer {
    const within = (place: number | undefined, otherwise: number): number =>
      place === undefined
        ? otherwise
        : Math.min(Math.max(0, Math.trunc(Number(place)) || 0), this.byteLength);
    const [from, to] = [within(start, 0), within(end, this.byteLength)];
    const out = new Uint8Array(Math.max(0, to - from));
    for (let at = this.#shardAt(from); at < this.#shards.length; at++) {
      const shard = this.#shards[at]!;
      if (shard.start >= to) break;
      out.set(
        shard.bytes.subarray(Math.max(0, from - shard.start), to - shard.start),
        Math.max(0, shard.start - from),
      );
    }
    return out.buffer;
  }
  /** The last shard that begins at this byte or before. */
  #shardAt(place: number): number {
    let [low, high] = [0, this.#shards.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#shards[middle]!.start <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/**
 * The bytes of several buffers in one.
 * @example io.concatenateArrayBuffers([new ArrayBuffer(2), new ArrayBuffer(3)]).byteLength; // → 5
 */
export const concatenateArrayBuffers = (buffers: ArrayBuffer[] | ArrayBuffer): ArrayBuffer =>
  composite('concatenateArrayBuffers', buffers).slice();
