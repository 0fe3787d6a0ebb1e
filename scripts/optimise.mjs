// What comes after the compiler: wasm-opt, the order of functions, and the page's modules in two parts.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { divide } from './divide.mjs';
import { firstPart, isInBoth } from './first-part.mjs';
import { nameByOrder } from './function-order.mjs';
import { at, run } from './run.mjs';

/** Where the rest of a module lies that came in two parts. */
export const restOf = (file) => file.replace(/_bg\.wasm$/, '_rest.wasm');

/** What rustc emits by default for wasm32 besides SIMD, so that wasm-opt accepts it. */
const instructions = ({ threads, relaxed } = {}) =>
  [
    'simd',
    'bulk-memory',
    'multivalue',
    'mutable-globals',
    'nontrapping-float-to-int',
    'reference-types',
    'sign-ext',
    ...(threads ? ['threads'] : []),
    ...(relaxed ? ['relaxed-simd'] : []),
  ].map((name) => `--enable-${name}`);

/**
 * The last passes over a module. Below address 1024 lies only the last of a stack of a megabyte: no load or store
 * need care that an offset might lead there by overflow. Functions stay as they are written, even if only one calls
 * them; notes on the tools are left out.
 */
const passes = [
  '--low-memory-unused',
  '-O3',
  '--one-caller-inline-max-function-size=20',
  '--strip-producers',
  '--strip-target-features',
];

const wasmOpt = (file, variant, how, ...passes) =>
  run(at('node_modules/.bin/wasm-opt'), [...passes, ...instructions(variant), file, '-o', file], how);

/** What wasm-opt makes of a module; functions that have much in common stand side by side: a twentieth less after gzip. */
export async function optimise(file, variant, how) {
  await wasmOpt(file, variant, how, ...passes);
  nameByOrder(file);
  await wasmOpt(file, variant, how, ...passes, '--reorder-functions-by-name');
}

export const optimiseWithNames = (file, variant, how) =>
  wasmOpt(file, variant, how, ...passes, '--debuginfo');

/**
 * Divides a module, and tells its JavaScript where the rest is. What of the first part the rest does not call
 * leaves nothing behind in it. `linked` is the module as the linker wrote it.
 */
export async function optimiseInParts(file, glue, name, { linked, variant }, how) {
  await optimiseWithNames(file, variant, how);
  const { first, rest } = divide(file, firstPart(), isInBoth, linked);
  const restFile = restOf(file);
  writeFileSync(file, first);
  writeFileSync(restFile, rest);
  await wasmOpt(restFile, variant, how, '--remove-unused-module-elements', '--debuginfo');
  for (const part of [file, restFile]) {
    nameByOrder(part);
    await wasmOpt(
      part,
      variant,
      how,
      '--reorder-functions-by-name',
      '--strip-producers',
      '--strip-target-features',
    );
  }
  appendFileSync(glue, readFileSync(at('scripts/rest-loader.js'), 'utf8').replaceAll('NAME', name));
}
