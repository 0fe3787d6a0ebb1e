// The page starts anew with all of mapling for what its own module lacks: runs beside, runs of an earlier visit, offered ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estrange, keptAt, keptRun } from './kept-run.mjs';
import { accuracy, becomes, draw, part, penDigits, readDigit, withoutMnist, withPage } from './page.mjs';

const three = penDigits.find(({ label }) => label === 3).strokes;
const NORMALIZED = 'net=flatten-dense24relu-norm&epochs=1';
const home = (server, query = '?autostart=0') => `${server.origin}/some/where/${query}`;
const step = async (page) => Number(await part(page, 'scrubber').getAttribute('data-value'));
/** The tab that works with all of mapling without a word of it in the address. */
const isAnew = (page) => page.waitForFunction(() => sessionStorage.getItem('mapling.whole') !== null);

/** What the picture of the network calls its layers. */
const layerNames = async (page) =>
  (await page.locator('.layers .layer b').allTextContents()).map((name) => name.trim());

/** Makes so many steps, and waits until the run is kept there. */
async function stepped(page, steps) {
  for (let count = 0; count < steps; count++) {
    const before = await step(page);
    await part(page, 'step').click();
    await page.waitForFunction(
      (before) => Number(document.querySelector('[data-part="scrubber"]')?.dataset.value) > before,
      Number.isNaN(before) ? 0 : before,
    );
  }
  await becomes(page, 'status', 'paused');
  await keptAt(page, await step(page));
}

/** Another visit, in a tab of its own. */
async function visitAgain(page, server) {
  const next = await page.context().newPage();
  await page.close();
  await next.goto(home(server));
  return next;
}

/** Plays on to the end of the run, and gives the bits that it has come to. */
async function played(page) {
  await part(page, 'play').click();
  await becomes(page, 'status', 'done');
  await keptAt(page, await step(page));
  return (await keptRun(page)).hash;
}

test('a run of an earlier visit that takes all of mapling stands where it stood, and plays on to the same bits', async () => {
  const opened = { ...withoutMnist, query: `?autostart=0&data=generated&${NORMALIZED}` };
  let end;
  await withPage(opened, async (page) => {
    await becomes(page, 'status', 'ready');
    await stepped(page, 2);
    end = await played(page);
  });
  await withPage(opened, async (page, server) => {
    await becomes(page, 'status', 'ready');
    await stepped(page, 2);
    const next = await visitAgain(page, server);
    await isAnew(next);
    await becomes(next, 'status', 'paused');
    assert.equal(await step(next), 2);
    assert.equal((await part(next, 'play').textContent()).trim(), 'Resume');
    const layers = ['Image', 'Flatten', 'Dense', 'Batch normalization', 'Dense'];
    assert.deepEqual(await layerNames(next), layers);
    assert.equal(await played(next), end);
    // A fresh network has the layers that the address spells, too.
    await part(next, 'reset').click();
    await becomes(next, 'status', 'ready');
    assert.deepEqual(await layerNames(next), layers);
  });
});

test('a run that went on when its tab was closed goes on by itself, with all of mapling too', () =>
  withPage(
    { ...withoutMnist, query: `?${NORMALIZED.replace('epochs=1', 'epochs=90')}` },
    async (page, server) => {
      await becomes(page, 'status', 'training');
      await page.waitForFunction(
        () => Number(document.querySelector('[data-part="kept"]')?.dataset.value) > 0,
        undefined,
        { timeout: 60_000 },
      );
      const kept = await keptRun(page);
      const next = await page.context().newPage();
      await page.close();
      await next.goto(home(server, ''));
      await isAnew(next);
      await becomes(next, 'status', 'training');
      await next.waitForFunction(
        (before) => Number(document.querySelector('[data-part="scrubber"]')?.dataset.value) > before,
        kept.step,
      );
      assert.equal(await part(next, 'epochs').inputValue(), '90');
    },
  ));

/**
 * A page whose own module is at work, with a run of batch normalization beside the present one; gives how accurate that
 * run was at its end.
 */
async function besideOther(page, server) {
  await becomes(page, 'status', 'ready');
  await part(page, 'play').click();
  await becomes(page, 'status', 'done');
  const before = await accuracy(page);
  await page.evaluate(() => {
    location.hash = 'epochs=1&seed=2';
  });
  await page.waitForFunction(() => document.querySelector('input[name="seed"]').value === '2');
  await becomes(page, 'status', 'ready');
  await stepped(page, 3);
  // The runs beside it are kept half a second later.
  await page.waitForTimeout(1500);
  const next = await visitAgain(page, server);
  await becomes(next, 'status', 'paused');
  assert.equal(await next.evaluate(() => sessionStorage.getItem('mapling.whole')), null);
  await part(next, 'run-back').waitFor();
  return { next, before };
}

const besideQuery = `?autostart=0&data=generated&${NORMALIZED}`;

test('going back to a run that takes all of mapling starts the page anew, with both runs and the drawing', () =>
  withPage({ ...withoutMnist, query: besideQuery }, async (page, server) => {
    const { next, before } = await besideOther(page, server);
    await part(next, 'step').click();
    await becomes(next, 'scrubber', 4);
    await keptAt(next, 4);
    const { hash } = await keptRun(next);
    await draw(next, three);
    await part(next, 'run-back').click();
    await isAnew(next);
    await becomes(next, 'status', 'done');
    assert.equal(await accuracy(next), before);
    await readDigit(next);
    assert.equal(await part(next, 'run').count(), 2);
    await part(next, 'run-back').click();
    await becomes(next, 'status', 'paused');
    assert.equal(await step(next), 4);
    await keptAt(next, 4);
    assert.equal((await keptRun(next)).hash, hash);
  }));

test('where the page cannot start anew, the run goes on as it was, and the visitor reads what the other one needs', () =>
  withPage({ ...withoutMnist, query: besideQuery }, async (page, server) => {
    const { next } = await besideOther(page, server);
    await next.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('storage is refused', 'QuotaExceededError');
      };
    });
    await part(next, 'run-back').click();
    await next.locator('.notice').filter({ hasText: 'needs BatchNormalization' }).waitFor();
    assert.equal(await part(next, 'status').getAttribute('data-value'), 'paused');
    assert.equal(await part(next, 'run').count(), 2);
    await part(next, 'step').click();
    await becomes(next, 'scrubber', 4);
    await part(next, 'play').click();
    await becomes(next, 'status', 'done');
  }));

test('a network of the editor that takes all of mapling begins beside the runs that were there', () =>
  withPage({ ...withoutMnist, query: '?autostart=0&data=generated&epochs=1' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    const before = await accuracy(page);
    await part(page, 'edit-network').click();
    await part(page, 'draft-add').selectOption('BatchNormalization');
    await part(page, 'draft-build').click();
    await page.waitForURL(/-norm/);
    await becomes(page, 'status', 'ready');
    await part(page, 'run-back').waitFor();
    await part(page, 'step').click();
    await becomes(page, 'scrubber', 1);
    await part(page, 'run-back').click();
    await becomes(page, 'status', 'done');
    assert.equal(await accuracy(page), before);
    assert.equal(await part(page, 'run').count(), 2);
  }));

const paste = (page, hash) =>
  page.evaluate((hash) => {
    location.hash = hash;
  }, hash);
const seedIs = (page, seed) =>
  page.waitForFunction((seed) => document.querySelector('input[name="seed"]')?.value === seed, seed);

test('a pasted link that takes all of mapling begins beside the runs that were there, with the drawing and the language', () =>
  withPage({ ...withoutMnist, query: '?autostart=0&data=generated&epochs=1' }, async (page) => {
    await becomes(page, 'status', 'ready');
    const accuracies = [];
    for (const seed of ['1', '2']) {
      if (seed !== '1') await paste(page, `data=generated&epochs=1&seed=${seed}`);
      await seedIs(page, seed);
      await becomes(page, 'status', 'ready');
      await part(page, 'play').click();
      await becomes(page, 'status', 'done');
      accuracies.push(await accuracy(page));
    }
    await draw(page, three);
    await page.getByRole('button', { name: /中文/ }).click();
    await page.waitForSelector('html[lang="zh-CN"]');
    // Opening and closing a lesson writes the address too.
    await paste(page, 'lesson=line');
    await page.locator('[data-lesson="line"]').waitFor();
    await paste(page, `data=generated&seed=7&${NORMALIZED}`);
    await isAnew(page);
    await becomes(page, 'status', 'ready');
    assert.match(page.url(), /seed=7.*net=flatten-dense24relu-norm/);
    assert.equal(await page.getAttribute('html', 'lang'), 'zh-CN');
    await readDigit(page);
    await part(page, 'run-back').nth(1).waitFor();
    await part(page, 'step').click();
    await becomes(page, 'scrubber', 1);
    // A run is told from others by its layers, or by its preset.
    const said = await page.locator('.run-settings').allTextContents();
    assert.deepEqual(said, [
      '全连接（教程） · 种子 1',
      '全连接（教程） · 种子 2',
      'flatten-dense24relu-norm · 种子 7',
    ]);
    for (const number of [2, 1]) {
      await page.locator(`[data-part="run"][data-value="${number}"] [data-part="run-back"]`).click();
      await seedIs(page, String(number));
      await becomes(page, 'status', 'done');
      assert.equal(await accuracy(page), accuracies[number - 1]);
    }
  }));

/** A page that is offered a run of batch normalization, which other digits taught for three steps. */
async function offeredTo(page, server) {
  await becomes(page, 'status', 'ready');
  await stepped(page, 3);
  const next = await page.context().newPage();
  // A page that is hidden keeps its run once more.
  await page.close();
  await next.goto(`${server.origin}/some/where/icon.svg`);
  await estrange(next);
  await next.goto(home(server));
  await becomes(next, 'status', 'ready');
  await part(next, 'take-offered').waitFor();
  return next;
}

/** Takes it, and plays it to its end; gives the bits that it has come to. */
async function takenAndPlayed(page) {
  await part(page, 'take-offered').click();
  await page.waitForURL(/-norm/);
  await becomes(page, 'status', 'ready');
  assert.equal(await part(page, 'take-offered').count(), 0);
  return played(page);
}

test('an offered run that takes all of mapling: the page starts anew and goes on with it to the same bits, beside the run that was there', async () => {
  let expected;
  // A tab that works with all of mapling takes it as it is.
  const init = () => sessionStorage.setItem('mapling.whole', '');
  await withPage({ ...withoutMnist, query: besideQuery }, async (page, server) => {
    await page.context().addInitScript(init);
    expected = await takenAndPlayed(await offeredTo(page, server));
  });
  await withPage({ ...withoutMnist, query: besideQuery }, async (page, server) => {
    const next = await offeredTo(page, server);
    await stepped(next, 2);
    const { hash } = await keptRun(next);
    assert.equal(await next.evaluate(() => sessionStorage.getItem('mapling.whole')), null);
    await draw(next, three);
    assert.equal(await takenAndPlayed(next), expected);
    await isAnew(next);
    await readDigit(next);
    await part(next, 'run-back').click();
    await becomes(next, 'status', 'paused');
    await keptAt(next, 2);
    assert.equal((await keptRun(next)).hash, hash);
  });
});

test('an offered run that takes all of mapling, where the page cannot start anew: the run that was there stays, and the offer too', () =>
  withPage({ ...withoutMnist, query: besideQuery }, async (page, server) => {
    const next = await offeredTo(page, server);
    await next.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('storage is refused', 'QuotaExceededError');
      };
    });
    await part(next, 'epochs').fill('90');
    await part(next, 'epochs').press('Tab');
    await part(next, 'play').click();
    await becomes(next, 'status', 'training');
    await part(next, 'take-offered').click();
    await next.locator('.notice').filter({ hasText: 'needs BatchNormalization' }).waitFor();
    await part(next, 'take-offered').waitFor();
    // It trains on as it did.
    await becomes(next, 'status', 'training');
    await part(next, 'pause').click();
    await becomes(next, 'status', 'paused');
    await stepped(next, 1);
    const before = await step(next);
    await next.reload();
    await becomes(next, 'status', 'paused');
    assert.equal(await step(next), before);
  }));

test('an offered run whose module cannot be had: the page stands with the run that was there, and says so', () =>
  withPage({ ...withoutMnist, query: besideQuery }, async (page, server) => {
    const next = await offeredTo(page, server);
    await stepped(next, 2);
    const before = await step(next);
    await next.route(/whole/, (route) => route.abort());
    await part(next, 'take-offered').click();
    await isAnew(next);
    await next.locator('.notice').filter({ hasText: 'needs BatchNormalization' }).waitFor();
    await becomes(next, 'status', 'paused');
    assert.equal(await step(next), before);
    await part(next, 'take-offered').waitFor();
    await part(next, 'step').click();
    await becomes(next, 'scrubber', before + 1);
  }));
