/** What a file is put together from: blocks at addresses, known before they are written. Large arrays are copied once. */
import { Block } from '../binary/block.js';

/** The address that says that there is nothing. */
export const NOWHERE = Number.POSITIVE_INFINITY;

/** Where blocks begin: behind the superblock. */
const SUPERBLOCK = 96;

export class Sink {
  readonly #blocks: [at: number, bytes: Uint8Array][] = [];
  end = SUPERBLOCK;

  /** Puts bytes at the end: their address, which is a multiple of 8. */
  put(content: Block | Uint8Array): number {
    const [at, bytes] = [this.end, content instanceof Block ? content.done() : content];
    this.#blocks.push([at, bytes]);
    this.end = Math.ceil((at + bytes.length) / 8) * 8;
    return at;
  }
  /** The whole file, which begins with this block. */
  done(first: Block): Uint8Array {
    const file = new Uint8Array(this.end);
    file.set(first.done());
    for (const [at, bytes] of this.#blocks) file.set(bytes, at);
    return file;
  }
}
