/** Several digits in one drawing, read one after the other. Loaded when a drawing has more than one stroke. */
import type { Reading, Stroke } from '../protocol.js';
import { apart, cuts, FAR, leastGap } from './blobs.js';

type Read = (strokes: Stroke[]) => Promise<Reading>;

async function readEach(parts: Stroke[][], read: Read): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const part of parts) readings.push(await read(part));
  return readings;
}

/** The parts of a character or a word often are nearly digits: these have to be more like one than a drawing alone. */
const LIKE = 0.3;

/** Where nobody knows what a digit is, everything is taken for one. */
const areDigits = (readings: Reading[]): boolean => readings.every(({ unlike = 0 }) => unlike < LIKE);

/**
 * The reading of a drawing with the digits in it, if there are several. Parts that stand apart are digits if each looks like
 * one; if the whole looks like one, too, they have to be far apart. What is no digit as a whole may be digits that nearly
 * touch.
 */
export async function digitsIn(strokes: Stroke[], whole: Reading, read: Read): Promise<Reading> {
  const parts = apart(strokes);
  if (parts.length > 1 && (whole.isDigit === false || leastGap(parts) >= FAR)) {
    const digits = await readEach(parts, read);
    if (areDigits(digits)) return { ...whole, digits };
  }
  if (whole.isDigit !== false) return whole;
  for (const parts of cuts(strokes)) {
    const digits = await readEach(parts, read);
    if (areDigits(digits)) return { ...whole, digits };
  }
  return whole;
}
