/** Sets of digits from the bytes of IDX files. */

import { type DigitData, type DigitSet, pictures, splitAt } from './digit-set.js';
import { parseIdx } from './idx.js';
import { refused } from './refusal.js';

/** Data from IDX files that are unpacked. Without test files, a sixth of the rest is held back to test on. */
export function fromFiles(files: { file: string; bytes: Uint8Array }[]): DigitData {
  const found: { images?: Named; labels?: Named }[] = [{}, {}];
  for (const { file, bytes } of files) {
    const { shape, values } = parseIdx(bytes, file);
    const kind = shape.length === 1 ? 'labels' : 'images';
    if (shape.length !== 1 && shape.length !== 3) {
      throw refused(`${file}: expected pictures (3 axes) or labels (1 axis), got shape [${shape}]`, {
        why: 'axes',
        file,
        axes: shape.length,
      });
    }
    const set = found[isTest(file) ? 1 : 0]!;
    if (set[kind]) {
      const other = set[kind].file;
      const refusal = { why: 'twice', file, other, holds: kind } as const;
      throw refused(`${file}: there are ${kind} already, from ${other}`, refusal);
    }
    set[kind] = { file, shape, values };
  }
  const [train, test] = found.map(({ images, labels }) =>
    images || labels ? paired(images, labels) : undefined,
  );
  return together(train, test);
}

/** Pictures, a byte a pixel, and what they show. */
export interface Rows {
  bytes: Uint8Array;
  labels: Uint8Array;
  height: number;
  width: number;
}

/** Data from pictures to train on, to test on, or both. */
export function fromRows(train: Rows | undefined, test: Rows | undefined): DigitData {
  const set = (rows: Rows | undefined): DigitSet | undefined => {
    if (!rows || rows.labels.length === 0) return undefined;
    const { bytes, labels, height, width } = rows;
    return pictures(bytes, [labels.length, height, width, 1], labels);
  };
  return together(set(train), set(test));
}

/** The two sets, which must be of one size; without one of them a part of the other is held back. */
function together(train: DigitSet | undefined, test: DigitSet | undefined): DigitData {
  if (train && test) {
    const [ours, theirs] = [train, test].map(({ images }) => images.shape.slice(1)) as [number[], number[]];
    if (`${ours}` !== `${theirs}`)
      throw refused(`files: training pictures are [${ours}], test pictures [${theirs}]`, {
        why: 'sizes',
        train: ours,
        test: theirs,
      });
    return { train, test, classes: classesOf(train, test) };
  }
  const all = train ?? test;
  if (!all) throw refused('files: there are no pictures', { why: 'few' });
  return heldBack(all, classesOf(all));
}

/**
 * Whether a file's name says that the file is there to test on. Whole words count, and of several the last: there is
 * no test in `latest-train-images`, and `test/train-images` is there to train on.
 */
export function isTest(name: string): boolean {
  const words = name
    .replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  const word = words.findLast((word) => /^(t10k|(test|train)(ing|s)?\d*)$/.test(word));
  return word !== undefined && !word.startsWith('train');
}

interface Named {
  file: string;
  shape: number[];
  values: Uint8Array;
}

function paired(images?: Named, labels?: Named): DigitSet {
  if (!images)
    throw refused(`${labels!.file}: the pictures that belong to these labels are missing`, {
      why: 'alone',
      file: labels!.file,
      missing: 'images',
    });
  if (!labels)
    throw refused(`${images.file}: the labels that belong to these pictures are missing`, {
      why: 'alone',
      file: images.file,
      missing: 'labels',
    });
  const [count = 0, height = 0, width = 0] = images.shape;
  const named = labels.shape[0]!;
  if (count !== named)
    throw refused(`${images.file} holds ${count} pictures, but ${labels.file} holds ${named} labels`, {
      why: 'counts',
      images: { file: images.file, count },
      labels: { file: labels.file, count: named },
    });
  if (images.values.length === 0)
    throw refused(`${images.file}: there are no pictures in it`, { why: 'few', file: images.file });
  return pictures(images.values, [count, height, width, 1], labels.values);
}

/** How many classes the labels speak of: ten at least, since these are digits. */
const classesOf = (...sets: DigitSet[]): number =>
  sets.reduce(
    (most, { labels }) =>
      (labels.values as Int32Array).reduce((top, label) => Math.max(top, label + 1), most),
    10,
  );

function heldBack(all: DigitSet, classes: number): DigitData {
  const count = all.images.shape[0]!;
  if (count < 2)
    throw refused('files: at least two pictures are needed, one to train and one to test', { why: 'few' });
  return splitAt(all, count - Math.max(1, Math.floor(count / 6)), classes);
}
