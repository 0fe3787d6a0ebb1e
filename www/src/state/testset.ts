import { computed, effect, signal } from '@preact/signals';
import type { Classified, Plain, Trainer } from 'mapling/trainer';
import { paced } from './pace';
import { changes, dataInfo, evaluation, loads } from './session';
import { liveTrainer, persist } from './trainer';

export const IMAGE = 28 * 28;
/** How many test digits the strip beside the curves shows. */
export const STRIP = 60;
/** How many of them the network is asked for at once: between two such questions others get their answers. */
const QUESTION = 12;

export interface TestSet {
  pixels: Uint8Array;
  labels: Uint8Array;
}

/** The test images, here once so that every view of them is instant. */
export const testSet = signal<TestSet | null>(null);

/** What the network says of the strip's digits right now; null before it was asked. */
export const stripGuesses = signal<Uint8Array | null>(null);

let loadedFor = 0;

effect(() => {
  const info = dataInfo.value;
  const trainer = liveTrainer();
  const now = loads.value;
  if (!info || !trainer || now === loadedFor) return;
  loadedFor = now;
  testSet.value = null;
  stripGuesses.value = null;
  const all = Uint32Array.from({ length: info.test }, (_, i) => i);
  // Megabytes: whatever else begins now goes first.
  setTimeout(async () => {
    const images = await persist(() => trainer.digits.images(all, 'test')).catch(() => null);
    if (loadedFor !== now) return;
    testSet.value = images;
    // The next news of the page tries again.
    if (!images) loadedFor = 0;
  });
});

export function testImage(index: number): Uint8Array {
  return testSet.value!.pixels.subarray(index * IMAGE, (index + 1) * IMAGE);
}

export function asFloats(pixels: Uint8Array): Float32Array {
  return Float32Array.from(pixels, (value) => value / 255);
}

/** What the network makes of `count` pictures, row by row. */
export async function answersFor(
  trainer: Trainer,
  values: Float32Array,
  count: number,
): Promise<Float32Array> {
  const answer = await trainer.predict({ values, shape: [count, 28, 28, 1] });
  return (answer as Plain).values as Float32Array;
}

const askStrip = paced(async () => {
  const trainer = liveTrainer();
  const set = testSet.peek();
  if (!trainer || !set) return;
  const count = Math.min(STRIP, set.labels.length);
  const guesses = new Uint8Array(count);
  for (let from = 0; from < count; from += QUESTION) {
    const asked = Math.min(QUESTION, count - from);
    const pixels = set.pixels.subarray(from * IMAGE, (from + asked) * IMAGE);
    const answers = await answersFor(trainer, asFloats(pixels), asked);
    const classes = answers.length / asked;
    for (let i = 0; i < asked; i++)
      guesses[from + i] = likeliest(answers.subarray(i * classes, (i + 1) * classes));
  }
  if (set === testSet.peek()) stripGuesses.value = guesses;
}, 250);

effect(() => {
  if (testSet.value && changes.value) askStrip();
});

export function likeliest(probabilities: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < probabilities.length; i++) if (probabilities[i]! > probabilities[best]!) best = i;
  return best;
}

/** Classes by how likely they are. */
export const likeliestFirst = (probabilities: ArrayLike<number>): number[] =>
  Array.from(probabilities, (_, at) => at).sort((a, b) => probabilities[b]! - probabilities[a]!);

/** The test digit that is looked at in place, and the tile that it was chosen by. */
export const opened = signal<{ index: number; tile: HTMLElement } | null>(null);

/** Whether what lies below the first screen is in sight, or nearly. */
export const belowInSight = signal(false);
let lastSeen: Classified | null = null;
/** The evaluation that is shown down there: hundreds of cells and tiles, which wait while nobody looks. */
export const seenEvaluation = computed(() => {
  if (belowInSight.value) lastSeen = evaluation.value;
  return lastSeen;
});

/** Which mistakes to look at: every one, or one cell of the confusion matrix. */
export const focusCell = signal<{ label: number; guess: number } | null>(null);

effect(() => {
  dataInfo.value;
  opened.value = null;
  focusCell.value = null;
});

/** The test digits that belong to the view, as indices: the mistakes, or the chosen cell. */
export const shownDigits = computed<number[]>(() => {
  const set = testSet.value;
  const guesses = seenEvaluation.value?.predicted;
  if (!set || !guesses) return [];
  const cell = focusCell.value;
  const found: number[] = [];
  for (let i = 0; i < guesses.length; i++) {
    const [label, guess] = [set.labels[i]!, guesses[i]!];
    if (cell ? cell.label === label && cell.guess === guess : label !== guess) found.push(i);
  }
  return found;
});
