// Random numbers that follow from a seed and the number of a call, so that each call can be made again by itself.

/** Numbers for one call. */
export function random(seed, call) {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(call + 1, 0xc2b2ae35)) >>> 0;
  /** From 0 to less than 1. */
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count) => Math.floor(next() * count);
  return {
    below,
    chance: (share) => next() < share,
    pick: (list) => list[below(list.length)],
    times: (most, make) => Array.from({ length: below(most + 1) }, make),
  };
}
