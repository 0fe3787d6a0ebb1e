/** Generated digits, in the styles that people write, beside the digits of a training set. */
import { fault } from '../engine/errors.js';
import { nextTurn } from '../engine/turn.js';
import type { Bytes } from './bytes.js';
import { find, isThere, keep } from './cached.js';
import { type DigitData, pictures } from './digit-set.js';
import { generateDigits } from './generator.js';
import { checkRoom } from './room.js';

/** Bytes of a picture. */
const BYTES = 28 * 28;
/** So many digits are written in one go: a turn of some milliseconds. */
const PIECE = 250;
/** The first piece's seed. Those after it follow. */
const SEED = 7;
/** Tells versions of the generator apart in the browser's storage: its hash, which a test compares. */
export const GENERATOR = '64d7836046688d9d';

/** The labels of `count` digits, and after them their pictures. */
export interface Styled {
  bytes: Bytes;
  count: number;
  /** Keeps them for the next visit. */
  keep(): Promise<void>;
}

/** Where they are kept, beside files that have addresses of their own. */
const addressOf = (count: number): string =>
  typeof location === 'undefined' ? '' : new URL(`mapling-styles-${count}`, location.href).href;

/** Whether an earlier visit kept so many. */
export const areKept = (count: number): Promise<boolean> => isThere(addressOf(count), GENERATOR);

/**
 * Writes `count` digits, in pieces between which others get their turn, or finds them where an earlier visit kept them.
 * The same number gives the same digits.
 */
export async function styled(count: number, cache: boolean): Promise<Styled> {
  const address = addressOf(count);
  const before = cache && address ? await find(address) : undefined;
  const bytes = before?.version[1] === GENERATOR ? await before.bytes : undefined;
  if (bytes?.length === count * (BYTES + 1)) return { bytes, count, keep: async () => {} };
  const made = await written(count);
  const answer = (): Response => new Response(null, { headers: { etag: GENERATOR } });
  const keepMade = async (): Promise<void> => {
    if (cache && address) await keep(address, answer(), made);
  };
  return { bytes: made, count, keep: keepMade };
}

async function written(count: number): Promise<Bytes> {
  const what = `datasets.mnist: styles: ${count} digits`;
  const all = checkRoom(what, count * (BYTES + 1), (bytes) => new Uint8Array(bytes));
  for (let from = 0; from < count; from += PIECE) {
    const some = Math.min(PIECE, count - from);
    const labels = all.subarray(from, from + some);
    const images = all.subarray(count + from * BYTES, count + (from + some) * BYTES);
    generateDigits(SEED + from / PIECE, images, labels);
    await nextTurn();
  }
  return all;
}

/** The same data with generated digits after those that were there to train on. */
export function withStyles(data: DigitData, { bytes, count }: Styled): DigitData {
  const { images, labels } = data.train;
  const own = images.packed!;
  const [there = 0, height, width] = images.shape;
  if (height !== 28 || width !== 28)
    throw fault('shape', `datasets.mnist: styles: the pictures are ${height} × ${width}, not 28 × 28`);
  const what = `datasets.mnist: styles: ${there + count} digits`;
  const all = checkRoom(what, own.length + count * BYTES, (size) => new Uint8Array(size));
  all.set(own);
  all.set(bytes.subarray(count), own.length);
  const known = new Uint8Array(there + count);
  known.set(labels.values);
  known.set(bytes.subarray(0, count), there);
  return { ...data, train: pictures(all, [there + count, 28, 28, 1], known) };
}
