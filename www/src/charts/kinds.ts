/** The two charts: what each shows, in which scale, in which words. */
import { hundredths, lossText } from '../format';
import type { History } from '../state/curves';
import { words } from '../words';

export interface Kind {
  title: () => string;
  unit: () => string;
  label: () => string;
  /** What is drawn upwards: the loss itself, or the share of errors with the axis turned round. */
  train: (of: History) => number[];
  test: (of: History) => number[];
  write: (value: number) => string;
  upsideDown: boolean;
  ticks: number[];
  /** The range of values before anything came. */
  usual: [number, number];
}

/** Fewer errors than one in two thousand are drawn as that: a log scale has no zero. */
const LEAST_ERROR = 0.0005;
const errors = (accuracies: number[]) => accuracies.map((accuracy) => Math.max(LEAST_ERROR, 1 - accuracy));

export const lossKind: Kind = {
  title: () => words.value.charts.loss,
  unit: () => words.value.charts.lossUnit,
  label: () => words.value.charts.lossLabel,
  train: ({ loss }) => loss,
  test: ({ testLoss }) => testLoss,
  write: lossText,
  upsideDown: false,
  ticks: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 100, 1e3, 1e4, 1e6, 1e9],
  usual: [0.05, 2.5],
};

export const accuracyKind: Kind = {
  title: () => words.value.charts.accuracy,
  unit: () => words.value.charts.accuracyUnit,
  label: () => words.value.charts.accuracyLabel,
  train: ({ accuracy }) => errors(accuracy),
  test: ({ testAccuracy }) => errors(testAccuracy),
  write: (error) => `${hundredths(1 - error, error < 0.01 ? 1 : error < 0.1 ? 1 : 0)} %`,
  upsideDown: true,
  ticks: [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001],
  usual: [0.01, 1],
};
