/** Protobuf's wire format: a message is a row of fields, each a number with its kind (3 bits), and its value. */
import type { Bytes } from '../../engine/bytes.js';

const [VARINT, LENGTH, FIXED32] = [0, 2, 5];
const utf8 = /* @__PURE__ */ new TextEncoder();

/** A whole number, seven bits to a byte, the lowest first; one below 0 as if it had 64 bits. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 128);
  return [...bytes, Number(left)];
}

/** A message that grows: each method takes a field's number and its values. What is large is copied once, into the file. */
export class Message {
  readonly #pieces: ArrayLike<number>[] = [];
  #size = 0;

  #put(field: number, kind: number, pieces: readonly ArrayLike<number>[]): void {
    for (const piece of [varint(field * 8 + kind), ...pieces]) {
      this.#pieces.push(piece);
      this.#size += piece.length;
    }
  }
  whole(field: number, ...values: number[]): this {
    for (const value of values) this.#put(field, VARINT, [varint(value)]);
    return this;
  }
  float(field: number, value: number): this {
    this.#put(field, FIXED32, [new Uint8Array(Float32Array.of(value).buffer)]);
    return this;
  }
  bytes(field: number, ...values: Uint8Array[]): this {
    for (const value of values) this.#put(field, LENGTH, [varint(value.length), value]);
    return this;
  }
  text(field: number, ...values: string[]): this {
    return this.bytes(field, ...values.map((value) => utf8.encode(value)));
  }
  message(field: number, ...inside: Message[]): this {
    for (const one of inside) this.#put(field, LENGTH, [varint(one.#size), ...one.#pieces]);
    return this;
  }
  done(): Bytes {
    const file = new Uint8Array(this.#size);
    let at = 0;
    for (const piece of this.#pieces) {
      file.set(piece, at);
      at += piece.length;
    }
    return file;
  }
}
