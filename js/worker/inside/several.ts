/** Several digits in one drawing, read one after the other. Loaded when a drawing has more than one stroke. */
import type { Reading, Stroke } from '../protocol.js';
import { apart, cuts, FAR, leastGap } from './blobs.js';

type Read = (strokes: Stroke[]) => Promise<Reading>;

/** The parts of a character often are nearly digits: those that stand close have to be more like one than a drawing alone. */
const LIKE = 0.4;
const LIKE_APART = 0.7;
/** The most times that what was cut is cut again. */
const DEEP = 2;

/** Where nobody knows what a digit is, everything is taken for one. */
const isLikeOne = ({ unlike = 0 }: Reading): boolean => unlike < LIKE;
const isApartOne = ({ unlike = 0 }: Reading): boolean => unlike < LIKE_APART;

type Judge = (reading: Reading) => boolean;

/** The digits that a part of a drawing is, if it is one or several; nothing else in it may be left over. */
async function digitsOf(
  part: Stroke[],
  read: Read,
  judge: Judge,
  deep: number,
): Promise<Reading[] | undefined> {
  const reading = await read(part);
  if (judge(reading)) return [reading];
  return deep > 0 ? cutUp(part, read, deep - 1) : undefined;
}

async function all(
  parts: Stroke[][],
  read: Read,
  judge: Judge,
  deep: number,
): Promise<Reading[] | undefined> {
  const digits: Reading[] = [];
  for (const part of parts) {
    const found = await digitsOf(part, read, judge, deep);
    if (!found) return undefined;
    digits.push(...found);
  }
  return digits;
}

async function cutUp(strokes: Stroke[], read: Read, deep: number): Promise<Reading[] | undefined> {
  for (const parts of cuts(strokes)) {
    const digits = await all(parts, read, isLikeOne, deep);
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
  const areFar = parts.length > 1 && leastGap(parts) >= FAR;
  if (areFar || (parts.length > 1 && isNone)) {
    const digits = await all(parts, read, areFar && isNone ? isApartOne : isLikeOne, isNone ? DEEP : 0);
    if (digits) return { ...whole, digits };
  }
  const digits = isNone ? await cutUp(strokes, read, DEEP - 1) : undefined;
  return digits ? { ...whole, digits } : whole;
}
