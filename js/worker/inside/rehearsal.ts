/**
 * What a lesson must not make a model forget: the training pictures of which it is least sure, each with its own answer.
 * A lesson that trains on these answers moves nothing by itself: their gradients are zero until the lesson has changed
 * what the model says. With the labels in their place the model would be trained on at a high learning rate, which costs
 * more test digits than the lesson does. Pictures that are told from all others by far stay as they are anyway.
 */
import type { DigitSet } from '../../data/digit-set.js';
import type { Draws } from '../../data/draws.js';
import type { LayersModel } from '../../nn/model.js';
import { Tensor } from '../../tensor/handle.js';
import { PIXELS } from './likes.js';

/** So many pictures are answered at once: others get their turn in between. */
const PIECE = 64;

/** The shape in which a model takes a picture. */
export const sampleShape = ({ inputShape }: LayersModel): number[] =>
  (inputShape as (number | null)[]).slice(1).map((length) => length ?? 28);

/** The model's answers for pictures that lie one after the other, also one after the other. */
export function answers(model: LayersModel, bytes: Uint8Array): Float32Array {
  const shape = [bytes.length / PIXELS, ...sampleShape(model)];
  const all = [model.predict(new Tensor({ bytes }, shape, 'float32'))].flat()[0]!;
  const values = all.dataSync() as Float32Array;
  all.dispose();
  return values;
}

/** Pictures by their places in the training set, and what the model answers to each before the lesson. */
export interface Rehearsal {
  places: number[];
  answers: Float32Array[];
}

/** How far the most probable class is before the next. */
function margin(answer: Float32Array): number {
  let [first, second] = [0, 0];
  for (const value of answer) {
    if (value > first) [first, second] = [value, first];
    else if (value > second) second = value;
  }
  return first - second;
}

/** Looks at `looked` training pictures, and takes the `kept` of them of which the model is least sure. */
export async function rehearsal(
  model: LayersModel,
  { images, labels }: DigitSet,
  { looked, kept }: { looked: number; kept: number },
  draws: Draws,
  othersTurn: () => Promise<void>,
): Promise<Rehearsal> {
  const [known, count] = [images.packed!, labels.values.length];
  const places =
    count <= looked
      ? Array.from({ length: count }, (_, place) => place)
      : Array.from({ length: looked }, () => draws.below(count));
  const all: { place: number; answer: Float32Array; margin: number }[] = [];
  for (let from = 0; from < places.length; from += PIECE) {
    const some = places.slice(from, from + PIECE);
    const bytes = new Uint8Array(some.length * PIXELS);
    some.forEach((place, at) => {
      bytes.set(known.subarray(place * PIXELS, (place + 1) * PIXELS), at * PIXELS);
    });
    const values = answers(model, bytes);
    const classes = values.length / some.length;
    some.forEach((place, at) => {
      const answer = values.slice(at * classes, (at + 1) * classes);
      all.push({ place, answer, margin: margin(answer) });
    });
    await othersTurn();
  }
  const least = all.sort((one, other) => one.margin - other.margin).slice(0, kept);
  return { places: least.map(({ place }) => place), answers: least.map(({ answer }) => answer) };
}
