// What was to take a run's place fails: the run is there again as it was, to the same bits, and the page says so.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { at } from '../../scripts/run.mjs';
import { estrange, keptAt, keptRun } from './kept-run.mjs';
import { accuracy, becomes, part, value, withoutMnist, withPage } from './page.mjs';
import { collectHearts } from './teaching.mjs';

const folder = mkdtempSync(join(tmpdir(), 'mapling-given-back-'));
const step = async (page) => Number(await value(page, 'scrubber'));
const press = (page, name) =>
  page.evaluate((name) => document.querySelector(`[data-part="${name}"]`).click(), name);

/** A network whose last layer is none that another unit can be added to, as a file. */
async function reshaped() {
  const { init, io, layers, sequential } = await import(at('dist/npm/index.js'));
  await init();
  const model = sequential({
    layers: [
      layers.flatten({ inputShape: [28, 28, 1] }),
      layers.dense({ units: 10, activation: 'softmax' }),
      layers.reshape({ targetShape: [10] }),
    ],
    seed: 3,
  });
  const path = join(folder, 'reshaped.keras');
  writeFileSync(path, await io.toKeras(model));
  return path;
}

/** Lets the next call of the worker by this name fail. */
const breakNext = (page, name) =>
  page.evaluate((name) => {
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message, ...rest) {
      if (message?.name !== name) return postMessage.call(this, message, ...rest);
      Worker.prototype.postMessage = postMessage;
      return postMessage.call(this, { ...message, name: 'broken' }, ...rest);
    };
  }, name);

async function showYours(page) {
  await page.locator('.below').scrollIntoViewIfNeeded();
  await part(page, 'yours').scrollIntoViewIfNeeded();
}

/** The run that stands still as it is kept: its step, its bits and its test accuracy. */
async function standing(page) {
  await becomes(page, 'status', 'paused');
  const now = await step(page);
  await keptAt(page, now);
  return { step: now, hash: (await keptRun(page)).hash, accuracy: await accuracy(page) };
}

/** Asserts that the run stands as it did; a step that had not been tested then may have been tested since. */
async function standsAs(page, before) {
  const now = await standing(page);
  assert.deepEqual(now, before.accuracy > 0 ? before : { ...before, accuracy: now.accuracy });
}

/** Waits until the run trains on. */
async function trainsOn(page) {
  await becomes(page, 'status', 'training');
  const before = await step(page);
  await page.waitForFunction(
    (before) => Number(document.querySelector('[data-part="scrubber"]')?.dataset.value) > before,
    before,
  );
}

test('a class that the network cannot take: the run is there as it was, and trains on if it did', () =>
  withPage({ ...withoutMnist, query: '?autostart=0&data=generated&epochs=100' }, async (page) => {
    const file = await reshaped();
    await becomes(page, 'status', 'ready');
    await showYours(page);
    await part(page, 'bring-model').setInputFiles(file);
    await becomes(page, 'brought', 'taken');
    await press(page, 'play');
    await trainsOn(page);
    await press(page, 'pause');
    const before = await standing(page);
    await collectHearts(page, 6);
    const teach = () => page.locator('.teach-class .row button').nth(1).click();
    const failed = () => page.getByText('That could not be taught. Nothing has changed.').waitFor();
    await teach();
    await failed();
    await standsAs(page, before);
    await press(page, 'play');
    await trainsOn(page);
    await teach();
    await trainsOn(page);
    await failed();
    await press(page, 'pause');
    await becomes(page, 'status', 'paused');
    assert.ok((await step(page)) > before.step);
  }));

test('a network in files that cannot take its place: the run is there as it was, and trains on if it did', () =>
  withPage({ ...withoutMnist, query: '?autostart=0&data=generated&epochs=100' }, async (page) => {
    const file = await reshaped();
    await becomes(page, 'status', 'ready');
    await press(page, 'play');
    await trainsOn(page);
    await press(page, 'pause');
    const before = await standing(page);
    await showYours(page);
    await breakNext(page, 'setModel');
    await part(page, 'bring-model').setInputFiles(file);
    await becomes(page, 'brought', 'failed');
    assert.match(await part(page, 'brought').textContent(), /Everything is as it was/);
    await standsAs(page, before);
    // At an earlier step it stays at that step.
    await part(page, 'scrubber').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    // The slider is ahead of the network, which follows.
    await page.waitForFunction((newest) => {
      const step = Number(document.querySelector('[data-part="scrubber"]')?.dataset.value);
      const [, batch, batches] =
        /batch (\d+) of (\d+)/.exec(document.querySelector('.figures').textContent) ?? [];
      return step > 0 && step < newest && step % batches === batch % batches;
    }, before.step);
    await becomes(page, 'status', 'paused');
    const earlier = await step(page);
    await breakNext(page, 'setModel');
    await part(page, 'bring-model').setInputFiles([]);
    await part(page, 'bring-model').setInputFiles(file);
    await page.waitForTimeout(500);
    await becomes(page, 'brought', 'failed');
    assert.equal(await step(page), earlier);
    await becomes(page, 'status', 'paused');
    await press(page, 'play');
    await trainsOn(page);
    await breakNext(page, 'setModel');
    await part(page, 'bring-model').setInputFiles(file);
    await page.waitForTimeout(500);
    await trainsOn(page);
  }));

for (const isTraining of [false, true])
  test(`an offered network that cannot be read: the run is there as it was, and ${isTraining ? 'trains on' : 'stands still'}`, () =>
    withPage({ ...withoutMnist, query: '?autostart=0&epochs=100' }, async (page, server) => {
      await becomes(page, 'status', 'ready');
      await press(page, 'step');
      await becomes(page, 'status', 'paused');
      await keptAt(page, 1);
      const next = await page.context().newPage();
      // A page that is hidden keeps its run once more.
      await page.close();
      await next.goto(`${server.origin}/some/where/icon.svg`);
      await estrange(next, true);
      await next.goto(`${server.origin}/some/where/?autostart=0&epochs=100`);
      await becomes(next, 'status', 'ready');
      await press(next, 'play');
      await trainsOn(next);
      if (!isTraining) await press(next, 'pause');
      const before = isTraining ? null : await standing(next);
      await part(next, 'take-offered').click();
      await next.locator('.notice').filter({ hasText: 'Everything is as it was' }).waitFor();
      if (isTraining) return trainsOn(next);
      await standsAs(next, before);
    }));
