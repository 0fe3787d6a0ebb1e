/** Digits of the visitor's own among those to train on: each as drawn, and as the same hand might have drawn it again. */
import type { DigitData } from '../../data/digit-set.js';
import { pictures } from '../../data/digit-set.js';
import { Draws } from '../../data/draws.js';
import { fault } from '../../engine/errors.js';
import { like, type Original, PIXELS, pictureOf } from './likes.js';

/** So many pictures are made of each: a few drawings among tens of thousands would hardly be seen. */
const COPIES = 16;

/** The same data, with digits of one's own to train on. Those to be tested on stay. */
export function withOwn(
  data: DigitData,
  own: { original: Original; label: number }[],
  seed: number,
): DigitData {
  const { images, labels } = data.train;
  const [count = 0, height = 0, width = 0] = images.shape;
  if (height * width !== PIXELS)
    throw fault('shape', `digits.include: a drawing is 28 × 28, but the pictures are ${height} × ${width}`);
  const draws = new Draws(seed);
  const all = count + own.length * COPIES;
  const [bytes, truths] = [new Uint8Array(all * PIXELS), new Uint8Array(all)];
  bytes.set(images.packed!);
  truths.set(labels.values);
  own.forEach(({ original, label }, at) => {
    for (let copy = 0; copy < COPIES; copy++) {
      const place = count + at * COPIES + copy;
      const picture = copy === 0 ? pictureOf(original) : like(original, draws);
      truths[place] = label;
      for (let pixel = 0; pixel < PIXELS; pixel++)
        bytes[place * PIXELS + pixel] = Math.round(255 * picture[pixel]!);
    }
  });
  const classes = own.reduce((most, { label }) => Math.max(most, label + 1), data.classes);
  return { ...data, train: pictures(bytes, [all, height, width, 1], truths), classes };
}
