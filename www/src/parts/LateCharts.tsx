import { signal } from '@preact/signals';
import type { ComponentChild } from 'preact';

/** The charts come after the page: it trains and reads digits before they are there. */
const charts = signal<typeof import('./Charts') | null>(null);
void import('./Charts').then((module) => {
  charts.value = module;
});

const late = (draw: (module: typeof import('./Charts')) => ComponentChild) => () =>
  charts.value ? (
    draw(charts.value)
  ) : (
    <figure class="chart">
      <figcaption />
      <div class="chart-place" />
    </figure>
  );

export const LossChart = late(({ LossChart }) => <LossChart />);
export const AccuracyChart = late(({ AccuracyChart }) => <AccuracyChart />);
