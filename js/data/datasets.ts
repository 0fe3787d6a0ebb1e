/** Data sets: MNIST from files, and digits that are drawn on the spot. */

import { checkSeed, describe, onlyKeys, textOf, whole } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { Tensor } from '../tensor/tensor.js';
import { type Downloaded, download, type Progress } from './download.js';
import { atOnce, type Bytes, unpacked } from './unpack.js';

/** Pictures `[n, height, width, 1]`, values 0 to 1, and what each shows. */
export interface DigitSet {
  images: Tensor;
  labels: Tensor;
}

export interface DigitData {
  train: DigitSet;
  test: DigitSet;
  classes: number;
}

export type { Progress };

export interface MnistOptions {
  /** The folder that holds MNIST's four gzip files. */
  url: string | URL;
  /**
   * Keeps the files unpacked (55 MB) in the browser's Cache Storage under `mapling`, where the next visit finds them
   * sooner, and offline too. The server is asked for newer ones each time; it has to send entity tags. Default: false.
   */
  cache?: boolean;
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
}

/** The longest header that an IDX file has: only that much of it is looked at. */
const HEADER = 28;
const FILES = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
];

/** Reads MNIST's four files from a folder on a server (in Node also `file:` addresses). */
async function mnist(options: MnistOptions): Promise<DigitData> {
  const files = await fetchMnist(options);
  const data = fromFiles(files);
  for (const { keep } of files) void keep();
  return data;
}

/** The four files, unpacked. Needs no WebAssembly: they may be on their way while that is compiled. */
export async function fetchMnist(options: MnistOptions): Promise<Downloaded[]> {
  onlyKeys('datasets.mnist', options, ['url', 'cache', 'onProgress', 'signal']);
  const { url, ...how } = options ?? {};
  if (how.cache !== undefined && typeof how.cache !== 'boolean') {
    throw new Error(`datasets.mnist: cache: expected true or false, got ${describe(how.cache)}`);
  }
  if (typeof url !== 'string' && !(url instanceof URL)) {
    throw new Error(`datasets.mnist: url: expected the address of a folder, got ${describe(url)}`);
  }
  const folder = String(url).replace(/\/?$/, '/');
  return Promise.all(FILES.map((name) => download(`${folder}${name}.gz`, `${name}.gz`, how)));
}

/** An IDX file of unsigned bytes: its shape and its values. */
export function parseIdx(bytes: Uint8Array, file = 'file'): { shape: number[]; values: Uint8Array } {
  try {
    const shape = Array.from(call((wasm) => wasm.idxShape(bytes.subarray(0, HEADER), bytes.length)));
    return { shape, values: bytes.subarray(4 + 4 * shape.length) };
  } catch (failure) {
    throw new Error(`${file}: ${textOf(failure)}`);
  }
}

/** Data from IDX files by name, in any order, packed or not. Without test files, a sixth of the rest is held back. */
async function files(given: { name: string; bytes: Uint8Array }[]): Promise<DigitData> {
  if (!Array.isArray(given) || given.length === 0)
    throw new Error('datasets.files: expected IDX files, got none');
  return fromFiles(
    await Promise.all(
      given.map(async ({ name, bytes }) => ({
        file: name,
        bytes: await unpacked(atOnce(bytes as Bytes), name),
      })),
    ),
  );
}

/** Data from IDX files that are unpacked. */
export function fromFiles(files: { file: string; bytes: Uint8Array }[]): DigitData {
  const found: { images?: Named; labels?: Named }[] = [{}, {}];
  for (const { file, bytes } of files) {
    const { shape, values } = parseIdx(bytes, file);
    const kind = shape.length === 1 ? 'labels' : 'images';
    if (shape.length !== 1 && shape.length !== 3) {
      throw new Error(`${file}: expected pictures (3 axes) or labels (1 axis), got shape [${shape}]`);
    }
    const set = found[/t10k|test/i.test(file) ? 1 : 0]!;
    if (set[kind]) throw new Error(`${file}: there are ${kind} already, from ${set[kind].file}`);
    set[kind] = { file, shape, values };
  }
  const [train, test] = found.map(({ images, labels }) =>
    images || labels ? paired(images, labels) : undefined,
  );
  if (train && test) {
    if (`${train.images.shape.slice(1)}` !== `${test.images.shape.slice(1)}`) {
      throw new Error(
        `files: training pictures are [${train.images.shape.slice(1)}], test pictures [${test.images.shape.slice(1)}]`,
      );
    }
    return { train, test, classes: classesOf(train, test) };
  }
  const all = train ?? test;
  if (!all) throw new Error('files: there are no pictures');
  return heldBack(all, classesOf(all));
}

interface Named {
  file: string;
  shape: number[];
  values: Uint8Array;
}

function paired(images?: Named, labels?: Named): DigitSet {
  if (!images) throw new Error(`${labels?.file}: the pictures that belong to these labels are missing`);
  if (!labels) throw new Error(`${images.file}: the labels that belong to these pictures are missing`);
  const [count = 0, height = 0, width = 0] = images.shape;
  if (count !== labels.shape[0]) {
    throw new Error(
      `${images.file} holds ${count} pictures, but ${labels.file} holds ${labels.shape[0]} labels`,
    );
  }
  if (images.values.length === 0) throw new Error(`${images.file}: there are no pictures in it`);
  return pictures(images.values, [count, height, width, 1], labels.values);
}

const pictures = (bytes: Uint8Array, shape: number[], labels: Uint8Array): DigitSet => ({
  images: new Tensor({ bytes }, shape, 'float32'),
  labels: new Tensor(Int32Array.from(labels), [labels.length], 'int32'),
});

/** How many classes the labels speak of: ten at least, since these are digits. */
const classesOf = (...sets: DigitSet[]): number =>
  sets.reduce(
    (most, { labels }) =>
      (labels.values as Int32Array).reduce((top, label) => Math.max(top, label + 1), most),
    10,
  );

/** The first `count` to train on, the rest to test. */
function splitAt(all: DigitSet, count: number, classes: number): DigitData {
  const rest = all.images.shape[0]! - count;
  const part = (from: number, size: number): DigitSet => ({
    images: all.images.slice(from, size),
    labels: all.labels.slice(from, size),
  });
  return { train: part(0, count), test: part(count, rest), classes };
}

function heldBack(all: DigitSet, classes: number): DigitData {
  const count = all.images.shape[0]!;
  if (count < 2) throw new Error('files: at least two pictures are needed, one to train and one to test');
  return splitAt(all, count - Math.max(1, Math.floor(count / 6)), classes);
}

export interface DigitsOptions {
  /** The same seed draws the same digits. Default: 0. */
  seed?: number;
  /** How many to train on; a sixth as many again to test. Default: 12,000. */
  count?: number;
}

/** Digits drawn by a seeded generator, in the styles people write: for when MNIST cannot be had. */
function digits(options: DigitsOptions = {}): DigitData {
  onlyKeys('datasets.digits', options, ['seed', 'count']);
  const count = whole('datasets.digits: count', options.count ?? 12_000, 1);
  if (count > 1_000_000) throw new Error(`datasets.digits: count: at most 1,000,000, got ${count}`);
  const seed = checkSeed('datasets.digits', options.seed ?? 0);
  const all = count + Math.max(1, Math.floor(count / 6));
  const [bytes, labels] = call((wasm) => wasm.generateDigits(seed, all));
  return splitAt(pictures(bytes, [all, 28, 28, 1], labels), count, 10);
}

/** Where data come from. */
export const datasets = { mnist, digits, files };

/** A drawing: strokes of points `[x, y]`, y down, in any units. */
export type Strokes = ArrayLike<ArrayLike<readonly [number, number] | ArrayLike<number>>>;

/** What MNIST would have made of a drawing: 28 × 28 values from 0 to 1. */
export function digit(strokes: Strokes): Tensor {
  if (!Array.isArray(strokes))
    throw new Error(`digit: expected an array of strokes, got ${describe(strokes)}`);
  const lengths = new Uint32Array(strokes.length);
  const points: number[] = [];
  strokes.forEach((stroke, at) => {
    if (!Array.isArray(stroke))
      throw new Error(`digit: a stroke is an array of points [x, y], got ${describe(stroke)}`);
    lengths[at] = stroke.length;
    for (const point of stroke) {
      const [x, y] = (point ?? []) as ArrayLike<number> & number[];
      if (!Number.isFinite(x) || !Number.isFinite(y))
        throw new Error(`digit: a point is [x, y], got ${describe(point)}`);
      points.push(x!, y!);
    }
  });
  return new Tensor(
    call((wasm) => wasm.rasterize(Float32Array.from(points), lengths)),
    [28, 28],
    'float32',
  );
}
