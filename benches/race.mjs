// Libraries side by side: in every round each trains each workload once, so that a machine that
// gets slower or faster does so for all of them.
import { predicted, workloads } from './workloads.mjs';

/** Who takes longer than this for one round, in seconds, runs only once. */
const PATIENCE = 8;
/** How many single predictions are timed. */
const PREDICTIONS = 200;

/**
 * `runners`: `[{ name, seat, samples }]`, with how many samples of each workload make a round. The result has, by
 * workload and by name, the microseconds per sample of each round, or the error: `{ times: […] } | { error }`.
 */
export async function race(runners, names, rounds, report) {
  const results = {};
  const pairs = [];
  for (const workload of names) {
    results[workload] = {};
    for (const runner of runners.filter(({ samples }) => samples[workload])) {
      const result = { times: [] };
      results[workload][runner.name] = result;
      try {
        report(`${workload}: ${runner.name} warms up`);
        await runner.seat.call('start', workload);
        pairs.push({ workload, runner, result });
      } catch (error) {
        result.error = error.message.split('\n')[0];
      }
    }
  }
  for (let round = 1; round <= rounds; round++) {
    for (const pair of pairs) {
      if (pair.slow) continue;
      report(`round ${round} of ${rounds}: ${pair.workload} ${pair.runner.name}`);
      await lap(pair);
    }
  }
  return results;
}

async function lap(pair) {
  const { workload, runner, result } = pair;
  const { batch } = workloads[workload];
  const samples = Math.max(1, Math.floor(runner.samples[workload] / batch)) * batch;
  try {
    const before = runner.seat.cpu();
    const loss = await runner.seat.call('train', workload, samples);
    const took = runner.seat.cpu() - before;
    if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss}`);
    result.samples = samples;
    result.times.push((took * 1e6) / samples);
    pair.slow = took > PATIENCE;
  } catch (error) {
    result.error = error.message.split('\n')[0];
    pair.slow = true;
  }
}

/** Single predictions, in microseconds, by network and by name: each on the wall clock, and the mean CPU time. */
export async function predictions(runners, names, report) {
  const results = {};
  for (const workload of predicted.filter((name) => names.includes(name))) {
    results[workload] = {};
    for (const { name, seat } of runners) {
      report(`predictions: ${workload} ${name}`);
      try {
        await seat.call('predict', workload, PREDICTIONS / 4);
        const before = seat.cpu();
        const { times, calls } = await seat.call('predict', workload, PREDICTIONS);
        const cpu = ((seat.cpu() - before) * 1e6) / calls;
        results[workload][name] = { times: times.map((time) => 1000 * time), cpu };
      } catch (error) {
        results[workload][name] = { error: error.message.split('\n')[0] };
      }
    }
  }
  return results;
}
