/** Sets of digits: pictures with what they show, to train on and to test on. */

import { Tensor } from '../tensor/handle.js';
import { rowsOf } from '../tensor/rows.js';

/** Pictures `[n, height, width, 1]`, values 0 to 1, and what each shows. */
export interface DigitSet {
  images: Tensor;
  labels: Tensor;
}

export interface DigitData {
  train: DigitSet;
  test: DigitSet;
  classes: number;
}

export const pictures = (bytes: Uint8Array, shape: number[], labels: Uint8Array): DigitSet => ({
  images: new Tensor({ bytes }, shape, 'float32'),
  labels: new Tensor(Int32Array.from(labels), [labels.length], 'int32'),
});

/** The first `count` to train on, the rest to test. */
export function splitAt(all: DigitSet, count: number, classes: number): DigitData {
  const rest = all.images.shape[0]! - count;
  const part = (from: number, size: number): DigitSet => ({
    images: rowsOf('images', all.images, from, size),
    labels: rowsOf('labels', all.labels, from, size),
  });
  return { train: part(0, count), test: part(count, rest), classes };
}
