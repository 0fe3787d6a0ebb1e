/** What a chart's lines go through. */
import uPlot from 'uplot';
import { history } from '../state/curves';
import { lastEpoch, shownRuns } from './axis';
import type { Kind } from './kinds';

const finite = (values: number[]) =>
  values.map((value) => (Number.isFinite(value) && value > 0 ? value : null));

/** All lines on one axis of epochs: training, tests, and the tests of the runs beside it. */
export const table = (kind: Kind): uPlot.AlignedData =>
  uPlot.join([
    [history.x, finite(kind.train(history))],
    [history.testX, finite(kind.test(history))],
    ...shownRuns().map((kept): uPlot.AlignedData => [kept.history.testX, finite(kind.test(kept.history))]),
  ]);

/** A hundredth of the axis to either side: shorter ups and downs are chance. */
const SMOOTHING = 0.01;

/** Single batches jump about: this line is the mean of what lies around each point, evenly on both sides of it. */
export function smooth(
  x: ArrayLike<number>,
  values: readonly (number | null | undefined)[],
): (number | null)[] {
  const at: number[] = [];
  const sums = [0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    at.push(i);
    sums.push(sums.at(-1)! + value);
  }
  const line: (number | null)[] = values.map(() => null);
  let [from, to] = [0, 0];
  for (const i of at) {
    const reach = Math.min(SMOOTHING * lastEpoch(), x[i]! - x[at[0]!]!);
    while (x[at[from]!]! < x[i]! - reach) from += 1;
    while (to < at.length && x[at[to]!]! <= x[i]! + reach) to += 1;
    line[i] = (sums[to]! - sums[from]!) / (to - from);
  }
  return line;
}
