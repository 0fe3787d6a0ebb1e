/**
 * What a file is put together from: blocks at addresses, which are known before the blocks are written. The bytes of large
 * arrays are copied once, at the end.
 */

/** Bytes that are written one after the other, little-endian. */
export class Block {
  readonly #bytes: number[] = [];
  get length(): number {
    return this.#bytes.length;
  }
  u8(...values: number[]): this {
    this.#bytes.push(...values);
    return this;
  }
  u16(value: number): this {
    return this.u8(value & 255, (value >> 8) & 255);
  }
  u32(value: number): this {
    return this.u16(value & 0xffff).u16(value >>> 16);
  }
  u64(value: number): this {
    return this.u32(value % 2 ** 32).u32(Math.floor(value / 2 ** 32));
  }
  /** The address that says that there is nothing. */
  nowhere(): this {
    return this.u8(255, 255, 255, 255, 255, 255, 255, 255);
  }
  letters(text: string): this {
    return this.u8(...Array.from(text, (letter) => letter.charCodeAt(0)));
  }
  bytes(values: Uint8Array): this {
    for (const value of values) this.#bytes.push(value);
    return this;
  }
  /** Zeros up to this length, or up to a multiple of 8 bytes. */
  pad(length = Math.ceil(this.length / 8) * 8): this {
    while (this.length < length) this.#bytes.push(0);
    return this;
  }
  done(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

export class Sink {
  readonly #blocks: [at: number, bytes: Uint8Array][] = [];
  #end: number;

  /** Blocks begin behind the first `start` bytes. */
  constructor(start: number) {
    this.#end = start;
  }
  get end(): number {
    return this.#end;
  }
  /** Puts bytes at the end: their address, which is a multiple of 8. */
  put(bytes: Uint8Array): number {
    const at = this.#end;
    this.#blocks.push([at, bytes]);
    this.#end = Math.ceil((at + bytes.length) / 8) * 8;
    return at;
  }
  /** The whole file, which begins with these bytes. */
  done(first: Uint8Array): Uint8Array {
    const file = new Uint8Array(this.#end);
    file.set(first);
    for (const [at, bytes] of this.#blocks) file.set(bytes, at);
    return file;
  }
}
