// Libraries that the package brings along, in `dist/npm/vendor`, each with its licence, and of each only what is used. The
// package depends on nothing, and works where no bundler looks for bare names.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { at } from './run.mjs';

const licenceOf = (library) => readFileSync(at(`node_modules/${library}/LICENSE`), 'utf8').trim();

/** The lines of comment that a file begins with: who wrote it, and on what terms. */
const termsOf = (file) =>
  readFileSync(at(`node_modules/${file}`), 'utf8')
    .split(/\n(?!\/\/)/)[0]
    .replace(/^\/\/ ?/gm, '');

/** Lets a module of the package load a library by `import()` from where it lies in the package. */
function loadFromHere(user, library, to) {
  const path = at(`dist/npm/${user}`);
  const before = readFileSync(path, 'utf8');
  const after = before.replace(`import('${library}')`, `import('../vendor/${to}.js')`);
  if (after === before) throw new Error(`${user} does not load ${library} by import()`);
  writeFileSync(path, after);
}

/** Papa Parse, a script for many kinds of loaders, of which it finds the one that is offered here. */
function bringPapaParse() {
  const source = readFileSync(at('node_modules/papaparse/papaparse.min.js'), 'utf8');
  writeFileSync(
    at('dist/npm/vendor/papaparse.js'),
    [
      `/*!\n${licenceOf('papaparse')}\n*/`,
      'const module = { exports: {} };',
      'const { exports } = module;',
      'const define = undefined;',
      `(function () {\n${source}\n}).call(globalThis);`,
      'export default module.exports;\n',
    ].join('\n'),
  );
  loadFromHere('data/table-parser.js', 'papaparse', 'papaparse');
}

/** The library for IndexedDB, which is one module. */
function bringIdb() {
  const source = readFileSync(at('node_modules/idb/build/index.js'), 'utf8');
  writeFileSync(at('dist/npm/vendor/idb.js'), `/*!\n${licenceOf('idb')}\n*/\n${source}`);
  loadFromHere('io/indexed-db.js', 'idb', 'idb');
}

/** Brings what the package's modules import by name from a library, as one module, and lets them find it. */
async function bringFunctions({ from, to, licence }) {
  const taken = new Set();
  const importing = new RegExp(`import \\{([^}]+)\\} from '${from}';`);
  const files = readdirSync(at('dist/npm'), { recursive: true }).filter((name) => name.endsWith('.js'));
  for (const name of files) {
    const file = at(`dist/npm/${name}`);
    const before = readFileSync(file, 'utf8');
    const found = importing.exec(before);
    if (!found) continue;
    for (const part of found[1].split(',')) taken.add(part.replace(/ as .*|\s/g, ''));
    const path = relative(dirname(file), at(`dist/npm/vendor/${to}.js`)).replaceAll('\\', '/');
    writeFileSync(
      file,
      before.replace(importing, (text) => text.replace(`'${from}'`, `'${path}'`)),
    );
  }
  if (taken.size === 0) throw new Error(`nothing in js/ imports ${from}`);
  const entry = at(`dist/npm/vendor/${to}.entry.js`);
  writeFileSync(entry, `export { ${[...taken].sort().join(', ')} } from '${from}';\n`);
  try {
    // Loaded here because the scripts begin before `npm ci` has run.
    const { build } = await import('rolldown');
    const { output } = await build({ input: entry, write: false, output: { format: 'es', minify: true } });
    writeFileSync(at(`dist/npm/vendor/${to}.js`), `/*!\n${licence()}\n*/\n${output[0].code}`);
  } finally {
    rmSync(entry);
  }
}

/** All libraries. */
export async function bringLibraries() {
  mkdirSync(at('dist/npm/vendor'), { recursive: true });
  bringPapaParse();
  bringIdb();
  await bringFunctions({ from: 'fflate', to: 'fflate', licence: () => licenceOf('fflate') });
  const wire = '@bufbuild/protobuf/dist/esm/wire';
  await bringFunctions({
    from: '@bufbuild/protobuf/wire',
    to: 'protobuf-wire',
    licence: () =>
      [...new Set(['binary-encoding', 'varint'].map((name) => termsOf(`${wire}/${name}.js`)))].join('\n\n'),
  });
}
