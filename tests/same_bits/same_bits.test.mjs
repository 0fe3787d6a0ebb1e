// The same seed ends with the same weights, bit for bit. `tests/same_bits.rs` holds native Rust to the same hash.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { at } from '../../scripts/run.mjs';
import { launch } from '../browser/chromium.mjs';
import { firefox } from '../browser/firefox.mjs';
import { serve } from '../browser/serve.mjs';
import { trainedHash } from './recipe.mjs';

const { hash } = JSON.parse(readFileSync(at('tests/same_bits/golden.json'), 'utf8'));
const inPage = `
  const mapling = await import('/npm/index.js');
  const { trainedHash } = await import('/tests/recipe.mjs');
  return trainedHash(mapling);`;

let server;
before(async () => {
  server = await serve({ '/npm/': at('dist/npm'), '/tests/': at('tests/same_bits') });
});
after(() => server.close());

test('Node ends with the golden bits', async () => {
  assert.equal(await trainedHash(await import('../../dist/npm/index.js')), hash);
});

test('Chromium ends with the golden bits', async () => {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`${server.origin}/tests/page.html`);
    assert.equal(await page.evaluate(`(async () => { ${inPage} })()`), hash);
  } finally {
    await browser.close();
  }
});

test('Firefox ends with the golden bits', async () => {
  const browser = await firefox();
  try {
    await browser.open(`${server.origin}/tests/page.html`);
    assert.equal(await browser.run(inPage), hash);
  } finally {
    await browser.close();
  }
});
