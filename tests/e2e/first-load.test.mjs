// What the first load asks a server for: nothing twice, and a font that has every letter that the page shows in English.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { at } from '../../scripts/run.mjs';
import { options } from '../browser/chromium.mjs';
import { serve } from '../browser/serve.mjs';
import { becomes, firstLoss, part, phone, value, withServiceWorker as withPage } from './page.mjs';

const missing = (path) => path.includes('/mnist/');
const isLate = (path) => missing(path) || /_rest/.test(path);
/** A server that lets browsers keep files, as hosts of sites do. */
const keeping = { 'cache-control': 'max-age=600' };
const twice = (requests) => [...new Set(requests.filter((path, at) => requests.indexOf(path) !== at))];

/** Opens the page and gives what is asked for from the first request on. */
const visit = (site, body) =>
  withPage({ query: '', missing, ...site }, (page, server) => body(page, server.requests));

for (const context of [{}, phone])
  test(`until the first step no file crosses the line twice, ${context.isMobile ? 'on a phone' : 'at a desk'}`, () =>
    visit({ context }, async (page, requests) => {
      await firstLoss(page);
      // Parts that come a little later bring styles too.
      await page.waitForSelector('.foot');
      await page.waitForSelector('.u-over');
      // What waits for the rest of the module may ask for it while it is on its way; hosts that let browsers keep files send
      // it once all the same (the test below).
      const asked = requests.filter((path) => !path.includes('/mnist/') && !path.includes('_rest'));
      assert.deepEqual(twice(asked), []);
      assert.equal(requests.filter((path) => path.endsWith('.woff2')).length, 1);
    }));

test('training begins without the rest of the module', () =>
  visit({ missing: isLate }, async (page) => {
    assert.ok((await firstLoss(page)) > 0);
  }));

test('what nobody holds waits for the rest, which has what frees it, and training goes on once that has come', async () => {
  const { args, ...more } = options();
  const browser = await chromium.launch({ ...more, args: [...args, '--js-flags=--expose-gc'] });
  let isMissing = isLate;
  const server = await serve({ '/': at('dist/www') }, { missing: (path) => isMissing(path) });
  try {
    const page = await browser.newPage();
    const thrown = [];
    page.on('pageerror', (error) => thrown.push(String(error)));
    await page.goto(server.origin);
    await firstLoss(page);
    for (let times = 0; times < 10; times++) {
      for (const worker of page.workers()) await worker.evaluate(() => globalThis.gc());
      await wait(100);
    }
    const before = await value(page, 'loss');
    isMissing = missing;
    await page.waitForFunction(
      (before) => document.querySelector('[data-part="loss"]').dataset.value !== before,
      before,
    );
    assert.equal(await value(page, 'status'), 'training');
    assert.deepEqual(thrown, []);
  } finally {
    await browser.close();
    await server.close();
  }
});

test('what is kept for visits without a network comes from the browser’s own store where the page has loaded it', () =>
  visit({ headers: keeping }, async (page, requests) => {
    await firstLoss(page);
    const isKept = () =>
      page.evaluate(async () => {
        const name = (await caches.keys()).find((name) => name.startsWith('mapling-page '));
        const files = name ? await (await caches.open(name)).keys() : [];
        return files.some(({ url }) => url.endsWith('licences.txt'));
      });
    while (!(await isKept())) await wait(200);
    assert.deepEqual(twice(requests.filter((path) => path.includes('/assets/'))), []);
  }));

/** The ranges of each face of the page's font, as the build writes them; the later goes before the earlier. */
const faces = () => {
  const [style] = readdirSync(at('dist/www/assets')).filter((name) => /^page-.*\.css$/.test(name));
  const text = readFileSync(at(`dist/www/assets/${style}`), 'utf8');
  return [...text.matchAll(/@font-face\{[^}]*url\(\.\/([^)]+)\)[^}]*unicode-range:([^}]+)\}/g)].map(
    ([, file, range]) => ({ file, range }),
  );
};

/** The characters for which a font has a picture, by its `cmap`, in the form (4) of all that are not above 65535. */
async function charactersIn(file) {
  const { default: fontverter } = await import('fontverter');
  const font = await fontverter.convert(readFileSync(at(file)), 'sfnt');
  const tables = Array.from({ length: font.readUInt16BE(4) }, (_, at) => 12 + 16 * at);
  const line = tables.find((at) => font.toString('latin1', at, at + 4) === 'cmap');
  const cmap = font.subarray(font.readUInt32BE(line + 8));
  const forms = Array.from({ length: cmap.readUInt16BE(2) }, (_, at) =>
    cmap.subarray(cmap.readUInt32BE(4 + 8 * at + 4)),
  );
  const form = forms.find((form) => form.readUInt16BE(0) === 4);
  const size = form.readUInt16BE(6);
  const found = new Set();
  for (let at = 0; at < size; at += 2) {
    const [last, first] = [form.readUInt16BE(14 + at), form.readUInt16BE(16 + size + at)];
    for (let code = first; code <= last && code < 0xffff; code++) found.add(String.fromCodePoint(code));
  }
  return found;
}

/** What the page's sources say, but for what is Chinese. */
const english = () =>
  ['index.html', ...readdirSync(at('www/src'), { recursive: true }).map((name) => `src/${name}`)]
    .filter((name) => /\.(html|tsx?|mjs|py)$/.test(name) && !/\/(zh|chinese)[.-]/.test(name))
    .map((name) => readFileSync(at(`www/${name}`), 'utf8'))
    .join('');

test('the font that comes with the page has every character of the English words that the whole font has', async () => {
  const [seldom, first] = faces();
  const whole = await charactersIn(
    'node_modules/@fontsource-variable/ibm-plex-sans/files/ibm-plex-sans-latin-wght-normal.woff2',
  );
  const inFirst = await charactersIn(`dist/www/assets/${first.file}`);
  const inSeldom = await charactersIn(`dist/www/assets/${seldom.file}`);
  const shown = [...new Set(english())].filter((one) => whole.has(one));
  assert.ok(shown.length > 95 && shown.includes('−') && shown.includes('’'));
  assert.deepEqual(
    shown.filter((one) => !inFirst.has(one)),
    [],
  );
  // What visitors may write has a picture where it had one: accents that stand by themselves had none.
  const lost = [...whole].filter((one) => !inFirst.has(one) && !inSeldom.has(one) && !/\p{M}/u.test(one));
  assert.deepEqual(lost, []);
});

test('the rest of the font comes when somebody writes with it, in the same typeface', () =>
  visit({}, async (page, requests) => {
    await becomes(page, 'status', 'training');
    await page.waitForSelector('.foot');
    await part(page, 'pause').click();
    const fonts = () => requests.filter((path) => path.endsWith('.woff2'));
    assert.equal(fonts().length, 1);
    await page.getByRole('button', { name: /中文/ }).click();
    await page.waitForFunction(() => document.documentElement.lang.startsWith('zh'));
    await wait(300);
    assert.equal(fonts().length, 1, 'Chinese words ask for characters that are seldom shown');
    await page.evaluate(async () => {
      document.querySelector('h1').append('Ürün');
      await document.fonts.ready;
    });
    while (fonts().length < 2) await wait(50);
    assert.match(fonts()[1], /seldom-mapling-sans/);
  }));
