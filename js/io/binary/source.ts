/**
 * The bytes of a file that is read, every access checked, and limits that a hostile file runs into: how much is made of
 * it, and how many structures are looked at. All numbers are little-endian.
 */
import { fault } from '../../engine/errors.js';

/** How much memory reading a file may take, times the file: texts and half-precision numbers grow, packed ones too. */
const GROWTH = 4;
/** What even the smallest file may take. */
const LEAST = 2 ** 16;

export class Source {
  #room: number;
  #steps: number;

  readonly bytes: Uint8Array;

  /** `where` begins errors and names the file. */
  constructor(
    readonly where: string,
    bytes: Uint8Array,
  ) {
    // Not a class of Node's, whose `slice` is no copy.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#room = GROWTH * bytes.length + LEAST;
    // A structure takes at least four bytes, and a file that shares some is looked through a little longer.
    this.#steps = bytes.length / 4 + 1000;
  }

  /** Refuses the file: what is wrong with it, and at which byte. */
  fail(what: string, at: number): never {
    throw fault('format', `${this.where}: ${what} (byte ${at})`);
  }

  /** Counts structures that are looked at: a file whose pointers go in circles has no end of them. */
  step(at: number, cost = 1): void {
    this.#steps -= cost;
    if (this.#steps < 0) this.fail('the structures of the file point in circles', at);
  }

  /** Asks for memory for what is made of the file. */
  take(bytes: number, at: number): void {
    this.#room -= bytes;
    if (!(this.#room >= 0))
      this.fail(
        `what is read would take more than ${GROWTH} times the file's ${this.bytes.length} bytes`,
        at,
      );
  }

  /** Bytes as they lie in the file, without a copy. */
  span(at: number, length: number): Uint8Array {
    if (!(at >= 0 && at + length <= this.bytes.length))
      this.fail(`the file ends at byte ${this.bytes.length}: ${length} more bytes were expected`, at);
    return this.bytes.subarray(at, at + length);
  }
  /** A number of so many bytes. One that no length can be is refused. */
  number(at: number, length: number): number {
    const value = this.span(at, length).reduceRight((sum, byte) => sum * 256 + byte, 0);
    return Number.isSafeInteger(value) ? value : this.fail('a length of more than 2^53', at);
  }
  u8(at: number): number {
    return this.number(at, 1);
  }
  u16(at: number): number {
    return this.number(at, 2);
  }
  u32(at: number): number {
    return this.number(at, 4);
  }
  u64(at: number): number {
    return this.number(at, 8);
  }
  /** An address of 8 bytes, or undefined for the one that means nowhere: all bits set. */
  address(at: number): number | undefined {
    return this.span(at, 8).every((byte) => byte === 255) ? undefined : this.u64(at);
  }
  /** Where something must be. */
  pointer(what: string, at: number): number {
    return this.address(at) ?? this.fail(`${what} is nowhere`, at);
  }
  /** Text in UTF-8, up to a zero byte if there is one; `at` says where it lies, for errors. */
  text(span: Uint8Array, at: number): string {
    const end = span.indexOf(0);
    const own = end < 0 ? span : span.subarray(0, end);
    this.step(at, own.length / 64);
    this.take(2 * own.length, at);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(own);
    } catch {
      return this.fail('a text is not UTF-8', at);
    }
  }
  /** Refuses bytes that do not begin with these letters; `what` begins the error. */
  expect(signature: string, at: number, what = ''): void {
    const got = String.fromCharCode(...this.span(at, signature.length));
    if (got !== signature)
      this.fail(`${what}expected ${JSON.stringify(signature)}, got ${JSON.stringify(got)}`, at);
  }
  /** Refuses a version that is not one of these. */
  version(what: string, at: number, known: readonly number[]): number {
    const version = this.u8(at);
    if (!known.includes(version))
      this.fail(`${what} of version ${version}, of which ${known.join(', ')} can be read`, at);
    return version;
  }
}
