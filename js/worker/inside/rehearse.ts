/** Which training pictures a lesson rehearses: those that it could make the model misread. Loaded with the lessons. */
import type { DigitSet } from '../../data/digit-set.js';
import type { Draws } from '../../data/draws.js';

/** Pictures of which the model says how near it is to reading them as what is taught. */
const POOL = 1024;
/** So many of them are rehearsed: the nearest ones. */
const NEAREST = 128;
/** So many are looked at in one go. */
const PIECE = 128;

/** Picks training pictures, by their places. */
export type Pick = () => number;

/** Any training picture, each as often as the others. */
export const anyOf =
  ({ labels }: DigitSet, draws: Draws): Pick =>
  () =>
    draws.below(labels.values.length);

/**
 * In turns any training picture, and one that the model reads right, but of which a lesson about `label` may make it unsure:
 * of the pictures of other classes in a pool those that it takes for a `label` the soonest.
 */
export async function nearestTo(
  label: number,
  train: DigitSet,
  draws: Draws,
  answers: (places: number[]) => Float32Array[],
  turn: () => Promise<void>,
): Promise<Pick> {
  const any = anyOf(train, draws);
  const near: { place: number; margin: number }[] = [];
  for (let from = 0; from < POOL; from += PIECE) {
    const places = Array.from({ length: PIECE }, any);
    for (const [at, answer] of answers(places).entries()) {
      const place = places[at]!;
      const truth = train.labels.values[place]!;
      const margin = answer[truth]! / Math.max(answer[label]!, 1e-12);
      // What is read as `label` already may well be one, whatever somebody has called it.
      if (truth !== label && margin > 1) near.push({ place, margin });
    }
    await turn();
  }
  near.sort((a, b) => a.margin - b.margin);
  const nearest = near.slice(0, NEAREST);
  let turns = 0;
  return () => {
    if (turns++ % 2 === 0 || nearest.length === 0) return any();
    return nearest[draws.below(nearest.length)]!.place;
  };
}
