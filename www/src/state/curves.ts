import { signal } from '@preact/signals';
import type { Curves } from 'mapling/trainer';

/** More points than a chart has pixels say nothing more. */
const MOST_POINTS = 1500;

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

/** Adds what came since the last event. `batches` is the number of steps in an epoch. */
export function extendHistory(more: Curves, batches: number): void {
  const { train, test } = more;
  if (train.step.length === 0 && test.step.length === 0) return;
  const epochs = (step: number) => axis.epochsAt(step, batches);
  history.x.push(...train.step.map(epochs));
  history.loss.push(...(train.logs.loss ?? []));
  history.accuracy.push(...(train.logs.acc ?? []));
  history.testX.push(...test.step.map(epochs));
  history.testLoss.push(...(test.logs.loss ?? []));
  history.testAccuracy.push(...(test.logs.acc ?? []));
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
