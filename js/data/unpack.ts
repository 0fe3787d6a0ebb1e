/** Gzip that is unpacked while it comes, and never further than the file inside says that it goes. */

import type { Bytes } from '../engine/bytes.js';
import { fault, textOf } from '../engine/errors.js';
import { refused } from './refusal.js';

/** A file piece by piece, as it comes. */
export type Pieces = AsyncGenerator<Bytes, void>;

/** What a file says about itself at its beginning. */
export interface Format {
  /** As errors call it. */
  readonly name: string;
  /**
   * How long the file is that begins with `start`: undefined while that is too little to tell, an error for a file of
   * another kind. `isAll` says that no more comes.
   */
  lengthOf(start: Bytes, file: string, isAll: boolean): number | undefined;
}

/** So many packed bytes are unpacked at once, to a thousand times as many at most: browsers unpack all they are given. */
const BITE = 32 * 1024;

export async function* atOnce(bytes: Bytes): Pieces {
  yield bytes;
}

export async function* piecesOf(stream: ReadableStream<Bytes>): Pieces {
  const reader = stream.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    // Whoever wants no more of it does not go on loading it.
    reader.cancel().catch(() => {});
  }
}

/**
 * Unpacks a file; what is not packed (a server may have unpacked it) stays as it is.
 * @throws For a file that is cut short, goes on behind its end, or is longer than it says.
 */
export async function unpacked(pieces: Pieces, file: string, format: Format): Promise<Bytes> {
  const whole = new Whole(file, format);
  try {
    // Two bytes tell whether a file is packed.
    let start: Bytes = new Uint8Array();
    while (start.length < 2) {
      const next = await pieces.next();
      if (next.done) break;
      start = joined(start, next.value);
    }
    if (start[0] === 0x1f && start[1] === 0x8b) {
      await unpackInto(whole, start, pieces, file);
    } else {
      whole.add(start);
      for await (const piece of pieces) whole.add(piece);
    }
    return whole.end();
  } finally {
    pieces.return().catch(() => {});
  }
}

async function unpackInto(whole: Whole, start: Bytes, pieces: Pieces, file: string): Promise<void> {
  const damaged = (why: string) =>
    refused(`${file} is damaged: it cannot be unpacked (${why})`, { why: 'damaged', file });
  if (typeof DecompressionStream === 'undefined') {
    const since = 'Chrome 80, Firefox 113, Safari 16.4';
    throw fault(
      'format',
      `${file} is packed, and this browser cannot unpack (${since} can): unpack the file first`,
    );
  }
  const { readable, writable } = new DecompressionStream('gzip');
  const writer = writable.getWriter();
  const reader = (readable as ReadableStream<Bytes>).getReader();
  let lost: { failure: unknown } | undefined;
  /** The last four packed bytes: a gzip stream ends with its unpacked length. */
  let tail: Bytes = new Uint8Array();
  const feed = async (piece: Bytes): Promise<void> => {
    tail = joined(tail.subarray(-4), piece.subarray(-4)).slice(-4);
    for (let at = 0; at < piece.length; at += BITE) await writer.write(piece.subarray(at, at + BITE));
  };
  const feedAll = async (): Promise<void> => {
    await feed(start);
    for (;;) {
      const next = await pieces.next().catch((failure: unknown) => {
        lost = { failure };
        throw failure;
      });
      if (next.done) break;
      await feed(next.value);
    }
    await writer.close();
  };
  // What is wrong shows where the unpacked bytes are read.
  feedAll().catch((failure: unknown) => writer.abort(failure).catch(() => {}));
  let length = 0;
  try {
    for (;;) {
      const part = await reader.read().catch((failure: unknown) => {
        throw lost ? lost.failure : damaged(textOf(failure));
      });
      if (part.done) break;
      length += part.value.length;
      whole.add(part.value);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
  // Some engines stop at the end of the stream, some go on with what looks like another one behind it.
  const promised = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  if (promised !== length % 2 ** 32) throw damaged('something follows the end of the packed data');
}

/** A file that is put together: no more memory is taken for it than it says that it needs. */
class Whole {
  readonly #file: string;
  readonly #format: Format;
  /** The beginning, until it tells the length. */
  #start: Bytes = new Uint8Array();
  #all: Bytes | undefined;
  #at = 0;

  constructor(file: string, format: Format) {
    this.#file = file;
    this.#format = format;
  }

  add(piece: Bytes): void {
    if (this.#all) {
      this.#put(piece);
      return;
    }
    this.#start = joined(this.#start, piece);
    const length = this.#format.lengthOf(this.#start, this.#file, false);
    if (length !== undefined) this.#begin(length);
  }

  #begin(length: number): void {
    try {
      this.#all = new Uint8Array(length);
    } catch {
      throw refused(`${this.#file}: its ${length} bytes do not fit into memory`, {
        why: 'size',
        file: this.#file,
        promised: length,
      });
    }
    this.#put(this.#start);
  }

  #put(piece: Bytes): void {
    const all = this.#all!;
    if (piece.length > all.length - this.#at) throw this.#wrong('goes on behind', all.length, false);
    all.set(piece, this.#at);
    this.#at += piece.length;
  }

  end(): Bytes {
    // What ends within its header is refused by the format, which knows what a header is.
    if (!this.#all) this.#format.lengthOf(this.#start, this.#file, true);
    const promised = this.#all?.length ?? 0;
    if (!this.#all || this.#at < promised) throw this.#wrong(`ends after ${this.#at} of`, promised, true);
    return this.#all;
  }

  #wrong(what: string, promised: number, isShort: boolean): Error {
    const where = `${this.#file}: ${this.#format.name}`;
    return refused(`${where}: the file ${what} the ${promised} bytes that its header promises`, {
      why: 'length',
      file: this.#file,
      // Of a file that goes on behind its end nobody has counted the rest.
      ...(isShort ? { bytes: this.#at, promised } : {}),
    });
  }
}

function joined(first: Bytes, second: Bytes): Bytes {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
