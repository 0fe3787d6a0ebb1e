/** Which kept steps go when there are too many. */
import type { ModelSource } from 'mapling/trainer';

/** So many kept steps of a run, and so many bytes, of the present run and those beside it. */
export const MOST_MARKS = 64;
export const MOST_BYTES = 96 * 2 ** 20;

interface Kept {
  step: number;
  model: ModelSource;
}

/** What a model takes in memory, about. */
export function bytesOf({ model: { weights, optimizerState } }: Kept): number {
  const values = optimizerState?.values ?? [];
  return (weights?.byteLength ?? 0) + values.reduce((sum, one) => sum + (one?.byteLength ?? 0), 0);
}

/**
 * Lets go of the steps that lie closest together until there are few enough. Distances are those of the steps' square
 * roots: what is left is dense at the start. The first and the newest stay.
 */
export function thinned<T extends Kept>(
  all: readonly T[],
  most: number = MOST_MARKS,
  bytes: number = MOST_BYTES,
): T[] {
  const left = [...all];
  let size = left.reduce((sum, one) => sum + bytesOf(one), 0);
  while (left.length > 2 && (left.length > most || size > bytes)) {
    let [closest, at] = [Number.POSITIVE_INFINITY, 1];
    for (let i = 1; i < left.length - 1; i++) {
      const distance = Math.sqrt(left[i + 1]!.step) - Math.sqrt(left[i - 1]!.step);
      if (distance < closest) [closest, at] = [distance, i];
    }
    const [gone] = left.splice(at, 1);
    size -= bytesOf(gone!);
  }
  return left;
}
