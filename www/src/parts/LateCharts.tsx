import { effect, signal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import { network } from '../state/session';
import { words } from '../words';

/** The charts come after the page: it trains and reads digits before they are there. */
const charts = signal<typeof import('./Charts') | null>(null);
/** Milliseconds to wait for a network, whose first step needs the processor more; a download takes longer. */
const PATIENCE = 1000;

const hasNetwork = new Promise<void>((resolve) => {
  effect(() => {
    if (network.value) resolve();
  });
});
const isLate = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE));
void Promise.race([hasNetwork, isLate])
  .then(() => import('./Charts'))
  .then((module) => {
    charts.value = module;
  });

const late = (title: () => string, draw: (module: typeof import('./Charts')) => ComponentChild) => () =>
  charts.value ? (
    draw(charts.value)
  ) : (
    <figure class="chart">
      <figcaption>
        <h3>{title()}</h3>
      </figcaption>
      <div class="chart-place" />
    </figure>
  );

export const LossChart = late(
  () => words.value.charts.loss,
  ({ LossChart }) => <LossChart />,
);
export const AccuracyChart = late(
  () => words.value.charts.accuracy,
  ({ AccuracyChart }) => <AccuracyChart />,
);
