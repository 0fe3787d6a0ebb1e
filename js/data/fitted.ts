/** Pictures of files, made into such as a network for drawn digits takes. */
import { call } from '../engine/instance.js';
import { type DigitData, type DigitSet, pictures } from './digit-set.js';

/** The side of MNIST's pictures. */
const SIDE = 28;
const PIXELS = SIDE * SIDE;

/** The same data with other pictures. */
const mapped = (data: DigitData, change: (set: DigitSet) => DigitSet): DigitData => ({
  ...data,
  train: change(data.train),
  test: change(data.test),
});

const sizeOf = ({ images }: DigitSet): [count: number, height: number, width: number] => {
  const [count = 0, height = 0, width = 0] = images.shape;
  return [count, height, width];
};

const labelsOf = ({ labels }: DigitSet): Uint8Array => Uint8Array.from(labels.values);

/** Pictures with rows and columns exchanged: EMNIST's files hold them so. */
export const turned = (data: DigitData): DigitData =>
  mapped(data, (set) => {
    const [count, height, width] = sizeOf(set);
    const from = set.images.packed!;
    const to = new Uint8Array(from.length);
    const size = height * width;
    for (let start = 0; start < from.length; start += size)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) to[start + x * height + y] = from[start + y * width + x]!;
    return pictures(to, [count, width, height, 1], labelsOf(set));
  });

/**
 * Pictures of any size as drawings are fitted: the ink fills 20 × 20 of 28 × 28 pixels, centred by its mass. Paper is as
 * light as most pixels at the edges of all pictures to train on, ink what is lighter or darker. A picture without ink
 * stays empty.
 */
export function fitted(data: DigitData): DigitData {
  const paper = paperOf(data.train);
  return mapped(data, (set) => {
    const [count, height, width] = sizeOf(set);
    const from = set.images.packed!;
    const size = height * width;
    const to = new Uint8Array(count * PIXELS);
    const ink = new Float32Array(size);
    for (let at = 0; at < count; at++) {
      let most = 0;
      for (let pixel = 0; pixel < size; pixel++) {
        ink[pixel] = Math.abs(from[at * size + pixel]! - paper);
        most = Math.max(most, ink[pixel]!);
      }
      if (most === 0) continue;
      const picture = call((wasm) => wasm.fitPixels(ink, width, height));
      for (let pixel = 0; pixel < PIXELS; pixel++)
        to[at * PIXELS + pixel] = Math.round(255 * picture[pixel]!);
    }
    return pictures(to, [count, SIDE, SIDE, 1], labelsOf(set));
  });
}

/** The median of what lies at the edges. Pictures that are all edge have no paper around them: it is 0, as in MNIST. */
function paperOf(set: DigitSet): number {
  const [count, height, width] = sizeOf(set);
  if (height < 3 || width < 3) return 0;
  const bytes = set.images.packed!;
  const histogram = new Uint32Array(256);
  let all = 0;
  for (let at = 0; at < count; at++)
    for (let y = 0; y < height; y++) {
      const step = y === 0 || y === height - 1 ? 1 : width - 1;
      for (let x = 0; x < width; x += step) {
        histogram[bytes[(at * height + y) * width + x]!]!++;
        all++;
      }
    }
  let [below, value] = [0, 0];
  while (below + histogram[value]! < all / 2) below += histogram[value++]!;
  return value;
}
