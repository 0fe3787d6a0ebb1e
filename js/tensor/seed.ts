/** Where randomness without a seed of its own comes from: new each time, or the same after {@link setSeed}. */
import { describe, fault } from '../engine/errors.js';

let state: number | undefined;

/**
 * Makes everything that has no seed of its own follow from this one: weights, order, dropout, random tensors.
 * @example
 * setSeed(1);
 * const first = randomNormal([2]).dataSync();
 * setSeed(1);
 * String(randomNormal([2]).dataSync()) === String(first); // → true
 */
export function setSeed(seed: number): void {
  if (typeof seed !== 'number' || !Number.isSafeInteger(seed)) {
    throw fault('value', `setSeed: a seed is a whole number, got ${describe(seed)}`);
  }
  state = seed;
}

/** FNV-1a: a number below 2³² for each text. */
const numberFor = (text: string): number =>
  [...text].reduce((sum, letter) => Math.imul(sum ^ letter.codePointAt(0)!, 0x0100_0193) >>> 0, 0x811c_9dc5);

/** A seed as a whole number, or the next. Texts and fractions, which TensorFlow.js takes too, stand for one each. */
export function readSeed(where: string, seed: unknown): number {
  if (seed === undefined || seed === null) return nextSeed();
  if (typeof seed === 'number' && Number.isSafeInteger(seed)) return seed;
  if (typeof seed === 'string' || (typeof seed === 'number' && Number.isFinite(seed)))
    return numberFor(String(seed));
  throw fault('value', `${where}: expected a number or a text, got ${describe(seed)}`);
}

/** Runs `action` so that whatever it draws without a seed of its own follows from this one. */
export function seeded<T>(seed: number, action: () => T): T {
  const before = state;
  state = seed;
  try {
    return action();
  } finally {
    state = before;
  }
}

/** The next seed. */
export function nextSeed(): number {
  if (state === undefined) return Math.floor(Math.random() * 2 ** 32);
  // A sequence that visits every number below 2³² once (Hull and Dobell 1962), spread by whoever seeds with it.
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state;
}
