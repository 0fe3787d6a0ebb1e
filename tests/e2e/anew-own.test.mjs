// The page starts anew with all of mapling: what is the visitor's own comes along, their digits, their classes, their files.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOfL, set } from './digit-files.mjs';
import { dropKeptFiles, keptAt } from './kept-run.mjs';
import {
  accuracy,
  becomes,
  draw,
  drop,
  part,
  penDigits,
  readDigit,
  setNumber,
  withoutMnist,
  withPage,
} from './page.mjs';
import { collectHearts, heart, teachClass } from './teaching.mjs';

const three = penDigits.find(({ label }) => label === 3).strokes;
const NORMALIZED = 'net=flatten-dense24relu-norm';
/** The page has started anew, in a tab that works with all of mapling. */
const isAnew = (page) =>
  page.waitForFunction(
    () =>
      sessionStorage.getItem('mapling.whole') !== null &&
      performance.getEntriesByType('navigation')[0].type === 'reload',
  );
const paste = (page, hash) =>
  page.evaluate((hash) => {
    location.hash = hash;
  }, hash);
/** What the picture of the network calls its layers. */
const layerNames = async (page) =>
  (await page.locator('.layers .layer b').allTextContents()).map((name) => name.trim());
const barNames = (page) => part(page, 'bars').locator('li').allTextContents();

/** Trains the network to the end of its run. */
async function trained(page) {
  await becomes(page, 'status', 'ready');
  await part(page, 'play').click();
  await becomes(page, 'status', 'done');
}

/** Whether the page trains on the visitor's own digits, where it says so. */
async function trainsOnMine(page) {
  await page.locator('.below').scrollIntoViewIfNeeded();
  await part(page, 'yours').scrollIntoViewIfNeeded();
  await part(page, 'train-on-mine').waitFor();
  return part(page, 'train-on-mine').isChecked();
}

/** A page that knows hearts, and trains on a digit of its visitor's. */
async function withHearts(page) {
  await trained(page);
  await draw(page, three);
  await readDigit(page);
  await page.locator('.truth button').first().click();
  assert.equal(await trainsOnMine(page), false);
  await part(page, 'train-on-mine').check();
  await page.evaluate(() => scrollTo({ top: 0 }));
  await part(page, 'clear').click();
  await collectHearts(page, 12, 'heart');
  await teachClass(page);
}

/** A network of eleven answers that has yet to learn hearts, and learns them; the run that knew them stands beside it. */
async function knowsHearts(page) {
  await becomes(page, 'status', 'ready');
  await page.waitForFunction(() => document.querySelectorAll('[data-part="bars"] li').length === 11);
  assert.match((await barNames(page))[10], /heart/);
  assert.equal(await trainsOnMine(page), true);
  await page.evaluate(() => scrollTo({ top: 0 }));
  await setNumber(page, 'epochs', 2);
  await part(page, 'play').click();
  await becomes(page, 'status', 'done');
  await draw(page, heart(9.5, 10.5));
  await page.waitForFunction(() => document.querySelector('[data-part="guess"]').textContent === 'heart');
}

test('a class of one’s own and digits that are trained on are there when a pasted link starts the page anew', () =>
  withPage({ ...withoutMnist, query: '?autostart=0&data=generated&epochs=1' }, async (page) => {
    await withHearts(page);
    await paste(page, `data=generated&epochs=1&${NORMALIZED}`);
    await isAnew(page);
    await knowsHearts(page);
  }));

test('a class of one’s own stands beside a network of the editor that takes all of mapling, and can be gone back to', () =>
  withPage({ ...withoutMnist, query: '?autostart=0&data=generated&epochs=1' }, async (page) => {
    await withHearts(page);
    await part(page, 'edit-network').click();
    await part(page, 'draft-add').selectOption('BatchNormalization');
    await part(page, 'draft-build').click();
    await page.waitForURL(/-norm/);
    await isAnew(page);
    await knowsHearts(page);
    await part(page, 'run-back').last().click();
    await page.waitForURL(/^[^#]*#(?!.*-norm)/);
    await part(page, 'clear').click();
    await draw(page, heart(9.5, 10.5));
    await page.waitForFunction(() => document.querySelector('[data-part="guess"]').textContent === 'heart');
  }));

/** Digits in files, of which a page with its own module has two runs; the one beside takes all of mapling. */
const digits = set(240, [28, 28], 10, (x, y) => (isOfL(x, y, 28) ? 255 : 0));
async function withFiles(page, server) {
  await becomes(page, 'status', 'ready');
  await drop(page, digits);
  await becomes(page, 'dataset', 'file');
  await paste(page, `epochs=1&${NORMALIZED}`);
  await isAnew(page);
  await becomes(page, 'dataset', 'file');
  await trained(page);
  const before = await accuracy(page);
  await paste(page, 'epochs=1&seed=2');
  await page.waitForFunction(() => document.querySelector('input[name="seed"]').value === '2');
  await becomes(page, 'status', 'ready');
  await part(page, 'step').click();
  await becomes(page, 'status', 'paused');
  await keptAt(page, 1);
  // The runs beside it are kept half a second later.
  await page.waitForTimeout(1500);
  const next = await page.context().newPage();
  await page.close();
  await next.goto(`${server.origin}/some/where/?autostart=0`);
  await becomes(next, 'dataset', 'file');
  await becomes(next, 'status', 'paused');
  assert.equal(await next.evaluate(() => sessionStorage.getItem('mapling.whole')), null);
  await part(next, 'run-back').waitFor();
  return { next, before };
}

test('a class of one’s own beside digits in files is there when a pasted link starts the page anew', () =>
  withPage({ ...withoutMnist, query: '?autostart=0&epochs=1' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await drop(page, digits);
    await becomes(page, 'dataset', 'file');
    await trained(page);
    await collectHearts(page, 12, 'heart');
    await teachClass(page);
    await paste(page, `epochs=1&${NORMALIZED}`);
    await isAnew(page);
    await becomes(page, 'dataset', 'file');
    await becomes(page, 'status', 'ready');
    const names = await barNames(page);
    assert.equal(names.length, 11);
    assert.match(names[10], /heart/);
  }));

test('going back to a run that takes all of mapling brings digits in files along', () =>
  withPage({ ...withoutMnist, query: '?autostart=0' }, async (page, server) => {
    const { next, before } = await withFiles(page, server);
    await part(next, 'run-back').click();
    await isAnew(next);
    await becomes(next, 'dataset', 'file');
    await becomes(next, 'status', 'done');
    assert.equal(await accuracy(next), before);
    assert.match(next.url(), /-norm/);
    assert.deepEqual(await layerNames(next), ['Image', 'Flatten', 'Dense', 'Batch normalization', 'Dense']);
    assert.equal(await part(next, 'run').count(), 2);
    assert.equal(await next.locator('.notice[data-kind="brought"]').count(), 0);
    await part(next, 'run-back').click();
    await becomes(next, 'status', 'paused');
    assert.equal(await part(next, 'scrubber').getAttribute('data-value'), '1');
  }));

for (const language of ['en', 'zh'])
  test(`a run whose digits in files are gone is shown, with a word that says so, in ${language}`, () =>
    withPage({ ...withoutMnist, query: '?autostart=0' }, async (page, server) => {
      const { next } = await withFiles(page, server);
      if (language === 'zh') await next.getByRole('button', { name: /中文/ }).click();
      await next.addInitScript(() => {
        if (sessionStorage.getItem('mapling.whole')) indexedDB.deleteDatabase('mapling-brought');
      });
      await next.evaluate(dropKeptFiles);
      await part(next, 'run-back').click();
      await isAnew(next);
      await next.locator('.notice[data-kind="filesGone"]').waitFor();
      await next
        .locator('.notice')
        .filter({ hasText: language === 'zh' ? /#1 用的那些数字文件不在了/ : /digits of #1 are gone/ })
        .waitFor();
      assert.match(next.url(), /-norm/);
      await becomes(next, 'dataset', 'generated');
      assert.equal((await layerNames(next)).length, 5);
      const steps = await part(next, 'scrubber').getAttribute('data-value');
      assert.ok(Number(steps) > 1, steps);
      await draw(next, three);
      await readDigit(next);
      // It trains on, with the digits that are here.
      await part(next, 'step').click();
      await becomes(next, 'scrubber', Number(steps) + 1);
    }));
