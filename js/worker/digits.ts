/** Digits beside the trainer: sets of them, and drawings that the model reads. */
import { checkFunction, describe, fault, onlyKeys } from '../engine/errors.js';
import { isArray, isObject } from '../engine/look.js';
import { fullAddress } from './address.js';
import type { Hands, Life } from './life.js';
import type {
  ByteStore,
  DigitsInfo,
  DigitsSource,
  Grown,
  Health,
  Inside,
  MnistSource,
  OnProgress,
  OwnDigit,
  Picture,
  Reading,
  Reason,
  StepInside,
  Stroke,
  Taught,
  TaughtStep,
  Way,
} from './protocol.js';

/** What `inspect` and `explain` are asked about. */
export interface AboutClass {
  /** A class of the model's. */
  class?: number;
  signal?: AbortSignal;
}

export interface Digits {
  /** Loads digits as the sets `train` and `test`. A run that is under way goes on with the data that it began with. */
  load(source: DigitsSource, onProgress?: OnProgress): Promise<DigitsInfo>;
  /**
   * Fetches MNIST, and writes the generated digits beside it, so that `load` of the same source has them at once. Sets and runs
   * stay as they are: something else may be trained on meanwhile.
   */
  prefetch(source: MnistSource, onProgress?: OnProgress): Promise<void>;
  /** Whether an earlier visit kept all digits of this source (`cache: true`), so that nothing has to be fetched. */
  isKept(source: MnistSource): Promise<boolean>;
  /**
   * How the model reads a drawing; null for an empty one. Digits that stand side by side are read one after the other, too.
   */
  read(strokes: Stroke[], options?: { signal?: AbortSignal }): Promise<Reading | null>;
  /**
   * Learns, in moments that training leaves, what is no digit: letters, shapes, scribbles. Seconds later readings begin to
   * tell whether a drawing is a digit at all, and `onUsable` is called, as each time that they tell it better; this ends when
   * they tell it as well as they will. Until then, and of files for ever, a heart is read as the digit that is least unlike it.
   * The digits must be MNIST's or generated ones; where others are loaded meanwhile, this fails with the code `state`, and has
   * to be asked for again. In a `store` (a `Map`, or what writes to a database) it keeps what it knows by then, up to 0.6 MB,
   * and takes that again at once where the same digits are loaded later: to the same bits, without learning. What is damaged
   * there makes way. A store that fails is told of by an `error` event, and is not asked again. Whoever asks while it learns
   * waits with the one before, whose store is used.
   */
  learnOthers(onUsable?: () => void, store?: ByteStore): Promise<void>;
  /**
   * What happens inside the model when it looks at a picture, layer by layer; null for an empty drawing. With `class`
   * also how the score of that class depends on it.
   */
  inspect(picture: Picture, options?: AboutClass): Promise<Inside | null>;
  /** Why the model reads a picture as it does, or as `class`; null for an empty drawing. */
  explain(picture: Picture, way: Way, options?: AboutClass): Promise<Reason | null>;
  /**
   * Teaches the model, in less than a second on a desk, that a drawing or a picture is a `label`: a few steps on pictures
   * like it (turned, slanted, stretched, drawn again with a less steady hand) among training pictures, so that what the
   * model knew holds. A run that is under way waits meanwhile and goes on with what was learned; what its optimizer
   * remembers stays. The same model, drawing and seed end with the same bits.
   * @throws `value` for an empty drawing, or a label that is no class of the model's; `state` where there is no model, or
   * nothing to rehearse (`load` digits first); nothing has changed then.
   * @example
   * const trainer = await createTrainer();
   * await trainer.digits.load({ kind: 'digits', seed: 1, count: 600 });
   * const model = sequential({ layers: [layers.flatten({ inputShape: [28, 28, 1] }), layers.dense({ units: 10, activation: 'softmax' })] });
   * model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
   * await trainer.setModel(model);
   * const { after } = await trainer.digits.teach([[[10, 10], [12, 90]]], 1); // this line is a one
   * trainer.terminate();
   * after[1] > 0.5; // → true
   */
  teach(drawing: Stroke[] | Picture, label: number, options?: TeachOptions): Promise<Taught>;
  /**
   * Gives the model a class more, the last, taught with drawings of it: a dozen are enough for a few seconds' lesson. The
   * units that its last layer has keep their weights, training pictures among the drawings keep what it knew; its optimizer
   * begins anew. `include` the drawings too, so that later runs do not forget them.
   * @throws `state` while a run is under way, without a model or without digits; `value` for a model that is no row of
   * layers with Dense at its end, and for empty drawings; nothing has changed then.
   */
  addClass(drawings: Stroke[][], options?: TeachOptions): Promise<Grown>;
  /**
   * Trains on digits of your own too, from the next run on: each stands among the set `train` as drawn and as the same hand
   * might have drawn it again. A later call takes the place of this one; an empty list takes it back, and so does `load`.
   */
  include(own: OwnDigit[]): Promise<DigitsInfo>;
  /**
   * The digit in a photo of paper, or of a board, as the model is shown drawings: 28 × 28 values from 0 to 1.
   * @throws `value` where no ink stands out.
   */
  fromPhoto(photo: { data: Uint8ClampedArray; width: number; height: number }): Promise<Float32Array>;
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

/** How `teach` and its like work. */
export interface TeachOptions {
  /** Decides the pictures that are trained on. Default: the model's. */
  seed?: number;
  /** Told how the picture is read, before the first step and after every second. */
  onStep?: (step: TaughtStep) => void;
  signal?: AbortSignal;
}

/** So many pictures are asked for at most: MNIST has 60,000. */
const MOST_PICTURES = 2 ** 24;

/** What few pages ask for: it is loaded when one does. */
const seldom = () => import('./seldom.js');

export function checkPicture(where: string, picture: unknown): void {
  const kinds = ['strokes', 'set', 'pixels'];
  if (isObject(picture) && kinds.some((kind) => kind in picture)) return;
  throw fault(
    'type',
    `${where}: expected { strokes }, { set, index } or { pixels }, got ${describe(picture)}`,
  );
}

/** The source with its address made absolute: inside the worker, addresses would be relative to the worker's own. */
export const absolute = <T extends MnistSource>(where: string, source: T): T => ({
  ...source,
  url: fullAddress(`${where}: url`, source.url),
});

function placeOf(name: string, source: MnistSource): MnistSource {
  const where = `digits.${name}`;
  if (typeof source?.url === 'string') return absolute(where, source);
  throw fault('type', `${where}: expected { url }, got ${describe(source)}`);
}

export class DigitsPart implements Digits {
  readonly #life: Life;
  /** With what `learnOthers` was asked for: a worker that replaces this one is asked again. */
  #learns: Parameters<Digits['learnOthers']> | undefined;
  #source: DigitsSource | undefined;
  #own: OwnDigit[] = [];

  constructor(life: Life) {
    this.#life = life;
  }
  async load(source: DigitsSource, onProgress?: OnProgress): Promise<DigitsInfo> {
    if (typeof source !== 'object' || source === null)
      throw fault('type', `digits.load: expected { kind }, got ${describe(source)}`);
    const place = source?.kind === 'mnist' ? absolute('digits.load', source) : source;
    const info = await this.#life.ask((hands) => hands.loadDigits(place, onProgress));
    this.#source = place;
    this.#own = [];
    this.#learns = undefined;
    return info;
  }
  async learnOthers(...given: Parameters<Digits['learnOthers']>): Promise<void> {
    const [onUsable, store] = given;
    if (onUsable !== undefined) checkFunction('digits.learnOthers: onUsable', onUsable);
    // Without a store nothing is waited for, so that what is asked next comes next.
    const ask = store && (await seldom()).asking(store);
    await this.#life.ask((hands) => hands.learnOthers(onUsable, ask));
    this.#learns = given;
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
  async teach(...args: Parameters<Digits['teach']>): Promise<Taught> {
    return (await seldom()).ask(this.#life, 'teach', ...args);
  }
  async addClass(...args: Parameters<Digits['addClass']>): Promise<Grown> {
    return (await seldom()).ask(this.#life, 'addClass', ...args);
  }
  async include(own: OwnDigit[]): Promise<DigitsInfo> {
    const info = await (await seldom()).ask(this.#life, 'include', own);
    this.#own = own;
    return info;
  }
  async fromPhoto(photo: Parameters<Digits['fromPhoto']>[0]): Promise<Float32Array> {
    return (await seldom()).ask(this.#life, 'fromPhoto', photo);
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
    const { length } = (indices ?? {}) as Partial<ArrayLike<number>>;
    if (typeof length !== 'number' || !(length >= 0 && length <= MOST_PICTURES))
      throw fault('type', `digits.images: expected an array of indices, got ${describe(indices)}`);
    return this.#life.ask((hands) => hands.digitImages(Uint32Array.from(indices), set));
  }
  /** Loads in a new worker what was loaded in the one before; says whether there was anything. */
  async restore(hands: Hands): Promise<boolean> {
    if (this.#source) await hands.loadDigits(this.#source);
    if (this.#own.length > 0) await hands.seldom(0, 'include', this.#own);
    // The promise is not awaited: nobody waits for this in the new worker.
    if (this.#learns) this.learnOthers(...this.#learns).catch(() => {});
    return this.#source !== undefined;
  }
}
