/** Why the model reads a picture as it does. Loaded when somebody asks. */
import { fault } from '../../engine/errors.js';
import { call } from '../../engine/instance.js';
import { nextTurn } from '../../engine/turn.js';
import type { LayersModel } from '../../nn/model.js';
import type { Reason, Way } from '../protocol.js';
import { answerOf, inspect } from './inspect.js';

/** Height and width of a picture, and its pixels. */
const SIDE = 28;
const PIXELS = SIDE * SIDE;

/** Steps from an empty picture to the one that is explained. */
const STEPS = 32;
/** Side of the patch that covers a part of the picture, and how far apart two patches are. */
const PATCH = 6;
const APART = 2;
/** So many pictures are looked at in one go: others get their turn in between. */
const BATCH = 64;
/** Milliseconds for looking through training pictures, and how many of the nearest are told. */
const SEARCH = 1500;
const NEAREST = 8;

/** Training pictures, a byte a pixel, and what they show. */
export interface Pictures {
  bytes: Uint8Array;
  labels: ArrayLike<number>;
}

/** How the score of a class changes with each pixel: the mean over pictures that lie one after the other. */
function gradientAt(model: LayersModel, pictures: Float32Array, ofClass: number): Float32Array {
  const all = inspect(model, pictures, (inside) => call(() => inside.gradient(ofClass)));
  const count = all.length / PIXELS;
  return Float32Array.from({ length: PIXELS }, (_, pixel) => {
    let sum = 0;
    for (let at = pixel; at < all.length; at += PIXELS) sum += all[at]!;
    return sum / count;
  });
}

const times = (values: Float32Array, pixels: Float32Array): Float32Array =>
  values.map((value, at) => value * pixels[at]!);

/** The picture at steps between empty and whole; each in the middle of its part of the way. */
const way = (pixels: Float32Array): Float32Array =>
  Float32Array.from(
    { length: STEPS * PIXELS },
    (_, at) => (pixels[at % PIXELS]! * (Math.floor(at / PIXELS) + 0.5)) / STEPS,
  );

/** What the score of a class loses when a part of the picture is covered, spread over the part. */
function occlusion(model: LayersModel, pixels: Float32Array, ofClass: number): Float32Array {
  const corners: [top: number, left: number][] = [];
  for (let top = -PATCH + APART; top < SIDE; top += APART)
    for (let left = -PATCH + APART; left < SIDE; left += APART) corners.push([top, left]);
  const inside = ([top, left]: [number, number], pixel: number): boolean => {
    const [y, x] = [Math.floor(pixel / SIDE), pixel % SIDE];
    return y >= top && y < top + PATCH && x >= left && x < left + PATCH;
  };
  const scoresOf = (pictures: Float32Array): Float32Array =>
    inspect(model, pictures, (found) => call(() => found.scores()));
  const whole = scoresOf(pixels);
  const classes = whole.length;
  const [sums, counts] = [new Float32Array(PIXELS), new Float32Array(PIXELS)];
  for (let from = 0; from < corners.length; from += BATCH) {
    const some = corners.slice(from, from + BATCH);
    const covered = new Float32Array(some.length * PIXELS);
    some.forEach((corner, at) => {
      for (let pixel = 0; pixel < PIXELS; pixel++)
        covered[at * PIXELS + pixel] = inside(corner, pixel) ? 0 : pixels[pixel]!;
    });
    const scores = scoresOf(covered);
    some.forEach((corner, at) => {
      const lost = whole[ofClass]! - scores[at * classes + ofClass]!;
      for (let pixel = 0; pixel < PIXELS; pixel++) {
        if (!inside(corner, pixel)) continue;
        sums[pixel]! += lost;
        counts[pixel]! += 1;
      }
    });
  }
  return sums.map((sum, at) => sum / counts[at]!);
}

/** Where the last layer of pictures sees the class: its maps, each place as much as the score grows with it there. */
function activation(model: LayersModel, pixels: Float32Array, ofClass: number): Float32Array {
  return inspect(model, pixels, (inside) => {
    const shapes = call(() => inside.names().map((_, place) => Array.from(inside.shape(place))));
    const place = shapes.findLastIndex((shape) => shape.length === 4);
    // A reshaped input is a picture, and no layer has looked at it.
    if (place < 0 || shapes[place]![3]! < 2) {
      const why = 'only networks with convolutions have maps of the picture';
      throw fault('value', `explain: way: activation: ${why}`);
    }
    const [, height, width, maps] = shapes[place] as [number, number, number, number];
    const [values, gradient] = call(() => [inside.values(place), inside.gradient(ofClass, place)] as const);
    const seen = Float32Array.from({ length: height * width }, (_, at) => {
      let sum = 0;
      for (let map = at * maps; map < (at + 1) * maps; map++) sum += gradient[map]! * values[map]!;
      return sum;
    });
    return enlarged(seen, height, width);
  });
}

/** A small map as large as the picture, between the middles of its cells in straight lines. */
function enlarged(map: Float32Array, height: number, width: number): Float32Array {
  const place = (at: number, length: number): [low: number, high: number, share: number] => {
    const exact = Math.min(Math.max(((at + 0.5) * length) / SIDE - 0.5, 0), length - 1);
    const low = Math.floor(exact);
    return [low, Math.min(low + 1, length - 1), exact - low];
  };
  return Float32Array.from({ length: PIXELS }, (_, pixel) => {
    const [top, bottom, down] = place(Math.floor(pixel / SIDE), height);
    const [left, right, over] = place(pixel % SIDE, width);
    const row = (y: number): number => map[y * width + left]! * (1 - over) + map[y * width + right]! * over;
    return row(top) * (1 - down) + row(bottom) * down;
  });
}

/** What the last hidden layer makes of pictures: what the last layer is given. */
const hidden = (model: LayersModel, pictures: Float32Array): Float32Array =>
  inspect(model, pictures, (inside) => call(() => inside.values(Math.max(0, inside.names().length - 2))));

/** The training pictures that the last hidden layer sees most alike. */
async function nearest(
  model: LayersModel,
  pixels: Float32Array,
  { bytes, labels }: Pictures,
  isWanted: () => boolean,
): Promise<Pick<Reason, 'nearest' | 'looked'>> {
  const own = hidden(model, pixels);
  const total = bytes.length / PIXELS;
  const found: { index: number; label: number; distance: number }[] = [];
  const started = performance.now();
  let looked = 0;
  while (looked < total && performance.now() - started < SEARCH) {
    const count = Math.min(BATCH, total - looked);
    const some = Float32Array.from(
      bytes.subarray(looked * PIXELS, (looked + count) * PIXELS),
      (byte) => byte / 255,
    );
    const features = hidden(model, some);
    for (let at = 0; at < count; at++) {
      let sum = 0;
      for (let unit = 0; unit < own.length; unit++)
        sum += (features[at * own.length + unit]! - own[unit]!) ** 2;
      const distance = Math.sqrt(sum);
      if (found.length === NEAREST && distance >= found.at(-1)!.distance) continue;
      const index = looked + at;
      found.push({ index, label: labels[index] ?? 0, distance });
      found.sort((one, other) => one.distance - other.distance);
      found.length = Math.min(found.length, NEAREST);
    }
    looked += count;
    await nextTurn();
    if (!isWanted()) throw fault('state', 'explain: nobody waits for the answer any more');
  }
  return { nearest: found, looked };
}

const WAYS: Record<Exclude<Way, 'nearest'>, typeof occlusion> = {
  gradient: (model, pixels, ofClass) => times(gradientAt(model, pixels, ofClass), pixels),
  integrated: (model, pixels, ofClass) => times(gradientAt(model, way(pixels), ofClass), pixels),
  occlusion,
  activation,
};

/** Why `model` reads a picture as `ofClass`, by default as what it takes it for. */
export async function reason(
  model: LayersModel,
  pixels: Float32Array,
  asked: Way,
  ofClass: number | undefined,
  pictures: () => Pictures,
  isWanted: () => boolean,
): Promise<Reason> {
  const probabilities = inspect(model, pixels, answerOf);
  const best = probabilities.indexOf(probabilities.reduce((most, one) => Math.max(most, one)));
  const told = { way: asked, class: ofClass ?? best, pixels, probabilities };
  if (asked === 'nearest') return { ...told, ...(await nearest(model, pixels, pictures(), isWanted)) };
  return { ...told, values: WAYS[asked](model, pixels, told.class) };
}

/** The names of the ways. */
export const ways = (): string[] => [...Object.keys(WAYS), 'nearest'];
