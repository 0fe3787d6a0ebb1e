// Libraries that the package brings along, in `dist/npm/vendor`, each with its licence, and of each only what is used. The
// package depends on nothing, and works where no bundler looks for bare names. A licence lies beside its library: bundlers
// keep comments that name one, so that a whole licence would be loaded with each page.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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

/** All libraries. */
export function bringLibraries() {
  mkdirSync(at('dist/npm/vendor'), { recursive: true });
  bringPapaParse();
  bringIdb();
}
