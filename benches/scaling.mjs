// How the cost of a sample grows with the batch, the width of the network, and the threads.
import { availableParallelism } from 'node:os';
import { clock } from './cpu.mjs';
import { hosts } from './hosts.mjs';
import { race } from './race.mjs';
import { site } from './site.mjs';
import { median, short, spread, table } from './statistics.mjs';
import { samples } from './steps.mjs';
import { workloads } from './workloads.mjs';

const batches = [1, 2, 8, 32, 128, 512];
const widths = [16, 64, 256, 1024, 2048];

/** About this many samples make a round: a good part of a second. */
const round = (workload, batch) => (workload === 'W2' ? 1024 : batch < 32 ? 12_800 : 60_000);

/** Powers of two up to the number of cores, and that number. */
const threadCounts = [1, 2, 4, 8, 16, 32].filter((count) => count < availableParallelism());
threadCounts.push(Math.min(availableParallelism(), 32));

/** In Node, on one thread: the tutorial's network and the convnet with other batches, the former with other widths. */
async function sizes(rounds, report) {
  const node = await hosts.node();
  const seat = await node.seat('mapling');
  const lap = (task, options, samples) => ({ label: task, seat, task, options, samples, result: {} });
  const byBatch = Object.fromEntries(
    ['W1', 'W2'].map((workload) => [
      workload,
      batches.map((batch) => {
        const size = Math.floor(round(workload, batch) / batch) * batch;
        return lap(`${workload} batch ${batch}`, { workload, batch }, size);
      }),
    ]),
  );
  const byWidth = widths.map((units) => {
    const size = Math.floor(Math.min(60_000, 25_600_000 / units) / 128) * 128;
    return lap(`width ${units}`, { workload: 'W1b', units }, size);
  });
  try {
    await race([...Object.values(byBatch).flat(), ...byWidth], rounds, report);
  } finally {
    seat.close();
  }
  const results = (laps) => laps.map(({ result }) => result);
  return {
    batch: Object.fromEntries(Object.entries(byBatch).map(([workload, laps]) => [workload, results(laps)])),
    width: results(byWidth),
  };
}

/**
 * Runs in a page: nanoseconds in which a cache line goes from one thread's core to another's and back. What threads gain
 * in short steps depends on it, and a virtual machine's cores may lie anywhere in the host, now here, now there.
 */
const roundTrip = `
  const memory = new SharedArrayBuffer(512);
  const workers = [0, 1].map(() => new Worker('/benches/bounce.mjs', { type: 'module' }));
  const ends = workers.map((worker) => new Promise((resolve) => (worker.onmessage = resolve)));
  workers[0].postMessage([memory, 0, 32, true]);
  workers[1].postMessage([memory, 32, 0, false]);
  const [{ data }] = await Promise.all(ends);
  for (const worker of workers) worker.terminate();
  return data;`;

/** In an isolated page of Chromium, a page for each number of threads. */
async function threads(names, rounds, report) {
  const server = await site({ isolated: true });
  const chromium = await hosts.chromium(server.origin);
  const [results, trips] = [{}, []];
  try {
    const laps = [];
    for (const count of threadCounts) {
      results[count] = {};
      try {
        const seat = await chromium.seat('mapling', { threads: count });
        for (const task of names) {
          const result = {};
          results[count][task] = result;
          laps.push({ label: `${task}, ${count} threads`, seat, task, samples: samples[task], result });
        }
      } catch (error) {
        for (const task of names) results[count][task] = { error: error.message.split('\n')[0] };
      }
    }
    // One thread and several, one right after the other.
    laps.sort((a, b) => names.indexOf(a.task) - names.indexOf(b.task));
    const trip = async () => availableParallelism() > 1 && trips.push(await chromium.run(roundTrip));
    await race(laps, rounds, report, trip);
  } finally {
    await chromium.close();
    await server.close();
  }
  return { threads: results, trips };
}

export async function scaling({ where, rounds, names, report }) {
  return {
    ...(where.includes('node') && (await sizes(rounds, report))),
    ...(where.includes('chromium') && (await threads(names, rounds, report))),
  };
}

const times = ({ times, error }) => error ?? spread(times);

/** Other programs only ever make waiting longer, so the best round tells most. */
const best = ({ waits }) => Math.min(...waits);

/** How many times as fast as `one`, the median of the rounds: the best rounds of both are seldom the same. */
const gain = (one, { waits }) => median(waits.map((wait, round) => one.waits[round] / wait));

export function show({ batch, width, threads, trips = [] }) {
  const parts = [];
  if (batch) {
    const names = Object.keys(batch);
    parts.push(
      table(
        [`Node, ${clock} µs a sample, by batch`, ...names.map((name) => `${name}'s network`)],
        batches.map((size, at) => [size, ...names.map((name) => times(batch[name][at]))]),
      ),
      table(
        ["Node, W1b's network, by width of the hidden layer", `${clock} µs a sample`],
        widths.map((units, at) => [units, times(width[at])]),
      ),
    );
  }
  if (threads) {
    const names = Object.keys(Object.values(threads)[0]);
    const cell = (result, task) => {
      if (result.error) return result.error;
      const one = threads[1][task];
      return `${short(best(result))} (${short(gain(one, result))} ×)`;
    };
    parts.push(
      table(
        ['Chromium, µs waited a sample, best round, by threads (gain, median)', ...names],
        Object.entries(threads).map(([count, results]) => [
          count,
          ...names.map((task) => cell(results[task], task)),
        ]),
      ),
      trips.length > 0 &&
        `A cache line went from one core to another and back, before each round, in ${trips.join(', ')} ns.`,
      names.map((name) => `- ${name}: ${workloads[name].title}`).join('\n'),
    );
  }
  return parts.filter(Boolean).join('\n\n');
}
