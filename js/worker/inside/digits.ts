/** Digits in the worker: where they come from, and drawings that the model reads. */
import type { DigitData, DigitSet } from '../../data/digit-set.js';
import type { Progress } from '../../data/download.js';
import { digit } from '../../data/drawing.js';
import { styleCount } from '../../data/mnist.js';
import { describe, fault, whole } from '../../engine/errors.js';
import type { LayersModel } from '../../nn/model.js';
import type {
  DigitsInfo,
  DigitsSource,
  Grown,
  Inside,
  MnistSource,
  OwnDigit,
  Picture,
  Reading,
  Reason,
  Stroke,
  Taught,
  TaughtStep,
  Way,
} from '../protocol.js';
import { moved } from '../wire.js';
import { Ahead } from './ahead.js';
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

export class Digits {
  readonly #session: Session;
  #ahead: Ahead | undefined;
  #data: DigitData | undefined;
  /** The data as they came, without digits of the visitor's own, and what was told of them. */
  #loaded: DigitData | undefined;
  #info: DigitsInfo | undefined;
  #loads = 0;

  constructor(session: Session, ahead: Ahead | undefined) {
    [this.#session, this.#ahead] = [session, ahead];
  }

  /** Loads digits as the sets `train` and `test`. A run goes on meanwhile, and afterwards on what it had. */
  async load(source: DigitsSource, onProgress?: (progress: Progress) => void): Promise<DigitsInfo> {
    const number = ++this.#loads;
    const { data, made } = await this.#fetched(source, onProgress);
    if (number !== this.#loads) throw fault('state', 'load: other digits were asked for meanwhile');
    this.#loaded = data;
    this.#use(data);
    const { train, test, classes } = data;
    const [count = 0, height = 0, width = 0] = train.images.shape;
    const name = nameOf(source);
    const imageShape: [number, number] = [height, width];
    this.#info = { name, train: count, test: test.images.shape[0]!, imageShape, classes, ...made };
    return this.#info;
  }
  /** Makes data the sets `train` and `test`. */
  #use(data: DigitData): void {
    this.#data = data;
    const { train, test } = data;
    for (const [name, { images, labels }] of Object.entries({ train, test }))
      this.#session.sets.set(name, new DataSet(images, labels));
  }
  async #fetched(source: DigitsSource, onProgress?: (progress: Progress) => void): Promise<Fetched> {
    switch (source.kind) {
      case 'mnist': {
        const ahead = this.#ahead?.url === source.url ? this.#ahead : new Ahead(source as MnistSource);
        this.#ahead = undefined;
        return { data: await ahead.load(styleCount(source.styles), onProgress) };
      }
      case 'digits': {
        const { seed, count } = source;
        const { drawnBy } = await import('../../data/generated.js');
        const { generator } = await import('../../data/generator.js');
        return { data: drawnBy(await generator(), count === undefined ? { seed } : { seed, count }) };
      }
      case 'files':
        return (await import('./given-files.js')).givenFiles(source);
      default:
        throw fault('value', 'load: kind: expected mnist, digits or files');
    }
  }

  /** The model; `where` begins the error if there is none, or one that takes no pictures of this size. */
  #reader(where: string): LayersModel {
    const model = this.#session.need(where);
    const shape = sampleShape(model);
    if (shape.reduce((size, length) => size * length, 1) === PIXELS) return model;
    throw fault('shape', `${where}: a drawing is 28 × 28, but the model takes [${shape}]`);
  }
  /** How the model reads a drawing; null for an empty one. */
  async read(strokes: Stroke[]): Promise<Reading | null> {
    if (!hasInk(strokes)) return null;
    const shape = sampleShape(this.#reader('digits.read'));
    const picture = digit(strokes);
    const [answer] = await this.#session.predict(picture._view([1, ...shape]), () => true);
    return moved({
      pixels: picture.dataSync() as Float32Array,
      probabilities: answer!.values as Float32Array,
    });
  }

  /** What happens inside the model when it looks at a picture; null for an empty drawing. */
  async inspect(picture: Picture, ofClass?: number): Promise<Inside | null> {
    const model = this.#reader('digits.inspect');
    const pixels = this.#pixels('digits.inspect', picture);
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
    const model = this.#reader('digits.explain');
    const pixels = this.#pixels('digits.explain', picture);
    if (!pixels) return null;
    checkClass('digits.explain: class', model, ofClass);
    const { reason, ways } = await import('./reasons.js');
    if (!ways().includes(way))
      throw fault('value', `digits.explain: way: expected one of ${ways().join(', ')}, got ${describe(way)}`);
    const training = (): Pictures => {
      const { images, labels } = this.#set('digits.explain', 'train');
      return { bytes: images.packed!, labels: labels.values };
    };
    return moved(await reason(model, pixels, way, ofClass, training, isWanted));
  }
  /** Teaches the model what a picture shows. */
  async teach(
    picture: Picture,
    label: number,
    seed: number | undefined,
    onStep: ((step: TaughtStep) => void) | undefined,
    isWanted: () => boolean,
  ): Promise<Taught> {
    const where = 'digits.teach';
    const model = this.#reader(where);
    const original = 'strokes' in picture ? picture : { pixels: this.#pixels(where, picture)! };
    if ('strokes' in picture && !this.#pixels(where, picture))
      throw fault('value', `${where}: the drawing is empty`);
    checkClass(`${where}: label`, model, label);
    const train = this.#set(where, 'train');
    const { teach } = await import('./teach.js');
    return moved(
      await teach({ session: this.#session, model, train, isWanted }, original, label, seed, onStep),
    );
  }
  /** Gives the model a class more, and teaches it with drawings of that. */
  async addClass(
    drawings: Stroke[][],
    seed: number | undefined,
    onStep: ((step: TaughtStep) => void) | undefined,
    isWanted: () => boolean,
  ): Promise<Grown> {
    const where = 'digits.addClass';
    const model = this.#reader(where);
    if (!(drawings.length > 0 && drawings.every(hasInk)))
      throw fault('value', `${where}: expected drawings with ink in each, got ${describe(drawings)}`);
    const train = this.#set(where, 'train');
    const { addClass } = await import('./grow.js');
    const originals = drawings.map((strokes) => ({ strokes }));
    const room = { session: this.#session, model, train, isWanted };
    return moved(await addClass(room, originals, seed, onStep));
  }
  /** Trains on these too, from the next run on; what was included before is not any more. */
  async include(own: OwnDigit[]): Promise<DigitsInfo> {
    const where = 'digits.include';
    const [loaded, info] = [this.#loaded, this.#info];
    if (!loaded || !info) throw fault('state', `${where}: there are no digits yet; load some first`);
    const { withOwn } = await import('./own.js');
    const given = own.map((one) => {
      if (!this.#pixels(where, one)) throw fault('value', `${where}: a drawing is empty`);
      return { original: one, label: whole(`${where}: label`, one.label, 0) };
    });
    this.#use(withOwn(loaded, given, given.length));
    return {
      ...info,
      train: this.#data!.train.images.shape[0]!,
      classes: this.#data!.classes,
      own: own.length,
    };
  }
  /** The digit in a photo, as the model is shown drawings. */
  async inPhoto(photo: ImageData): Promise<Float32Array> {
    const { digitIn } = await import('./photo.js');
    return moved(digitIn('digits.fromPhoto', photo));
  }
  /** The values of a picture, 0 to 1; nothing for an empty drawing. */
  #pixels(where: string, picture: Picture): Float32Array | undefined {
    if ('pixels' in picture) return checkPixels(where, picture.pixels);
    if ('strokes' in picture)
      return hasInk(picture.strokes) ? (digit(picture.strokes).dataSync() as Float32Array) : undefined;
    const { images } = this.#set(where, picture.set);
    const index = whole(`${where}: index`, picture.index, 0);
    const bytes = images.packed!.subarray(index * PIXELS, (index + 1) * PIXELS);
    if (bytes.length < PIXELS || images.shape.slice(1).reduce((size, n) => size * n, 1) !== PIXELS)
      throw fault('value', `${where}: index: there is no picture ${index} of 28 × 28`);
    return Float32Array.from(bytes, (byte) => byte / 255);
  }
  #set(where: string, set: 'train' | 'test'): DigitSet {
    const found = this.#data?.[set];
    if (found) return found;
    throw fault('state', `${where}: there are no digits yet; load some first`);
  }

  /** Pictures of a set, a byte a pixel, and what they show. */
  images(indices: Uint32Array, set: 'train' | 'test'): { pixels: Uint8Array; labels: Uint8Array } {
    return moved(picked(this.#set('images', set), indices));
  }
}

const nameOf = (source: DigitsSource): DigitsInfo['name'] => {
  if (source.kind === 'mnist') return source.styles ? 'styles' : 'mnist';
  return source.kind === 'digits' ? 'generated' : 'file';
};

const hasInk = (strokes: Stroke[]): boolean => strokes.some((stroke) => stroke.length > 0);

function checkClass(where: string, model: LayersModel, ofClass: number | undefined): void {
  if (ofClass === undefined) return;
  const classes = model.ends_().outputDims?.[0]?.at(-1) ?? 1;
  if (whole(where, ofClass, 0) >= classes)
    throw fault('value', `${where}: expected a class below ${classes}, got ${ofClass}`);
}

/** The values of a picture that were given as they are. */
function checkPixels(where: string, pixels: Float32Array): Float32Array {
  if (pixels?.length === PIXELS && pixels.every((value) => value >= 0 && value <= 1)) return pixels;
  throw fault('value', `${where}: pixels: expected 28 × 28 values from 0 to 1`);
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
