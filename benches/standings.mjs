// The result of a race as tables: a row for each runner, a column for each workload.
import { clock } from './cpu.mjs';
import { median, short, spread, table } from './statistics.mjs';
import { workloads } from './workloads.mjs';

/** Errors are long, so cells only number them. */
function notes() {
  const errors = [];
  return {
    cell(result, print) {
      if (!result) return '–';
      if (!result.error) return print(result);
      if (!errors.includes(result.error)) errors.push(result.error);
      return `fails (${errors.indexOf(result.error) + 1})`;
    },
    lines: () => errors.map((error, index) => `${index + 1}. ${error}`),
  };
}

/** With a `baseline`, a second table says how many times as long as this runner the others take. */
export function show({ training, predictions }, { baseline } = {}) {
  const names = Object.keys(training);
  const runners = [...new Set(Object.values(training).flatMap(Object.keys))];
  const { cell, lines } = notes();
  const rows = (print) =>
    runners.map((runner) => [
      runner,
      ...names.map((name) => cell(training[name][runner], (result) => print(result.times, name))),
    ]);
  const parts = [
    names.map((name) => `- ${name}: ${workloads[name].title}`).join('\n'),
    table([`${clock} µs a sample: median (min to max)`, ...names], rows(spread)),
  ];
  if (baseline) {
    const ratio = (times, name) => {
      const own = training[name][baseline]?.times;
      return own?.length ? `${short(median(times) / median(own))} ×` : '–';
    };
    parts.push(table([`time a sample, ${baseline} = 1`, ...names], rows(ratio)));
  }
  const single = Object.keys(predictions);
  if (single.length > 0) {
    parts.push(
      table(
        [
          'W4, one prediction, µs',
          ...single.flatMap((name) => [`${name}'s network: median (99 %) waited`, `mean ${clock}`]),
        ],
        runners.map((runner) => [
          runner,
          ...single.flatMap((name) => [
            cell(predictions[name][runner], ({ median, worst }) => `${short(median)} (${short(worst)})`),
            cell(predictions[name][runner], ({ cpu }) => short(cpu)),
          ]),
        ]),
      ),
    );
  }
  return [...parts, lines().join('\n')].filter(Boolean).join('\n\n');
}
