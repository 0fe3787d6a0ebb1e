/**
 * MNIST on its way before anyone wants to train on it: while the module is being compiled, or while something else trains.
 * Loaded where MNIST is wanted.
 */
import type { DigitData } from '../../data/digit-set.js';
import type { Downloaded, Progress } from '../../data/download.js';
import { fromFiles } from '../../data/from-files.js';
import { fetchMnist, isKept, styleCount } from '../../data/mnist.js';
import { type Styled, styled, withStyles } from '../../data/styles.js';
import type { MnistSource } from '../protocol.js';

export { isKept } from '../../data/mnist.js';

/** Milliseconds between two pieces of news, which cost the page time: files may come in pieces by the thousand. */
const BEAT = 50;
/** Milliseconds until files are kept for the next visit: a visit's beginning belongs to training. */
const KEEP_AFTER = 2000;

export class Ahead {
  readonly url: string;
  #files: Promise<Downloaded[]> | undefined;
  /** How far each has come. */
  readonly #progress = new Map<string, Progress>();
  readonly #cache: boolean;
  #listener: (progress: Progress) => void = () => {};
  #told = 0;
  /** The data with so many generated digits, while they are being put together and until somebody takes them. */
  #made: { styles: number; data: Promise<DigitData> } | undefined;

  constructor({ url, cache = false, styles = 0, ahead = 'always' }: MnistSource) {
    [this.url, this.#cache] = [url, cache];
    if (ahead === 'always') this.#fetched();
    else
      void isKept({ url, styles }).then((yes) => {
        if (yes) this.#fetched();
      });
  }

  #fetched(): Promise<Downloaded[]> {
    if (!this.#files) {
      const [url, cache] = [this.url, this.#cache];
      this.#files = fetchMnist({ url, cache, onProgress: (now) => this.#tell(now) });
      // Whoever loads it hears of a failure.
      this.#files.catch(() => {});
    }
    return this.#files;
  }

  #tell(now: Progress): void {
    this.#progress.set(now.file, now);
    if (performance.now() - this.#told >= BEAT) this.#tellAll();
  }

  #tellAll(): void {
    this.#told = performance.now();
    for (const progress of this.#progress.values()) this.#listener(progress);
  }

  /** The data, once the module is there to read them. Asked for once more they are those that are on their way. */
  load(given: number | undefined, onProgress?: (progress: Progress) => void): Promise<DigitData> {
    const styles = styleCount(given);
    if (onProgress) this.#listener = onProgress;
    this.#tellAll();
    if (this.#made?.styles !== styles) this.#made = { styles, data: this.#make(styles) };
    return this.#made.data;
  }

  async #make(styles: number): Promise<DigitData> {
    // Written while the files are on their way.
    const [files, more] = await Promise.all([
      this.#fetched(),
      styles > 0 ? styled(styles, this.#cache) : undefined,
    ]);
    this.#tellAll();
    const data = fromFiles(files);
    keepLater(more ? [...files, more] : files);
    return more ? withStyles(data, more) : data;
  }
}

const keepLater = (all: (Downloaded | Styled)[]): void =>
  void setTimeout(() => {
    for (const { keep } of all) void keep();
  }, KEEP_AFTER);
