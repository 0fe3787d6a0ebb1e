/**
 * Unpacks what deflate has packed (RFC 1951). Libraries unpack to the end whatever comes out, which for a megabyte can be a
 * gigabyte; this stops where there is more than was said.
 */

/** Codes by the bits that come next: `symbol << 4 | length`, and 0 where no code begins so. */
type Codes = Uint16Array;
const LONGEST = 15;

/** The codes of symbols that have codes of these lengths; 0 for those that have none. */
function codesOf(lengths: Uint8Array): Codes {
  const most = Math.max(1, ...lengths);
  const codes = new Uint16Array(1 << most);
  let code = 0;
  for (let length = 1; length <= most; length++) {
    for (const [symbol, own] of lengths.entries()) {
      if (own !== length) continue;
      // Codes stand in the stream from their highest bit on, and all else from the lowest.
      let turned = 0;
      for (let bit = 0; bit < length; bit++) turned |= ((code >> bit) & 1) << (length - 1 - bit);
      for (; turned < codes.length; turned += 1 << length) codes[turned] = (symbol << 4) | length;
      code++;
    }
    code <<= 1;
  }
  return codes;
}

/** In this order the lengths of the codes for lengths are said. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/** Bits that follow the symbol of a length, or of a distance, and where the values that it stands for begin. */
const bitsOf = (count: number, shift: number): number[] =>
  Array.from({ length: count }, (_, place) => Math.max(0, (place >> shift) - 1));
const [LENGTH_BITS, DISTANCE_BITS] = [bitsOf(28, 2), bitsOf(30, 1)];
const begins = (first: number, bits: readonly number[]): number[] => {
  let next = first;
  return bits.map((own) => {
    const begin = next;
    next += 1 << own;
    return begin;
  });
};
const [LENGTHS, DISTANCES] = [begins(3, LENGTH_BITS), begins(1, DISTANCE_BITS)];
// The greatest has a symbol of its own, though the one before could say it.
[LENGTHS[28], LENGTH_BITS[28]] = [258, 0];

const fixed = (): [Codes, Codes] => [
  codesOf(Uint8Array.from({ length: 288 }, (_, at) => (at < 144 ? 8 : at < 256 ? 9 : at < 280 ? 7 : 8))),
  codesOf(new Uint8Array(30).fill(5)),
];

/** The bytes, `room` at most; `undefined` where they are damaged, or are more. What stands behind them is not looked at. */
export function inflate(packed: Uint8Array, room: number): Uint8Array | undefined {
  const out = new Uint8Array(room);
  /** Bits that were taken from the bytes before `at`, and not used yet. */
  let [at, held, count, end] = [0, 0, 0, 0];
  const load = (wanted: number): void => {
    for (; count < wanted; count += 8) held |= (packed[at++] ?? 0) << count;
  };
  const drop = (used: number): void => {
    held >>>= used;
    count -= used;
  };
  const bits = (wanted: number): number => {
    load(wanted);
    const value = held & ((1 << wanted) - 1);
    drop(wanted);
    return value;
  };
  /** The next symbol, or one that no table has. */
  const symbol = (codes: Codes): number => {
    load(LONGEST);
    const found = codes[held & (codes.length - 1)]!;
    drop(found & 15);
    return found === 0 ? Number.POSITIVE_INFINITY : found >> 4;
  };
  const own = (): [Codes, Codes] | undefined => {
    const [first, second, known] = [bits(5) + 257, bits(5) + 1, bits(4) + 4];
    const short = new Uint8Array(19);
    for (const place of ORDER.slice(0, known)) short[place] = bits(3);
    const codes = codesOf(short);
    const lengths = new Uint8Array(first + second);
    for (let place = 0; place < lengths.length; ) {
      const code = symbol(codes);
      if (code > 18) return undefined;
      // Lengths by themselves, the last one again, and zeros, few and many.
      const value = code < 16 ? code : code > 16 ? 0 : lengths[place - 1]!;
      const times = code < 16 ? 1 : code < 18 ? 3 + bits(code - 14) : 11 + bits(7);
      lengths.fill(value, place, place + times);
      place += times;
    }
    return [codesOf(lengths.subarray(0, first)), codesOf(lengths.subarray(first))];
  };
  for (let isLast = 0; !isLast; ) {
    isLast = bits(1);
    const kind = bits(2);
    if (kind === 0) {
      // Bytes as they are: their number, twice, the second time with all bits turned.
      at -= count >> 3;
      held = count = 0;
      const [length, turned] = [bits(16), bits(16)];
      if (length !== (~turned & 0xffff) || at + length > packed.length || end + length > room)
        return undefined;
      out.set(packed.subarray(at, at + length), end);
      at += length;
      end += length;
      continue;
    }
    const tables = kind === 1 ? fixed() : kind === 2 ? own() : undefined;
    if (!tables) return undefined;
    for (let code = symbol(tables[0]); code !== 256; code = symbol(tables[0])) {
      if (code < 256) {
        if (end === room) return undefined;
        out[end++] = code;
        continue;
      }
      if (code > 285) return undefined;
      const length = LENGTHS[code - 257]! + bits(LENGTH_BITS[code - 257]!);
      const far = symbol(tables[1]);
      if (far > 29) return undefined;
      const distance = DISTANCES[far]! + bits(DISTANCE_BITS[far]!);
      if (distance > end || length > room - end) return undefined;
      for (const stop = end + length; end < stop; end++) out[end] = out[end - distance]!;
    }
    // Bits that were made up behind the end are no part of it.
    if (at - (count >> 3) > packed.length) return undefined;
  }
  return out.subarray(0, end);
}
