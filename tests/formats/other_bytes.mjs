// Bytes of binary files that something has happened to.

/** Other bytes: bits that flip, words that become lengths and addresses, parts that are missing or stand elsewhere. */
export function otherBytes(bytes, { pick, below, chance }) {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (let count = 1 + below(4); count > 0; count--) {
    // Structures lie close together: what a mutation hits is most often a number of one.
    const at = chance(0.5) ? below(copy.length) : 4 * below(copy.length / 4);
    const kind = below(6);
    if (kind === 0) copy[at] ^= 1 << below(8);
    else if (kind === 1) copy[at] = pick([0, 1, 2, 3, 16, 127, 255]);
    else if (kind === 2 && at + 8 <= copy.length)
      view.setBigUint64(at, BigInt(8 * below(copy.length / 8)), true);
    else if (kind === 3 && at + 4 <= copy.length)
      view.setUint32(at, pick([0, 1, 8, 2 ** 16, 2 ** 31, 2 ** 32 - 1]), true);
    else if (kind === 4) copy.copyWithin(at, below(copy.length), below(copy.length));
    else copy.fill(0, at, at + below(32));
  }
  return chance(0.1) ? copy.subarray(0, below(copy.length)) : copy;
}
