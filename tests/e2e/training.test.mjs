import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { withoutMnist } from '../mnist.mjs';
import { keptAt } from './kept-run.mjs';
import {
  accuracy,
  becomes,
  draw,
  firstLoss,
  part,
  penDigits,
  readDigit,
  setNumber,
  value,
  withPage,
} from './page.mjs';

test('one epoch of the tutorial on MNIST reads 93 % of the test digits', { skip: withoutMnist }, () =>
  withPage({ query: '?autostart=0&data=mnist' }, async (page) => {
    await becomes(page, 'status', 'ready');
    assert.equal(await value(page, 'dataset'), 'mnist');
    await setNumber(page, 'epochs', 1);
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    assert.ok((await accuracy(page)) >= 0.93, `accuracy ${await accuracy(page)}`);
    assert.match(await part(page, 'epoch').textContent(), /1/);
    assert.ok(Number(await value(page, 'speed')) > 0);
  }),
);

test('a first visit trains by itself, and not again once the visitor has paused it', () =>
  withPage({ query: '?data=generated&epochs=100' }, async (page) => {
    await becomes(page, 'status', 'training');
    await firstLoss(page);
    await part(page, 'pause').click();
    await becomes(page, 'status', 'paused');
    const step = await part(page, 'scrubber').getAttribute('data-value');
    await keptAt(page, step);
    await page.reload();
    await becomes(page, 'status', 'paused');
    await wait(300);
    assert.equal(await value(page, 'status'), 'paused');
    assert.equal(await part(page, 'scrubber').getAttribute('data-value'), step);
  }));

test('training pauses within 50 ms, steps, resumes and is reset', () =>
  withPage({ query: '?autostart=0&epochs=100', learnsOthers: true }, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'play').click();
    await becomes(page, 'status', 'training');

    const delays = [];
    for (let round = 0; round < 5; round++) {
      await wait(200);
      delays.push(
        await page.evaluate(async () => {
          const status = document.querySelector('[data-part="status"]');
          const begun = performance.now();
          await new Promise((resolve) => {
            const watch = new MutationObserver(() => status.dataset.value === 'paused' && resolve());
            watch.observe(status, { attributes: true });
            document.querySelector('[data-part="pause"]').click();
          });
          return performance.now() - begun;
        }),
      );
      const loss = await value(page, 'loss');
      await wait(150);
      assert.equal(await value(page, 'loss'), loss, 'trained on while paused');
      if (round === 0) {
        await part(page, 'step').click();
        await page.waitForFunction(
          (before) => document.querySelector('[data-part="loss"]').dataset.value !== before,
          loss,
        );
        assert.equal(await value(page, 'status'), 'paused');
      }
      await part(page, 'play').click();
      await becomes(page, 'status', 'training');
    }
    delays.sort((a, b) => a - b);
    assert.ok(delays[2] <= 50, `a pause took ${delays.map((delay) => delay.toFixed(1))} ms`);

    await part(page, 'reset').click();
    await becomes(page, 'status', 'ready');
    assert.equal(await value(page, 'accuracy'), '');
  }));

test('a drawing is read while the network trains, and better once it has', () =>
  withPage({ query: '?autostart=0&epochs=100', learnsOthers: true }, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'play').click();
    await becomes(page, 'status', 'training');
    const { strokes } = penDigits.find(({ label }) => label === 1);
    await draw(page, strokes);
    assert.match(await readDigitWhileTraining(page), /^[0-9]$/);
    assert.equal(await value(page, 'status'), 'training');
    await part(page, 'pause').click();
    await becomes(page, 'status', 'paused');
    assert.equal(await readDigit(page), '1');
  }));

/** Bars move as long as the network learns: any reading will do. */
async function readDigitWhileTraining(page) {
  await page.waitForFunction(() => document.querySelector('[data-part="guess"]').textContent.trim() !== '');
  return (await part(page, 'guess').textContent()).trim();
}

test('every preset trains, and the same seed gives the same loss again', () =>
  withPage({}, async (page) => {
    await becomes(page, 'status', 'ready');
    for (const preset of ['convnet', 'lenet', 'dense']) {
      await part(page, 'preset').selectOption(preset);
      const losses = [];
      for (let round = 0; round < 2; round++) {
        await part(page, 'reset').click();
        await page.waitForSelector('[data-part="loss"][data-value=""]', { state: 'attached' });
        await becomes(page, 'status', 'ready');
        await part(page, 'step').click();
        losses.push(await firstLoss(page));
      }
      assert.equal(losses[0], losses[1], preset);
      assert.ok(losses[0] > 1 && losses[0] < 4, `${preset}: first loss ${losses[0]}`);
    }
  }));

test('of Play and Pause, pressed at once, the last one holds', () =>
  withPage({ query: '?autostart=0&data=generated&epochs=3' }, async (page) => {
    const press = (...names) =>
      page.evaluate((names) => {
        for (const name of names) document.querySelector(`[data-part="${name}"]`).click();
      }, names);
    await becomes(page, 'status', 'ready');
    await press('play', 'pause');
    await wait(300);
    assert.equal(await value(page, 'status'), 'ready');
    await part(page, 'play').click();
    await becomes(page, 'status', 'training');
    await press('pause', 'play', 'pause');
    await becomes(page, 'status', 'paused');
    await press('play', 'pause', 'play', 'play');
    await becomes(page, 'status', 'training');
    await press('pause', 'play');
    await becomes(page, 'status', 'done', 60_000);
    await press('play', 'step', 'play', 'pause', 'step', 'step', 'play');
    await becomes(page, 'status', 'done', 60_000);
  }));
