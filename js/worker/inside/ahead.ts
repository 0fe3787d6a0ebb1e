/** MNIST on its way before anyone wants to load it: while the module is being compiled. */
import { type DigitData, fromFiles } from '../../data/digit-set.js';
import type { Downloaded, Progress } from '../../data/download.js';
import { fetchMnist } from '../../data/mnist.js';
import { styled, withStyles } from '../../data/styles.js';
import type { MnistSource } from '../protocol.js';

/** Milliseconds between two pieces of news, which cost the page time: files may come in pieces by the thousand. */
const BEAT = 50;
/** Milliseconds until files are kept for the next visit: a visit's beginning belongs to training. */
const KEEP_AFTER = 2000;

export class Ahead {
  readonly url: string;
  readonly #files: Promise<Downloaded[]>;
  /** How far each has come. */
  readonly #progress = new Map<string, Progress>();
  readonly #cache: boolean;
  #listener: (progress: Progress) => void = () => {};
  #told = 0;

  constructor({ url, cache = false }: MnistSource) {
    [this.url, this.#cache] = [url, cache];
    this.#files = fetchMnist({ url, cache, onProgress: (now) => this.#tell(now) });
    // Whoever loads it hears of a failure.
    this.#files.catch(() => {});
  }

  #tell(now: Progress): void {
    this.#progress.set(now.file, now);
    if (performance.now() - this.#told >= BEAT) this.#tellAll();
  }

  #tellAll(): void {
    this.#told = performance.now();
    for (const progress of this.#progress.values()) this.#listener(progress);
  }

  /** The data, once the module is there to read them. */
  async load(styles: number, onProgress?: (progress: Progress) => void): Promise<DigitData> {
    if (onProgress) this.#listener = onProgress;
    this.#tellAll();
    // Written while the files are on their way.
    const [files, more] = await Promise.all([
      this.#files,
      styles > 0 ? styled(styles, this.#cache) : undefined,
    ]);
    this.#tellAll();
    const data = fromFiles(files);
    setTimeout(() => {
      for (const { keep } of more ? [...files, more] : files) void keep();
    }, KEEP_AFTER);
    return more ? withStyles(data, more) : data;
  }
}
