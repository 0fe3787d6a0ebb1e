// What fails for a moment takes nothing away: storage that cannot be read as the page opens, a run that loses what it knew, a
// worker that is not there yet.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { set } from './digit-files.mjs';
import { keptAt, keptRun } from './kept-run.mjs';
import { accuracy, becomes, drop, part, setNumber, value, withoutMnist, withPage } from './page.mjs';
import { collectHearts, teachClass } from './teaching.mjs';

const step = async (page) => Number(await part(page, 'scrubber').getAttribute('data-value'));
const listed = (page) =>
  page.locator('[data-part="run"]').evaluateAll((rows) => rows.map((row) => row.dataset.value));
const besideOnDevice = (page) =>
  page.evaluate(async () => {
    const done = (asked) =>
      new Promise((resolve, reject) => {
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
    const database = await done(indexedDB.open('mapling-page'));
    const keys = await done(database.transaction('beside').objectStore('beside').getAllKeys());
    database.close();
    return keys.length;
  });

/** The page's database fails to open so often, from the next load of the page on. */
const failsToOpen = (page, times) =>
  page.addInitScript((times) => {
    const open = IDBFactory.prototype.open;
    let left = sessionStorage.getItem('fails') === 'no' ? 0 : times;
    IDBFactory.prototype.open = function (...all) {
      if (all[0] === 'mapling-page' && left-- > 0) throw new DOMException('not now', 'UnknownError');
      return open.apply(this, all);
    };
  }, times);

/** A run of one epoch, with another beside it. */
async function twoRuns(page) {
  await becomes(page, 'status', 'ready');
  await setNumber(page, 'epochs', 1);
  for (const seed of [1, 5]) {
    await setNumber(page, 'seed', seed);
    await becomes(page, 'status', 'ready');
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
  }
  await keptAt(page, await step(page));
  await page.waitForTimeout(1000);
}

test('a database that fails once as the page opens: the run is there, and the one beside it', () =>
  withPage(withoutMnist, async (page) => {
    await twoRuns(page);
    const before = await accuracy(page);
    await failsToOpen(page, 1);
    await page.reload();
    await becomes(page, 'status', 'done');
    assert.equal(await accuracy(page), before);
    await page.waitForSelector('[data-part="run"]');
    assert.deepEqual(await listed(page), ['1', '2']);
    await page.waitForTimeout(1000);
    assert.equal(await besideOnDevice(page), 1);
    assert.equal(
      await page.locator('.notice:is([data-kind="keptDamaged"], [data-kind="notKept"])').count(),
      0,
    );
  }));

test('a database that cannot be read as the page opens: a word, nothing is deleted, and the run is offered with the next load', () =>
  withPage(withoutMnist, async (page) => {
    await twoRuns(page);
    const { step: steps } = await keptRun(page);
    await failsToOpen(page, 4);
    await page.reload();
    await becomes(page, 'status', 'ready');
    await page.waitForTimeout(500);
    await page.waitForSelector('.notice[data-kind="keptDamaged"]');
    await part(page, 'step').click();
    await becomes(page, 'status', 'paused');
    await keptAt(page, 1);
    assert.equal(await besideOnDevice(page), 1);
    await page.evaluate(() => sessionStorage.setItem('fails', 'no'));
    await page.reload();
    await becomes(page, 'scrubber', 1);
    await part(page, 'take-offered').click();
    await becomes(page, 'scrubber', steps);
    assert.deepEqual(await listed(page), ['1', '2']);
  }));

const rate = (page) => page.locator('input[name="learningRate"]');

/** A run whose rate soars once it has learned something; gives the step to which it was taken back. */
async function takenBack(page) {
  await becomes(page, 'status', 'ready');
  await part(page, 'play').click();
  await page.waitForFunction(
    () => Number(document.querySelector('[data-part="accuracy"]').dataset.value) > 0.8,
  );
  await rate(page).fill('10');
  await page.waitForFunction(() => /back at step/.test(document.querySelector('.notice')?.textContent));
  return step(page);
}

test('a run that lost what it knew is kept where it was taken back to', () =>
  withPage({ ...withoutMnist, query: '?autostart=0#epochs=40' }, async (page) => {
    const back = await takenBack(page);
    const before = await value(page, 'loss');
    assert.ok(back > 0 && Number(before) < 2.3);
    await keptAt(page, back);
    await page.reload();
    await becomes(page, 'scrubber', back);
    assert.equal(await value(page, 'loss'), before);
    // What came later is not in store for it any more.
    const [, changed = '0'] = /adjust=(\d+)/.exec(await page.evaluate(() => location.hash)) ?? [];
    assert.ok(Number(changed) <= back, `changed at ${changed}, back at ${back}`);
    await rate(page).fill('0.001');
    await page.waitForTimeout(500);
    await part(page, 'play').click();
    await page.waitForFunction(
      (back) => Number(document.querySelector('[data-part="scrubber"]')?.dataset.value) > back + 500,
      back,
    );
    assert.ok(Number(await value(page, 'loss')) < 2.3);
  }));

test('a run that was taken back plays on soundly with the rate of before', () =>
  withPage({ ...withoutMnist, query: '?autostart=0#epochs=40' }, async (page) => {
    const back = await takenBack(page);
    await rate(page).fill('0.001');
    await page.waitForTimeout(600);
    await part(page, 'play').click();
    await page.waitForFunction(
      (back) => Number(document.querySelector('[data-part="scrubber"]')?.dataset.value) > back + 2000,
      back,
    );
    assert.ok(Number(await value(page, 'loss')) < 2.3);
    assert.equal(await page.locator('.notice:is([data-kind="exploded"], [data-kind="stuck"])').count(), 0);
    assert.equal((await listed(page)).length, 2);
  }));

test('files that are dropped before the worker is there are taken once it is', () =>
  withPage({ ...withoutMnist, query: '?autostart=0', context: { serviceWorkers: 'block' } }, async (page) => {
    await page.route(/\.wasm$/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 3000));
      await route.continue();
    });
    await page.reload({ waitUntil: 'commit' });
    await page.waitForSelector('.strip-head');
    await page.waitForTimeout(500);
    assert.equal(await value(page, 'status'), 'loading');
    await drop(
      page,
      set(240, [28, 28], 10, (x, y, at) => ((x * y + at) % 3 ? 0 : 255)),
    );
    await becomes(page, 'dataset', 'file');
    await becomes(page, 'status', 'ready');
    await page.waitForTimeout(1000);
    assert.equal(await value(page, 'dataset'), 'file');
  }));

test('a class of one’s own is there after a reset and a reload', () =>
  withPage({ ...withoutMnist, query: '?autostart=0#epochs=1' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    await collectHearts(page, 6, 'heart');
    await teachClass(page);
    // The run that has led there is left as it was.
    assert.deepEqual(await listed(page), ['1', '2']);
    await part(page, 'reset').click();
    await page.waitForFunction(() => document.querySelector('[data-part="loss"]').dataset.value === '');
    await keptAt(page, 0);
    await page.reload();
    await becomes(page, 'status', 'ready');
    await page.waitForFunction(() => document.querySelectorAll('[data-part="bars"] li').length === 11);
  }));
