import { signal } from '@preact/signals';
import type { Curves } from 'mapling/trainer';

/** More points than a chart has pixels say nothing more. */
const MOST_POINTS = 1500;

/** Where epochs are counted from. */
export interface Origin {
  step: number;
  epoch: number;
}
export const START: Origin = { step: 0, epoch: 0 };

/** One run's history. `x` is in epochs. */
export interface History {
  x: number[];
  loss: number[];
  accuracy: number[];
  testX: number[];
  testLoss: number[];
  testAccuracy: number[];
}

const empty = (): History => ({ x: [], loss: [], accuracy: [], testX: [], testLoss: [], testAccuracy: [] });

/** The history grows in place; the counter tells when there is something to draw. */
export let history: History = empty();
export const historyVersion = signal(0);

/** There is something new to draw. */
export function redrawHistory(): void {
  historyVersion.value += 1;
}

export const clearHistory = (): void => void exchangeHistory();

/** Puts this history in the place of the present one, which comes back: it grows no more. */
export function exchangeHistory(other: History = empty()): History {
  const before = history;
  history = other;
  historyVersion.value += 1;
  return before;
}

/** At which place of its epochs a run is after so many steps; another way to tell where batches changed their size. */
export const axis = { epochsAt: (step: number, batches: number): number => step / batches };

/** The same, of a network that was taken from elsewhere: its epochs are counted from then on. */
export const epochsAt = (step: number, batches: number, origin: Origin): number =>
  origin.step === 0 ? axis.epochsAt(step, batches) : origin.epoch + (step - origin.step) / batches;

/**
 * Adds what came since the last event. `batches` is the number of steps in an epoch. A run that goes on from an earlier
 * step goes through the same values again: what is known is not added twice.
 */
export function extendHistory({ train, test }: Curves, batches: number, origin: Origin): void {
  const fresh = (
    known: number[],
    steps: number[],
    ...lines: [line: number[], more: number[] | undefined][]
  ) => {
    const end = known.at(-1) ?? -1;
    const from = steps.findIndex((step) => epochsAt(step, batches, origin) > end);
    if (from < 0) return;
    known.push(...steps.slice(from).map((step) => epochsAt(step, batches, origin)));
    for (const [line, more] of lines) line.push(...(more ?? []).slice(from));
  };
  const { x, loss, accuracy, testX, testLoss, testAccuracy } = history;
  fresh(x, train.step, [loss, train.logs.loss], [accuracy, train.logs.acc]);
  fresh(testX, test.step, [testLoss, test.logs.loss], [testAccuracy, test.logs.acc]);
  if (history.x.length > MOST_POINTS) thin(history);
}

/** Halves the training line: each pair of points becomes its mean. */
function thin(line: History): void {
  const half = (values: number[]) =>
    values.flatMap((value, i) => (i % 2 ? [] : [(value + (values[i + 1] ?? value)) / 2]));
  line.x = half(line.x);
  line.loss = half(line.loss);
  line.accuracy = half(line.accuracy);
}
