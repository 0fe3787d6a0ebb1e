// In which order the functions of a wasm module lie, so that gzip finds what they have in common: it looks back over
// 32 KB, and a module is many times that. wasm-opt can sort functions by name, so each gets its place as its name.
import { readFileSync, writeFileSync } from 'node:fs';
import {
  bodiesOf,
  contentOf,
  holdsNames,
  importsOf,
  kinds,
  moduleOf,
  nameSection,
  sections,
  sectionsOf,
} from './wasm-module.mjs';

/** So many bytes in a row count as something in common. */
const RUN = 6;
/** What stands in more functions than these is near wherever a function is put. */
const COMMON = 100;
/** How far gzip looks back, in bytes. */
const WINDOW = 32_000;

/** The runs of bytes that each function shares with some others, as numbers. */
function sharedRuns(bodies) {
  const numbers = new Map();
  const users = [];
  const all = bodies.map((body) => {
    const runs = new Set();
    for (let at = 0; at + RUN <= body.length; at++) {
      const key = body.toString('latin1', at, at + RUN);
      let run = numbers.get(key);
      if (run === undefined) {
        run = users.length;
        numbers.set(key, run);
        users.push([]);
      }
      runs.add(run);
    }
    return runs;
  });
  all.forEach((runs, index) => {
    for (const run of runs) users[run].push(index);
  });
  const isShared = (run) => users[run].length > 1 && users[run].length <= COMMON;
  return { runs: all.map((runs) => [...runs].filter(isShared)), users };
}

/** Their order: after those that are placed comes always the one most of which lies within gzip's reach already. */
function order(bodies) {
  const { runs, users } = sharedRuns(bodies);
  const within = new Int32Array(users.length);
  const known = new Int32Array(bodies.length);
  const left = new Set(bodies.keys());
  const placed = [];
  let [oldest, reach] = [0, 0];
  const note = (run, change) => {
    for (const user of users[run]) known[user] += change;
  };
  while (left.size > 0) {
    let [next, most] = [-1, -1];
    for (const index of left) {
      const share = known[index] / (bodies[index].length + 20);
      if (share > most) [next, most] = [index, share];
    }
    left.delete(next);
    placed.push(next);
    for (const run of runs[next]) if (within[run]++ === 0) note(run, 1);
    reach += bodies[next].length;
    while (reach > WINDOW && oldest < placed.length - 1) {
      const gone = placed[oldest++];
      reach -= bodies[gone].length;
      for (const run of runs[gone]) if (--within[run] === 0) note(run, -1);
    }
  }
  return placed;
}

/** Gives the functions of the module `file` names by which they are to be sorted. */
export function nameByOrder(file) {
  const all = sectionsOf(readFileSync(file));
  const imports = importsOf(contentOf(all, sections.imports));
  const imported = imports.filter(({ kind }) => kind === kinds.function).length;
  const placed = order(bodiesOf(contentOf(all, sections.code)));
  const names = placed.map((index, place) => [imported + index, String(place).padStart(6, '0')]);
  const kept = all.filter((section) => !holdsNames(section)).map(({ whole }) => whole);
  writeFileSync(file, moduleOf([...kept, nameSection(names)]));
}
