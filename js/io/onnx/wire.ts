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

/** A message that grows. What is large is copied once, into the file. */
export class Message {
  readonly #pieces: ArrayLike<number>[] = [];
  #size = 0;

  #put(field: number, kind: number, pieces: readonly ArrayLike<number>[]): this {
    for (const piece of [varint(field * 8 + kind), ...pieces]) {
      this.#pieces.push(piece);
      this.#size += piece.length;
    }
    return this;
  }
  whole(field: number, value: number): this {
    return this.#put(field, VARINT, [varint(value)]);
  }
  float(field: number, value: number): this {
    return this.#put(field, FIXED32, [new Uint8Array(Float32Array.of(value).buffer)]);
  }
  bytes(field: number, value: Uint8Array): this {
    return this.#put(field, LENGTH, [varint(value.length), value]);
  }
  text(field: number, value: string): this {
    return this.bytes(field, utf8.encode(value));
  }
  message(field: number, inside: Message): this {
    return this.#put(field, LENGTH, [varint(inside.#size), ...inside.#pieces]);
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
