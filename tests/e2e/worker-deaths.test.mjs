// The worker ended by the browser in every state of the page: another one takes its place, and the transport works.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomes, draw, part, penDigits, value, withPage } from './page.mjs';

const site = {
  query: '?autostart=0&data=generated&preset=lenet&epochs=100',
  missing: (path) => path.includes('/mnist/'),
};

/** The page's workers can be ended, which tells the page nothing, and are counted. */
const watchWorkers = () => {
  const Own = Worker;
  globalThis.workers = [];
  globalThis.Worker = class extends Own {
    constructor(...args) {
      super(...args);
      globalThis.workers.push(this);
    }
  };
};

const press = (page, name) =>
  page.evaluate((name) => document.querySelector(`[data-part="${name}"]`).click(), name);

/** Ends the worker that is at work. */
const end = (page) =>
  page.evaluate(() => {
    globalThis.workers.at(-1).terminate();
  });

/** Presses a button and ends the worker before it could do anything about it. */
const endAfter = (page, name) =>
  page.evaluate((name) => {
    document.querySelector(`[data-part="${name}"]`).click();
    globalThis.workers.at(-1).terminate();
  }, name);

async function trains(page) {
  await press(page, 'play');
  await page.waitForFunction(() => Number(document.querySelector('[data-part="loss"]').dataset.value) > 0);
}

async function pauses(page) {
  await trains(page);
  await press(page, 'pause');
  await becomes(page, 'status', 'paused');
}

/** How the page comes to each state, and how the worker ends there. */
const states = {
  'while it fetches digits': {
    // The worker has begun: it holds its lock.
    before: (page) =>
      page.waitForFunction(async () => {
        const { held } = await navigator.locks.query();
        return held.some(({ name }) => /^mapling-\d/.test(name));
      }),
    kill: end,
  },
  'when nothing was trained yet': { before: (page) => becomes(page, 'status', 'ready'), kill: end },
  'when Play was pressed': {
    before: (page) => becomes(page, 'status', 'ready'),
    kill: (page) => endAfter(page, 'play'),
  },
  'while it trains': { before: trains, kill: end },
  'when Pause was pressed': { before: trains, kill: (page) => endAfter(page, 'pause') },
  'when Reset was pressed': { before: trains, kill: (page) => endAfter(page, 'reset') },
  'while it stands still': { before: pauses, kill: end },
  'when Step was pressed': { before: pauses, kill: (page) => endAfter(page, 'step') },
  'while it reads a drawing': {
    before: pauses,
    kill: async (page) => {
      await draw(page, penDigits[0].strokes);
      await end(page);
    },
  },
  'while time is turned back': {
    before: async (page) => {
      await trains(page);
      await page.waitForFunction(
        () => Number(document.querySelector('[data-part="scrubber"]')?.dataset.kept) > 3,
      );
      await part(page, 'scrubber').focus();
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowLeft');
    },
    kill: end,
  },
  'in the lesson that asks why': {
    before: async (page) => {
      await pauses(page);
      await draw(page, penDigits[0].strokes);
      await page.locator('.lesson-bar a[href="#lesson=why"]').click();
      await becomes(page, 'lesson', 'why');
    },
    kill: async (page) => {
      await end(page);
      await page.waitForTimeout(300);
      await page.evaluate(() => {
        location.hash = '';
      });
      await part(page, 'loss').waitFor();
    },
  },
};

for (const [when, { before, kill }] of Object.entries(states))
  test(`a worker that ends ${when} is replaced, and the page can be used as before`, () =>
    withPage({ ...site, init: watchWorkers }, async (page) => {
      const logged = [];
      page.on('console', (message) => message.type() === 'error' && logged.push(message.text()));
      await page.waitForFunction(
        () => globalThis.workers.length > 0 && document.querySelector('[data-part="status"]'),
      );
      await before(page);
      const count = await page.evaluate(() => globalThis.workers.length);
      await kill(page);
      await page.waitForFunction((count) => globalThis.workers.length > count, count);
      // A worker that ends before the page has begun is replaced without a word.
      if (before !== states['while it fetches digits'].before)
        await page.waitForSelector('.notice[data-kind="restarted"]');
      await page.waitForFunction(() =>
        ['ready', 'training', 'paused', 'done'].includes(
          document.querySelector('[data-part="status"]').dataset.value,
        ),
      );
      // Whatever was interrupted, a fresh network can be made and trained.
      await press(page, 'reset');
      // The status may be `ready` already, with the network of before: a fresh one has no loss.
      await page.waitForFunction(
        () => !(Number(document.querySelector('[data-part="loss"]').dataset.value) > 0),
      );
      await becomes(page, 'status', 'ready');
      await pauses(page);
      await press(page, 'step');
      await page.waitForFunction(() => document.querySelector('[data-part="guess"]') !== null);
      assert.equal(await value(page, 'status'), 'paused');
      assert.deepEqual(logged, [], 'nothing is logged that nobody can do anything about');
    }));
