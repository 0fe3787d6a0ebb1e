// CONTRIBUTING.md tells a newcomer the places that a new part needs: they are there, under the names that it uses. And
// places that only readers and programs in TypeScript see hold what they ought to, since nothing else would miss it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
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
  assert.ok(pairs.length > 10, `${pairs.length} names`);
  for (const [, name, path] of pairs) {
    const word = new RegExp(`\\b${name}\\b`);
    assert.ok(
      meant(path).some((file) => word.test(read(file))),
      `there is no \`${name}\` in ${path}`,
    );
  }
});

test('README lists each class of layers', () => {
  const table = /^layers! \{(.*?)^\}/ms.exec(read('src/nn/mod.rs'))[1];
  const classes = table.replace(/"[^"]*"/g, '').match(/\w+/g);
  assert.ok(classes.length > 80, `${classes.length} classes`);
  const list = /^- Layers: (.*)$/m.exec(read('README.md'))[1];
  const words = new Set(list.match(/\w+/g));
  // A family that exists in several dimensions is listed once: `MaxPooling (1D, 2D, 3D)`.
  const lacking = classes.filter((name) => !words.has(name) && !words.has(name.replace(/[123]D$/, '')));
  assert.deepEqual(lacking, [], `the list of layers in README.md lacks ${lacking.join(', ')}`);
});

test('programs in TypeScript can name the settings of each layer', () => {
  const folder = 'js/nn/layers';
  // What other types are made of need not be named.
  const declared = readdirSync(at(folder)).flatMap((name) => {
    const text = read(`${folder}/${name}`);
    const types = [...text.matchAll(/^export interface (\w+Args)\b/gm)].map(([, type]) => type);
    return types.filter((type) => !new RegExp(`(extends|=) ${type}\\b`).test(text));
  });
  assert.ok(declared.length > 30, `${declared.length} types`);
  const index = read('js/index.ts');
  const lacking = declared.filter((type) => !new RegExp(`\\b${type}\\b`).test(index));
  assert.deepEqual(lacking, [], `js/index.ts does not export ${lacking.join(', ')}`);
});
