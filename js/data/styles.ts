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
/** How many digits are written before other work gets a turn: it takes some milliseconds. */
const PIECE = 250;
/** The seed of the first piece. Each later piece has the next number. */
const SEED = 7;
/** The hash of the generator, which a test compares: digits in the browser's storage that another version wrote are not used. */
export const GENERATOR = '64d7836046688d9d';

/** The labels of `count` digits, and after them their pictures. */
export interface Styled {
  bytes: Bytes;
  count: number;
  /** Keeps the digits for the next visit. */
  keep(): Promise<void>;
}

/** The address under which `count` digits are kept, beside downloaded files under theirs. */
const addressOf = (count: number): string =>
  typeof location === 'undefined' ? '' : new URL(`mapling-styles-${count}`, location.href).href;

/** Whether an earlier visit kept `count` digits. */
export const areKept = (count: number): Promise<boolean> => isThere(addressOf(count), GENERATOR);

/**
 * Writes `count` digits, in pieces between which other work gets a turn, or finds the digits that an earlier visit kept.
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

/** The same data, with the generated digits after its own training digits. */
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
