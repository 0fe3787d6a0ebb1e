import { describe, fault } from '../engine/errors.js';
import { nextSeed } from '../tensor/seed.js';

/** A model's seed as given, or the next. */
export function seedFrom(where: string, seed: unknown): number {
  if (seed === undefined || seed === null) return nextSeed();
  if (typeof seed === 'number' && Number.isSafeInteger(seed)) return seed;
  throw fault('value', `${where}: seed: a seed is a whole number, got ${describe(seed)}`);
}
