// The package under test. Every file in this folder takes `mapling`, `test` and `assert` from here, so that it is known
// which exported names have a test with a value: a name counts once it was called, came back without an error, and a
// value was compared after that in the same test. `every_export.mjs` looks at what they wrote down.
import nodeAssert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test as nodeTest } from 'node:test';
import { pathToFileURL } from 'node:url';
import { at } from '../../scripts/run.mjs';
import { record } from './exported.mjs';

/** Another module of the same names may be tried by the same tests: TensorFlow.js, an older build. */
export const entry = pathToFileURL(process.env.MAPLING_ENTRY ?? at('dist/npm/index.js')).href;

/** The package as it is: for tests of errors, which compare no value. */
export const unrecorded = await import(entry);

const called = new Set();
const compared = new Set();
/** Files that call everything with nonsense turn this off: being refused is no value. */
export const recording = { on: true };
export const mapling = record(unrecorded, called);

await unrecorded.init();

export const test = (name, body) =>
  nodeTest(name, async (context) => {
    called.clear();
    await body(context);
  });

const COMPARE = /^(ok|equal|notEqual|deepEqual|strictEqual|deepStrictEqual|match)$/;
const recorded = (name, check) =>
  COMPARE.test(name)
    ? (...args) => {
        check(...args);
        if (recording.on) for (const one of called) compared.add(one);
      }
    : check;
export const assert = Object.fromEntries(
  Object.entries(nodeAssert).map(([name, check]) => [name, recorded(name, check)]),
);

/** A folder that `scripts/test.mjs` names. */
const folder = process.env.MAPLING_COMPARED;
if (folder) {
  process.on('exit', () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${basename(process.argv[1])}.json`), JSON.stringify([...compared]));
  });
}
