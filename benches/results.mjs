// Keeps results: `benches/results.json` holds the last ones of each part, `benches/RESULTS.md` shows them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { at } from '../scripts/run.mjs';
import { clock } from './cpu.mjs';

const json = at('benches/results.json');
const page = at('benches/RESULTS.md');

/** What stands above this line in RESULTS.md is written by hand. */
const mark = '<!-- Below: written by `npm run bench -- --write` -->';

/** The clock in MHz; Node does not find it on every system. */
function megahertz() {
  const [{ speed }] = cpus();
  if (speed || !existsSync('/proc/cpuinfo')) return speed;
  return Number(/^cpu MHz\s*:\s*(\S+)/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 0);
}

/** What the figures depend on. */
export function machine() {
  const [{ model }] = cpus();
  const clockRate = megahertz();
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: clockRate ? `${model.trim()}, ${(clockRate / 1000).toFixed(1)} GHz` : model.trim(),
    cores: availableParallelism(),
    clock,
    load: Number(loadavg()[0].toFixed(1)),
  };
}

const described = ({ date, processor, cores, load, rounds }) =>
  `${date}; ${processor}, ${cores} cores; ${rounds ? `${rounds} rounds; ` : ''}load before the run ${load}.`;

/** Replaces the kept result of each part in `results`; `suites` has a title and `show` for each. */
export function write(results, suites) {
  const kept = existsSync(json) ? JSON.parse(readFileSync(json, 'utf8')) : {};
  const all = { ...kept, ...results };
  writeFileSync(json, `${JSON.stringify(all, null, 1)}\n`);
  const byHand = existsSync(page) ? readFileSync(page, 'utf8').split(mark)[0] : '';
  const parts = Object.entries(suites)
    .filter(([part]) => all[part])
    .map(([part, { title, show }]) => {
      const { machine, result } = all[part];
      return `## ${title}\n\n${described(machine)}\n\n${show(result)}`;
    });
  writeFileSync(page, `${[`${byHand}${mark}`, ...parts].join('\n\n')}\n`);
}
