// Reads many files that something has happened to: each is read, or refused by one error with a code that says where; nothing
// else is thrown, nothing hangs, nothing writes to the file, and each takes no more memory than four times its length and a
// constant.
import { isMain } from '../../scripts/run.mjs';
import { watchMemory } from './memory.mjs';
import { random } from './random.mjs';

export const CODES = ['shape', 'value', 'type', 'state', 'memory', 'name', 'format'];
/** A file must be read or refused within so many milliseconds; the slowest waits for the collector. */
const LONGEST = 5000;

/** What is wrong with how a failure tells of itself; nothing if it does as it should. */
export function wrongWith(failure, where, codes = CODES) {
  if (!(failure instanceof Error)) return `threw ${String(failure)}`;
  if (!codes.includes(failure.code)) return `${failure.stack}`;
  if (!where.test(failure.message)) return `does not say where: ${failure.message}`;
  return /stopped unexpectedly|unreachable/.test(failure.message) ? failure.message : '';
}

/**
 * Reads `count` files. `make(chosen, call)` makes one from random choices: `read()` reads it, `bytes` is the file (`size` its
 * length, of several files of all of them), `where` what errors begin with, `codes` those that it may have. `after(result)` is
 * called with what was read and gives what is wrong with it, if anything. `memory` is the library's.
 */
export async function readMany({ memory, make, count, seed, begin = 0 }) {
  const watch = await watchMemory();
  const core = memory().coreBytes;
  const { wrong } = watch;
  const codes = {};
  let [read, slowest] = [0, 0];
  for (let call = begin; call < begin + count; call++) {
    const one = make(random(seed, call), call);
    const { bytes, size = bytes.length } = one;
    const copy = bytes?.slice();
    const { wasmBytes } = memory();
    watch.begin();
    const start = performance.now();
    try {
      const result = await one.read();
      read++;
      const bad = await one.after?.(result);
      if (bad) wrong.push(`${call}: ${bad}`);
    } catch (error) {
      codes[error?.code] = (codes[error?.code] ?? 0) + 1;
      const bad = wrongWith(error, one.where, one.codes);
      if (bad) wrong.push(`${call}: ${bad}`);
    }
    const took = performance.now() - start;
    watch.end(call, size);
    slowest = Math.max(slowest, took);
    if (took > LONGEST) wrong.push(`${call}: took ${Math.round(took)} ms`);
    if (copy && Buffer.compare(copy, bytes) !== 0) wrong.push(`${call}: the file was written to`);
    // The core's memory grows by half of what it has at once.
    const now = memory().wasmBytes;
    if (now - wasmBytes > 4 * size + now / 2)
      wrong.push(`${call}: the core grew by ${now - wasmBytes} bytes for ${size}`);
  }
  const taken = await watch.close();
  const left = memory().coreBytes - core;
  if (left > 2 ** 16) wrong.push(`${left} bytes are left behind in the core`);
  const refused = Object.entries(codes).map(([code, times]) => `${times} ${code}`);
  const said =
    `${count} files from seed ${seed}, ${read} of them read, refused with ${refused.join(', ') || 'nothing'}; ` +
    `the slowest in ${slowest.toFixed(0)} ms; ${taken}; ${left} bytes left in the core; ${wrong.length} mistakes`;
  return { wrong, read, codes, said };
}

/**
 * Runs readers from the command line: `[count [seed [begin [reader]]]]`, one of them or all. Each is
 * `(count, seed, begin) => readMany(…)`, by name.
 */
export async function fromCommandLine(url, readers) {
  if (!isMain(url)) return;
  const [count = 100_000, seed = 1, begin = 0] = process.argv.slice(2, 5).map(Number);
  const only = process.argv[5];
  if (![count, seed, begin].every(Number.isInteger) || count < 1)
    throw new Error('expected how many files, a seed and the first file, as whole numbers: 100000 7 0');
  const names = Object.keys(readers);
  if (only !== undefined && !names.includes(only))
    throw new Error(`expected one of the readers '${names.join("', '")}', got '${only}'`);
  for (const name of only === undefined ? names : [only]) {
    const read = readers[name];
    const { wrong, said } = await read(count, seed, begin);
    console.log(`${name}: ${said}`);
    for (const one of wrong.slice(0, 20)) console.log(one);
    if (wrong.length > 0) process.exitCode = 1;
  }
}
