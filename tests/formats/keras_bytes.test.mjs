// Nothing of what reads and writes Keras' files is loaded before it is asked for.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { at } from '../../scripts/run.mjs';

test('nothing of it is loaded before it is asked for', () => {
  const folder = at('dist/npm/io/keras');
  const early = ['index.js', '../weight-files.js'].map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
  const imported = early.flatMap((text) =>
    [...text.matchAll(/^import .*'(.+)';$/gm)].map(([, path]) => path),
  );
  const allowed = /^(\.\.\/)+(engine|nn)\/|^\.\.?\/(yielding|(hdf5|zip)\/begins)\.js$/;
  assert.deepEqual(
    imported.filter((path) => !allowed.test(path)),
    [],
  );
  assert.ok(readdirSync(folder).length > 10);
});
