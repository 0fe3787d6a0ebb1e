// What a visitor downloads of the page, after gzip.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { at } from './run.mjs';

/**
 * The page's wasm and JavaScript that must be there before it trains and reads digits, in bytes after gzip, of the
 * largest variant (253 KB; 247 without threads). The aim is 235 KB, then 215. Where there is no MNIST yet, 28 KB more
 * draw digits.
 */
const budget = 254 * 1024;
const folder = 'dist/www/assets';

const text = (name) => readFileSync(at(`${folder}/${name}`), 'utf8');

/** These files and those that they import before their first line runs. */
function withImports(names) {
  const all = new Set(names);
  for (const name of all) {
    for (const [, other] of text(name).matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([\w.-]+\.js)["']/g))
      all.add(other);
  }
  return [...all];
}

/**
 * Prints the size of each file. What a page needs from the start is what its script and its worker import, with one
 * variant of the module: its wasm, its JavaScript and, of variants with threads, what the threads run. The rest comes
 * while the page is at work already, or when a visitor asks for it. Throws when the start is over the budget.
 */
export function checkSizes(variants) {
  const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
  const files = readdirSync(at(folder)).filter((name) => /\.(js|wasm)$/.test(name));
  const sizes = new Map(
    files.map((name) => [name, gzipSync(readFileSync(at(`${folder}/${name}`)), { level: 9 }).length]),
  );
  const sum = (names) => names.reduce((total, name) => total + sizes.get(name), 0);
  const [, page] = /<script[^>]*src="\.\/assets\/([^"]+)"/.exec(
    readFileSync(at('dist/www/index.html'), 'utf8'),
  );
  const scripts = withImports([page]).map(text).join('');
  const [, worker] = /[`"'](worker-[\w-]+\.js)[`"']/.exec(scripts);
  const always = withImports([page, worker]);
  for (const name of files)
    console.log(
      `${kilobytes(sizes.get(name)).padStart(10)}  ${name}${always.includes(name) ? ', from the start' : ''}`,
    );
  const totals = Object.entries(variants).map(([name, { threads }]) => {
    const own = files.filter(
      (file) => new RegExp(`^${name}(_bg)?-`).test(file) || (threads && file.startsWith('crew-worker-')),
    );
    const total = sum(always) + sum(own.filter((file) => !always.includes(file)));
    console.log(`${kilobytes(total).padStart(10)}  the page's wasm and JavaScript with ${name}, gzip`);
    return total;
  });
  const most = Math.max(...totals);
  if (most > budget)
    throw new Error(`the page's code is ${kilobytes(most)}, over its budget of ${kilobytes(budget)}`);
}
