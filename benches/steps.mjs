// Training steps and single predictions of mapling, in every engine.
import { hosts } from './hosts.mjs';
import { predictions, race } from './race.mjs';
import { site } from './site.mjs';
import { median, quantile, short, spread, table } from './statistics.mjs';
import { workloads } from './workloads.mjs';

/** Samples of a round: whole epochs of the tutorial's network, about a second of the others. */
export const samples = { W1: 60_000, W1b: 60_000, W2: 2560, W2b: 4000, W3: 12_800 };

export async function steps({ where, rounds, names, report }) {
  const server = await site();
  const open = [];
  try {
    const runners = [];
    for (const which of Object.keys(hosts).filter((name) => where.includes(name))) {
      report(`steps: starting ${which}`);
      const host = await hosts[which](server.origin);
      open.unshift(host);
      const seat = await host.seat('mapling');
      open.unshift(seat);
      runners.push({ name: host.name, seat, samples });
    }
    return {
      training: await race(runners, names, rounds, report),
      predictions: await predictions(runners, names, report),
    };
  } finally {
    for (const one of open) await one.close();
    await server.close();
  }
}

const columns = (result) => [...new Set(Object.values(result).flatMap(Object.keys))];

const cell = (result, print) => result?.error ?? (result?.times.length ? print(result.times) : '–');

/** A row for each workload, a column for each engine or library. */
export function show({ training, predictions }) {
  const names = columns(training);
  const rows = Object.entries(training).map(([workload, results]) => [
    `${workload} ${workloads[workload].title}`,
    ...names.map((name) => cell(results[name], spread)),
  ]);
  const parts = [table(['µs a sample: median (min to max)', ...names], rows)];
  if (Object.keys(predictions).length > 0) {
    const latency = (times) => `${short(1000 * median(times))} (${short(1000 * quantile(times, 0.99))})`;
    parts.push(
      table(
        ['W4, one prediction, µs: median (99th percentile)', ...names],
        Object.entries(predictions).map(([workload, results]) => [
          `${workload}'s network`,
          ...names.map((name) => cell(results[name], latency)),
        ]),
      ),
    );
  }
  return parts.join('\n\n');
}
