// Every exported name has a test with a value. `scripts/test.mjs` runs this after the other files of this folder, which
// wrote down what they compared (see mapling.mjs) into the folder that MAPLING_COMPARED names.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { exported } from './exported.mjs';
import { INTERNAL } from './internal.mjs';
import { unrecorded } from './mapling.mjs';

/** Members whose names begin or end with an underscore are the package's own. */
const isOwn = ({ name }) => /#_|_$/.test(name);

/** Something to try methods on. */
const instances = { Tensor: () => unrecorded.tensor([1]), Sequential: () => unrecorded.sequential() };

/** Names that are there only to say that they are not. */
function refuses({ name, owner, key }) {
  const [type, method] = name.split('#');
  const { value, get } = Object.getOwnPropertyDescriptor(owner, key);
  const call = value ?? get;
  if (typeof call !== 'function') return false;
  // What `nearest.ts` puts in the place of members that are missing.
  if (/throw refusal\(/.test(call.original ?? call)) return true;
  // Methods of tensors on symbols, which have no values.
  if (type === 'SymbolicTensor' && /a symbol has no values/.test(call.original ?? call)) return true;
  if (method && !instances[type]) return /^\w+\(\)\s*{\s*throw new Error/.test(call.original);
  try {
    const answer = call.call(method ? instances[type]() : owner);
    // What is awaited by nobody must not fail unheard.
    if (typeof answer?.catch === 'function') answer.catch(() => {});
  } catch ({ message }) {
    return /not in mapling/.test(message);
  }
  return false;
}

const folder = process.env.MAPLING_COMPARED;
const compared = new Set(
  readdirSync(folder).flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8'))),
);
const all = exported(unrecorded);

test('every exported function, method and property has a test with a value', () => {
  const untested = all
    .filter((one) => !isOwn(one) && !compared.has(one.name) && !INTERNAL.includes(one.name) && !refuses(one))
    .map(({ name }) => name);
  const advice =
    'no test in tests/js calls these and compares a value after that, without an error in between: an op takes a row ' +
    'in tests/js/oracle, a layer, loss or metric one in tests/oracle or a test by hand';
  assert.deepEqual(untested, [], `${advice}: ${untested.join(', ')}`);
});

test('the list of internal names holds no name that is gone', () => {
  const names = new Set(all.map(({ name }) => name));
  assert.deepEqual(
    INTERNAL.filter((name) => !names.has(name)),
    [],
  );
});
