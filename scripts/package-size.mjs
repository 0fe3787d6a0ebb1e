// How large the package is when a program uses all of it: what a bundler makes of it, after gzip.
import { gzipSync } from 'node:zlib';
import { at, isMain, main } from './run.mjs';

/** The whole library with one variant, in bytes after gzip (561 KB). The aim is 270 KB. */
const budget = 561 * 1024;

/** The module that engines with SIMD load, and its JavaScript. */
const core = /^mapling(_bg)?\./;
/** The JavaScript of a module, which comes a second time for the workers that are its threads. */
const glue = /^(mapling|threads|fast|fast_threads)\.js$/;

async function parts() {
  // Not imported above: on a fresh clone it is there only once everything is set up.
  const { build } = await import('vite');
  const { output } = await build({
    configFile: false,
    logLevel: 'error',
    root: at('dist/npm'),
    worker: { format: 'es' },
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      assetsInlineLimit: 0,
      rolldownOptions: { input: at('dist/npm/index.js'), preserveEntrySignatures: 'strict' },
    },
  });
  // What the entry imports is there from the start; formats of files and readers of tables come when they are asked for.
  const first = new Set([output.find(({ isEntry }) => isEntry).fileName]);
  for (const name of first) {
    const { imports = [] } = output.find(({ fileName }) => fileName === name);
    for (const other of imports) first.add(other);
  }
  const found = new Map();
  for (const { fileName, code, source } of output) {
    const name = fileName.replace(/^assets\/|-[\w-]{8}(?=\.)/g, '');
    const bytes = gzipSync(code ?? source, { level: 9 }).length;
    // Other files of one name are different ones.
    const key = glue.test(name) ? name : fileName;
    if (!found.has(key)) found.set(key, { name, bytes, isFirst: first.has(fileName) || core.test(name) });
  }
  return [...found.values()];
}

/** Prints the parts of the package, and what the first variant and all JavaScript take; throws beyond the budget. */
export async function checkPackage() {
  const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(10);
  const all = await parts();
  for (const { name, bytes, isFirst } of all)
    console.log(`${kilobytes(bytes)}  the package's ${name}${isFirst ? '' : ', when it is asked for'}`);
  const whole = all.filter(({ isFirst }) => isFirst).reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(
    `${kilobytes(whole)}  the whole library with one variant, gzip; other variants and formats of files beside it`,
  );
  if (whole > budget)
    throw new Error(
      `the package is ${kilobytes(whole).trim()}, over its budget of ${kilobytes(budget).trim()}`,
    );
}

if (isMain(import.meta.url)) main(checkPackage);
