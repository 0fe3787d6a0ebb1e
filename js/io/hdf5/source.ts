/**
 * The bytes of a file that is read, every access checked, and limits that a hostile file runs into: how much is made of
 * it, and how many structures are looked at. All numbers are little-endian.
 */
import { fault } from '../../engine/errors.js';

/** How much memory reading a file may take, times the file: texts and half-precision numbers grow, packed ones too. */
const GROWTH = 4;
/** What even the smallest file may take. */
const LEAST = 2 ** 16;

/** The address that says that there is nothing: all bits set. */
const NOWHERE = 0xffff_ffff;

const utf8 = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true });

export class Source {
  readonly #view: DataView;
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
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
    if (this.#steps < 0) this.fail('the structures of the HDF5 file point in circles', at);
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

  #check(at: number, length: number): void {
    if (!(at >= 0 && at + length <= this.bytes.length))
      this.fail(`the HDF5 file ends at byte ${this.bytes.length}: ${length} more bytes were expected`, at);
  }
  u8(at: number): number {
    this.#check(at, 1);
    return this.#view.getUint8(at);
  }
  u16(at: number): number {
    this.#check(at, 2);
    return this.#view.getUint16(at, true);
  }
  u32(at: number): number {
    this.#check(at, 4);
    return this.#view.getUint32(at, true);
  }
  /** A length of 8 bytes. One that no file can have is refused. */
  u64(at: number): number {
    const [low, high] = [this.u32(at), this.u32(at + 4)];
    if (high >= 2 ** 21) this.fail('a length of more than 2^53', at);
    return high * 2 ** 32 + low;
  }
  /** A number of 1, 2, 4 or 8 bytes, as the lowest bits of `flags` say. */
  sized(at: number, flags: number): number {
    const read = [this.u8, this.u16, this.u32, this.u64][flags & 3]!;
    return read.call(this, at);
  }
  /** An address of 8 bytes, or undefined for the one that means nowhere. */
  address(at: number): number | undefined {
    if (this.u32(at) === NOWHERE && this.u32(at + 4) === NOWHERE) return undefined;
    return this.u64(at);
  }
  /** Where something must be. */
  pointer(what: string, at: number): number {
    return this.address(at) ?? this.fail(`${what} is nowhere`, at);
  }
  /** Bytes as they lie in the file, without a copy. */
  span(at: number, length: number): Uint8Array {
    this.#check(at, length);
    return this.bytes.subarray(at, at + length);
  }
  /** Text in UTF-8, up to a zero byte if there is one; `at` says where it lies, for errors. */
  text(span: Uint8Array, at: number): string {
    const end = span.indexOf(0);
    const own = end < 0 ? span : span.subarray(0, end);
    this.step(at, own.length / 64);
    this.take(2 * own.length, at);
    try {
      return utf8.decode(own);
    } catch {
      return this.fail('a text is not UTF-8', at);
    }
  }
  /** Refuses bytes that do not begin with these letters. */
  expect(signature: string, at: number): void {
    const span = this.span(at, signature.length);
    const got = String.fromCharCode(...span);
    if (got !== signature) this.fail(`expected ${signature}, got ${JSON.stringify(got)}`, at);
  }
  /** Refuses a version that is not one of these. */
  version(what: string, at: number, known: readonly number[]): number {
    const version = this.u8(at);
    if (!known.includes(version))
      this.fail(`${what} of version ${version}, of which ${known.join(', ')} can be read`, at);
    return version;
  }
}
