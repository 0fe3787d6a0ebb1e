/**
 * The head of a safetensors file: JSON of a fixed form, for each tensor its type, its shape and the range of its bytes. It
 * is read by hand, since a head that some program made up may be nested without end or name a tensor twice, which JSON
 * itself allows. The rules are those of the format's description, <https://github.com/huggingface/safetensors>.
 */
import { brief, fault } from '../../engine/errors.js';
import { checkHead } from './limits.js';

/** One tensor of a file. */
export interface Entry {
  name: string;
  dtype: string;
  shape: number[];
  /** Where its bytes begin and end behind the head. */
  from: number;
  to: number;
}

export interface Head {
  entries: Entry[];
  metadata: Record<string, string>;
}

/** A list of numbers has no more: each takes two bytes of the head, and four times as much memory. */
const MOST_NUMBERS = 64;

/** An error about a file that is not in this format; `why` names the place. */
export const foreign = (where: string, why: string): Error =>
  fault('format', `${where}: not a safetensors file (${why})`);

/** The longest text of a name or a metadata value in an error. */
const named = (name: string): string => `tensor \`${brief(name)}\``;

/** Reads the text of a head from its first character to its last. */
class Reader {
  readonly #where: string;
  readonly #text: string;
  #at = 0;

  constructor(where: string, text: string) {
    this.#where = where;
    this.#text = text;
  }
  wrong(what: string): Error {
    return foreign(this.#where, `its head: ${what} at character ${this.#at}`);
  }
  /** What a pattern finds here, behind white space. */
  #take(pattern: RegExp): string | undefined {
    for (const one of [/[ \t\n\r]*/y, pattern]) {
      one.lastIndex = this.#at;
      const found = one.exec(this.#text)?.[0];
      if (found === undefined) return undefined;
      this.#at += found.length;
      if (one === pattern) return found;
    }
    return undefined;
  }
  /** Whether this sign is here, which is then passed over. */
  has(sign: string): boolean {
    const before = this.#at;
    if (this.#take(/[{}[\],:]/y) === sign) return true;
    this.#at = before;
    return false;
  }
  expect(sign: string): void {
    if (!this.has(sign)) throw this.wrong(`\`${sign}\` is missing`);
  }
  text(): string {
    // By hand: a pattern would need room for each sign of a text without end.
    this.#take(/(?=")/y);
    const from = this.#at;
    let to = from + 1;
    while (to < this.#text.length && this.#text[to] !== '"') to += this.#text[to] === '\\' ? 2 : 1;
    try {
      const found: unknown = JSON.parse(this.#text.slice(from, to + 1));
      if (typeof found === 'string') {
        this.#at = to + 1;
        return found;
      }
    } catch {
      // No quotes, or a sign or an escape that may not be there.
    }
    throw this.wrong('a text is expected');
  }
  whole(): number {
    const found = this.#take(/(?:0|[1-9]\d{0,15})(?![\d.eE])/y);
    const value = Number(found);
    if (found === undefined || !Number.isSafeInteger(value)) throw this.wrong('a whole number is expected');
    return value;
  }
  /** Whole numbers in brackets. */
  wholes(): number[] {
    const all: number[] = [];
    this.expect('[');
    if (this.has(']')) return all;
    do {
      if (all.length === MOST_NUMBERS) throw this.wrong(`a list of more than ${MOST_NUMBERS} numbers`);
      all.push(this.whole());
    } while (this.has(','));
    this.expect(']');
    return all;
  }
  /** An object: `read` is called for each key, of which none may be there twice. */
  object(read: (key: string) => void): void {
    const keys = new Set<string>();
    this.expect('{');
    if (this.has('}')) return;
    do {
      const key = this.text();
      if (keys.has(key)) throw this.wrong(`\`${brief(key)}\` is there twice`);
      keys.add(key);
      this.expect(':');
      read(key);
    } while (this.has(','));
    this.expect('}');
  }
  end(): void {
    if (this.#take(/$/y) === undefined) throw this.wrong('something follows');
  }
}

/** A tensor as the head describes it. */
function entryOf(reader: Reader, name: string): Entry {
  let dtype: string | undefined;
  let shape: number[] | undefined;
  let range: number[] | undefined;
  reader.object((key) => {
    if (key === 'dtype') dtype = reader.text();
    else if (key === 'shape') shape = reader.wholes();
    else if (key === 'data_offsets') range = reader.wholes();
    else throw reader.wrong(`${named(name)}: \`${brief(key)}\` is not known`);
  });
  if (dtype === undefined || !shape || range?.length !== 2)
    throw reader.wrong(`${named(name)} must have dtype, shape and two data_offsets`);
  return { name, dtype, shape, from: range[0]!, to: range[1]! };
}

/** The ranges lie one after the other, from the first byte to the last of `length`. */
function checkRanges(where: string, entries: readonly Entry[], length: number): void {
  let end = 0;
  for (const { name, from, to } of [...entries].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const range = `${named(name)}: its bytes ${from} to ${to}`;
    if (to < from) throw foreign(where, `${range} end before they begin`);
    if (from < end) throw foreign(where, `${range} overlap those of the tensor before`);
    if (from > end) throw foreign(where, `${range} leave a hole before them`);
    if (to > length) throw foreign(where, `${range} go beyond the end of the file`);
    end = to;
  }
  if (end < length) throw foreign(where, `${length - end} bytes at its end belong to no tensor`);
}

/** The head of a file, and where the bytes behind it begin. */
export function readHead(where: string, file: Uint8Array): Head & { begin: number } {
  if (file.length < 8) throw foreign(where, 'it is too short for the length of its head');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  checkHead(length, (why) => foreign(where, why));
  const begin = 8 + length;
  if (begin > file.length) throw foreign(where, 'its head is cut off');
  let text: string;
  try {
    // A copy, because memory that threads share cannot be decoded in browsers.
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(file.slice(8, begin));
  } catch {
    throw foreign(where, 'its head is not UTF-8');
  }
  const reader = new Reader(where, text);
  const entries: Entry[] = [];
  const metadata = new Map<string, string>();
  reader.object((name) => {
    if (name === '__metadata__') reader.object((key) => metadata.set(key, reader.text()));
    else entries.push(entryOf(reader, name));
  });
  reader.end();
  checkRanges(where, entries, file.length - begin);
  return { entries, metadata: Object.fromEntries(metadata), begin };
}
