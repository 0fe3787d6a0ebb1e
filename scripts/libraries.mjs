// Libraries that the package brings along, in `dist/npm/vendor`, each with its licence, and of each only what is used. The
// package depends on nothing, and works where no bundler looks for bare names. A licence lies beside its library: bundlers
// keep comments that name one, so that a whole licence would be loaded with each page.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { at } from './run.mjs';

/** Puts a library's licence beside it, and gives the line that says whose the library is, and on what terms. */
function bringLicence(library) {
  const text = readFileSync(at(`node_modules/${library}/LICENSE`), 'utf8');
  const { license } = JSON.parse(readFileSync(at(`node_modules/${library}/package.json`), 'utf8'));
  const owner = /^Copyright .*$/m.exec(text);
  if (!owner) throw new Error(`the licence of ${library} says not whose it is`);
  writeFileSync(at(`dist/npm/vendor/LICENSE-${library}`), text);
  return `/*! ${library}, ${license}. ${owner[0]} */`;
}

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
      bringLicence('papaparse'),
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
  writeFileSync(at('dist/npm/vendor/idb.js'), `${bringLicence('idb')}\n${source}`);
  loadFromHere('io/indexed-db.js', 'idb', 'idb');
}

/** Brings what the package's modules import by name from a library, as one module, and lets them find it. */
async function bringFunctions(library) {
  const taken = new Set();
  const importing = new RegExp(`import \\{([^}]+)\\} from '${library}';`);
  const files = readdirSync(at('dist/npm'), { recursive: true }).filter((name) => name.endsWith('.js'));
  for (const name of files) {
    const file = at(`dist/npm/${name}`);
    const before = readFileSync(file, 'utf8');
    const found = importing.exec(before);
    if (!found) continue;
    for (const part of found[1].split(',')) taken.add(part.replace(/ as .*|\s/g, ''));
    const path = relative(dirname(file), at(`dist/npm/vendor/${library}.js`)).replaceAll('\\', '/');
    writeFileSync(
      file,
      before.replace(importing, (text) => text.replace(`'${library}'`, `'${path}'`)),
    );
  }
  if (taken.size === 0) throw new Error(`nothing in js/ imports ${library}`);
  const entry = at(`dist/npm/vendor/${library}.entry.js`);
  writeFileSync(entry, `export { ${[...taken].sort().join(', ')} } from '${library}';\n`);
  try {
    // Loaded here because the scripts begin before `npm ci` has run.
    const { build } = await import('rolldown');
    const { output } = await build({ input: entry, write: false, output: { format: 'es', minify: true } });
    writeFileSync(at(`dist/npm/vendor/${library}.js`), `${bringLicence(library)}\n${output[0].code}`);
  } finally {
    rmSync(entry);
  }
}

/** All libraries. */
export async function bringLibraries() {
  mkdirSync(at('dist/npm/vendor'), { recursive: true });
  bringPapaParse();
  bringIdb();
  await bringFunctions('pbf');
}
