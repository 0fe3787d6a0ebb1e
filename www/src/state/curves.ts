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

export function clearHistory(): void {
  history = empty();
  historyVersion.value += 1;
}

/** Adds what came since the last event. `batches` is the number of steps in an epoch. */
export function extendHistory(more: Curves, batches: number): void {
  if (more.step.length === 0 && more.testStep.length === 0) return;
  const epochs = (step: number) => step / batches;
  history.x.push(...more.step.map(epochs));
  history.loss.push(...more.loss);
  history.accuracy.push(...more.accuracy);
  history.testX.push(...more.testStep.map(epochs));
  history.testLoss.push(...more.testLoss);
  history.testAccuracy.push(...more.testAccuracy);
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
