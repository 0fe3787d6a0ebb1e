// The page as others meet it: previews of links, its foot, and what it may run.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { at } from '../../scripts/run.mjs';
import { nothingSerious } from './axe.mjs';
import { keptAt } from './kept-run.mjs';
import {
  becomes,
  draw,
  firstLoss,
  part,
  penDigits,
  phone,
  readDigit,
  value,
  withoutMnist,
  withPage,
} from './page.mjs';

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

test('who reads no scripts finds the whole path: eight lessons, in English and in Chinese, that make way for the page', async () => {
  const list = [
    ...html.matchAll(/<a href="#lesson=(\w+)">([^<]+)<\/a>: [^<]{20,} <span lang="zh-CN">[^<]{8,}<\/span>/g),
  ];
  const names = ['line', 'neurons', 'backwards', 'tutorial', 'pictures', 'sequences', 'better', 'why'];
  assert.deepEqual(
    list.map(([, name]) => name),
    names,
  );
  await withPage(withoutMnist, async (page) => {
    await part(page, 'lessons').waitFor();
    assert.equal(await page.locator('.opening').count(), 0);
    // The page's own bar says the same, in the same order.
    const links = await part(page, 'lessons')
      .locator('a[href^="#lesson="]')
      .evaluateAll((all) =>
        all.map((link) => [link.hash.slice('#lesson='.length), link.lastChild.textContent.trim()]),
      );
    assert.deepEqual(
      links.slice(1),
      list.map(([, name, title]) => [name, title]),
    );
  });
});

/** How many pixels of a part of the card differ from the pixel in its corner. */
const inkOnCard = (page, [left, top, width, height]) =>
  part(page, 'card').evaluate(
    (canvas, [left, top, width, height]) => {
      const { data } = canvas.getContext('2d').getImageData(left, top, width, height);
      const at = (pixel) => data.slice(4 * pixel, 4 * pixel + 3).join();
      let count = 0;
      for (let pixel = 0; pixel < width * height; pixel++) if (at(pixel) !== at(0)) count++;
      return count;
    },
    [left, top, width, height],
  );

test('a result is shared as a card: a PNG with the digit, the accuracy and the curve, and a link that trains it again', () =>
  withPage({ ...withoutMnist, query: '?autostart=0#lesson=tutorial&seed=7&epochs=1' }, async (page) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await becomes(page, 'status', 'ready');
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    const [share] = /[\d.]+ %/.exec(await page.locator('.small-accuracy').textContent());
    await part(page, 'share-button').click();
    await part(page, 'card').waitFor();
    const frame = [90, 90, 360, 360];
    assert.equal(await inkOnCard(page, frame), 0, 'nothing was drawn');
    await page.keyboard.press('Escape');
    await part(page, 'card').waitFor({ state: 'detached' });

    await draw(page, penDigits.find(({ label }) => label === 3).strokes);
    await page.waitForFunction(() => document.querySelector('[data-part="guess"]').textContent.trim() !== '');
    await part(page, 'share-button').click();
    await part(page, 'card').waitFor();
    const said = await part(page, 'card').getAttribute('aria-label');
    assert.ok(said.startsWith(`It reads ${share} of digits`), said);
    // While the page does not know what is no digit, how sure the network is says nothing.
    assert.match(said, /My drawing: \d(, (> )?\d+\.\d % sure)?$/);
    assert.doesNotMatch(said, /100\.0\s% sure/);
    assert.ok((await inkOnCard(page, frame)) > 3000, 'the drawing');
    assert.ok((await inkOnCard(page, [540, 310, 588, 150])) > 1500, 'the curve');
    await nothingSerious(page, 'the card');

    const coming = page.waitForEvent('download');
    await part(page, 'download').click();
    const download = await coming;
    assert.equal(download.suggestedFilename(), 'mapling.png');
    const file = readFileSync(await download.path());
    assert.equal(file.toString('latin1', 1, 4), 'PNG');
    assert.deepEqual([file.readUInt32BE(16), file.readUInt32BE(20)], [1200, 630]);
    assert.ok(file.length > 10_000, `${file.length} bytes`);

    const link = await part(page, 'link').inputValue();
    const { origin, pathname, hash } = new URL(link);
    assert.equal(`${origin}${pathname}`, await page.evaluate(() => location.origin + location.pathname));
    const settings = Object.fromEntries(new URLSearchParams(hash.slice(1)));
    assert.equal(settings.seed, '7');
    assert.equal(settings.epochs, '1');
    assert.equal('lesson' in settings, false);
    await part(page, 'copy-link').click();
    await page.getByText('The link is copied.').waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
  }));

test('the link of a network that was taught does not promise to make it again', () =>
  withPage({ ...withoutMnist, query: '?autostart=0#epochs=1' }, async (page) => {
    const promise = async () => {
      await part(page, 'share-button').click();
      const text = await page.locator('label[for="share-link"]').textContent();
      await part(page, 'share').getByRole('button').first().click();
      return text;
    };
    await becomes(page, 'status', 'ready');
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    assert.match(await promise(), /to the same bits/);
    await draw(page, penDigits[3].strokes);
    await readDigit(page);
    await page.locator('.truth button').nth(1).click();
    await page.locator('.teach-digits button:not([disabled])').first().click();
    await page.locator('[data-part="taught"][data-after]').waitFor();
    assert.match(await promise(), /does not stand in it/);
    await keptAt(page, Number(await value(page, 'scrubber')));
    await page.waitForTimeout(500);
    await page.reload();
    await becomes(page, 'status', 'done');
    assert.match(await promise(), /does not stand in it/);
    await part(page, 'reset').click();
    await becomes(page, 'status', 'ready');
    assert.match(await promise(), /to the same bits/);
  }));

test('a phone hands the card to its own list of programs, in Chinese too', () =>
  withPage({ ...withoutMnist, context: { ...phone, locale: 'zh-CN', colorScheme: 'dark' } }, async (page) => {
    await page.evaluate(() => {
      navigator.canShare = () => true;
      navigator.share = async ({ files, ...rest }) => {
        globalThis.shared = { ...rest, name: files[0].name, type: files[0].type, size: files[0].size };
      };
    });
    await becomes(page, 'status', 'ready');
    await part(page, 'share-button').click();
    await page.getByRole('button', { name: '分享……' }).click();
    await page.waitForFunction(() => globalThis.shared);
    const shared = await page.evaluate(() => globalThis.shared);
    assert.equal(shared.type, 'image/png');
    assert.ok(shared.size > 5000);
    assert.match(shared.url, /#.*seed=\d/);
    assert.match(shared.title, /浏览器/);
    const dialog = await part(page, 'share').boundingBox();
    assert.ok(dialog.x >= 0 && dialog.x + dialog.width <= 390);
    await nothingSerious(page, 'the card in Chinese');
  }));
