/** Digits in the worker: where they come from, and drawings that the model reads. */
import type { DigitData, DigitSet } from '../../data/digit-set.js';
import type { Progress } from '../../data/download.js';
import { digit } from '../../data/drawing.js';
import { fault } from '../../engine/errors.js';
import type { LayersModel } from '../../nn/model.js';
import type { DigitsInfo, DigitsSource, MnistSource, Reading, Stroke } from '../protocol.js';
import { moved } from '../wire.js';
import { Ahead } from './ahead.js';
import type { Session } from './session.js';
import { DataSet } from './sets.js';

/** Values of a drawing. */
const PIXELS = 28 * 28;

export class Digits {
  readonly #session: Session;
  #ahead: Ahead | undefined;
  #data: DigitData | undefined;
  #loads = 0;

  constructor(session: Session, ahead: Ahead | undefined) {
    [this.#session, this.#ahead] = [session, ahead];
  }

  /** Loads digits as the sets `train` and `test`. A run goes on meanwhile, and afterwards on what it had. */
  async load(source: DigitsSource, onProgress?: (progress: Progress) => void): Promise<DigitsInfo> {
    const number = ++this.#loads;
    const data = await this.#fetched(source, onProgress);
    if (number !== this.#loads) throw fault('state', 'load: other digits were asked for meanwhile');
    this.#data = data;
    const { train, test, classes } = data;
    for (const [name, { images, labels }] of Object.entries({ train, test }))
      this.#session.sets.set(name, new DataSet(images, labels));
    const [count = 0, height = 0, width = 0] = train.images.shape;
    const name = source.kind === 'mnist' ? 'mnist' : source.kind === 'digits' ? 'generated' : 'file';
    return { name, train: count, test: test.images.shape[0]!, imageShape: [height, width], classes };
  }
  async #fetched(source: DigitsSource, onProgress?: (progress: Progress) => void): Promise<DigitData> {
    switch (source.kind) {
      case 'mnist': {
        const ahead = this.#ahead?.url === source.url ? this.#ahead : new Ahead(source as MnistSource);
        this.#ahead = undefined;
        return ahead.load(onProgress);
      }
      case 'digits': {
        const { seed, count } = source;
        const { drawnBy } = await import('../../data/generated.js');
        const { generator } = await import('../../data/generator.js');
        return drawnBy(await generator(), count === undefined ? { seed } : { seed, count });
      }
      case 'files': {
        const given = source.files.map(async (file) => ({
          name: file.name,
          bytes: new Uint8Array(await file.arrayBuffer()),
        }));
        const { files } = await import('../../data/files.js');
        return files(await Promise.all(given));
      }
      default:
        throw fault('value', 'load: kind: expected mnist, digits or files');
    }
  }

  /** How the model reads a drawing; null for an empty one. */
  async read(strokes: Stroke[]): Promise<Reading | null> {
    const model = this.#session.need('read');
    if (!strokes.some((stroke) => stroke.length > 0)) return null;
    const shape = sampleShape(model);
    if (shape.reduce((size, length) => size * length, 1) !== PIXELS)
      throw fault('shape', `digits.read: a drawing is 28 × 28, but the model takes [${shape}]`);
    const picture = digit(strokes);
    const [answer] = await this.#session.predict(picture._view([1, ...shape]), () => true);
    return moved({
      pixels: picture.dataSync() as Float32Array,
      probabilities: answer!.values as Float32Array,
    });
  }

  /** Pictures of a set, a byte a pixel, and what they show. */
  images(indices: Uint32Array, set: 'train' | 'test'): { pixels: Uint8Array; labels: Uint8Array } {
    const from = this.#data?.[set];
    if (!from) throw fault('state', 'images: there are no digits yet; load some first');
    return moved(picked(from, indices));
  }
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
