// How much a page loads when it reads or writes Keras' files: nothing before, and little then.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { at } from '../../scripts/run.mjs';

/** The bytes of a module with what it loads beside the rest of the package, small as a page gets it, after gzip. */
async function bytesOf(entry) {
  const isThere = (id) => /^(\.\.\/)+(nn|engine|tensor|train|grad|wasm)\//.test(id);
  const [{ output }] = await build({
    configFile: false,
    root: at('.'),
    logLevel: 'error',
    build: {
      write: false,
      lib: { entry: at(`dist/npm/io/keras/${entry}.js`), formats: ['es'] },
      rolldownOptions: { external: isThere, output: { codeSplitting: false, minify: true } },
    },
  });
  return gzipSync(output[0].code, { level: 9 }).length;
}

/** What reads architectures knows Keras' operations too. */
const MOST = { 'read-archive': 15.5, 'write-archive': 12, legacy: 13.5, 'weight-file': 12 };
for (const [entry, most] of Object.entries(MOST)) {
  test(`${entry}: at most ${most} KB after gzip, zip and HDF5 included`, async () => {
    const bytes = await bytesOf(entry);
    console.log(`# ${entry}: ${(bytes / 1024).toFixed(1)} KB`);
    assert.ok(bytes <= most * 1024, `${bytes} bytes`);
  });
}

test('nothing of it is loaded before it is asked for', () => {
  const folder = at('dist/npm/io/keras');
  const early = ['index.js', 'weight-files.js'].map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
  const imported = early.flatMap((text) =>
    [...text.matchAll(/^import .*'(.+)';$/gm)].map(([, path]) => path),
  );
  const allowed = /^\.\.\/\.\.\/(engine|nn)\/|^\.\/weight-files\.js$|^\.\.\/hdf5\/begins\.js$/;
  assert.deepEqual(
    imported.filter((path) => !allowed.test(path)),
    [],
  );
  assert.ok(readdirSync(folder).length > 10);
});
