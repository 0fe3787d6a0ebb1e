import { computed, effect, signal } from '@preact/signals';
import type { Stroke } from 'mapling/trainer';
import { paced } from './pace';
import { changes, dataInfo } from './session';
import { answersFor, asFloats, likeliest, testImage, testSet } from './testset';
import { liveTrainer } from './training';

/** What is on the pad, in the pad's CSS pixels. */
export const strokes = signal<Stroke[]>([]);
/** A test digit laid on the pad instead of a drawing. */
export const shownTest = signal<number | null>(null);

/** Nothing is on the pad. */
export const isEmpty = computed(() => strokes.value.length === 0 && shownTest.value === null);

export interface Reading {
  pixels: Float32Array;
  probabilities: Float32Array;
}
export const reading = signal<Reading | null>(null);

/** The digit read and the runner-up, each with its probability. */
export const guess = computed(() => {
  const probabilities = reading.value?.probabilities;
  if (!probabilities) return null;
  const digit = likeliest(probabilities);
  const second = likeliest(probabilities.map((p, i) => (i === digit ? -1 : p)));
  return { digit, sure: probabilities[digit]!, second, secondSure: probabilities[second]! };
});

const read = paced(async () => {
  const trainer = liveTrainer();
  const index = shownTest.peek();
  const drawn = strokes.peek();
  if (!trainer || isEmpty.peek()) {
    reading.value = null;
    return;
  }
  if (index === null) {
    const found = await trainer.digits.read(drawn);
    // The pad may have been cleared while the answer was on its way.
    reading.value = strokes.peek().length > 0 ? found : null;
  } else {
    const pixels = asFloats(testImage(index));
    reading.value = { pixels, probabilities: await answersFor(trainer, pixels, 1) };
  }
}, 16);

const readAgain = paced(async () => read(), 200);

effect(() => {
  strokes.value;
  shownTest.value;
  read();
});
effect(() => {
  changes.value;
  // What was found to be empty would keep a first stroke waiting.
  if (!isEmpty.peek()) readAgain();
});
effect(() => {
  dataInfo.value;
  shownTest.value = null;
});

export function beginStroke(point: [number, number]): void {
  if (shownTest.peek() !== null || verdict.peek() !== null) clear();
  strokes.value = [...strokes.peek(), [point]];
}

/** A finger that taps trembles: what stays this near to where it began, in pixels, is still a dot. */
const TREMBLE = 3;

export function extendStroke(points: [number, number][]): void {
  const all = strokes.peek();
  const last = all.at(-1);
  if (!last || points.length === 0) return;
  const [x, y] = last[0]!;
  if (last.length === 1 && points.every((point) => Math.hypot(point[0] - x, point[1] - y) < TREMBLE)) return;
  last.push(...points);
  strokes.value = [...all];
}

export function undo(): void {
  strokes.value = strokes.peek().slice(0, -1);
  if (strokes.peek().length === 0) clear();
}

export function clear(): void {
  if (verdict.peek() !== null) {
    past.value = score.peek();
    verdict.value = null;
  }
  strokes.value = [];
  shownTest.value = null;
  reading.value = null;
}

/** The pad changed size: the drawing keeps its place on it. */
export function rescale(factor: number): void {
  strokes.value = strokes.peek().map((stroke) => stroke.map(([x, y]) => [x * factor, y * factor]));
}

export function showTest(index: number): void {
  if (!testSet.peek()) return;
  clear();
  shownTest.value = index;
}

/** The visitor's word on the present guess: the drawn digits' own score. */
export const verdict = signal<boolean | null>(null);
const past = signal({ right: 0, total: 0 });
export const score = computed(() =>
  verdict.value === null
    ? past.value
    : { right: past.value.right + (verdict.value ? 1 : 0), total: past.value.total + 1 },
);
