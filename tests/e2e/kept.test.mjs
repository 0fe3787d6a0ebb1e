// Nothing is lost: a run survives a reload, a killed tab and a tab that was duplicated, and storage may be refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estrange, keptAfter, keptAt, keptRun } from './kept-run.mjs';
import {
  accuracy,
  becomes,
  draw,
  part,
  penDigits,
  readDigit,
  seenPicture,
  setNumber,
  value,
  withoutMnist,
  withPage,
} from './page.mjs';

const home = (server) => `${server.origin}/some/where/`;
const step = async (page) => Number(await part(page, 'scrubber').getAttribute('data-value'));

/** Waits until something of a run that is under way is kept. */
const keptInTheMiddle = (page) =>
  page.waitForFunction(
    () => Number(document.querySelector('[data-part="kept"]')?.dataset.value) > 0,
    undefined,
    { timeout: 60_000 },
  );

/** The end of a run with these settings that nobody disturbs. */
async function undisturbed(page, settings) {
  const context = await page.context().browser().newContext();
  const other = await context.newPage();
  await other.goto(`${page.url().split(/[?#]/)[0]}${settings}`);
  await becomes(other, 'status', 'done', 120_000);
  await keptAt(other, await step(other));
  const end = await keptRun(other);
  await context.close();
  return end;
}

test('killed in the middle of an epoch, a run goes on by itself to the same bits', () =>
  withPage({ ...withoutMnist, query: '#epochs=8' }, async (page, server) => {
    await becomes(page, 'status', 'training');
    await keptInTheMiddle(page);
    const kept = await keptRun(page);
    assert.ok(kept.step > 0 && kept.goesOn);
    await page.close();
    const next = await page.context().newPage();
    await next.goto(home(server));
    await next.waitForFunction(() => document.querySelector('[data-part="epochs"]')?.value === '8');
    await becomes(next, 'status', 'training');
    assert.ok((await step(next)) > 0);
    await becomes(next, 'status', 'done', 120_000);
    const last = await step(next);
    const end = await keptAfter(next, kept.at, last);
    const whole = await undisturbed(next, '#epochs=8');
    assert.equal(end.hash, whole.hash);
    assert.equal(last, 8 * 375);
  }));

test('a reload keeps curves, settings, drawing, accuracy and a pause', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    // So many that it has not ended before it is paused.
    await setNumber(page, 'epochs', 40);
    await setNumber(page, 'seed', 7);
    await draw(page, penDigits[0].strokes);
    await readDigit(page);
    const picture = await seenPicture(page);
    await part(page, 'play').click();
    await becomes(page, 'status', 'training');
    await page.waitForFunction(
      () => Number(document.querySelector('[data-part="accuracy"]').dataset.value) > 0,
    );
    await part(page, 'pause').click();
    await becomes(page, 'status', 'paused');
    const at = await step(page);
    await keptAt(page, at);
    const before = {
      accuracy: await accuracy(page),
      loss: Number(await value(page, 'loss')),
      epochs: await part(page, 'epochs').inputValue(),
      seed: await part(page, 'seed').inputValue(),
      hash: (await keptRun(page)).hash,
    };
    await page.reload();
    await becomes(page, 'status', 'paused');
    await keptAt(page, at);
    assert.deepEqual(
      {
        accuracy: await accuracy(page),
        loss: Number(await value(page, 'loss')),
        epochs: await part(page, 'epochs').inputValue(),
        seed: await part(page, 'seed').inputValue(),
        hash: (await keptRun(page)).hash,
      },
      before,
    );
    assert.equal(await step(page), at);
    // The address spells the drawing too, in whole units, and that is what a link shows.
    await readDigit(page);
    const now = await seenPicture(page);
    const apart = now.reduce((sum, value, at) => sum + Math.abs(value - picture[at]), 0);
    const ink = picture.reduce((sum, value) => sum + value, 0);
    assert.ok(ink > 0 && apart < 0.1 * ink, `${apart} of ${ink} apart`);
    assert.equal(await page.locator('.chart-waiting').count(), 0, 'there are curves');
  }));

test('the runs beside it are kept too, with their names, and can be gone back to', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    await setNumber(page, 'epochs', 1);
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    const first = await accuracy(page);
    await page.locator('input[name="learningRate"]').fill('0.003');
    await becomes(page, 'status', 'ready');
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    const name = page.locator('[data-part="run-name"]').first();
    await name.fill('slow');
    await name.press('Tab');
    await keptAt(page, await step(page));
    await page.waitForTimeout(1500);
    await page.reload();
    await becomes(page, 'status', 'done');
    await page.waitForSelector('[data-part="run"]');
    assert.equal(await page.locator('[data-part="run"]').count(), 2);
    assert.equal(await page.locator('[data-part="run-name"]').first().inputValue(), 'slow');
    await page.locator('[data-part="run-back"]').click();
    await page.waitForFunction(() => document.querySelector('input[name="learningRate"]').value === '0.001');
    await becomes(page, 'status', 'done');
    assert.equal(await accuracy(page), first);
  }));

test('a link with other settings wins over what is kept', () =>
  withPage({ ...withoutMnist, query: '#epochs=8' }, async (page, server) => {
    await becomes(page, 'status', 'training');
    await keptInTheMiddle(page);
    await page.close();
    const next = await page.context().newPage();
    await next.goto(`${home(server)}?autostart=0#seed=3`);
    await becomes(next, 'status', 'ready');
    assert.equal(await part(next, 'seed').inputValue(), '3');
    assert.equal(await value(next, 'loss'), '');
  }));

test('runs of two tabs that were closed stay, though one of them comes back on each of many visits', () =>
  withPage(withoutMnist, async (page, server) => {
    const context = page.context();
    let tab = page;
    for (const seed of [1, 5]) {
      if (seed > 1) tab = await context.newPage();
      await tab.goto(`${home(server)}?autostart=0#epochs=1&seed=${seed}`);
      await becomes(tab, 'status', 'ready');
      await part(tab, 'play').click();
      await becomes(tab, 'status', 'done');
      await keptAt(tab, await step(tab));
    }
    for (const one of context.pages()) await one.close();
    for (let visit = 0; visit < 5; visit++) {
      const next = await context.newPage();
      await next.goto(home(server));
      await becomes(next, 'status', 'done');
      assert.equal(await part(next, 'seed').inputValue(), '5');
      await keptAt(next, 375);
      await next.waitForTimeout(300);
      if (visit < 4) {
        await next.close();
        continue;
      }
      // A second tab has the other run.
      const second = await context.newPage();
      await second.goto(home(server));
      await becomes(second, 'status', 'done');
      assert.equal(await part(second, 'seed').inputValue(), '1');
    }
  }));

test('a tab that was duplicated goes on with the run, and neither writes over the other', () =>
  withPage({ ...withoutMnist, query: '#epochs=8' }, async (page, server) => {
    await becomes(page, 'status', 'training');
    await keptInTheMiddle(page);
    await part(page, 'pause').click();
    await becomes(page, 'status', 'paused');
    await keptAt(page, await step(page));
    const tab = await page.evaluate(() => sessionStorage.getItem('mapling.tab'));
    const kept = await keptRun(page);
    // A copy of a tab begins with a copy of what the tab remembers.
    const copy = await page.context().newPage();
    await copy.addInitScript((name) => {
      if (!sessionStorage.getItem('mapling.tab')) sessionStorage.setItem('mapling.tab', name);
    }, tab);
    await copy.goto(home(server));
    await becomes(copy, 'status', 'done', 120_000);
    await keptAt(copy, await step(copy));
    assert.notEqual(await copy.evaluate(() => sessionStorage.getItem('mapling.tab')), tab);
    assert.equal((await keptRun(page)).hash, kept.hash);
    assert.notEqual((await keptRun(copy)).hash, kept.hash);
  }));

test('a run of other digits is offered, not forced', () =>
  withPage(withoutMnist, async (page, server) => {
    await becomes(page, 'status', 'ready');
    await setNumber(page, 'epochs', 2);
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    await keptAt(page, await step(page));
    const ended = await accuracy(page);
    // A page that is left keeps its run once more.
    await page.goto(`${home(server)}icon.svg`);
    await estrange(page);
    await page.goto(`${home(server)}?autostart=0`);
    await becomes(page, 'status', 'ready');
    await part(page, 'take-offered').waitFor();
    assert.match(await part(page, 'kept').textContent(), /other digits taught \(MNIST, 750 steps\)/);
    assert.equal(await accuracy(page), 0);
    await part(page, 'take-offered').click();
    await page.waitForFunction(() =>
      /^(5[0-9]|60) of 60/.test(document.querySelector('.strip .chart-note').textContent),
    );
    assert.ok(ended > 0.8);
    assert.equal(await page.locator('.chart-waiting').count(), 0, 'its curves are there');
    await part(page, 'step').click();
    await becomes(page, 'scrubber', 751);
  }));

/** Changes the bytes that are kept of this page's run. */
const damage = (page) =>
  page.evaluate(async () => {
    const tab = sessionStorage.getItem('mapling.tab');
    const database = await new Promise((resolve) => {
      const asked = indexedDB.open('mapling-page');
      asked.onsuccess = () => resolve(asked.result);
    });
    const store = database.transaction('runs', 'readwrite').objectStore('runs');
    await new Promise((resolve) => {
      const asked = store.get(tab);
      asked.onsuccess = () => {
        const run = asked.result;
        run.bytes[run.bytes.length >> 1] ^= 255;
        store.put(run).onsuccess = resolve;
      };
    });
    database.close();
  });

test('a checkpoint that is damaged: a word, and a fresh start', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'step').click();
    await becomes(page, 'status', 'paused');
    await keptAt(page, 1);
    await damage(page);
    await page.reload();
    await page.waitForSelector('.notice[data-kind="keptDamaged"]');
    await becomes(page, 'status', 'ready');
    assert.equal(await value(page, 'loss'), '');
    await part(page, 'step').click();
    await becomes(page, 'status', 'paused');
    await keptAt(page, 1);
  }));

test('storage that is refused or full: a word, and on', () =>
  withPage(withoutMnist, async (page, server) => {
    for (const how of ['refused', 'full']) {
      const next = await page.context().newPage();
      await next.addInitScript((how) => {
        if (how === 'refused') {
          IDBFactory.prototype.open = () => {
            throw new DOMException('no storage here', 'SecurityError');
          };
        } else {
          IDBObjectStore.prototype.put = () => {
            throw new DOMException('there is no room', 'QuotaExceededError');
          };
        }
      }, how);
      await next.goto(`${home(server)}?autostart=0#epochs=1`);
      await becomes(next, 'status', 'ready');
      await part(next, 'play').click();
      await becomes(next, 'status', 'done');
      await next.waitForSelector('.notice[data-kind="notKept"]');
      assert.match(await next.getByRole('alert').textContent(), /storage is refused or full/);
      assert.match(await part(next, 'kept').textContent(), /Not kept/);
      await next.close();
    }
  }));

test('storage that was full and has room again keeps the run by itself', () =>
  withPage(withoutMnist, async (page) => {
    await page.addInitScript(() => {
      const { put } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.put = function (...all) {
        if (!window.hasRoom) throw new DOMException('there is no room', 'QuotaExceededError');
        return put.apply(this, all);
      };
    });
    await page.reload();
    await becomes(page, 'status', 'ready');
    await part(page, 'step').click();
    await page.waitForSelector('.notice[data-kind="notKept"]');
    await page.evaluate(() => {
      window.hasRoom = true;
    });
    await keptAt(page, 1);
    await page.waitForFunction(() => !document.querySelector('.notice[data-kind="notKept"]'));
  }));
