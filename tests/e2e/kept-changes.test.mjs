// What a visitor changes about a run outlives a reload, and what leads away from a run leaves it beside what comes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estrange, keptAt, keptRun } from './kept-run.mjs';
import { accuracy, becomes, part, setNumber, value, withoutMnist, withPage } from './page.mjs';

const home = (server) => `${server.origin}/some/where/`;
const step = async (page) => Number(await part(page, 'scrubber').getAttribute('data-value'));
const rate = (page) => page.locator('input[name="learningRate"]');
const listed = (page) =>
  page.locator('[data-part="run"]').evaluateAll((rows) => rows.map((row) => row.dataset.value));

/** A run that has ended, with one beside it. */
async function twoRuns(page) {
  await becomes(page, 'status', 'ready');
  await setNumber(page, 'epochs', 1);
  await part(page, 'play').click();
  await becomes(page, 'status', 'done');
  await rate(page).fill('0.003');
  await becomes(page, 'status', 'ready');
  await part(page, 'play').click();
  await becomes(page, 'status', 'done');
  await keptAt(page, await step(page));
  await page.waitForTimeout(1000);
}

test('epochs that are chosen and a name that is given at rest are there after a reload, and so is the run', () =>
  withPage(withoutMnist, async (page) => {
    await twoRuns(page);
    const before = [await accuracy(page), await step(page)];
    await setNumber(page, 'epochs', 9);
    const name = page.locator('[data-part="run"][aria-current="true"] [data-part="run-name"]');
    await name.fill('mine');
    await name.press('Tab');
    await page.waitForFunction(() => location.hash.includes('epochs=9'));
    await page.waitForTimeout(300);
    await page.reload();
    await becomes(page, 'status', 'done');
    assert.deepEqual([await accuracy(page), await step(page)], before);
    assert.equal(await part(page, 'epochs').inputValue(), '9');
    await page.waitForSelector('[data-part="run"]');
    assert.deepEqual(await listed(page), ['1', '2']);
    assert.equal(await name.inputValue(), 'mine');
  }));

test('epochs that are chosen just before a reload: the run is there with them', () =>
  withPage(withoutMnist, async (page) => {
    await twoRuns(page);
    const before = [await accuracy(page), await step(page)];
    await part(page, 'epochs').fill('9');
    // The address knows, and nothing was kept yet.
    await page.evaluate(async () => {
      while (!location.hash.includes('epochs=9')) await new Promise((resolve) => setTimeout(resolve));
      location.reload();
    });
    await page.waitForLoadState();
    await becomes(page, 'status', 'done');
    assert.deepEqual([await accuracy(page), await step(page)], before);
    assert.equal(await part(page, 'epochs').inputValue(), '9');
    assert.deepEqual(await listed(page), ['1', '2']);
  }));

test('a learning rate that is changed while it trains is kept at once, and the run goes on with it', () =>
  withPage({ ...withoutMnist, query: '#data=generated&epochs=100' }, async (page) => {
    await becomes(page, 'status', 'training');
    await page.waitForFunction(
      () => Number(document.querySelector('[data-part="kept"]')?.dataset.value) > 0,
      undefined,
      { timeout: 60_000 },
    );
    await rate(page).fill('0.0005');
    await page.waitForFunction(() => location.hash.includes('adjust='));
    await page.waitForTimeout(700);
    const before = await step(page);
    await page.reload();
    await becomes(page, 'status', 'training');
    // It is three seconds at most that are trained again, and no run begins in their place.
    assert.ok((await step(page)) > before / 2, `${await step(page)}, ${before} before`);
    assert.equal(await rate(page).inputValue(), '0.0005');
  }));

test('a link that is followed in the tab of a run begins beside it, and the run can be gone back to', () =>
  withPage(withoutMnist, async (page, server) => {
    await twoRuns(page);
    const before = await accuracy(page);
    await page.goto(`${home(server)}icon.svg`);
    await page.goto(`${home(server)}?autostart=0#seed=3`);
    await becomes(page, 'status', 'ready');
    assert.equal(await part(page, 'seed').inputValue(), '3');
    assert.equal(await value(page, 'loss'), '');
    await page.waitForSelector('[data-part="run"]');
    assert.deepEqual(await listed(page), ['1', '2', '3']);
    await page.locator('[data-part="run"][data-value="2"] [data-part="run-back"]').click();
    await becomes(page, 'status', 'done');
    assert.equal(await accuracy(page), before);
  }));

test('of full places none is cleared for a run that is gone back to', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    await setNumber(page, 'epochs', 1);
    for (let run = 1; run <= 7; run++) {
      await setNumber(page, 'seed', run);
      await becomes(page, 'status', 'ready');
      await part(page, 'play').click();
      await becomes(page, 'status', 'done');
    }
    assert.deepEqual(await listed(page), ['1', '2', '3', '4', '5', '6', '7']);
    await page.locator('[data-part="run"][data-value="4"] [data-part="run-back"]').click();
    await page.waitForFunction(() => document.querySelector('[data-part="seed"]').value === '4');
    await becomes(page, 'status', 'done');
    assert.deepEqual((await listed(page)).toSorted(), ['1', '2', '3', '4', '5', '6', '7']);
  }));

test('reset, pressed while a run comes back, leaves that run as it is', () =>
  withPage(withoutMnist, async (page) => {
    await twoRuns(page);
    // At once: a moment later the run would be there, and meant.
    await page.evaluate(() => {
      document.querySelector('[data-part="run"][data-value="1"] [data-part="run-back"]').click();
      document.querySelector('[data-part="reset"]').click();
    });
    await page.waitForFunction(() => document.querySelector('input[name="learningRate"]').value === '0.001');
    await becomes(page, 'status', 'done');
    await page.waitForTimeout(300);
    assert.equal(await value(page, 'status'), 'done');
    assert.ok((await accuracy(page)) > 0);
  }));

/** Starts the page anew with another network of one step, after whatever was kept has become a run of other digits. */
async function beginsBesideAnOffer(page, server) {
  await page.goto(`${home(server)}icon.svg`);
  await estrange(page);
  await page.goto(`${home(server)}?autostart=0`);
  await part(page, 'take-offered').waitFor();
  await becomes(page, 'status', 'ready');
  await part(page, 'step').click();
  await becomes(page, 'status', 'paused');
  await keptAt(page, 1);
}

test('an offer is there again when the page is loaded once more', () =>
  withPage(withoutMnist, async (page, server) => {
    await twoRuns(page);
    const kept = await keptRun(page);
    await beginsBesideAnOffer(page, server);
    await page.reload();
    await becomes(page, 'status', 'paused');
    await part(page, 'take-offered').waitFor();
    assert.match(await part(page, 'kept').textContent(), new RegExp(`${kept.step} steps`));
    await part(page, 'forget-offered').click();
    await page.reload();
    await becomes(page, 'status', 'paused');
    await keptAt(page, 1);
    assert.equal(await part(page, 'take-offered').count(), 0);
  }));

test('two runs that know other digits are offered one after the other, after a reload too', () =>
  withPage(withoutMnist, async (page, server) => {
    await twoRuns(page);
    const steps = (await keptRun(page)).step;
    await beginsBesideAnOffer(page, server);
    await beginsBesideAnOffer(page, server);
    await page.reload();
    await becomes(page, 'status', 'paused');
    await part(page, 'take-offered').waitFor();
    assert.match(await part(page, 'kept').textContent(), /\b1 step/);
    await part(page, 'forget-offered').click();
    await page.waitForFunction(
      (steps) => document.querySelector('[data-part="kept"]').textContent.includes(steps),
      `${steps} steps`,
    );
    await part(page, 'take-offered').click();
    await becomes(page, 'scrubber', steps);
    await keptAt(page, steps);
    await page.reload();
    await becomes(page, 'scrubber', steps);
    assert.equal(await part(page, 'take-offered').count(), 0);
  }));

test('a run that is left, and a reload before another moment has passed: both are there, each once', () =>
  withPage(withoutMnist, async (page) => {
    await twoRuns(page);
    const before = await accuracy(page);
    await page.evaluate(async () => {
      document.querySelector('[data-part="run"][data-value="1"] [data-part="run-back"]').click();
      while (document.querySelector('input[name="learningRate"]').value !== '0.001')
        await new Promise((resolve) => setTimeout(resolve, 1));
      await new Promise((resolve) => setTimeout(resolve, 200));
      location.reload();
    });
    await page.waitForLoadState();
    await becomes(page, 'status', 'done');
    await page.waitForSelector('[data-part="run"]');
    assert.deepEqual((await listed(page)).toSorted(), ['1', '2']);
    const two = page.locator('[data-part="run"][data-value="2"] [data-part="run-accuracy"]');
    assert.ok(Math.abs(Number(await two.getAttribute('data-value')) - before) < 1e-4);
  }));

test('runs beside a network that has not trained are there when the tab was closed', () =>
  withPage(withoutMnist, async (page, server) => {
    await twoRuns(page);
    await setNumber(page, 'seed', 9);
    await becomes(page, 'status', 'ready');
    await page.waitForTimeout(1000);
    await page.close();
    const next = await page.context().newPage();
    await next.goto(`${home(server)}?autostart=0`);
    await becomes(next, 'status', 'ready');
    await next.waitForSelector('[data-part="run"]');
    assert.deepEqual(await listed(next), ['1', '2', '3']);
    await next.locator('[data-part="run"][data-value="1"] [data-part="run-back"]').click();
    await becomes(next, 'status', 'done');
  }));

test('a network that was taken from an offer is there after a reload, and so is the offer until then', () =>
  withPage(withoutMnist, async (page, server) => {
    await twoRuns(page);
    await page.goto(`${home(server)}icon.svg`);
    await estrange(page);
    await page.goto(`${home(server)}?autostart=0`);
    await becomes(page, 'status', 'ready');
    await part(page, 'take-offered').click();
    await becomes(page, 'scrubber', 375);
    await keptAt(page, 375);
    await page.reload();
    await becomes(page, 'status', 'ready');
    await becomes(page, 'scrubber', 375);
    assert.equal(await part(page, 'take-offered').count(), 0);
  }));

test('a run at whose beginning the page stands is kept when another is gone back to', () =>
  withPage(withoutMnist, async (page) => {
    await twoRuns(page);
    await part(page, 'scrubber').focus();
    await page.keyboard.press('Home');
    await becomes(page, 'status', 'ready');
    await page.locator('[data-part="run"][data-value="1"] [data-part="run-back"]').click();
    await page.waitForFunction(() => document.querySelector('input[name="learningRate"]').value === '0.001');
    await becomes(page, 'status', 'done');
    assert.deepEqual((await listed(page)).toSorted(), ['1', '2']);
  }));

test('a link that is followed in the tab of a run that takes all of mapling leaves that run beside', () =>
  withPage(
    { ...withoutMnist, query: '?autostart=0&epochs=1&net=flatten-dense24relu-norm' },
    async (page, server) => {
      await becomes(page, 'status', 'ready');
      await part(page, 'play').click();
      await becomes(page, 'status', 'done');
      const before = await accuracy(page);
      await keptAt(page, await step(page));
      await page.goto(`${home(server)}icon.svg`);
      await page.goto(`${home(server)}?autostart=0#seed=3`);
      await page.locator('[data-part="run"][data-value="1"]').waitFor();
      await becomes(page, 'status', 'ready');
      assert.equal(await part(page, 'seed').inputValue(), '3');
      await page.locator('[data-part="run"][data-value="1"] [data-part="run-back"]').click();
      await becomes(page, 'status', 'done');
      assert.equal(await accuracy(page), before);
    },
  ));
