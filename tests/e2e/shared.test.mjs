// The page as others meet it: previews of links, its foot, and what it may run.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { at } from '../../scripts/run.mjs';
import { becomes, firstLoss, part, withPage } from './page.mjs';

const html = readFileSync(at('dist/www/index.html'), 'utf8');
const meta = (name) =>
  new RegExp(`<meta\\s+(?:name|property|http-equiv)="${name}"\\s+content="([^"]*)"`).exec(html)?.[1];

test('a link to the page is previewed with a title, a description and a picture that is there', () => {
  assert.match(/<title>([^<]*)<\/title>/.exec(html)[1], /mapling/);
  assert.ok(meta('description').length > 80 && meta('description').length < 320);
  assert.match(meta('og:title'), /mapling/);
  assert.ok(meta('og:description').length > 80);
  assert.equal(meta('twitter:card'), 'summary_large_image');
  const picture = readFileSync(at(`dist/www/${meta('og:image')}`));
  assert.equal(picture.toString('latin1', 1, 4), 'PNG');
  assert.deepEqual([picture.readUInt32BE(16), picture.readUInt32BE(20)], [1200, 630]);
  assert.ok(picture.length < 300_000);
});

test('the foot leads to source, documentation, npm and licences, and names whose digits MNIST is', () =>
  withPage({ missing: (path) => path.includes('/mnist/') }, async (page) => {
    await becomes(page, 'status', 'ready');
    const foot = page.getByRole('contentinfo');
    for (const name of ['Source', 'Documentation', 'npm']) {
      const address = await foot.getByRole('link', { name, exact: true }).getAttribute('href');
      assert.match(address, /^https:\/\//, name);
    }
    assert.equal(await foot.getByRole('link', { name: 'Licences' }).getAttribute('href'), './licences.txt');
    assert.match(await foot.textContent(), /LeCun.*Cortes.*Burges/);
    assert.ok(existsSync(at('dist/www/licences.txt')));
    const licences = readFileSync(at('dist/www/licences.txt'), 'utf8');
    for (const part of ['mapling', 'preact', 'uplot', 'papaparse', 'IBM Plex', 'MNIST', 'OPEN FONT LICENSE'])
      assert.ok(licences.toLowerCase().includes(part.toLowerCase()), part);
  }));

test('the page may run nothing but its own files, and no text as code', async () => {
  const policy = meta('Content-Security-Policy').replaceAll('&#39;', "'");
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src 'self' 'wasm-unsafe-eval'(;|$)/);
  assert.doesNotMatch(policy, /'unsafe-eval'|'unsafe-inline'|\*|https?:/);
  await withPage({}, async (page) => {
    const refused = [];
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) refused.push(message.text());
    });
    await page.reload();
    await becomes(page, 'status', 'ready');
    await part(page, 'step').click();
    await firstLoss(page);
    await page.getByRole('button', { name: /Chinese/ }).click();
    await page.waitForSelector('.foot');
    assert.deepEqual(refused, []);
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.ran = true';
      document.body.append(script);
      return window.ran === true;
    });
    assert.equal(ran, false, 'a script that stands in the page ran');
  });
});
