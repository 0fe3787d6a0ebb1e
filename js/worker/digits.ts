/** Digits beside the trainer: sets of them, and drawings that the model reads. */
import { describe, fault, onlyKeys } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import type { Hands, Life } from './life.js';
import type {
  DigitsInfo,
  DigitsSource,
  Health,
  Inside,
  MnistSource,
  OnProgress,
  Picture,
  Reading,
  Reason,
  StepInside,
  Stroke,
  Way,
} from './protocol.js';

/** What `inspect` and `explain` are asked about. */
export interface AboutClass {
  /** A class of the model's. */
  class?: number;
  signal?: AbortSignal;
}

export interface Digits {
  /** Loads digits as the sets `train` and `test`. A run goes on meanwhile, and afterwards on what it had. */
  load(source: DigitsSource, onProgress?: OnProgress): Promise<DigitsInfo>;
  /**
   * Brings MNIST, and writes the generated digits beside it, so that `load` of the same has them at once. Sets and runs
   * stay as they are: something else may be trained on meanwhile.
   */
  prefetch(source: MnistSource, onProgress?: OnProgress): Promise<void>;
  /** Whether an earlier visit kept all of it (`cache: true`), so that nothing has to be fetched. */
  isKept(source: MnistSource): Promise<boolean>;
  /**
   * How the model reads a drawing; null for an empty one. Digits that stand side by side are read one after the other, too.
   */
  read(strokes: Stroke[], options?: { signal?: AbortSignal }): Promise<Reading | null>;
  /**
   * Learns, in moments that training leaves, what is no digit: letters, shapes, scribbles. Once that is done, seconds later,
   * readings tell whether a drawing is a digit at all. The digits must be MNIST's or generated ones; where others are loaded
   * meanwhile, this fails with the code `state`, and has to be asked for again.
   */
  learnOthers(): Promise<void>;
  /**
   * What happens inside the model when it looks at a picture, layer by layer; null for an empty drawing. With `class`
   * also how the score of that class depends on it.
   */
  inspect(picture: Picture, options?: AboutClass): Promise<Inside | null>;
  /** Why the model reads a picture as it does, or as `class`; null for an empty drawing. */
  explain(picture: Picture, way: Way, options?: AboutClass): Promise<Reason | null>;
  /**
   * Trains one batch as `step` does and stays paused, and tells what happened: the digits, how surprised the model was by
   * each, the gradients, and how the weights moved. Null where no digit is in the batch that could be shown.
   */
  stepInside(): Promise<StepInside | null>;
  /**
   * How the layers are doing, over the first 500 test digits: how large weights and gradients are, and how many units
   * never answer.
   */
  health(options?: { signal?: AbortSignal }): Promise<Health>;
  /** Pictures of a set, a byte a pixel, and what they show. */
  images(
    indices: ArrayLike<number>,
    set: 'train' | 'test',
  ): Promise<{ pixels: Uint8Array; labels: Uint8Array }>;
}

function checkPicture(where: string, picture: unknown): void {
  if (typeof picture === 'object' && picture !== null && ('strokes' in picture || 'set' in picture)) return;
  throw fault('type', `${where}: expected { strokes } or { set, index }, got ${describe(picture)}`);
}

/** Inside the worker, addresses are relative to its own. */
export const absolute = <T extends MnistSource>(source: T): T => ({
  ...source,
  url: new URL(source.url, location.href).href,
});

function placeOf(name: string, source: MnistSource): MnistSource {
  if (typeof source?.url === 'string') return absolute(source);
  throw fault('type', `digits.${name}: expected { url }, got ${describe(source)}`);
}

export class DigitsPart implements Digits {
  readonly #life: Life;
  /** A worker that takes this one's place learns again what this one was asked to learn. */
  #learns = false;
  #source: DigitsSource | undefined;

  constructor(life: Life) {
    this.#life = life;
  }
  async load(source: DigitsSource, onProgress?: OnProgress): Promise<DigitsInfo> {
    if (typeof source !== 'object' || source === null)
      throw fault('type', `digits.load: expected { kind }, got ${describe(source)}`);
    const place = source?.kind === 'mnist' ? absolute(source) : source;
    const info = await this.#life.ask((hands) => hands.loadDigits(place, onProgress));
    this.#source = place;
    this.#learns = false;
    return info;
  }
  async learnOthers(): Promise<void> {
    await this.#life.ask((hands) => hands.learnOthers());
    this.#learns = true;
  }
  prefetch(source: MnistSource, onProgress?: OnProgress): Promise<void> {
    const place = placeOf('prefetch', source);
    return this.#life.ask((hands) => hands.prefetchDigits(place, onProgress));
  }
  isKept(source: MnistSource): Promise<boolean> {
    const place = placeOf('isKept', source);
    return this.#life.ask((hands) => hands.areDigitsKept(place));
  }
  async read(strokes: Stroke[], options?: { signal?: AbortSignal }): Promise<Reading | null> {
    if (!isArray(strokes))
      throw fault('type', `digits.read: expected an array of strokes, got ${describe(strokes)}`);
    return this.#life.ask((hands) => hands.readDigit(strokes), options?.signal);
  }
  async inspect(picture: Picture, options?: AboutClass): Promise<Inside | null> {
    checkPicture('digits.inspect', picture);
    onlyKeys('digits.inspect', options, ['class', 'signal']);
    return this.#life.ask((hands) => hands.inspectDigit(picture, options?.class), options?.signal);
  }
  async explain(picture: Picture, way: Way, options?: AboutClass): Promise<Reason | null> {
    checkPicture('digits.explain', picture);
    onlyKeys('digits.explain', options, ['class', 'signal']);
    return this.#life.ask(
      (hands, number) => hands.explainDigit(number, picture, way, options?.class),
      options?.signal,
    );
  }
  stepInside(): Promise<StepInside | null> {
    return this.#life.ask((hands) => hands.stepInside());
  }
  async health(options?: { signal?: AbortSignal }): Promise<Health> {
    onlyKeys('digits.health', options, ['signal']);
    return this.#life.ask((hands, number) => hands.health(number), options?.signal);
  }
  async images(
    indices: ArrayLike<number>,
    set: 'train' | 'test',
  ): Promise<{ pixels: Uint8Array; labels: Uint8Array }> {
    if (typeof (indices as ArrayLike<number> | null)?.length !== 'number')
      throw fault('type', `digits.images: expected an array of indices, got ${describe(indices)}`);
    return this.#life.ask((hands) => hands.digitImages(Uint32Array.from(indices), set));
  }
  /** Loads in a new worker what was loaded in the one before; says whether there was anything. */
  async restore(hands: Hands): Promise<boolean> {
    if (this.#source) await hands.loadDigits(this.#source);
    // Nobody waits for it.
    if (this.#learns) hands.learnOthers().catch(() => {});
    return this.#source !== undefined;
  }
}
