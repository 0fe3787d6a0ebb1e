// Microseconds of processor time of an eager op on tensors that are where they are computed, beside other libraries, and of the ops
// of the first half second, in which the engine compiles what they share; and what a long loop leaves in memory. `node benches/eager.mjs [folder with node_modules of the others]`
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { at, isMain, main } from '../scripts/run.mjs';
import { median } from './statistics.mjs';

const SIZES = [100, 10_000];
const OPS = ['add', 'mul', 'relu'];
const ROUNDS = 9;
/** Milliseconds of ops before the others. */
const COLD = 500;

async function mapling() {
  const tf = await import(pathToFileURL(at('dist/npm/index.js')).href);
  await tf.init();
  return tensorflowLike('mapling', tf, (action) => action());
}

async function tfjs(folder) {
  const path = join(folder, '@tensorflow/tfjs/dist/tf.node.js');
  if (!existsSync(path)) return undefined;
  const { default: tf } = await import(pathToFileURL(path).href);
  await tf.setBackend('cpu');
  return tensorflowLike('TensorFlow.js, plain JavaScript', tf, tf.tidy);
}

function tensorflowLike(name, tf, tidy) {
  return {
    name,
    prepare: (size) => ({ a: tf.ones([size]), b: tf.ones([size]) }),
    loop: (op, { a, b }, count) =>
      tidy(() => {
        let y;
        for (let i = 0; i < count; i++) y = op === 'relu' ? a.relu() : a[op](b);
        return y.dataSync()[0];
      }),
  };
}

async function jaxjs(folder) {
  const path = join(folder, '@jax-js/jax/dist/index.js');
  if (!existsSync(path)) return undefined;
  const { init, defaultDevice, nn, numpy } = await import(pathToFileURL(path).href);
  await init('wasm');
  defaultDevice('wasm');
  return {
    name: 'jax-js, wasm',
    prepare: (size) => ({ a: numpy.ones([size]), b: numpy.ones([size]) }),
    loop: (op, { a, b }, count) => {
      let y;
      for (let i = 0; i < count; i++) {
        y?.dispose();
        y =
          op === 'relu'
            ? nn.relu(a.ref)
            : op === 'add'
              ? numpy.add(a.ref, b.ref)
              : numpy.multiply(a.ref, b.ref);
      }
      return y.dataSync()[0];
    },
  };
}

const spent = (before) => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

/** The first ops of each library: all kinds in turns. */
function begin(libraries) {
  for (const { name, prepare, loop } of libraries) {
    const inputs = prepare(SIZES[0]);
    const before = process.cpuUsage();
    const end = performance.now() + COLD;
    let count = 0;
    for (; performance.now() < end; count += 100 * OPS.length) for (const op of OPS) loop(op, inputs, 100);
    console.log(
      `the first ${COLD} ms, ${name}: ${((spent(before) * 1000) / count).toFixed(2)} µs an op on ${SIZES[0]} values`,
    );
  }
}

/** Microseconds of processor time per op: the median of rounds of about 50 ms, in turns. */
function race(libraries) {
  for (const size of SIZES) {
    for (const op of OPS) {
      const runs = libraries.map((library) => ({
        library,
        inputs: library.prepare(size),
        count: 100,
        times: [],
      }));
      for (let round = -3; round < ROUNDS; round++) {
        for (const run of runs) {
          const before = process.cpuUsage();
          run.library.loop(op, run.inputs, run.count);
          const time = spent(before);
          if (round >= 0) run.times.push((time * 1000) / run.count);
          else run.count = Math.max(20, Math.min(50_000, Math.round((run.count * 50) / time)));
        }
      }
      for (const { library, times } of runs) {
        console.log(`${op} of ${size} values, ${library.name}: ${median(times).toFixed(2)} µs`);
      }
    }
  }
}

/** What the process is told that runs only this loop. */
const LONG_LOOP = 'long-loop';

/** A million ops on 4 KB, nothing disposed of. */
async function longLoop() {
  const tf = await import(pathToFileURL(at('dist/npm/index.js')).href);
  await tf.init();
  const a = tf.ones([1024]);
  let y = a;
  let most = 0;
  const begun = performance.now();
  for (let i = 0; i < 1_000_000; i++) {
    y = i % 3 === 0 ? a.add(a) : i % 3 === 1 ? y.mul(a) : y.relu();
    if (i % 10_000 === 0) most = Math.max(most, process.memoryUsage().rss);
  }
  const { wasmBytes, budgetBytes } = tf.memory();
  const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  console.log(
    `a million ops on 4 KB: ${(performance.now() - begun).toFixed(0)} ms, wasm ${megabytes(wasmBytes)} (budget ${megabytes(budgetBytes)}), process at most ${megabytes(most)}`,
  );
}

if (isMain(import.meta.url)) {
  main(async () => {
    if (process.argv[2] === LONG_LOOP) return longLoop();
    const folder = process.argv[2] ?? at('node_modules');
    const libraries = [await mapling(), await tfjs(folder), await jaxjs(folder)].filter(Boolean);
    begin(libraries);
    race(libraries);
    // In a process of its own: what the race leaves behind is not the loop's.
    execFileSync(process.execPath, [fileURLToPath(import.meta.url), LONG_LOOP], { stdio: 'inherit' });
  });
}
