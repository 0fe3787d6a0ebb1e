/** Several digits in one drawing, read one after the other. Loaded when a drawing has more than one stroke. */
import type { Reading, Stroke } from '../protocol.js';
import { apart, cuts, FAR, leastGap } from './blobs.js';

type Read = (strokes: Stroke[]) => Promise<Reading>;

/** The parts of a character or a word often are nearly digits: these have to be more like one than a drawing alone. */
const LIKE = 0.3;
/** The most times that what was cut is cut again. */
const DEEP = 2;

/** Where nobody knows what a digit is, everything is taken for one. */
const isOne = ({ unlike = 0 }: Reading): boolean => unlike < LIKE;

/** The digits that a part of a drawing is, if it is one or several; nothing else in it may be left over. */
async function digitsOf(part: Stroke[], read: Read, deep: number): Promise<Reading[] | undefined> {
  const reading = await read(part);
  if (isOne(reading)) return [reading];
  return deep > 0 ? cutUp(part, read, deep - 1) : undefined;
}

async function all(parts: Stroke[][], read: Read, deep: number): Promise<Reading[] | undefined> {
  const digits: Reading[] = [];
  for (const part of parts) {
    const found = await digitsOf(part, read, deep);
    if (!found) return undefined;
    digits.push(...found);
  }
  return digits;
}

async function cutUp(strokes: Stroke[], read: Read, deep: number): Promise<Reading[] | undefined> {
  for (const parts of cuts(strokes)) {
    const digits = await all(parts, read, deep);
    if (digits) return digits;
  }
  return undefined;
}

/**
 * The reading of a drawing with the digits in it, if there are several. Parts that stand apart are digits if each looks like
 * one; if the whole looks like one, too, they have to be far apart. What is no digit as a whole may be digits that touch.
 */
export async function digitsIn(strokes: Stroke[], whole: Reading, read: Read): Promise<Reading> {
  const isNone = whole.isDigit === false;
  const parts = apart(strokes);
  if (parts.length > 1 && (isNone || leastGap(parts) >= FAR)) {
    const digits = await all(parts, read, isNone ? DEEP : 0);
    if (digits) return { ...whole, digits };
  }
  const digits = isNone ? await cutUp(strokes, read, DEEP - 1) : undefined;
  return digits ? { ...whole, digits } : whole;
}
