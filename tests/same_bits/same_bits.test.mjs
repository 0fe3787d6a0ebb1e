// The same seed ends with the same weights, bit for bit, on every engine and number of threads.
// `tests/same_bits.rs` holds native Rust to the same hash.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { at } from '../../scripts/run.mjs';
import { launch } from '../browser/chromium.mjs';
import { firefox } from '../browser/firefox.mjs';
import { isolation, serve } from '../browser/serve.mjs';
import { trainedHash } from './recipe.mjs';

const { hash } = JSON.parse(readFileSync(at('tests/same_bits/golden.json'), 'utf8'));

/** An async function's body, for pages: trains on so many threads, of a machine that has at least as many cores. */
const inPage = (threads) => `
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: 8, configurable: true });
  const mapling = await import('/npm/index.js');
  const { trainedHash } = await import('/tests/recipe.mjs');
  const hash = await trainedHash(mapling, { threads: ${threads}, restart: true });
  return { hash, threads: mapling.backend().threads };`;

let server;
before(async () => {
  server = await serve({ '/npm/': at('dist/npm'), '/tests/': at('tests/same_bits') }, { headers: isolation });
});
after(() => server.close());

test('Node ends with the golden bits', async () => {
  assert.equal(await trainedHash(await import('../../dist/npm/index.js')), hash);
});

test('Chromium ends with the golden bits on 1, 2 and 4 threads', async () => {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`${server.origin}/tests/page.html`);
    for (const threads of [1, 2, 4]) {
      assert.deepEqual(await page.evaluate(`(async () => { ${inPage(threads)} })()`), { hash, threads });
    }
  } finally {
    await browser.close();
  }
});

test('Firefox ends with the golden bits on 1, 2 and 4 threads', async () => {
  const browser = await firefox();
  try {
    await browser.open(`${server.origin}/tests/page.html`);
    for (const threads of [1, 2, 4]) {
      assert.deepEqual(await browser.run(inPage(threads)), { hash, threads });
    }
  } finally {
    await browser.close();
  }
});
