// Makes calls, one after the other, in a thread that is watched by `run.mjs`.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { Calls, planText } from './calls.mjs';
import { Canary } from './canary.mjs';
import { targets } from './targets.mjs';

const { entry, seed, first, calls: count, shared, most, only } = workerData;
const [progress, text] = [new Int32Array(shared, 0, 2), new Uint8Array(shared, 8)];
const encoder = new TextEncoder();

const mapling = await import(entry);
await mapling.init();
for (const name of ['log', 'info', 'warn', 'error', 'debug']) console[name] = () => {};
const faults = [];
const kinds = new Map();
let number = first;
let steps = [];
/** Failures that nobody waits for; which of the last calls they come from is looked for afterwards. */
let stray;
process.on('unhandledRejection', (reason) => {
  stray ??= { reason, what: 'an unhandled rejection' };
});
process.on('uncaughtException', (reason) => {
  stray ??= { reason, what: 'an uncaught exception' };
});

const canary = await Canary.in(mapling);
const known = targets(mapling);
const calls = new Calls(mapling, known, seed);
parentPort.postMessage({
  names: known.functions.length + [...known.methods.values()].reduce((sum, list) => sum + list.length, 0),
});
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Tells the watcher what is about to be called. */
function note(now) {
  steps = now;
  const { written } = encoder.encodeInto(planText(now), text);
  Atomics.store(progress, 1, written);
}

async function report(wrong, signature = wrong, place = '') {
  const known = kinds.get(signature) ?? 0;
  kinds.set(signature, known + 1);
  if (known > 0) return;
  let smaller = steps;
  try {
    smaller = await calls.smaller(steps, signature);
  } catch {}
  faults.push({ number, wrong, call: planText(smaller), place, signature });
}

async function settle() {
  await turn();
  if (!stray) return;
  const { reason, what } = stray;
  stray = undefined;
  // Which of the last calls it comes from shows when they are made again one by one.
  const last = number;
  for (let again = Math.max(first, last - 40); again <= last && !stray; again++) {
    number = again;
    await calls.make(again, note);
    await turn();
  }
  stray = undefined;
  await report(
    `${what}: ${String(reason?.message ?? reason).slice(0, 200)}`,
    `${what} ${String(reason?.stack).split('\n')[1] ?? ''}`,
  );
  number = last;
}

// The collector is called before memory is measured.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const heap = [];
/** Bytes in use when nothing waits to be collected. */
async function measure() {
  for (let time = 0; time < 3; time++) {
    collect();
    await turn();
  }
  const { heapUsed, arrayBuffers, external } = process.memoryUsage();
  // WebAssembly's memory never shrinks: what counts is what is alive in it.
  const { numTensors, coreBytes, wasmBytes } = mapling.memory();
  heap.push({
    call: number,
    bytes: heapUsed + external - wasmBytes,
    arrayBuffers,
    tensors: numTensors,
    core: coreBytes,
  });
}

const numbers = only === undefined ? Array.from({ length: count }, (_, at) => first + at) : [only];
for (number of numbers) {
  Atomics.store(progress, 0, number);
  const { wrong, signature, place } = await calls.make(number, note);
  if (wrong) await report(wrong, signature, place);
  const done = number - first + 1;
  if (stray || done % 20 === 0) await settle();
  if (done % 200 === 0 || done === numbers.length) {
    const dead = canary.wrong();
    if (dead) {
      await report(dead);
      break;
    }
  }
  if (done % 5000 === 0 || done === numbers.length) {
    const dead = await canary.wrongInTraining();
    if (dead) {
      await report(dead);
      break;
    }
  }
  if (done % Math.ceil(numbers.length / 10) === 0) await measure();
  if (faults.length >= most) break;
}
await settle();
parentPort.postMessage({ faults, counts: [...kinds], heap, done: number - first + 1 });
