/** Whole numbers drawn from a seed, the same on every engine. */

/** A sequence of numbers below 2³² (SplitMix32): a counter, whose bits are mixed. */
export class Draws {
  #state: number;
  constructor(seed: number) {
    // Seeds have up to 53 bits.
    this.#state = (Math.imul(Math.floor(seed / 2 ** 32), 0x85eb_ca6b) ^ (seed >>> 0)) >>> 0;
  }
  next(): number {
    this.#state = (this.#state + 0x9e37_79b9) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 16), 0x21f0_aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }
  /** A whole number from 0 to less than `count`. */
  below(count: number): number {
    return Math.floor((this.next() / 2 ** 32) * count);
  }
}
