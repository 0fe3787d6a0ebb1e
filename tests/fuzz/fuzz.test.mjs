// Everything that the package exports, called with arguments that fit, half fit or make no sense: each call is answered, or
// refused by one of the package's errors, and harms nothing. `node tests/fuzz/run.mjs --calls N --seed S` makes more calls.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { told } from './run.mjs';

const CALLS = 50_000;
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_128);
/** What memory may grow by in bytes: tables that fill up to their limits, and what the engine compiles. */
const GROWTH = 48 * 2 ** 20;

/** Makes calls in a process of their own, which a call that hangs does not keep. */
function fuzz(...args) {
  const program = fileURLToPath(new URL('./run.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, '--json', '--seed', String(SEED), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more) => {
    text += more;
  });
  return new Promise((resolve) => child.on('close', () => resolve(JSON.parse(text))));
}

test(`${CALLS} calls with odd arguments end in an answer or in an error with a code, and a canary lives on`, async () => {
  const { faults, done, names, heaps } = await fuzz('--calls', String(CALLS), '--workers', '2');
  assert.equal(faults.length, 0, faults.map((fault) => told(SEED, fault)).join('\n'));
  assert.equal(done, CALLS);
  // Names are found by themselves: far fewer would mean that the walk through the exports is broken.
  assert.ok(names > 1000, `only ${names} names were found`);
  for (const heap of heaps) {
    // The first fifth fills caches.
    const [early, late] = [heap[1], heap.at(-1)].map(({ bytes, core }) => bytes + core);
    assert.ok(late < early + GROWTH, `memory grew from ${early} to ${late} bytes: ${JSON.stringify(heap)}`);
  }
});
