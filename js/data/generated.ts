/** Digits from the generator, for when MNIST cannot be had. */
import { checkSeed, onlyKeys, whole } from '../engine/errors.js';
import { type DigitData, pictures, splitAt } from './digit-set.js';
import { generateDigits } from './generator.js';
import { checkRoom } from './room.js';

export interface DigitsOptions {
  /** The same seed draws the same digits. Default: 0. */
  seed?: number;
  /** How many to train on; a sixth as many again to test. Default: 12,000. */
  count?: number;
}

const SIDE = 28;

/**
 * Digits drawn by a seeded generator, in the styles people write: for when MNIST cannot be had.
 * @example
 * const { train, test } = datasets.digits({ seed: 1, count: 60 });
 * train.images.shape.slice(1); // → [28, 28, 1]
 */
export function digits(options: DigitsOptions = {}): DigitData {
  onlyKeys('datasets.digits', options, ['seed', 'count']);
  const count = whole('datasets.digits: count', options.count ?? 12_000, 1);
  const seed = checkSeed('datasets.digits', options.seed ?? 0);
  const all = count + Math.max(1, Math.floor(count / 6));
  const [pixels, labels] = checkRoom(`datasets.digits: count: ${all} digits`, all * SIDE * SIDE, (bytes) => [
    new Uint8Array(bytes),
    new Uint8Array(all),
  ]);
  generateDigits(seed, pixels, labels);
  return splitAt(pictures(pixels, [all, SIDE, SIDE, 1], labels), count, 10);
}
