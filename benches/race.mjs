// Several runners side by side: in every round each runs once, so that a machine that gets slower or
// faster does so for all of them.
import { cpuSeconds } from './cpu.mjs';
import { site } from './site.mjs';
import { quantile } from './statistics.mjs';
import { predicted, workloads } from './workloads.mjs';

/** Who takes longer than this for one round, in seconds, runs only once. */
const PATIENCE = 8;
/** How many single predictions are timed. */
const PREDICTIONS = 200;

const message = (error) => error.message.split('\n')[0];

/** Five significant digits are more than any clock here has. */
const rounded = (value) => Number(value.toPrecision(5));

/** Seconds of processor time and of waiting that `action` takes, and what it returns. */
async function timed(seat, action) {
  const [cpu, start] = [cpuSeconds(seat.pid), performance.now()];
  const value = await action();
  return { cpu: cpuSeconds(seat.pid) - cpu, wall: (performance.now() - start) / 1000, value };
}

/**
 * `laps`: `[{ label, seat, task, options, samples, result }]`. Each `result` gets, for every round, microseconds per
 * sample: `times` (processor) and `waits` (clock), or else `error`. `before` is done before each round.
 */
export async function race(laps, rounds, report, before = () => {}) {
  for (const { label, seat, task, options, result } of laps) {
    report(`${label} warms up`);
    Object.assign(result, { times: [], waits: [] });
    try {
      await seat.call('start', task, ...(options ? [options] : []));
    } catch (error) {
      result.error = message(error);
    }
  }
  for (let round = 1; round <= rounds; round++) {
    await before();
    for (const { label, seat, task, samples, result } of laps) {
      if (result.error || result.slow) continue;
      report(`round ${round} of ${rounds}: ${label}`);
      try {
        const { cpu, wall, value } = await timed(seat, () => seat.call('train', task, samples));
        if (!Number.isFinite(value)) throw new Error(`the loss is ${value}`);
        result.samples = samples;
        result.times.push(rounded((cpu * 1e6) / samples));
        result.waits.push(rounded((wall * 1e6) / samples));
        if (cpu > PATIENCE) result.slow = true;
      } catch (error) {
        result.error = message(error);
      }
    }
  }
}

/**
 * The workloads on all runners: `[{ name, seat, samples }]`, with how many samples of each workload make a round.
 * The result has an entry by workload and by name, as {@link race} makes them.
 */
async function training(runners, names, rounds, report) {
  const results = {};
  const laps = names.flatMap((task) => {
    results[task] = {};
    const { batch } = workloads[task];
    return runners
      .filter(({ samples }) => samples[task])
      .map(({ name, seat, samples }) => {
        results[task][name] = {};
        const whole = Math.max(1, Math.floor(samples[task] / batch)) * batch;
        return { label: `${task} ${name}`, seat, task, samples: whole, result: results[task][name] };
      });
  });
  await race(laps, rounds, report);
  return results;
}

/**
 * Single predictions, in microseconds, by network and by name: waited, the median and the 99th percentile, and the
 * mean of the processor's.
 */
async function predictions(runners, names, report) {
  const results = {};
  for (const task of predicted.filter((name) => names.includes(name))) {
    results[task] = {};
    for (const { name, seat } of runners) {
      report(`predictions: ${task} ${name}`);
      try {
        await seat.call('predict', task, PREDICTIONS / 4);
        const { cpu, value } = await timed(seat, () => seat.call('predict', task, PREDICTIONS));
        const waited = [0.5, 0.99].map((part) => 1000 * quantile(value.times, part));
        results[task][name] = {
          median: rounded(waited[0]),
          worst: rounded(waited[1]),
          cpu: rounded((cpu * 1e6) / value.calls),
        };
      } catch (error) {
        results[task][name] = { error: message(error) };
      }
    }
  }
  return results;
}

/**
 * Training and single predictions of the runners that `gather` seats, given the address of what pages load and the list
 * of what is open: that is closed at the end, the last first.
 */
export async function compare({ names, rounds, report, mounts }, gather) {
  const server = await site({ mounts });
  const open = [];
  try {
    const runners = await gather(server.origin, open);
    return {
      training: await training(runners, names, rounds, report),
      predictions: await predictions(runners, names, report),
    };
  } finally {
    for (const one of open.reverse()) await one.close();
    await server.close();
  }
}
