// What bundlers leave out of the packed package, and what they must not.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { requireTool } from '../../scripts/tools.mjs';
import { installPacked } from './packed.mjs';
import { project } from './project.mjs';

let installed;
before(() => {
  installed = installPacked();
});
after(() => installed.remove());

test('a module that is imported for what it does is not said to do nothing', () => {
  const folder = join(installed.folder, 'node_modules', 'mapling');
  const { sideEffects } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const does = (name) =>
    sideEffects.some((one) => name.startsWith(one.replace(/^\.\//, '').replace(/\*$/, '')));
  const lost = new Set();
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith('.js')) continue;
    for (const [, other] of readFileSync(join(folder, name), 'utf8').matchAll(/^import '(\..*?)';$/gm)) {
      const file = normalize(join(dirname(name), other));
      if (!does(file)) lost.add(file);
    }
  }
  assert.deepEqual([...lost], []);
});

test('what a program does not use is left out', async () => {
  const made = project('esbuild', installed, {});
  /** Bytes after gzip of the files that a page loads before a program runs, without the glue of the module. */
  const bytes = async (contents) => {
    const { metafile, outputFiles, warnings } = await requireTool('esbuild').build({
      stdin: { contents, resolveDir: made.folder, sourcefile: 'program.js' },
      absWorkingDir: made.folder,
      bundle: true,
      format: 'esm',
      minify: true,
      splitting: true,
      entryNames: '[name]',
      outdir: 'out',
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    assert.deepEqual(warnings, []);
    const loaded = new Set();
    const load = (name) => {
      if (loaded.has(name)) return;
      loaded.add(name);
      for (const { path, kind } of metafile.outputs[name].imports)
        if (kind === 'import-statement') load(path);
    };
    load('out/stdin.js');
    const files = outputFiles.filter(({ path }) => [...loaded].some((name) => path.endsWith(name)));
    assert.equal(files.length, loaded.size);
    return files.reduce((sum, { contents }) => sum + gzipSync(contents).length, 0);
  };
  try {
    const all = await bytes("import * as all from 'mapling'; await all.init(); console.log(all);");
    const add = await bytes("import { add, init } from 'mapling'; await init(); console.log(add(1, 2));");
    const trainer = await bytes("import { createTrainer } from 'mapling/trainer'; await createTrainer();");
    console.log(`# gzip: all ${all}, one op ${add}, the page's side of a trainer ${trainer}`);
    assert.ok(add < 0.75 * all, `${add} bytes for one op, ${all} for all`);
    assert.ok(trainer < 0.25 * all, `${trainer} bytes for a trainer, ${all} for all`);
  } finally {
    made.remove();
  }
});

test('what models do with files is kept, though a program names nothing of it', async () => {
  const made = project('esbuild', installed, {});
  try {
    const { metafile } = await requireTool('esbuild').build({
      stdin: {
        contents: "import { sequential } from 'mapling'; console.log(sequential);",
        resolveDir: made.folder,
      },
      absWorkingDir: made.folder,
      bundle: true,
      format: 'esm',
      splitting: true,
      outdir: 'out',
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    // `model.save(address)`, and Keras' files in `model.loadWeights(bytes)`.
    const loaded = Object.keys(metafile.outputs['out/stdin.js'].inputs);
    for (const name of ['places', 'weight-files'])
      assert.ok(
        loaded.some((file) => file.endsWith(`mapling/io/${name}.js`)),
        name,
      );
  } finally {
    made.remove();
  }
});
