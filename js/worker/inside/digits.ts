/** Digits in the worker: where they come from, and drawings that the model reads. */
import type { DigitData, DigitSet } from '../../data/digit-set.js';
import type { Progress } from '../../data/download.js';
import { digit } from '../../data/drawing.js';
import { digits } from '../../data/generated.js';
import { describe, fault, whole } from '../../engine/errors.js';
import { isWhole } from '../../engine/instance.js';
import { isArray } from '../../engine/look.js';
import type { LayersModel } from '../../nn/model.js';
import type {
  DigitsInfo,
  DigitsSource,
  Health,
  Inside,
  MnistSource,
  Picture,
  Reading,
  Reason,
  StepInside,
  Stroke,
  Way,
} from '../protocol.js';
import { moved } from '../wire.js';
import type { Ahead } from './ahead.js';
import type { Detector } from './detector.js';
import type { AskStore } from './kept-detector.js';
import type { Pictures } from './reasons.js';
import type { Session } from './session.js';
import { DataSet } from './sets.js';

/** Values of a drawing. */
const PIXELS = 28 * 28;

/** Data, and what was done to their pictures. */
interface Fetched {
  data: DigitData;
  made?: Pick<DigitsInfo, 'turned' | 'fittedFrom'>;
}

/** MNIST on its way. */
export const aheadOf = async (source: MnistSource): Promise<Ahead> =>
  new (await import('./ahead.js')).Ahead(source);

/** So much of its ink at most lies elsewhere where a drawing is one that was taught, and so many of these are known. */
const [ALIKE, MOST_TAUGHT] = [0.3, 100];

export class Digits {
  readonly #session: Session;
  #ahead: Promise<Ahead> | undefined;
  #data: DigitData | undefined;
  /** The data as they came, without digits of the visitor's own, and what was told of them. */
  loaded: { data: DigitData; info: DigitsInfo } | undefined;
  #name: DigitsInfo['name'] | undefined;
  #loads = 0;
  /** What tells digits from what is none, once somebody has asked for it, and once it is there. */
  #learning: Promise<void> | undefined;
  /** Who waits to hear that it can tell, and that it tells better. */
  readonly #listeners = new Set<() => void>();
  #detector: Detector | undefined;
  /** Drawings that are digits because somebody has said so. */
  readonly #taught: Float32Array[] = [];

  constructor(session: Session, ahead: Promise<Ahead> | undefined) {
    [this.#session, this.#ahead] = [session, ahead];
  }

  /** Loads digits as the sets `train` and `test`. A run goes on meanwhile, and afterwards on what it had. */
  async load(source: DigitsSource, onProgress?: (progress: Progress) => void): Promise<DigitsInfo> {
    const number = ++this.#loads;
    const { data, made } = await this.#fetched(source, onProgress);
    if (number !== this.#loads) throw fault('state', 'load: other digits were asked for meanwhile');
    this.use(data);
    this.#forget();
    const { train, test, classes } = data;
    const [count = 0, height = 0, width = 0] = train.images.shape;
    const name = nameOf(source);
    this.#name = name;
    const imageShape: [number, number] = [height, width];
    const info = { name, train: count, test: test.images.shape[0]!, imageShape, classes, ...made };
    this.loaded = { data, info };
    return info;
  }
  /** Makes data the sets `train` and `test`. */
  use(data: DigitData): void {
    this.#data = data;
    const { train, test } = data;
    for (const [name, { images, labels }] of Object.entries({ train, test }))
      this.#session.sets.set(name, new DataSet(images, labels));
  }
  /** Brings what `load` will need of MNIST. What is loaded stays as it is. */
  async prefetch(source: MnistSource, onProgress?: (progress: Progress) => void): Promise<void> {
    await this.#mnist(source, onProgress);
  }
  /** Whether an earlier visit kept what `load` will need of MNIST. */
  async isKept(source: MnistSource): Promise<boolean> {
    return (await import('./ahead.js')).isKept(source);
  }
  /** MNIST, as it is on its way already if it is. */
  async #mnist(source: MnistSource, onProgress?: (progress: Progress) => void): Promise<DigitData> {
    const before = this.#ahead;
    this.#ahead = (async () => {
      const found = await before?.catch(() => undefined);
      return found?.url === source.url ? found : aheadOf(source);
    })();
    try {
      return await (await this.#ahead).load(source.styles, onProgress);
    } catch (failure) {
      // Whoever asks again tries again.
      this.#ahead = undefined;
      throw failure;
    }
  }
  async #fetched(source: DigitsSource, onProgress?: (progress: Progress) => void): Promise<Fetched> {
    switch (source.kind) {
      case 'mnist': {
        const data = await this.#mnist(source, onProgress);
        this.#ahead = undefined;
        return { data };
      }
      case 'digits': {
        const { seed, count } = source;
        return { data: digits(count === undefined ? { seed } : { seed, count }) };
      }
      case 'files':
        return (await import('./given-files.js')).givenFiles(source);
      default:
        throw fault('value', 'load: kind: expected mnist, digits or files');
    }
  }

  /** The model; `where` begins the error if there is none, or one that takes no pictures of this size. */
  reader(where: string): LayersModel {
    const model = this.#session.need(where);
    const shape = sampleShape(model);
    if (shape.reduce((size, length) => size * length, 1) === PIXELS) return model;
    throw fault('shape', `${where}: a drawing is 28 × 28, but the model takes [${shape}]`);
  }
  /** Learns what is no digit, in moments that training leaves. */
  async learnOthers(onUsable?: () => void, store?: AskStore): Promise<void> {
    this.set('learnOthers', 'train');
    if (this.#name === 'file')
      throw fault('state', 'learnOthers: files may hold anything; it takes MNIST or generated digits');
    if (this.#detector?.isLost) this.#forget();
    this.#learning ??= this.#learn(this.loaded!.data, store);
    if (onUsable) this.#listeners.add(onUsable);
    try {
      await this.#learning;
    } finally {
      if (onUsable) this.#listeners.delete(onUsable);
    }
  }
  async #learn(data: DigitData, store?: AskStore): Promise<void> {
    try {
      const { Detector } = await import('./detector.js');
      const around = {
        isWanted: () => this.loaded?.data === data,
        isBusy: () => this.#session.isTraining,
        onUsable: (detector: Detector) => {
          if (this.loaded?.data !== data) return;
          this.#detector = detector;
          for (const tell of this.#listeners) tell();
        },
        onFailure: (failure: unknown) => this.#session.tellFailure(failure),
      };
      this.#detector = await Detector.learned(data, this.#name !== 'mnist', around, store);
    } catch (failure) {
      // Whoever asks again tries again.
      if (this.loaded?.data === data) this.#learning = this.#detector = undefined;
      throw failure;
    }
  }
  #forget(): void {
    this.#detector?.free();
    this.#detector = undefined;
    this.#learning = undefined;
  }

  /** How the model reads a drawing, and the digits in it; null for an empty one. */
  async read(strokes: Stroke[]): Promise<Reading | null> {
    if (!hasInk(strokes)) return null;
    const whole = await this.#readAsOne(strokes);
    // A line that was drawn in one go is not looked through for digits.
    if (strokes.length < 2) return moved(whole);
    const { digitsIn } = await import('./several.js');
    return moved(await digitsIn(strokes, whole, (part) => this.#readAsOne(part)));
  }
  async #readAsOne(strokes: Stroke[]): Promise<Reading> {
    const shape = sampleShape(this.reader('digits.read'));
    const picture = digit(strokes);
    const [answer] = await this.#session.predict(picture._view([1, ...shape]), () => true);
    const pixels = picture.dataSync() as Float32Array;
    const reading = { pixels, probabilities: answer!.values as Float32Array };
    const detector = this.#detector;
    if (!detector || detector.isLost) return reading;
    const unlike = detector.unlike(pixels)[0]!;
    return { ...reading, unlike, isDigit: detector.isDigit(unlike) || this.#wasTaught(pixels) };
  }

  /** From now on this is a digit, whatever else it looks like. */
  noteTaught(pixels: Float32Array): void {
    this.#taught.unshift(pixels);
    this.#taught.length = Math.min(this.#taught.length, MOST_TAUGHT);
  }
  #wasTaught(pixels: Float32Array): boolean {
    return this.#taught.some((taught) => {
      let [apart, ink] = [0, 0];
      for (const [at, value] of taught.entries()) {
        apart += Math.abs(value - pixels[at]!);
        ink += value;
      }
      return apart < ALIKE * ink;
    });
  }

  /** What happens inside the model when it looks at a picture; null for an empty drawing. */
  async inspect(picture: Picture, ofClass?: number): Promise<Inside | null> {
    const model = this.reader('digits.inspect');
    const pixels = this.pixels('digits.inspect', picture);
    if (!pixels) return null;
    checkClass('digits.inspect: class', model, ofClass);
    const { insideOf } = await import('./inspect.js');
    return moved(insideOf(model, pixels, ofClass));
  }
  /** Why the model reads a picture as it does; null for an empty drawing. */
  async explain(
    picture: Picture,
    way: Way,
    ofClass: number | undefined,
    isWanted: () => boolean,
  ): Promise<Reason | null> {
    const model = this.reader('digits.explain');
    const pixels = this.pixels('digits.explain', picture);
    if (!pixels) return null;
    checkClass('digits.explain: class', model, ofClass);
    const { reason, ways } = await import('./reasons.js');
    if (!ways().includes(way))
      throw fault('value', `digits.explain: way: expected one of ${ways().join(', ')}, got ${describe(way)}`);
    const training = (): Pictures => {
      const { images, labels } = this.set('digits.explain', 'train');
      return { bytes: images.packed!, labels: labels.values };
    };
    return moved(await reason(model, pixels, way, ofClass, training, isWanted));
  }
  /** One step of training, and what happened in it; null where nothing can be told of it. */
  async stepInside(): Promise<StepInside | null> {
    this.reader('digits.stepInside');
    const teller = isWhole() ? await import('./step.js').catch(() => undefined) : undefined;
    if (!teller) {
      // A page whose line is cut trains all the same.
      await this.#session.step();
      return null;
    }
    const told = await teller.stepInside(this.#session);
    return told && moved(told);
  }
  /** How the layers are doing. */
  async health(isWanted: () => boolean): Promise<Health> {
    const model = this.reader('digits.health');
    const { images, labels } = this.set('digits.health', 'test');
    const { health } = await import('./health.js');
    const found = await health(model, images.packed!, labels.values, isWanted);
    return { ...found, step: this.#session.trained };
  }
  /** The values of a picture, 0 to 1; nothing for an empty drawing. */
  pixels(where: string, picture: Picture): Float32Array | undefined {
    if ('pixels' in picture) return picture.pixels;
    if ('strokes' in picture)
      return hasInk(picture.strokes) ? (digit(picture.strokes).dataSync() as Float32Array) : undefined;
    const { images } = this.set(where, picture.set);
    const index = whole(`${where}: index`, picture.index, 0);
    const bytes = images.packed!.subarray(index * PIXELS, (index + 1) * PIXELS);
    if (bytes.length < PIXELS || images.shape.slice(1).reduce((size, n) => size * n, 1) !== PIXELS)
      throw fault('value', `${where}: index: there is no picture ${index} of 28 × 28`);
    return Float32Array.from(bytes, (byte) => byte / 255);
  }
  set(where: string, set: 'train' | 'test'): DigitSet {
    const found = this.#data?.[set];
    if (found) return found;
    throw fault('state', `${where}: there are no digits yet; load some first`);
  }

  /** Pictures of a set, a byte a pixel, and what they show. */
  images(indices: Uint32Array, set: 'train' | 'test'): { pixels: Uint8Array; labels: Uint8Array } {
    return moved(picked(this.set('images', set), indices));
  }
}

const nameOf = (source: DigitsSource): DigitsInfo['name'] => {
  if (source.kind === 'mnist') return source.styles ? 'styles' : 'mnist';
  return source.kind === 'digits' ? 'generated' : 'file';
};

export const hasInk = (strokes: Stroke[]): boolean =>
  !isArray(strokes) || strokes.some((stroke) => stroke?.length !== 0);

export function checkClass(where: string, model: LayersModel, ofClass: number | undefined): void {
  if (ofClass === undefined) return;
  const classes = model.ends_().outputDims?.[0]?.at(-1) ?? 1;
  if (whole(where, ofClass, 0) >= classes)
    throw fault('value', `${where}: expected a class below ${classes}, got ${ofClass}`);
}

/** The shape in which a model takes a picture. */
const sampleShape = ({ inputShape }: LayersModel): number[] =>
  (inputShape as (number | null)[]).slice(1).map((length) => length ?? 28);

function picked(
  { images, labels }: DigitSet,
  indices: Uint32Array,
): { pixels: Uint8Array; labels: Uint8Array } {
  const bytes = images.packed!;
  const size = bytes.length / images.shape[0]!;
  const pixels = new Uint8Array(indices.length * size);
  indices.forEach((index, at) => {
    pixels.set(bytes.subarray(index * size, (index + 1) * size), at * size);
  });
  return { pixels, labels: Uint8Array.from(indices, (index) => labels.values[index] ?? 0) };
}
