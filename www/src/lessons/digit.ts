/** The digit that lessons look at: what is on the pad, and until somebody draws, one of the test digits. */
import { computed } from '@preact/signals';
import { isEmpty, reading, shownTest } from '../state/drawing';
import { asFloats, testImage, testSet } from '../state/testset';

export const SIZE = 28;

export interface Digit {
  /** 28 × 28, row by row, 0 to 1. */
  pixels: Float32Array;
  /** Its place among the test digits; null where it was drawn. */
  test: number | null;
}

/** Null until there is something to show. */
export const digit = computed<Digit | null>(() => {
  const pixels = isEmpty.value ? undefined : reading.value?.pixels;
  if (pixels) return { pixels, test: shownTest.value };
  return testSet.value && testSet.value.labels.length > 0
    ? { pixels: asFloats(testImage(0)), test: 0 }
    : null;
});
