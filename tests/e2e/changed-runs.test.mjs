// What was done to a run where it stood comes again with that step: a rate, a lesson. What undid a run does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptAt } from './kept-run.mjs';
import { accuracy, becomes, draw, part, penDigits, value, withoutMnist, withPage } from './page.mjs';
import { wrong } from './teaching.mjs';
import { watchWorkers } from './workers.mjs';

const site = (query = '', more = {}) => ({
  ...withoutMnist,
  query: `?autostart=0#data=generated&${query}`,
  ...more,
});
const slider = (page) => part(page, 'scrubber');
const stepNow = async (page) => Number(await slider(page).getAttribute('data-value'));
const standsAt = (page, step) =>
  page.waitForFunction(
    (step) => document.querySelector('[data-part="scrubber"]').dataset.value === String(step),
    step,
  );
const outcome = async (page) => [await value(page, 'loss'), await accuracy(page)];

/** Types a learning rate, without leaving the field, and waits until it holds from this step on. */
async function typeRate(page, rate, step = '\\d+') {
  await page.locator('input[name="learningRate"]').fill(String(rate));
  await page.waitForFunction(
    (wanted) => new RegExp(wanted).test(location.hash),
    `adjust=${step}-rate${rate}$`,
  );
}

/** What is promised of the link to what the page shows. */
async function promise(page) {
  await part(page, 'share-button').click();
  const said = await page.locator('label[for="share-link"]').textContent();
  await page.keyboard.press('Escape');
  return said;
}

async function makeSteps(page, count) {
  for (let step = 1; step <= count; step++) {
    await part(page, 'step').click();
    await page.waitForSelector(`[data-part="step-inside"][data-value="${step}"]`);
  }
}

async function toEnd(page) {
  await part(page, 'play').click();
  await becomes(page, 'status', 'done');
}

/** Trains beyond this step, and pauses. */
async function playBeyond(page, step) {
  await part(page, 'play').click();
  await page.waitForFunction(
    (step) => Number(document.querySelector('[data-part="scrubber"]').dataset.value) > step,
    step,
  );
  await part(page, 'pause').click();
  await becomes(page, 'status', 'paused');
}

/** Moves the slider to its beginning. */
async function home(page) {
  await slider(page).focus();
  await page.keyboard.press('Home');
  await standsAt(page, 0);
}

/** Moves the slider by keys to this step. */
async function scrubTo(page, step) {
  await home(page);
  for (let key = 0; key < 8 && (await stepNow(page)) !== step; key++) {
    const before = await stepNow(page);
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(
      (before) => document.querySelector('[data-part="scrubber"]').dataset.value !== String(before),
      before,
    );
  }
  assert.equal(await stepNow(page), step);
}

test('a rate that was changed where the run stood holds whenever it comes back there', () =>
  withPage(site('epochs=1'), async (page) => {
    await page.addInitScript(watchWorkers);
    await page.reload();
    await becomes(page, 'status', 'ready');
    await makeSteps(page, 3);
    await typeRate(page, 0.004, 3);
    await toEnd(page);
    const first = await outcome(page);

    await scrubTo(page, 3);
    await toEnd(page);
    assert.deepEqual(await outcome(page), first);

    // So does a branch from there, whoever looks at another run meanwhile, and though the worker dies.
    await scrubTo(page, 3);
    await typeRate(page, 0.01, 3);
    await toEnd(page);
    const branch = await outcome(page);
    assert.notDeepEqual(branch, first);
    await scrubTo(page, 3);
    await page.evaluate(() => window.workers.at(-1).terminate());
    await page.waitForSelector('.notice[data-kind="restarted"]');
    await becomes(page, 'status', 'paused');
    await toEnd(page);
    assert.deepEqual(await outcome(page), branch);
    await page.locator('[data-part="run"][data-value="1"] [data-part="run-back"]').click();
    await becomes(page, 'status', 'done');
    await scrubTo(page, 3);
    await toEnd(page);
    assert.deepEqual(await outcome(page), first);
  }));

test('a rate that explodes from where the run stood: back before it, and Play goes on without it, beside the run that it undid', () =>
  withPage(site('preset=lenet&epochs=1'), async (page) => {
    await becomes(page, 'status', 'ready');
    await playBeyond(page, 150);
    await typeRate(page, 10);
    // By a press that leaves the focus in the field.
    await part(page, 'play').dispatchEvent('click');
    await page.waitForFunction(() =>
      /back at step [1-9]/.test(document.querySelector('.notice')?.textContent),
    );
    assert.equal(await page.locator('input[name="learningRate"]').inputValue(), '0.001');
    await page.locator('.pad-paper canvas').click();
    assert.equal(await page.locator('[data-part="run"]').count(), 0);
    await page.waitForFunction(() =>
      /Play begins a branch here/.test(document.querySelector('[data-part="kept"]').textContent),
    );
    await toEnd(page);
    assert.equal(await page.locator('[data-part="run"]').count(), 2);
    assert.doesNotMatch(page.url(), /adjust/);
    const link = page.url().replace(/&ink=[^&]*/, '');
    const found = await outcome(page);
    const context = await page.context().browser().newContext();
    const other = await context.newPage();
    await other.goto(link);
    await becomes(other, 'status', 'ready');
    await toEnd(other);
    assert.deepEqual(await outcome(other), found);
    await context.close();
  }));

test('of two rates, typed one after the other, that explode neither is in force where the run comes back to', () =>
  withPage(site('epochs=1'), async (page) => {
    await becomes(page, 'status', 'ready');
    await makeSteps(page, 5);
    await typeRate(page, 10, 5);
    await part(page, 'step').click();
    await standsAt(page, 6);
    await page.locator('input[name="learningRate"]').fill('9');
    await page.waitForFunction(() => /6-rate9$/.test(location.hash));
    await part(page, 'play').click();
    await page.waitForFunction(() => /back at step 4,/.test(document.querySelector('.notice')?.textContent));
    assert.equal(await page.locator('input[name="learningRate"]').inputValue(), '0.001');
    await toEnd(page);
    assert.doesNotMatch(page.url(), /adjust/);
  }));

test('a rate that explodes in the last steps of a run is told of too', () =>
  withPage(site('preset=lenet&epochs=1'), async (page) => {
    await becomes(page, 'status', 'ready');
    await playBeyond(page, 320);
    for (let step = await stepNow(page); step < 369; step++) {
      await page.keyboard.press('s');
      await standsAt(page, step + 1);
    }
    await typeRate(page, 10);
    await part(page, 'play').click();
    await page.waitForFunction(() =>
      /back at step [1-9]/.test(document.querySelector('.notice')?.textContent),
    );
    assert.equal(await value(page, 'status'), 'paused');
  }));

test('what was taught stays, though time is turned back and played on', () =>
  withPage(site('epochs=1'), async (page) => {
    await becomes(page, 'status', 'ready');
    await toEnd(page);
    const untaught = await outcome(page);
    await draw(page, penDigits.find(({ label }) => label === 3).strokes);
    await wrong(page).click();
    const label = (Number((await part(page, 'guess').textContent()).trim()) + 4) % 10;
    await page.locator(`[data-digit="${label}"]`).click();
    await page.locator('[data-part="taught"][data-after]').waitFor();
    const taught = await accuracy(page);
    await home(page);
    await page.waitForFunction(() =>
      /Play begins a branch here/.test(document.querySelector('[data-part="kept"]').textContent),
    );
    await toEnd(page);
    assert.deepEqual(await outcome(page), untaught);
    // The link of this branch makes it again; that of the taught run does not.
    assert.match(await promise(page), /same bits/);
    await page.locator('[data-part="run"][data-value="1"] [data-part="run-back"]').click();
    await page.waitForFunction(
      (taught) => Number(document.querySelector('[data-part="accuracy"]').dataset.value) === taught,
      taught,
    );
    assert.doesNotMatch(await promise(page), /same bits/);
    await keptAt(page, 375);
    await page.reload();
    await becomes(page, 'status', 'done');
    assert.equal(await accuracy(page), taught);
  }));
