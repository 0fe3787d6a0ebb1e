/**
 * Tells digits from what is none. Beside the model, in moments that it leaves, a small network of its own learns eleven
 * classes: the ten digits, and everything that is drawn by the generator of what is no digit. Where there is a store, what it
 * has learned is kept there and taken again. Loaded when asked for.
 */
import type { DigitData } from '../../data/digit-set.js';
import { generateDigits, generateOthers } from '../../data/generator.js';
import { fault } from '../../engine/errors.js';
import { backendInfo, currentGeneration } from '../../engine/instance.js';
import { nextTurn } from '../../engine/turn.js';
import type { LayersModel } from '../../nn/model.js';
import { readSource } from '../../nn/source.js';
import { sourceOf } from '../../nn/source-of.js';
import { Tensor } from '../../tensor/handle.js';
import { ALL, Control } from '../../train/control.js';
import { samples } from '../../train/samples.js';
import { type AskStore, KeptDetector, type Known, nameOf } from './kept-detector.js';
import { type Affine, warped } from './likes.js';

const WHERE = 'learnOthers';
const PIXELS = 28 * 28;
/** The class that is no digit. */
const OTHER = 10;
const CLASSES = 11;
const SEED = 11;

/** Training goes in rounds, each on digits and other things that the ones before have not seen. */
const ROUNDS = 40;
/** After these it is of use already, and a limit is found for it: after the first it recognises six in ten of what is none. */
const USABLE = [4, 8, 14, 20, 30];
const DIGITS = 2560;
const OTHERS = 2560;
const BATCH = 64;
const RATE = 0.003;
/** The share of the rate in the last round. */
const FINAL = 0.03;
/** So many things are drawn in one go. */
const PIECE = 64;
/** Digits in the styles that people write are there once for so many of MNIST's. */
const STYLED = 3;
/** Every so-manieth digit is kept to find the limit on, and this share of those may lie beyond. */
const KEPT = 27;
const REFUSED = 0.0085;
/** Milliseconds of work between two turns of others; while the model trains, it gets so many times as long. */
const SLICE = 4;
const PATIENCE = 3;
/** Nothing is more certain than this. */
const LEAST = 1e-9;
/** A prime: in steps of it one goes through all digits before one comes again. */
const STEP = 48_271;
/**
 * Goes up with each change to how is learned that is neither in a constant nor in what the generators draw: what earlier
 * builds have kept is not taken then. A test fails that compares what is learned with what was.
 */
const EDITION = 1;

const layer = (className: string, config: Record<string, unknown>): object => ({
  class_name: className,
  config,
});
const convolution = (filters: number): object =>
  layer('Conv2D', { filters, kernel_size: [3, 3], activation: 'relu' });

const source = {
  json: layer('Sequential', {
    layers: [
      convolution(16),
      layer('MaxPooling2D', { pool_size: [2, 2] }),
      convolution(32),
      layer('MaxPooling2D', { pool_size: [2, 2] }),
      convolution(48),
      layer('Flatten', {}),
      layer('Dense', { units: 64, activation: 'relu' }),
      layer('Dense', { units: CLASSES, activation: 'softmax' }),
    ],
  }),
  compile: { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: [] },
  inputShape: [28, 28, 1],
  seed: SEED,
};

/**
 * A picture is looked at as it is, a little turned to either side, and a little narrower and lower: what looks like no digit
 * only from one side may well be one.
 */
const TURN = 0.13;
const NARROW = 0.9;
const LOOKS: Affine[] = [
  [1, TURN, -TURN, 1],
  [1, -TURN, TURN, 1],
  [NARROW, 0, 0, 1],
  [1, 0, 0, NARROW],
];

/** All that decides, beside the digits, what is learned: constants, arithmetic, and the first things that the generators draw. */
function recipe(): Uint8Array[] {
  const numbers = [EDITION, ROUNDS, USABLE, DIGITS, OTHERS, BATCH, RATE, FINAL, PIECE, STYLED, KEPT, REFUSED];
  const text = JSON.stringify([...numbers, SEED, STEP, LEAST, LOOKS, source, backendInfo().mode]);
  const [others, digits] = [new Uint8Array(4 * PIXELS), new Uint8Array(4 * PIXELS)];
  generateOthers(SEED, others);
  generateDigits(SEED, digits, new Uint8Array(4));
  return [new TextEncoder().encode(text), others, digits];
}

/** Whether it is still wanted, and whether the model is being trained meanwhile. */
export interface Surroundings {
  isWanted(): boolean;
  isBusy(): boolean;
  /** It is of use, and goes on learning. */
  onUsable?(detector: Detector): void;
  /** The store has failed; learning goes on. */
  onFailure?(failure: unknown): void;
}

export class Detector {
  readonly #model: LayersModel;
  readonly #generation = currentGeneration();
  /** What is as unlike digits as this is taken for none. */
  #limit: number;
  /** Rounds that were learned. */
  #round: number;
  #isLearning = true;

  private constructor(model: LayersModel, { limit, round }: Omit<Known, 'model'> = { limit: 1, round: 0 }) {
    [this.#model, this.#limit, this.#round] = [model, limit, round];
  }

  /**
   * Learns from these digits, in turns, or goes on from what is kept of that. `hasStyles` says whether generated ones are
   * among them.
   */
  static async learned(
    data: DigitData,
    hasStyles: boolean,
    around: Surroundings,
    store?: AskStore,
  ): Promise<Detector> {
    const set = new Digits(data, hasStyles);
    const failed = (failure: unknown): void => around.onFailure?.(failure);
    const kept = store && new KeptDetector(store, await nameOf(recipe(), set.all()), failed);
    const known = await kept?.get();
    check(around);
    const detector =
      (known && (await Detector.#known(known, kept!))) ?? new Detector(readSource(WHERE, source));
    try {
      await detector.#learn(set, around, kept);
      detector.#isLearning = false;
      return detector;
    } catch (failure) {
      detector.#isLearning = false;
      detector.free();
      throw failure;
    }
  }

  /** The one that was kept; nothing if it is none, and then it makes way. */
  static async #known(known: Known, kept: KeptDetector): Promise<Detector | undefined> {
    try {
      return new Detector(readSource(WHERE, known.model), known);
    } catch {
      await kept.remove();
      return undefined;
    }
  }
  async #learn(set: Digits, around: Surroundings, kept: KeptDetector | undefined): Promise<void> {
    set.skip(this.#round);
    if (this.#round > 0 && this.#round < ROUNDS) around.onUsable?.(this);
    while (this.#round < ROUNDS) {
      const { pixels, labels } = await set.round(this.#round, around);
      const rate = RATE * (1 - (1 - FINAL) * (this.#round / (ROUNDS - 1)));
      await this.#train(pixels, labels, rate, around);
      const isLast = ++this.#round === ROUNDS;
      if (!isLast && !USABLE.includes(this.#round)) continue;
      await this.#findLimit(set.kept(isLast ? 1 : 3), around);
      if (!isLast) around.onUsable?.(this);
      await kept?.set(this.#state());
      check(around);
    }
  }
  #state(): Known {
    const { run: _, ...all } = sourceOf(WHERE, this.#model, source.compile);
    const { compile: _c, optimizerState: _o, ...finished } = all;
    // One that learns no more needs neither its optimizer nor what that remembers, two thirds of the bytes.
    const model = this.#round < ROUNDS ? all : finished;
    return { round: this.#round, limit: this.#limit, model };
  }

  /** The core in which it lies has stopped. */
  get isLost(): boolean {
    return this.#generation !== currentGeneration();
  }
  /** Gives its memory back; one that is learning does so when it ends. */
  free(): void {
    if (!this.isLost && !this.#isLearning) this.#model.dispose();
  }

  async #train(pixels: Uint8Array, labels: Int32Array, rate: number, around: Surroundings): Promise<void> {
    const model = this.#model;
    model.learningRate = rate;
    const x = new Tensor({ bytes: pixels }, [labels.length, 28, 28, 1], 'float32');
    const y = new Tensor(labels, [labels.length], 'int32');
    const args = { epochs: 1, batchSize: BATCH, slice: SLICE };
    const prepared = model.prepareFit_(args, (held) => ({ own: samples(held, 'fit', model.ends_(), x, y) }));
    const control = new Control();
    await model.runFit_(prepared, control, {
      limit: () => ALL,
      watch: (_, milliseconds) => {
        if (!around.isWanted()) control.stop();
        else if (around.isBusy()) control.hold(pause(PATIENCE * milliseconds));
      },
      rest: () => {},
    });
    check(around);
  }

  /** How unlike digits pictures are that lie one after the other, from 0 to 1. */
  unlike(pictures: Float32Array): Float32Array {
    const all = [pictures, ...LOOKS.map((look) => looked(pictures, look))].map((some) => this.#odds(some));
    return all[0]!.map(
      (_, at) => 1 / (1 + Math.exp(-all.reduce((sum, odds) => sum + odds[at]!, 0) / all.length)),
    );
  }
  /** The logarithm of the odds that each is none. */
  #odds(pictures: Float32Array): Float32Array {
    const count = pictures.length / PIXELS;
    const answers = this.#model.predict(new Tensor(pictures, [count, 28, 28, 1], 'float32'));
    const values = answers.dataSync();
    answers.dispose();
    return Float32Array.from({ length: count }, (_, at) => {
      const other = values[at * CLASSES + OTHER]!;
      return Math.log((other + LEAST) / (1 - other + LEAST));
    });
  }
  isDigit(unlike: number): boolean {
    return unlike <= this.#limit;
  }
  async #findLimit(digits: Uint8Array, around: Surroundings): Promise<void> {
    const kept = await this.#unlikeAll(digits, around);
    this.#limit = kept.sort()[Math.floor((1 - REFUSED) * kept.length)]!;
  }
  async #unlikeAll(bytes: Uint8Array, around: Surroundings): Promise<Float32Array> {
    const all = new Float32Array(bytes.length / PIXELS);
    for (let from = 0; from < all.length; from += PIECE) {
      const some = bytes.subarray(from * PIXELS, (from + PIECE) * PIXELS);
      all.set(this.unlike(Float32Array.from(some, (byte) => byte / 255)), from);
      await nextTurn();
      check(around);
    }
    return all;
  }
}

/** Pictures one after the other, each seen in this way. */
function looked(pictures: Float32Array, way: Affine): Float32Array {
  const seen = new Float32Array(pictures.length);
  for (let from = 0; from < pictures.length; from += PIXELS)
    seen.set(warped(pictures.subarray(from, from + PIXELS), way, 0, 0), from);
  return seen;
}

/** What a detector learns from: digits, in an order that mixes them, and other things. */
class Digits {
  readonly #bytes: Uint8Array;
  readonly #labels: ArrayLike<number>;
  readonly #count: number;
  /** How many digits of a round are generated. */
  readonly #styled: number;
  /** Where among the digits the next round begins. */
  #next = 0;

  constructor({ train }: DigitData, hasStyles: boolean) {
    this.#bytes = train.images.packed!;
    this.#labels = train.labels.values as Int32Array;
    this.#count = train.images.shape[0]!;
    this.#styled = hasStyles ? 0 : Math.floor(DIGITS / STYLED);
  }

  /** Everything that is learned from, as bytes. */
  all(): Uint8Array[] {
    return [this.#bytes, Uint8Array.from(this.#labels), Uint8Array.of(this.#styled > 0 ? 1 : 0)];
  }
  /** The place of the next digit that rounds have. */
  #take(): number {
    for (;;) {
      const index = (this.#next++ * STEP) % this.#count;
      if (index % KEPT !== 0 || this.#count === 1) return index;
    }
  }
  /** Goes on behind so many rounds. */
  skip(rounds: number): void {
    for (let left = rounds * (DIGITS - this.#styled); left > 0; left--) this.#take();
  }

  /** The pictures of a round, a byte a pixel, and their classes. */
  async round(
    number: number,
    around: Surroundings,
  ): Promise<{ pixels: Uint8Array; labels: Int32Array<ArrayBuffer> }> {
    const pixels = new Uint8Array((DIGITS + OTHERS) * PIXELS);
    const labels = new Int32Array(DIGITS + OTHERS).fill(OTHER);
    const own = DIGITS - this.#styled;
    for (let at = 0; at < own; at++) {
      const index = this.#take();
      pixels.set(this.#bytes.subarray(index * PIXELS, (index + 1) * PIXELS), at * PIXELS);
      labels[at] = this.#labels[index]!;
    }
    for (let from = own; from < DIGITS + OTHERS; from += PIECE) {
      const isDigit = from < DIGITS;
      const to = Math.min(from + PIECE, isDigit ? DIGITS : DIGITS + OTHERS);
      const some = pixels.subarray(from * PIXELS, to * PIXELS);
      const seed = (SEED + number) * 1000 + Math.floor(from / PIECE);
      const started = performance.now();
      if (isDigit) {
        const shown = new Uint8Array(to - from);
        generateDigits(seed, some, shown);
        labels.set(shown, from);
        from = to - PIECE;
      } else generateOthers(seed, some);
      if (around.isBusy()) await pause(PATIENCE * (performance.now() - started));
      else await nextTurn();
      check(around);
    }
    return { pixels, labels };
  }
  /** The digits that no round has, or one in so many of them. */
  kept(every = 1): Uint8Array {
    const step = KEPT * every;
    const count = Math.ceil(this.#count / step);
    const pixels = new Uint8Array(count * PIXELS);
    for (let at = 0; at < count; at++)
      pixels.set(this.#bytes.subarray(at * step * PIXELS, (at * step + 1) * PIXELS), at * PIXELS);
    return pixels;
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

function check({ isWanted }: Surroundings): void {
  if (!isWanted()) throw fault('state', 'learnOthers: other digits were loaded meanwhile');
}
