// Calls everything that the package exports with arguments that fit, half fit or make no sense.
// node tests/fuzz/run.mjs [--calls N] [--seed S] [--only NUMBER] [--workers N] [--most FAULTS] [--json]
import { writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { at } from '../../scripts/run.mjs';

const entry = pathToFileURL(process.env.MAPLING_ENTRY ?? at('dist/npm/index.js')).href;
/** Milliseconds without a new call, after which a call hangs. */
const HANGS_AFTER = 40_000;
const LONGEST = 8192;
const HANG = 'a hang';

/** One thread's calls: what is wrong, and how many were made. */
function run(data) {
  const shared = new SharedArrayBuffer(8 + LONGEST);
  const progress = new Int32Array(shared, 0, 2);
  const now = () => {
    const text = new Uint8Array(shared, 8, Math.min(LONGEST, Atomics.load(progress, 1)));
    return { number: Atomics.load(progress, 0), call: new TextDecoder().decode(text.slice()) };
  };
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
      workerData: { ...data, entry, shared },
      resourceLimits: { maxOldGenerationSizeMb: 1024, stackSizeMb: 2 },
    });
    let names = 0;
    const end = (result) => {
      clearInterval(watch);
      void worker.terminate();
      resolve({ names, ...result });
    };
    let [seen, since] = [-1, Date.now()];
    const watch = setInterval(() => {
      const { number, call } = now();
      if (number !== seen) [seen, since] = [number, Date.now()];
      else if (Date.now() - since > HANGS_AFTER)
        end({ faults: [{ number, call, wrong: HANG }], done: number - data.first });
    }, 500);
    worker.on('message', (message) => {
      if (message.faults) end(message);
      else names = message.names;
    });
    worker.on('error', (error) => {
      const { number, call } = now();
      end({
        faults: [{ number, call, wrong: `the thread ended: ${error.message}` }],
        done: number - data.first,
      });
    });
  });
}

/** Makes `calls` calls, shared among `workers` threads. */
export async function fuzz({ calls, seed, only, workers = 1, most = 1000 }) {
  const each = Math.ceil(calls / workers);
  const parts = Array.from({ length: only === undefined ? workers : 1 }, (_, at) =>
    run({ seed, first: only ?? at * each, calls: Math.min(each, calls - at * each), only, most }),
  );
  return Promise.all(parts);
}

export const told = (seed, { number, wrong, call, place }) =>
  `seed ${seed}, call ${number}: ${wrong}\n    ${call}\n    ${place ?? ''}`;

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: {
      ...Object.fromEntries(
        ['calls', 'seed', 'only', 'workers', 'most'].map((name) => [name, { type: 'string' }]),
      ),
      json: { type: 'boolean' },
    },
  });
  const number = (name, without) => (values[name] === undefined ? without : Number(values[name]));
  const seed = number('seed', Math.floor(Math.random() * 2 ** 31));
  const begun = Date.now();
  const parts = await fuzz({
    calls: number('calls', 50_000),
    seed,
    only: number('only'),
    workers: number('workers', Math.min(2, availableParallelism())),
    most: number('most', 1000),
  });
  const done = parts.reduce((sum, part) => sum + part.done, 0);
  const faults = parts.flatMap((part) => part.faults);
  const seconds = (Date.now() - begun) / 1000;
  if (values.json)
    writeSync(
      1,
      JSON.stringify({ faults, done, names: parts[0].names, heaps: parts.map(({ heap }) => heap) }),
    );
  else {
    for (const fault of faults) writeSync(1, `${told(seed, fault)}\n`);
    writeSync(
      1,
      `${done} calls of ${parts[0].names} names with seed ${seed} in ${seconds} s, ${faults.length} faults\n`,
    );
  }
  // A thread in the middle of a loop of the engine cannot be ended by itself.
  if (faults.some(({ wrong }) => wrong === HANG)) process.kill(process.pid, 'SIGKILL');
  process.exitCode = faults.length > 0 ? 1 : 0;
}
