// In which order the functions of a wasm module lie, so that gzip finds what they have in common: it looks back over
// 32 KB, and a module is many times that. wasm-opt can sort functions by name, so each gets its place as its name.
import { readFileSync, writeFileSync } from 'node:fs';

/** So many bytes in a row count as something in common. */
const RUN = 6;
/** What stands in more functions than these is near wherever a function is put. */
const COMMON = 100;
/** How far gzip looks back, in bytes. */
const WINDOW = 32_000;
/** Names of functions are the first part of the section of names. */
const FUNCTIONS = 1;

const sections = { custom: 0, imports: 2, functions: 3, code: 10 };

/** Reads numbers as wasm writes them (LEB128). */
class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  number() {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  }

  /** Goes past `length` bytes, which it gives. */
  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  limits() {
    const hasMost = this.number() & 1;
    this.number();
    if (hasMost) this.number();
  }
}

function number(value) {
  const bytes = [];
  do {
    bytes.push((value % 128) + (value >= 128 ? 128 : 0));
    value = Math.floor(value / 128);
  } while (value > 0);
  return Buffer.from(bytes);
}

const withLength = (bytes) => Buffer.concat([number(bytes.length), bytes]);

function sectionsOf(module) {
  const reader = new Reader(module, 8);
  const found = [];
  while (reader.at < module.length) {
    const start = reader.at;
    const id = reader.byte();
    const content = reader.take(reader.number());
    found.push({ id, content, whole: module.subarray(start, reader.at) });
  }
  return found;
}

/** How many of the imports are functions: they come first in the count of functions. */
function importedFunctions(content) {
  const reader = new Reader(content);
  let count = 0;
  for (let left = reader.number(); left > 0; left--) {
    reader.take(reader.number());
    reader.take(reader.number());
    const kind = reader.byte();
    if (kind === 0) {
      count++;
      reader.number();
    } else if (kind === 1) {
      reader.byte();
      reader.limits();
    } else if (kind === 2) reader.limits();
    else if (kind === 3) reader.take(2);
    else throw new Error(`an import of kind ${kind}`);
  }
  return count;
}

function bodiesOf(content) {
  const reader = new Reader(content);
  return Array.from({ length: reader.number() }, () => reader.take(reader.number()));
}

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
  const module = readFileSync(file);
  const all = sectionsOf(module);
  const contentOf = (id) => all.find((section) => section.id === id).content;
  const imported = importedFunctions(contentOf(sections.imports));
  const placed = order(bodiesOf(contentOf(sections.code)));
  const names = placed.map((index, place) => [imported + index, String(place).padStart(6, '0')]);
  names.sort(([a], [b]) => a - b);
  const entries = names.map(([index, name]) => Buffer.concat([number(index), withLength(Buffer.from(name))]));
  const list = Buffer.concat([number(names.length), ...entries]);
  const content = Buffer.concat([
    withLength(Buffer.from('name')),
    Buffer.from([FUNCTIONS]),
    withLength(list),
  ]);
  const kept = all.filter(({ id, content }) => {
    const reader = new Reader(content);
    return id !== sections.custom || reader.take(reader.number()).toString() !== 'name';
  });
  writeFileSync(
    file,
    Buffer.concat([
      module.subarray(0, 8),
      ...kept.map(({ whole }) => whole),
      Buffer.from([sections.custom]),
      withLength(content),
    ]),
  );
}
