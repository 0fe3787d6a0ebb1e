// The table of TensorFlow.js' API in docs/COMPATIBILITY.md says what the package has, and why not what it has not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { counts, pages } from '../../scripts/compatibility.mjs';
import { at } from '../../scripts/run.mjs';
import { table } from '../tfjs/offered.mjs';

// The package as it is: what is recorded of calls would stand in the place of its functions.
const tf = await import(pathToFileURL(at('dist/npm/auto.js')).href);

test('each name of TensorFlow.js that is not here says what there is instead', () => {
  const unsaid = table(tf).flatMap(({ names }) =>
    names.filter(({ here, inside, why }) => !here && !inside && !why).map(({ name }) => name),
  );
  assert.deepEqual(unsaid, []);
});

test('the table in docs/COMPATIBILITY.md is what scripts/compatibility.mjs writes', () => {
  const { is, should } = pages(tf);
  assert.equal(is, should, 'run node scripts/compatibility.mjs');
});

test('of layers, models, training and tensors most is here; the counts', (context) => {
  const parts = counts(tf);
  for (const { part, all, here } of parts) context.diagnostic(`${part}: ${here} of ${all}`);
  const wanted = ['tensors', 'gradients and memory', 'layers', 'models and layers', 'training', 'data'];
  const [here, all] = ['here', 'all'].map((key) =>
    parts.filter(({ part }) => wanted.includes(part)).reduce((sum, one) => sum + one[key], 0),
  );
  context.diagnostic(`${here} of ${all}, ${((100 * here) / all).toFixed(1)} %`);
  assert.ok(here / all >= LEAST, `${here} of ${all}`);
});
const LEAST = 0.94;
