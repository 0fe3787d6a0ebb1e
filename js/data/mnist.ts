/** MNIST, from a server or a folder. */

import { describe, fault, onlyKeys, whole } from '../engine/errors.js';
import { isA } from '../engine/look.js';
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
   * sooner, and offline too. The server is asked for newer ones each time; it has to send entity tags. Default: false.
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

const FILES = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
];

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
  const all = [...FILES.map((name) => isThere(`${folder}${name}.gz`)), styles === 0 || areKept(styles)];
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
  if (onProgress !== undefined && typeof onProgress !== 'function')
    refuse('onProgress', 'a function', onProgress);
  if (signal !== undefined && typeof signal?.aborted !== 'boolean')
    refuse('signal', 'an AbortSignal', signal);
  if ((typeof url !== 'string' && !isA(url, URL)) || url === '')
    refuse('url', 'the address of a folder', url);
  const folder = await folderAddress(url);
  return Promise.all(FILES.map((name) => download(`${folder}${name}.gz`, `${name}.gz`, idx, how)));
}
