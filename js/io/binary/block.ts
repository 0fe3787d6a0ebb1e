/** Bytes that are written one after the other, numbers little-endian. For heads and tables; large arrays stay as they are. */
export class Block {
  readonly #bytes: number[] = [];
  get length(): number {
    return this.#bytes.length;
  }
  u8(...values: number[]): this {
    this.#bytes.push(...values);
    return this;
  }
  /** Numbers of two bytes each. */
  u16(...values: number[]): this {
    for (const value of values) this.u8(value & 255, (value >> 8) & 255);
    return this;
  }
  /** Numbers of four bytes each. */
  u32(...values: number[]): this {
    for (const value of values) this.u16(value, value >>> 16);
    return this;
  }
  /** Numbers of eight bytes each; infinity sets all bits. */
  u64(...values: number[]): this {
    for (const value of values)
      if (value < Number.POSITIVE_INFINITY) this.u32(value, Math.floor(value / 2 ** 32));
      else this.u32(-1, -1);
    return this;
  }
  bytes(values: Iterable<number>): this {
    for (const value of values) this.#bytes.push(value);
    return this;
  }
  text(value: string): this {
    return this.bytes(new TextEncoder().encode(value));
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
