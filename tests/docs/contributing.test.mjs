// CONTRIBUTING.md tells a newcomer the places that a new part needs: they are there, under the names that it uses. And
// places that only readers and programs in TypeScript see hold what they ought to, since nothing else would miss it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { layerClasses, lists } from '../../scripts/layer-lists.mjs';
import { at } from '../../scripts/run.mjs';

const read = (path) => readFileSync(at(path), 'utf8');
const contributing = read('CONTRIBUTING.md');

const FOLDERS = ['.ci', 'benches', 'docs', 'examples', 'js', 'scripts', 'src', 'tests', 'www'];
const NOT_OURS = /(^|\/)(node_modules|target)(\/|$)|^(js|www)\/wasm\/|^www\/public\//;
const files = FOLDERS.flatMap((folder) =>
  readdirSync(at(folder), { recursive: true, withFileTypes: true })
    .map(({ parentPath, path, name }) => `${parentPath ?? path}/${name}`.replaceAll('\\', '/'))
    .map((path) => path.slice(path.lastIndexOf(`/${folder}/`) + 1)),
).filter((path) => !NOT_OURS.test(path));
const all = [...FOLDERS, ...files, ...readdirSync(at('.'))];

/** The files and folders that a path may mean, which may leave out how it begins. */
const meant = (path) => all.filter((one) => one === path || one.endsWith(`/${path}`));

test('each file and folder that CONTRIBUTING names is there', () => {
  const named = [...contributing.matchAll(/`([\w./-]+)`/g)]
    .map(([, path]) => path.replace(/\/$/, ''))
    .filter((path) => /\/|\.(rs|ts|tsx|mjs|py|toml|md)$/.test(path));
  assert.ok(named.length > 60, `${named.length} paths`);
  // It is made by a script, and never committed.
  const missing = named.filter((path) => path !== 'www/public/mnist' && meant(path).length === 0);
  assert.deepEqual(missing, []);
});

test('each name that CONTRIBUTING says is in a file stands there', () => {
  const pairs = [...contributing.matchAll(/`(\w+)` in `([\w./-]+\.\w+)`/g)];
  assert.ok(pairs.length > 8, `${pairs.length} names`);
  for (const [, name, path] of pairs) {
    const word = new RegExp(`\\b${name}\\b`);
    assert.ok(
      meant(path).some((file) => word.test(read(file))),
      `there is no \`${name}\` in ${path}`,
    );
  }
});

test('what follows from the table of layers is as the build writes it', () => {
  assert.ok(layerClasses().length > 80, `${layerClasses().length} classes`);
  for (const { file, is, should } of lists()) assert.equal(is, should, `${file}: run npm run build`);
  const list = /^- Layers: ([^.]*)\./m.exec(read('README.md'))[1];
  assert.match(list, /^Dense, .*\bGlobalMaxPooling \(1D, 2D, 3D\), .*\bLSTM, .*\bNormalization$/);
});

// Parts that nothing else in the library speaks of: where their names stand are the places that CONTRIBUTING counts.
test('an op of each value is in three places, a layer in four', () => {
  assert.match(contributing, /An op that computes each value by itself is written in three places\./);
  assert.match(contributing, /A layer is written in four places, or in three if its file is there:/);
  // Formats are recipes of their own; what the build writes is no place.
  const sources = files.filter((path) => /^(src|js)\/(?!io\/)(?!.*\btests\b).*\.(rs|ts)$/.test(path));
  const named = (word) => sources.filter((path) => new RegExp(`\\b(${word})\\b`).test(read(path))).sort();
  assert.deepEqual(named('atanh'), ['js/tensor/unary.ts', 'src/kernels/scalar.rs', 'src/ops/unary.rs']);
  const name = 'group_normalization|GroupNormalization|groupNormalization';
  assert.deepEqual(
    named(name).filter((path) => path !== 'js/nn/class-names.ts'),
    ['js/nn/layers/normalization.ts', 'src/nn/layers/group_normalization.rs', 'src/nn/layers/mod.rs'],
  );
  const rows = read('src/nn/layers/mod.rs').match(new RegExp(`^.*\\b(${name})\\b.*$`, 'gm'));
  assert.deepEqual(
    rows.map((row) => row.trim()),
    ['mod group_normalization;', 'group_normalization: GroupNormalization;'],
  );
});

test('programs in TypeScript can name the settings of each layer', () => {
  const folder = 'js/nn/layers';
  const [index, all] = [read('js/index.ts'), read(`${folder}/all.ts`)];
  assert.match(index, /^export type \* from '\.\/nn\/layers\/all\.js';$/m);
  let families = 0;
  const lacking = readdirSync(at(folder)).flatMap((name) => {
    const text = read(`${folder}/${name}`);
    const from = `from './${name.replace(/ts$/, 'js')}';`;
    // A family's file is exported with all of its types.
    if (/^export default \{$/m.test(text)) {
      families++;
      assert.doesNotMatch(
        text,
        /^export (const|function|class|\{)/m,
        `${folder}/${name}: functions are the default`,
      );
      return all.includes(`export type * ${from}`) ? [] : [`all.ts: export type * ${from}`];
    }
    // What other types are made of need not be named.
    const types = [...text.matchAll(/^export interface (\w+Args)\b/gm)].map(([, type]) => type);
    return types
      .filter((type) => !new RegExp(`\\b${type}\\b`).test(index))
      .map((type) => `index.ts: ${type}`);
  });
  assert.ok(families > 10, `${families} families`);
  assert.deepEqual(lacking, []);
});
