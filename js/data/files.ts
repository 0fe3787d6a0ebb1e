/** Data sets from files that a program or a visitor brings. */
import { describe, fault } from '../engine/errors.js';
import { isObject } from '../engine/look.js';
import { type ByteSource, bytesOf } from './bytes.js';
import type { DigitData } from './digit-set.js';
import { fromFiles } from './from-files.js';
import { idx } from './idx.js';
import { atOnce, unpacked } from './unpack.js';

/** An IDX file, packed or not. A `File` of the browser is taken as it is. */
export type IdxFile = { name: string; bytes: ByteSource } | File;

/** No data set has more files. */
const MOST_FILES = 1000;

/**
 * Data from IDX files by name, in any order, packed or not: pictures of bytes and their labels, to train on, and to
 * test on where the name says so (`t10k`, `test`). Without test files, a sixth of the rest is held back.
 * @example
 * const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255);
 * const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7);
 * const files = [['train-images', images], ['train-labels', labels], ['test-images', images], ['test-labels', labels]];
 * const { train } = await datasets.files(files.map(([name, bytes]) => new File([bytes], name)));
 * train.labels.values; // → [7]
 */
export async function files(given: ArrayLike<IdxFile>): Promise<DigitData> {
  if (!isObject(given) || !(given.length > 0 && given.length <= MOST_FILES))
    throw fault('type', `datasets.files: expected an array of IDX files, got ${describe(given)}`);
  return fromFiles(await Promise.all(Array.from(given, read)));
}

async function read(one: IdxFile): Promise<{ file: string; bytes: Uint8Array }> {
  const file = isObject(one) ? one.name : undefined;
  if (typeof file !== 'string')
    throw fault('type', `datasets.files: expected a File or { name, bytes }, got ${describe(one)}`);
  // Newer engines give a `File` a method of the name `bytes`.
  const source = 'arrayBuffer' in one ? one : one.bytes;
  const bytes = await bytesOf(`datasets.files: ${file}`, source);
  return { file, bytes: await unpacked(atOnce(bytes), file, idx) };
}
