// What the network was taught survives a reload: a digit that it had misread, and a class of one's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptAfter, keptAt, keptRun } from './kept-run.mjs';
import {
  accuracy,
  becomes,
  draw,
  part,
  penDigits,
  setNumber,
  value,
  withoutMnist,
  withPage,
} from './page.mjs';
import { barValues, collectHearts, heart, teachClass, wrong } from './teaching.mjs';

const step = async (page) => Number(await part(page, 'scrubber').getAttribute('data-value'));
const guess = (page) => part(page, 'guess').textContent();
const barNames = (page) => part(page, 'bars').locator('li').allTextContents();
const three = penDigits.find(({ label }) => label === 3).strokes;

/** Trains an epoch of the page's own digits, to its end. */
async function trained(page) {
  await becomes(page, 'status', 'ready');
  await setNumber(page, 'epochs', 1);
  await part(page, 'play').click();
  await becomes(page, 'status', 'done');
}

/** Plays one more epoch, and gives the hash of what is kept at its end. */
async function playedOn(page, from, at) {
  await part(page, 'play').click();
  // An epoch of the page's own digits may be over before anybody looks whether it has begun.
  await page.waitForFunction((from) => {
    const value = (name) => document.querySelector(`[data-part="${name}"]`).dataset.value;
    return value('status') === 'done' && Number(value('scrubber')) > from;
  }, from);
  return keptAfter(page, at, await step(page));
}

/** Turns time back to the first step that is kept, which is this one. */
async function turnedBackTo(page, step) {
  await part(page, 'scrubber').focus();
  // Steps from before a reload come one after the other.
  for (let tries = 0; tries < 100 && Number(await value(page, 'scrubber')) !== step; tries++) {
    await page.keyboard.press('Home');
    await page.waitForTimeout(100);
  }
  assert.equal(Number(await value(page, 'scrubber')), step);
}

test('a class of one’s own, its name, its drawings and its bar are there again, and training goes on to the same bits', () =>
  withPage(withoutMnist, async (page, server) => {
    await trained(page);
    await collectHearts(page, 12, 'heart');
    const before = (await keptRun(page))?.at ?? 0;
    await teachClass(page);
    const from = await step(page);
    const kept = await keptAfter(page, before, from);
    await draw(page, heart(9.5, 10.5));
    await page.waitForFunction(() => document.querySelector('[data-part="guess"]').textContent === 'heart');
    await page.waitForTimeout(500);
    const bars = await barValues(page);
    const tested = await accuracy(page);
    await page.waitForTimeout(500);

    await page.reload();
    await becomes(page, 'status', 'done');
    await page.waitForFunction(() => document.querySelector('[data-part="guess"]').textContent === 'heart');
    assert.equal(await part(page, 'bars').locator('li').count(), 11);
    assert.match((await barNames(page))[10], /heart/);
    await page.waitForTimeout(300);
    const now = await barValues(page);
    assert.ok(
      now.every((one, at) => Math.abs(one - bars[at]) < 0.05),
      `${bars} then ${now}`,
    );
    assert.equal((await keptRun(page)).hash, kept.hash);
    assert.equal(await accuracy(page), tested, 'as it was tested after the class was taught');
    // A tab that was killed: the next visit has it too.
    await page.close();
    const next = await page.context().newPage();
    await next.goto(`${server.origin}/some/where/?autostart=0`);
    await becomes(next, 'status', 'done');
    assert.equal(await part(next, 'bars').locator('li').count(), 11);
    await keptAt(next, from);
    const first = await playedOn(next, from, Date.now());
    // Time turned back to the lesson, and played on without a reload between.
    await turnedBackTo(next, from);
    const again = await playedOn(next, from, first.at);
    assert.equal(again.hash, first.hash);
    await next.close();
  }));

test('training after a class was taught is the same with a reload between and without', () =>
  withPage(withoutMnist, async (page) => {
    await trained(page);
    await collectHearts(page, 6);
    await teachClass(page);
    const from = await step(page);
    const without = await playedOn(page, from, Date.now());
    await page.waitForTimeout(1500);
    await page.reload();
    await becomes(page, 'status', 'done');
    await turnedBackTo(page, from);
    const reloaded = await playedOn(page, from, without.at);
    assert.equal(reloaded.hash, without.hash);
  }));

test('a digit that was taught is read right after a reload, and at the same step after time was turned back', () =>
  withPage(withoutMnist, async (page) => {
    await trained(page);
    const before = (await keptRun(page))?.at ?? 0;
    await draw(page, three);
    await wrong(page).click();
    await page.waitForFunction(() => document.querySelector('[data-part="guess"]').textContent !== '');
    const label = (Number(await guess(page)) + 4) % 10;
    await part(page, 'teach').waitFor();
    await page.locator(`[data-digit="${label}"]`).click();
    await page.locator('[data-part="taught"][data-after]').waitFor();
    const at = await step(page);
    const kept = await keptAfter(page, before, at);
    await page.waitForTimeout(1000);
    await page.reload();
    await becomes(page, 'status', 'done');
    const reads = () =>
      page.waitForFunction(
        (digit) => document.querySelector('[data-part="guess"]').textContent === digit,
        `${label}`,
      );
    await reads();
    assert.equal((await keptRun(page)).hash, kept.hash);
    await page.waitForFunction(
      () => Number(document.querySelector('[data-part="scrubber"]')?.dataset.kept) > 2,
    );
    await part(page, 'scrubber').focus();
    await page.keyboard.press('ArrowLeft');
    await becomes(page, 'status', 'paused');
    await page.keyboard.press('End');
    await becomes(page, 'status', 'done');
    await reads();
    assert.ok(Number(await value(page, 'loss')) > 0);
  }));
