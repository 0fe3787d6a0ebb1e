/** The same picture with more and more of its ink erased: first the ink that speaks most for an answer, or ink at random. */
import { computed, effect, signal } from '@preact/signals';
import { explainedClass, isInSight, reasons } from '../../inside/look';
import { guess, isEmpty } from '../../state/drawing';
import { paced } from '../../state/pace';
import { answersFor, IMAGE, likeliest } from '../../state/testset';
import { liveTrainer } from '../../state/trainer';

/** The number of steps from nothing erased to everything erased. */
export const STEPS = 20;
/** The number of random orders; the mean over them is steadier than a single one. */
const ORDERS = 5;

/** Shares of the ink that are erased. */
export const shares = Array.from({ length: STEPS + 1 }, (_, at) => at / STEPS);

export interface Erased {
  /** The class that is followed. */
  ofClass: number;
  /** Pictures with the ink erased that speaks most, one after the other. */
  pictures: Float32Array;
  /** The class' probability, and the class that is read, at each step. */
  first: { share: number; read: number; sure: number }[];
  /** The class' probability at each step if the ink is erased at random: the mean over all orders. */
  random: number[];
}

export const erased = signal<Erased | null>(null);
/** The step that the visitor looks at. */
export const step = signal(0);

/** A random order that is the same each time, from a linear congruential sequence. */
function shuffled(places: readonly number[], seed: number): number[] {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const order = [...places];
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(next() * (at + 1));
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}

/** The picture at each step, as its ink goes in this order. */
function goneIn(order: readonly number[], pixels: Float32Array): Float32Array {
  const all = new Float32Array((STEPS + 1) * IMAGE);
  const ink = order.reduce((sum, place) => sum + pixels[place]!, 0);
  const now = Float32Array.from(pixels);
  let [gone, next] = [0, 0];
  shares.forEach((share, at) => {
    // The pixel that goes beyond the share is still there, but for the end, at which sums may differ in the last digit.
    while (next < order.length && (at === STEPS || gone + pixels[order[next]!]! <= share * ink)) {
      gone += pixels[order[next]!]!;
      now[order[next++]!] = 0;
    }
    all.set(now, at * IMAGE);
  });
  return all;
}

const look = paced(async () => {
  const trainer = liveTrainer();
  const reason = reasons.peek().integrated;
  if (!trainer || !reason?.values || isEmpty.peek()) {
    erased.value = null;
    return;
  }
  const { pixels, values, class: ofClass } = reason;
  const inked = Array.from(pixels.keys()).filter((place) => pixels[place]! > 0);
  const orders = [
    inked.toSorted((one, other) => values[other]! - values[one]!),
    ...Array.from({ length: ORDERS }, (_, at) => shuffled(inked, at + 1)),
  ];
  const pictures = orders.map((order) => goneIn(order, pixels));
  const all = new Float32Array(pictures.length * pictures[0]!.length);
  pictures.forEach((some, at) => {
    all.set(some, at * some.length);
  });
  const count = all.length / IMAGE;
  const answers = await answersFor(trainer, all, count);
  const classes = answers.length / count;
  const answer = (order: number, at: number): Float32Array => {
    const from = (order * (STEPS + 1) + at) * classes;
    return answers.subarray(from, from + classes);
  };
  erased.value = {
    ofClass,
    pictures: pictures[0]!,
    first: shares.map((_, at) => {
      const now = answer(0, at);
      const read = likeliest(now);
      return { share: now[ofClass]!, read, sure: now[read]! };
    }),
    random: shares.map((_, at) => {
      let sum = 0;
      for (let order = 1; order <= ORDERS; order++) sum += answer(order, at)[ofClass]!;
      return sum / ORDERS;
    }),
  };
}, 250);

effect(() => {
  reasons.value;
  if (isInSight.value) look();
});

/** Whether `erased` is about the class that is explained now. */
export const isCurrent = computed(
  () => erased.value !== null && erased.value.ofClass === (explainedClass.value ?? guess.value?.digit),
);
