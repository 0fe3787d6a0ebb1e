import { computed, effect, signal } from '@preact/signals';
import type { Stroke, Trainer } from 'mapling/trainer';
import { clipped, type Point } from './clip';
import { paced } from './pace';
import { changes, dataInfo } from './session';
import { answersFor, asFloats, likeliest, testImage, testSet } from './testset';
import { liveTrainer } from './trainer';

/** What is on the pad, in the pad's CSS pixels. */
export const strokes = signal<Stroke[]>([]);
/** A test digit laid on the pad instead of a drawing. */
export const shownTest = signal<number | null>(null);
/** A picture laid on the pad, a photo's digit, as the network is shown it. */
export const shownPicture = signal<Float32Array | null>(null);

/** Nothing is on the pad. */
export const isEmpty = computed(
  () => strokes.value.length === 0 && shownTest.value === null && shownPicture.value === null,
);

type Reading = NonNullable<Awaited<ReturnType<Trainer['digits']['read']>>>;
export const reading = signal<Reading | null>(null);

/** The worker has learned to tell digits from what is none. */
export const knowsOthers = signal(false);
/** Counts how often it has begun to tell them, and to tell them better, on the way there. */
export const tellsBetter = signal(0);

/**
 * Nobody can say yet whether what is on the pad is a digit at all: who still learns it takes many a heart for one. A network
 * knows its classes only and is as sure of a heart as of a 0, so what it says holds only if it is one of them.
 */
export const isUnjudged = computed(() => {
  const now = reading.value;
  const isJudged = now?.isDigit === false || (now?.isDigit === true && knowsOthers.value);
  return now !== null && shownTest.value === null && !isJudged;
});

/** The digits of a drawing, each with its probability: several if they stand side by side, none if it is no digit. */
export const digitsRead = computed(() => {
  const now = reading.value;
  // A class of the visitor's own is no digit, and one is known all the same.
  const isOwn = now !== null && likeliest(now.probabilities) > 9;
  if (!now || (now.isDigit === false && !now.digits && !isOwn)) return [];
  return ((!isOwn && now.digits) || [now]).map(({ probabilities }) => {
    const digit = likeliest(probabilities);
    return { digit, sure: probabilities[digit]! };
  });
});

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
  const laid = shownPicture.peek();
  if (!trainer || isEmpty.peek()) {
    reading.value = null;
    return;
  }
  if (laid) {
    reading.value = { pixels: laid, probabilities: await answersFor(trainer, laid, 1) };
  } else if (index === null) {
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
  shownPicture.value;
  read();
});
effect(() => {
  changes.value;
  knowsOthers.value;
  tellsBetter.value;
  // What was found to be empty would keep a first stroke waiting.
  if (!isEmpty.peek()) readAgain();
});
effect(() => {
  dataInfo.value;
  shownTest.value = null;
});

/** Lays lines on the pad, in its CSS pixels, in the place of what is there. */
export function lay(lines: Stroke[]): void {
  clear();
  began = lines.map((_, at) => at);
  strokes.value = lines;
}

/** The line that is being drawn: where on its way the pen is, and the size of the sheet, beyond which there is no ink. */
let pen: { at: Point; isOn: boolean; size: number } | null = null;
/** How many strokes there were when each line was begun: a line that leaves the sheet and comes back is several. */
let began: number[] = [];

/** Begins a line at a point of the sheet, or at its edge nearest to that. */
export function beginStroke(point: Point, size: number): void {
  if (shownTest.peek() !== null || shownPicture.peek() || verdict.peek() !== null) clear();
  began.push(strokes.peek().length);
  const within = (place: number) => Math.min(size, Math.max(0, place));
  const at: Point = [within(point[0]), within(point[1])];
  pen = { at, isOn: true, size };
  strokes.value = [...strokes.peek(), [at]];
}

/** A finger that taps trembles: what stays this near to where it began, in pixels, is still a dot. */
const TREMBLE = 3;

export function extendStroke(points: Point[]): void {
  const all = [...strokes.peek()];
  const first = all.at(-1)?.[0];
  if (!pen || !first || points.length === 0) return;
  const isNear = ([x, y]: Point) => Math.hypot(x - first[0], y - first[1]) < TREMBLE;
  if (pen.isOn && all.at(-1)!.length === 1 && points.every(isNear)) return;
  for (const point of points) {
    const piece = clipped(pen.at, point, pen.size);
    if (piece) {
      if (!pen.isOn) all.push([piece[0]]);
      all.at(-1)!.push(piece[1]);
    }
    pen.at = point;
    pen.isOn = piece !== null && piece[1] === point;
  }
  strokes.value = all;
}

/** Counts lines that are whole. */
export const lines = signal(0);

/** The pen is lifted. */
export function endStroke(): void {
  if (pen) lines.value++;
  pen = null;
}

/** Takes the last line back. What was said of the drawing holds of it as it was. */
export function undo(): void {
  endStroke();
  endVerdict();
  strokes.value = strokes.peek().slice(0, began.pop() ?? 0);
  lines.value++;
  if (strokes.peek().length === 0) clear();
}

/** A drawing that was read right, and what it was read as. */
export interface Judged {
  strokes: readonly Stroke[];
  pixels: Float32Array;
  digit: number;
}

/** What left the pad before there was what keeps the visitor's digits; null since then. */
let unkept: Judged[] | null = [];

/** What was judged so far, once: from now on somebody looks at the verdict as it is given. */
export function takeUnkept(): readonly Judged[] {
  const all = unkept ?? [];
  unkept = null;
  return all;
}

/** What was said of the drawing counts, and holds no longer: it is another drawing, or another network reads it. */
export function endVerdict(): void {
  if (verdict.peek() === null) return;
  const [now, as] = [reading.peek(), guess.peek()];
  if (verdict.peek() && now && as)
    unkept?.push({ strokes: strokes.peek(), pixels: now.pixels, digit: as.digit });
  past.value = score.peek();
  verdict.value = null;
}

export function clear(): void {
  endVerdict();
  endStroke();
  began = [];
  strokes.value = [];
  shownTest.value = null;
  shownPicture.value = null;
  reading.value = null;
}

/** The pad changed size: the drawing keeps its place on it, and so does the pen. */
export function rescale(factor: number): void {
  const scaled = ([x, y]: Point): Point => [x * factor, y * factor];
  strokes.value = strokes.peek().map((stroke) => stroke.map(scaled));
  if (pen) pen = { ...pen, at: scaled(pen.at), size: pen.size * factor };
}

export function showTest(index: number): void {
  if (!testSet.peek()) return;
  clear();
  shownTest.value = index;
}

export function showPicture(pixels: Float32Array): void {
  clear();
  shownPicture.value = pixels;
}

/** The visitor's word on the present guess: the drawn digits' own score. */
export const verdict = signal<boolean | null>(null);
export const past = signal({ right: 0, total: 0 });
export const score = computed(() =>
  verdict.value === null
    ? past.value
    : { right: past.value.right + (verdict.value ? 1 : 0), total: past.value.total + 1 },
);
