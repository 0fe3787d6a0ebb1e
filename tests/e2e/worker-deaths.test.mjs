// The worker ended by the browser in every state of the page: another one takes its place, and the transport works.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { keptAt, keptRun } from './kept-run.mjs';
import { becomes, draw, part, penDigits, value, withPage } from './page.mjs';
import { watchWorkers } from './workers.mjs';

const site = {
  query: '?autostart=0&data=generated&preset=lenet&epochs=100',
  missing: (path) => path.includes('/mnist/'),
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

/** An epoch of 94 steps, in the middle of which the run comes to rest. */
const short = { ...site, query: '?autostart=0&data=generated&epochs=1&batchSize=128' };
const at = (page) => part(page, 'scrubber').getAttribute('data-value').then(Number);

/** The end of the run: the bits that it has come to. */
async function played(page) {
  await press(page, 'play');
  await becomes(page, 'status', 'done');
  await keptAt(page, await at(page));
  return (await keptRun(page)).hash;
}

/** Makes so many steps, as fast as a hand can. */
async function steps(page, count) {
  for (let step = 1; step <= count; step++) {
    await press(page, 'step');
    await becomes(page, 'scrubber', step);
  }
}

const restarted = (page) => page.waitForSelector('.notice[data-kind="restarted"]');

/** The bits of a run that nobody disturbs. */
let undisturbed;
const whole = () =>
  (undisturbed ??= new Promise((resolve, reject) => {
    withPage(short, async (page) => {
      await becomes(page, 'status', 'ready');
      resolve(await played(page));
    }).catch(reject);
  }));

test('a run that stands still when its worker dies waits at its step, and plays on to the same bits', async () => {
  const end = await whole();
  await withPage({ ...short, init: watchWorkers }, async (page) => {
    await becomes(page, 'status', 'ready');
    await steps(page, 3);
    for (let time = 0; time < 2; time++) {
      await page.evaluate(() => document.querySelector('.notice button')?.click());
      await endedAndReplaced(page);
      await becomes(page, 'status', 'paused');
      assert.equal(await at(page), 3);
      assert.equal((await part(page, 'play').textContent()).trim(), 'Resume');
      assert.match(await page.locator('.notice').textContent(), /the run waits at step 3\./);
    }
    await press(page, 'step');
    await becomes(page, 'scrubber', 4);
    assert.equal(await played(page), end);
  });
});

/** Ends the worker, and waits until another one has its place. */
async function endedAndReplaced(page) {
  await end(page);
  await restarted(page);
}

test('a run whose worker dies as it is paused waits where it can be gone on with, to the same bits', async () => {
  const end = await whole();
  await withPage({ ...short, init: watchWorkers }, async (page) => {
    await becomes(page, 'status', 'ready');
    await trains(page);
    // Before a step of the run was kept there is nothing to go on with but its beginning.
    await page.waitForFunction(
      () => Number(document.querySelector('[data-part="scrubber"]')?.dataset.kept) > 1,
    );
    await endAfter(page, 'pause');
    await restarted(page);
    await becomes(page, 'status', 'paused');
    assert.ok((await at(page)) < 94);
    assert.equal(await played(page), end);
  });
});

test('a worker that dies at the end of a run, or at an earlier step of it, leaves both as they were', () =>
  withPage({ ...short, init: watchWorkers }, async (page) => {
    await becomes(page, 'status', 'ready');
    await steps(page, 3);
    const end = await played(page);
    await endedAndReplaced(page);
    await becomes(page, 'status', 'done');
    assert.equal(await at(page), 94);
    await page.evaluate(() => document.querySelector('.notice button')?.click());
    await part(page, 'scrubber').focus();
    await page.keyboard.press('Home');
    for (let step = 0; step < 2; step++) await page.keyboard.press('ArrowRight');
    await becomes(page, 'scrubber', 2);
    await becomes(page, 'status', 'paused');
    // The slider is ahead of the network, which follows.
    await page.getByText('batch 2 of').waitFor();
    await endedAndReplaced(page);
    await becomes(page, 'status', 'paused');
    assert.equal(await at(page), 2);
    assert.equal(await played(page), end);
  }));

test('when the browser ends the worker, training goes on with the network of a few seconds ago, and the page says so', () =>
  withPage({ query: '?autostart=0&epochs=100' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'play').click();
    await becomes(page, 'status', 'training');
    await wait(1000);
    await part(page, 'pause').click();
    await becomes(page, 'status', 'paused');
    const loss = Number(await value(page, 'loss'));
    await part(page, 'play').click();
    await becomes(page, 'status', 'training');
    const worker = page.workers().find((worker) => !/crew/.test(worker.url()));
    // Its answer never comes: the worker is gone.
    void worker.evaluate('self.close()').catch(() => {});
    await page.waitForSelector('.notice[data-kind="restarted"]');
    await becomes(page, 'status', 'training');
    await wait(500);
    const later = Number(await value(page, 'loss'));
    assert.ok(later < 2 * loss, `loss ${loss} before, ${later} after`);
  }));

test('a run whose worker was ended in the middle ends with the numbers of one that nobody disturbed', async () => {
  const ends = [];
  for (const isDisturbed of [false, true])
    await withPage({ query: '?autostart=0&epochs=40&data=generated&seed=3' }, async (page) => {
      await becomes(page, 'status', 'ready');
      await part(page, 'play').click();
      await becomes(page, 'status', 'training');
      // An epoch takes a tenth of a second: a number may be passed over.
      await page.waitForFunction(
        () => Number(document.querySelector('[data-part="epoch"]').dataset.value) >= 3,
      );
      if (isDisturbed) {
        const worker = page.workers().find((worker) => !/crew/.test(worker.url()));
        void worker.evaluate('self.close()').catch(() => {});
        await page.waitForSelector('.notice[data-kind="restarted"]');
      }
      await becomes(page, 'status', 'done', 120_000);
      ends.push([await value(page, 'loss'), await value(page, 'accuracy'), await value(page, 'epoch')]);
    });
  assert.deepEqual(ends[1], ends[0]);
});

for (const delay of [0, 12])
  test(`a worker that ends ${delay} ms after it was told to go on is replaced, and training goes on`, () =>
    withPage({ query: '?autostart=0&epochs=100' }, async (page) => {
      await becomes(page, 'status', 'ready');
      await part(page, 'play').click();
      await becomes(page, 'status', 'training');
      await wait(700);
      await part(page, 'pause').click();
      await becomes(page, 'status', 'paused');
      const worker = page.workers().find((worker) => !/crew/.test(worker.url()));
      setTimeout(() => void worker.evaluate('self.close()').catch(() => {}), delay);
      await part(page, 'play').click();
      await page.waitForSelector('.notice[data-kind="restarted"]');
      await becomes(page, 'status', 'training');
    }));
