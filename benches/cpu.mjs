// How much processor time a program and all that it started have used.
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** What the figures are: without `/proc` (on other systems than Linux) only the wall clock is left. */
export const clock = existsSync('/proc/self/stat') ? 'CPU' : 'wall';

/** The kernel counts in hundredths of a second, whatever its own clock. */
const TICKS = 100;

/** Seconds that the process `pid` and its descendants, also those that have ended, have computed. */
export function cpuSeconds(pid) {
  if (clock === 'wall') return performance.now() / 1000;
  const children = new Map();
  const ticks = new Map();
  for (const folder of readdirSync('/proc')) {
    if (!/^\d+$/.test(folder)) continue;
    try {
      const stat = readFileSync(`/proc/${folder}/stat`, 'utf8');
      // The name in parentheses may hold anything. After it: state, parent, …, utime, stime, cutime, cstime.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const [id, parent] = [Number(folder), Number(fields[1])];
      ticks.set(
        id,
        fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0),
      );
      children.set(parent, [...(children.get(parent) ?? []), id]);
    } catch {} // it has just ended
  }
  const sum = (id) =>
    (children.get(id) ?? []).reduce((total, child) => total + sum(child), ticks.get(id) ?? 0);
  return sum(pid) / TICKS;
}
