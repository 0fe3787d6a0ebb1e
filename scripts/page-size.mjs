// What a visitor downloads of the page, as a server sends it.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { at } from './run.mjs';

const KB = 1024;

/**
 * The page's wasm and JavaScript that must be there before it trains, after gzip, of the largest variant (214.5 KB; 208.8
 * without threads). Of the module that is its first part (scripts/divide.mjs).
 */
const CODE = 215 * KB;
/**
 * All that a first visit needs for its first step: that code, the page itself, its styles and the font of its words; of
 * the largest variant (239.7 KB; 234.0 without threads). Some 30 KB of parts that come later are on the line by then too.
 */
const WHOLE = 240 * KB;

const site = 'dist/www';
const folder = `${site}/assets`;
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

const kilobytes = (bytes) => `${(bytes / KB).toFixed(1)} KB`;
const line = (bytes, what) => console.log(`${kilobytes(bytes).padStart(10)}  ${what}`);

/** Bytes on the line: servers pack texts and modules; fonts are packed already. */
function sent(name) {
  const content = readFileSync(at(`${site}/${name}`));
  return name.endsWith('.woff2') ? content.length : gzipSync(content, { level: 9 }).length;
}

function check(what, totals, budget) {
  const most = Math.max(...totals);
  if (most > budget)
    throw new Error(`${what} is ${kilobytes(most)}, over its budget of ${kilobytes(budget)}`);
}

/**
 * Prints the size of each file. What a page needs from the start is what its script and its worker import, with one
 * variant of the module: its wasm, its JavaScript and, of variants with threads, what the threads run. The rest comes
 * while the page is at work already, or when a visitor asks for it. Throws when the start is over a budget.
 */
export function checkSizes(variants) {
  const files = readdirSync(at(folder)).filter((name) => /\.(js|wasm)$/.test(name));
  const sizes = new Map(files.map((name) => [name, sent(`assets/${name}`)]));
  const sum = (names) => names.reduce((total, name) => total + sizes.get(name), 0);
  const page = readFileSync(at(`${site}/index.html`), 'utf8');
  const [, script] = /<script[^>]*src="\.\/assets\/([^"]+)"/.exec(page);
  const scripts = withImports([script]).map(text).join('');
  const [, worker] = /[`"'](worker-[\w-]+\.js)[`"']/.exec(scripts);
  const always = withImports([script, worker]);
  for (const name of files)
    line(sizes.get(name), `${name}${always.includes(name) ? ', from the start' : ''}`);
  const named = [...page.matchAll(/<link rel="(?:stylesheet|preload)"[^>]*href="\.\/(assets\/[^"]+)"/g)].map(
    ([, name]) => name,
  );
  const around = ['index.html', ...named];
  for (const name of around) line(sent(name), `${name}, from the start`);
  const own = (pattern) => files.filter((name) => pattern.test(name) && !always.includes(name));
  const codes = Object.entries(variants).map(([name, { threads }]) => {
    const total = sum([
      ...always,
      ...own(threads ? RegExp(`^(${name}(_bg)?|crew-worker)-`) : RegExp(`^${name}(_bg)?-`)),
    ]);
    line(total, `the page's wasm and JavaScript with ${name}, gzip`);
    return total;
  });
  const rest = around.reduce((total, name) => total + sent(name), 0);
  const wholes = Object.keys(variants).map((name, at) => {
    line(codes[at] + rest, `the whole first load of a first visit with ${name}`);
    return codes[at] + rest;
  });
  check("the page's code", codes, CODE);
  check('the first load', wholes, WHOLE);
}
