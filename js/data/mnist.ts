/** MNIST, from a server or a folder. */

import { describe, fault, onlyKeys, whole } from '../engine/errors.js';
import { isA, isFunction } from '../engine/look.js';
import { isThere } from './cached.js';
import type { DigitData } from './digit-set.js';
import { folderAddress } from './disk.js';
import { type Downloaded, download, type Progress } from './download.js';
import { fromFiles } from './from-files.js';
import { idx } from './idx.js';
import { areKept, styled, withStyles } from './styles.js';

export interface MnistOptions {
  /** The folder that holds MNIST's four gzip files: its address; in Node also its path (`./mnist`, `C:\\mnist`). */
  url: string | URL;
  /**
   * Keeps the files unpacked (55 MB) in the browser's Cache Storage under `mapling`, where the next visit finds them
   * sooner, and offline too. The server is asked for newer ones each time, by their entity tags or the dates of their
   * last change. Where it tells neither, files that are MNIST's own, by their SHA-256 sums, are kept and not asked for
   * again; others are not kept. Default: false.
   */
  cache?: boolean;
  /**
   * So many generated digits, in the styles that people write, stand beside the 60,000 to train on; with 20,000 networks
   * read drawn digits far better. Default: 0.
   */
  styles?: number;
  /** Told of each piece that has come. */
  onProgress?: (progress: Progress) => void;
  /** Ends the loading. */
  signal?: AbortSignal;
}

/** The four files, and the SHA-256 sums of what is in them. */
const FILES = {
  'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
};

/**
 * Reads MNIST's four files from a folder on a server, or in Node on this machine.
 * @example
 * const { train, test } = await datasets.mnist({ url: './mnist' });
 * test.images.shape.slice(1); // → [28, 28, 1]
 */
export async function mnist(options: MnistOptions): Promise<DigitData> {
  onlyKeys('datasets.mnist', options, ['url', 'cache', 'styles', 'onProgress', 'signal']);
  const { styles, ...how } = options ?? {};
  const count = styleCount(styles);
  const files = await fetchMnist(how as MnistOptions);
  const data = fromFiles(files);
  for (const { keep } of files) void keep();
  if (count === 0) return data;
  const more = await styled(count, how.cache === true);
  void more.keep();
  return withStyles(data, more);
}

/** How many generated digits are asked for. */
export const styleCount = (styles: unknown): number => whole('datasets.mnist: styles', styles ?? 0, 0);

/** Whether an earlier visit kept all of this, so that nothing has to come from the server. */
export async function isKept({ url, styles = 0 }: { url: string; styles?: number }): Promise<boolean> {
  const folder = await folderAddress(url);
  const all = [
    ...Object.keys(FILES).map((name) => isThere(`${folder}${name}.gz`)),
    styles === 0 || areKept(styles),
  ];
  return (await Promise.all(all)).every(Boolean);
}

/** The four files, unpacked. Needs no WebAssembly: they may be on their way while that is compiled. */
export async function fetchMnist(options: MnistOptions): Promise<Downloaded[]> {
  onlyKeys('datasets.mnist', options, ['url', 'cache', 'onProgress', 'signal']);
  const { url, ...how } = options ?? {};
  const refuse = (key: string, expected: string, got: unknown): never => {
    throw fault('format', `datasets.mnist: ${key}: expected ${expected}, got ${describe(got)}`);
  };
  const { cache, onProgress, signal } = how;
  if (cache !== undefined && typeof cache !== 'boolean') refuse('cache', 'true or false', cache);
  if (onProgress !== undefined && !isFunction(onProgress)) refuse('onProgress', 'a function', onProgress);
  if (signal !== undefined && typeof signal?.aborted !== 'boolean')
    refuse('signal', 'an AbortSignal', signal);
  if ((typeof url !== 'string' && !isA(url, URL)) || url === '')
    refuse('url', 'the address of a folder', url);
  const folder = await folderAddress(url);
  return Promise.all(
    Object.entries(FILES).map(([name, sum]) =>
      download(`${folder}${name}.gz`, `${name}.gz`, idx, { ...how, sum }),
    ),
  );
}
