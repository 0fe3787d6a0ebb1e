// The kept steps of runs survive a reload and a killed tab, within a budget, and storage may go away under the page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptAfter, keptAt, keptRun, keptSteps, stepsAreKept } from './kept-run.mjs';
import { becomes, part, setNumber, value, withoutMnist, withPage } from './page.mjs';
import { watchWorkers } from './workers.mjs';

const slider = (page) => part(page, 'scrubber');
const stepNow = async (page) => Number(await slider(page).getAttribute('data-value'));
const stepCount = async (page) => Number(await slider(page).getAttribute('data-kept'));

/** Trains so many epochs to the end, and waits until all steps lie on the device. */
async function trained(page, epochs) {
  await becomes(page, 'status', 'ready');
  await setNumber(page, 'epochs', epochs);
  await part(page, 'play').click();
  await becomes(page, 'status', 'done', 120_000);
  await keptAt(page, await stepNow(page));
  await stepsAreKept(page, await stepCount(page));
}

/** Notes how long each write to the database holds up the page, and how many bytes of steps it hands over. */
const watchWrites = (page) =>
  page.addInitScript(() => {
    globalThis.writes = [];
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...args) {
      const began = performance.now();
      const asked = put.apply(this, args);
      const { model } = args[0].mark ?? {};
      const values = [model?.weights, ...(model?.optimizerState?.values ?? [])];
      const bytes = values.reduce((sum, one) => sum + (one?.byteLength ?? 0), 0);
      globalThis.writes.push({ name: this.name, took: performance.now() - began, bytes });
      return asked;
    };
  });

test('after a reload time turns back to any earlier step, and playing on ends with the same bits', (t) =>
  withPage(withoutMnist, async (page) => {
    await watchWrites(page);
    await page.reload();
    await trained(page, 2);
    const first = await keptRun(page);
    const [last, count] = [await stepNow(page), await stepCount(page)];
    const steps = await keptSteps(page);
    const writes = await page.evaluate(() => globalThis.writes.filter(({ name }) => name === 'marks'));
    // A machine that is busy elsewhere stops the clock of one write or another: the claim is about those in the middle.
    const times = writes.map(({ took }) => took).sort((one, other) => one - other);
    const [middle, longest] = [times[times.length >> 1], times.at(-1)];
    const bytes = writes.reduce((sum, one) => sum + one.bytes, 0);
    assert.ok(middle < 50, `a write holds the page up for ${middle} ms`);
    const began = Date.now();
    await page.reload();
    await becomes(page, 'status', 'done');
    const resumed = Date.now() - began;
    await page.waitForFunction(
      (count) => Number(document.querySelector('[data-part="scrubber"]')?.dataset.kept) >= count,
      count,
    );
    t.diagnostic(
      `${steps.length} steps, ${(bytes / 1e6).toFixed(1)} MB in ${writes.length} writes of ${middle.toFixed(1)} ms, ` +
        `${longest.toFixed(1)} at most; ${resumed} ms from reload to the resumed step, ${Date.now() - began} ms to all steps`,
    );
    assert.equal(await stepNow(page), last);
    for (const presses of [Math.floor(count / 2), count]) {
      await slider(page).focus();
      for (let at = 0; at < presses; at++) await page.keyboard.press('ArrowLeft');
      await page.waitForFunction(() =>
        ['paused', 'ready'].includes(document.querySelector('[data-part="status"]').dataset.value),
      );
      assert.ok((await stepNow(page)) < last);
      await part(page, 'play').click();
      await becomes(page, 'status', 'done');
      const again = await keptAfter(page, first.at, last);
      assert.equal(again.hash, first.hash);
      first.at = again.at;
    }
  }));

test('a killed tab leaves its steps to the next visit, and a fresh run takes them off the device', () =>
  withPage({ ...withoutMnist, query: '#epochs=30' }, async (page, server) => {
    await becomes(page, 'status', 'training');
    await stepsAreKept(page, 8);
    await page.waitForFunction(() => Number(document.querySelector('[data-part="kept"]')?.dataset.value) > 0);
    await page.close();
    const next = await page.context().newPage();
    await next.goto(`${server.origin}/some/where/`);
    await becomes(next, 'status', 'training');
    await next.waitForFunction(
      () => Number(document.querySelector('[data-part="scrubber"]')?.dataset.kept) >= 5,
    );
    await part(next, 'pause').click();
    await becomes(next, 'status', 'paused');
    await slider(next).focus();
    await next.keyboard.press('Home');
    await next.keyboard.press('ArrowRight');
    await next.waitForFunction(
      () => Number(document.querySelector('[data-part="scrubber"]')?.dataset.value) > 0,
    );
    await becomes(next, 'status', 'paused');
    await part(next, 'reset').click();
    await becomes(next, 'status', 'ready');
    // A network that has not been trained is one step, made of its seed.
    for (let tries = 0; (await keptSteps(next)).length !== 1 && tries < 100; tries++)
      await next.waitForTimeout(100);
    assert.equal((await keptSteps(next)).length, 1);
    await next.close();
  }));

test('a run beside the present one keeps some of its steps', () =>
  withPage(withoutMnist, async (page) => {
    await trained(page, 1);
    await page.locator('input[name="learningRate"]').fill('0.003');
    await becomes(page, 'status', 'ready');
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    await keptAt(page, await stepNow(page));
    await stepsAreKept(page, await stepCount(page));
    await page.waitForTimeout(1000);
    await page.reload();
    await becomes(page, 'status', 'done');
    await page.waitForSelector('[data-part="run"]');
    await page.waitForFunction(
      () => Number(document.querySelector('[data-part="scrubber"]')?.dataset.kept) > 2,
    );
    await page.waitForTimeout(500);
    await page.locator('[data-part="run-back"]').click();
    await page.waitForFunction(() => document.querySelector('input[name="learningRate"]').value === '0.001');
    await becomes(page, 'status', 'done');
    const count = await stepCount(page);
    assert.ok(count > 3 && count <= 9, `${count} steps`);
    await slider(page).focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await becomes(page, 'status', 'paused');
    assert.ok(Number(await value(page, 'loss')) > 0);
  }));

test('storage that is cleared under the page is filled again', () =>
  withPage(withoutMnist, async (page) => {
    await trained(page, 1);
    const [first, count] = [await keptRun(page), await stepCount(page)];
    await page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const asked = indexedDB.deleteDatabase('mapling-page');
          asked.onsuccess = resolve;
          asked.onerror = reject;
        }),
    );
    await stepsAreKept(page, count);
    const again = await keptAfter(page, first.at, first.step);
    assert.equal(again.hash, first.hash);
    await page.reload();
    await becomes(page, 'status', 'done');
    assert.equal(await stepNow(page), first.step);
  }));

test('where there is no room for steps a word says so, and where the run stands is kept', () =>
  withPage(withoutMnist, async (page) => {
    await page.addInitScript(() => {
      const { put } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.put = function (...args) {
        if (this.name === 'marks') throw new DOMException('there is no room', 'QuotaExceededError');
        return put.apply(this, args);
      };
    });
    await page.reload();
    await becomes(page, 'status', 'ready');
    await setNumber(page, 'epochs', 1);
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    const last = await stepNow(page);
    await keptAt(page, last);
    await page.waitForFunction(() =>
      /no room there for earlier steps/.test(document.querySelector('[data-part="kept"]').textContent),
    );
    assert.deepEqual(await keptSteps(page), []);
    await page.reload();
    await becomes(page, 'status', 'done');
    assert.equal(await stepNow(page), last);
  }));

test('a database of an earlier build is taken over, and a record of none is told of', () =>
  withPage(withoutMnist, async (page) => {
    await trained(page, 1);
    const first = await keptRun(page);
    for (const isOdd of [false, true]) {
      // Another page of the same origin, on which nobody writes.
      const blank = await page.context().newPage();
      await blank.goto(`${page.url().split(/[?#]/)[0]}icon.svg`);
      await blank.evaluate(async () => {
        globalThis.done = (asked) =>
          new Promise((resolve, reject) => {
            asked.onsuccess = () => resolve(asked.result);
            asked.onerror = () => reject(asked.error);
          });
        const now = await globalThis.done(indexedDB.open('mapling-page'));
        [globalThis.run] = await globalThis.done(now.transaction('runs').objectStore('runs').getAll());
        now.close();
      });
      await page.goto('about:blank');
      // The database as the first build had it, the run in its form or in one that no build has written.
      await blank.evaluate(async (isOdd) => {
        const { done, run } = globalThis;
        await done(indexedDB.deleteDatabase('mapling-page'));
        const opening = indexedDB.open('mapling-page', 1);
        opening.onupgradeneeded = () => {
          opening.result.createObjectStore('runs', { keyPath: 'tab' });
          opening.result.createObjectStore('drawings', { keyPath: 'tab' });
          opening.result.createObjectStore('beside', { keyPath: ['tab', 'number'] });
        };
        const made = await done(opening);
        const { names: _, ...older } = run;
        const written = isOdd ? { ...older, history: null } : older;
        await done(made.transaction('runs', 'readwrite').objectStore('runs').put(written));
        made.close();
      }, isOdd);
      const home = blank.url().replace('icon.svg', '?autostart=0');
      await blank.close();
      await page.goto(home);
      if (isOdd) {
        await page.waitForSelector('.notice[data-kind="keptDamaged"]');
        await becomes(page, 'status', 'ready');
      } else {
        await becomes(page, 'status', 'done');
        assert.equal(await stepNow(page), first.step);
        await keptAt(page, first.step);
      }
    }
  }));

test('a worker that is killed while a checkpoint is written: the run goes on, and is kept again', () =>
  withPage(withoutMnist, async (page) => {
    await page.addInitScript(watchWorkers);
    await page.reload();
    await becomes(page, 'status', 'ready');
    await setNumber(page, 'epochs', 20);
    await part(page, 'play').click();
    await becomes(page, 'status', 'training');
    await page.waitForFunction(() => Number(document.querySelector('[data-part="kept"]')?.dataset.value) > 0);
    // The worker dies with an error at the moment at which it is asked for a checkpoint.
    await page.evaluate(() => {
      for (const worker of globalThis.workers) {
        worker.terminate();
        worker.dispatchEvent(new ErrorEvent('error', { message: 'killed' }));
      }
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await page.waitForSelector('.notice[data-kind="restarted"]');
    await becomes(page, 'status', 'training');
    await part(page, 'pause').click();
    await becomes(page, 'status', 'paused');
    const at = await stepNow(page);
    await keptAt(page, at);
    await page.reload();
    await becomes(page, 'status', 'paused');
    assert.equal(await stepNow(page), at);
  }));
