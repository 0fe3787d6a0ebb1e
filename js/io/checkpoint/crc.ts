/** CRC-32 (ISO 3309, as in zip and PNG), eight bytes at a time (Kounavis and Berry 2005). */

/** For each of eight places a table of what a byte there does to the sum. */
let tables: Int32Array[] | undefined;

function makeTables(): Int32Array[] {
  const first = Int32Array.from({ length: 256 }, (_, byte) => {
    let sum = byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb8_8320 : 0);
    return sum;
  });
  const all = [first];
  for (let place = 1; place < 8; place++) {
    const before = all[place - 1]!;
    all.push(before.map((sum) => (sum >>> 8) ^ first[sum & 255]!));
  }
  return all;
}

/** The sum of these bytes, behind those of which `sum` is the sum. */
export function crc32(bytes: Uint8Array, sum = 0): number {
  tables ??= makeTables();
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [Int32Array, ...Int32Array[]] as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  const { length } = bytes;
  let crc = ~sum;
  let at = 0;
  for (; at < length && (bytes.byteOffset + at) % 4 !== 0; at++)
    crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]!) & 255]!;
  const pairs = Math.floor((length - at) / 8);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, 2 * pairs);
  for (let word = 0; word < words.length; word += 2) {
    const low = words[word]! ^ crc;
    const high = words[word + 1]!;
    crc =
      t7[low & 255]! ^
      t6[(low >>> 8) & 255]! ^
      t5[(low >>> 16) & 255]! ^
      t4[low >>> 24]! ^
      t3[high & 255]! ^
      t2[(high >>> 8) & 255]! ^
      t1[(high >>> 16) & 255]! ^
      t0[high >>> 24]!;
  }
  for (at += 8 * pairs; at < length; at++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]!) & 255]!;
  return ~crc >>> 0;
}
