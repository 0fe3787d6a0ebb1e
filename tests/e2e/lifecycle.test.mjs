// What browsers do to tabs: freeze them, hide them, leave them for another page and come back; and to what they keep.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomes, firstLoss, part, value, withServiceWorker as withPage } from './page.mjs';

const site = {
  query: '?autostart=0&data=generated&preset=lenet&epochs=100',
  missing: (path) => path.includes('/mnist/'),
};

async function trains(page) {
  await becomes(page, 'status', 'ready');
  await part(page, 'play').click();
  await firstLoss(page);
}

/** Training goes on: its loss changes. */
async function goesOn(page) {
  await becomes(page, 'status', 'training');
  const before = await value(page, 'loss');
  await page.waitForFunction(
    (before) => document.querySelector('[data-part="loss"]').dataset.value !== before,
    before,
  );
}

test('a tab that is frozen and wakes goes on, without a word', () =>
  withPage(site, async (page) => {
    await trains(page);
    const browser = await page.context().newCDPSession(page);
    for (let time = 0; time < 3; time++) {
      await browser.send('Page.setWebLifecycleState', { state: 'frozen' });
      await new Promise((resolve) => setTimeout(resolve, 700));
      await browser.send('Page.setWebLifecycleState', { state: 'active' });
      await goesOn(page);
    }
    assert.equal(await page.getByRole('alert').count(), 0);
    await part(page, 'pause').click();
    await becomes(page, 'status', 'paused');
  }));

test('a tab that is hidden and shown again and again trains and pauses as before', () =>
  withPage(site, async (page) => {
    await trains(page);
    for (const state of ['hidden', 'visible', 'hidden', 'visible'])
      await page.evaluate((state) => {
        Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
        Object.defineProperty(document, 'hidden', { value: state === 'hidden', configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await goesOn(page);
    await part(page, 'pause').click();
    await becomes(page, 'status', 'paused');
  }));

test('who leaves for another page and comes back finds the run', () =>
  withPage(site, async (page) => {
    await trains(page);
    await page.waitForFunction(() => Number(document.querySelector('[data-part="kept"]')?.dataset.value) > 0);
    await page.goto('about:blank');
    await page.goBack();
    await page.waitForFunction(() => Number(document.querySelector('[data-part="loss"]')?.dataset.value) > 0);
    assert.match(await value(page, 'status'), /training|paused/);
  }));

test('loaded anew at any moment the page opens, and goes on', () =>
  withPage({ ...site, query: '?data=generated&preset=lenet&epochs=100' }, async (page) => {
    for (const pause of [0, 40, 200, 500, 900, 1500, 90, 700]) {
      await page.waitForTimeout(pause);
      await page.reload({ waitUntil: 'commit' });
    }
    await goesOn(page);
  }));

test('a database that another tab holds in the form of an earlier build is not waited for', () =>
  withPage({ ...site, query: 'sw.js' }, async (page) => {
    await page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const opening = indexedDB.open('mapling-page', 1);
          opening.onsuccess = () => {
            globalThis.held = opening.result;
            resolve();
          };
          opening.onerror = reject;
        }),
    );
    const other = await page.context().newPage();
    await other.goto(page.url().replace('sw.js', site.query));
    await trains(other);
    await other.waitForSelector('.notice[data-kind="notKept"]');
  }));

test('room that runs out in the middle of a run ends nothing, and room that comes back is not needed', () =>
  withPage(site, async (page, server) => {
    await trains(page);
    const browser = await page.context().newCDPSession(page);
    await browser.send('Storage.overrideQuotaForOrigin', { origin: server.origin, quotaSize: 1000 });
    await page.waitForTimeout(4000);
    await goesOn(page);
    await browser.send('Storage.overrideQuotaForOrigin', { origin: server.origin });
    await goesOn(page);
  }));

test('a module that was chosen on another visit and cannot be had leaves the exact one', () =>
  withPage({ ...site, missing: (path) => /\/mnist\/|\/fast/.test(path) }, async (page) => {
    await page.evaluate(() => localStorage.setItem('mapling.mode', 'fast'));
    await page.reload();
    await trains(page);
    await page.waitForFunction(() => document.querySelector('[data-part="mode"]')?.value === 'exact');
  }));
