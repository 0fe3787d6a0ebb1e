// Experiments: each from the lesson's own settings, beside the run before, with a way back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { accuracy, becomes, part, setNumber, value, withoutMnist, withPage } from './page.mjs';

const settingsOf = async (page) => ({
  preset: await part(page, 'preset').inputValue(),
  learningRate: await page.locator('input[name="learningRate"]').inputValue(),
  batchSize: await page.locator('input[name="batchSize"]').inputValue(),
  epochs: await part(page, 'epochs').inputValue(),
  optimizer: await page.locator('select[name="optimizer"]').inputValue(),
  seed: await part(page, 'seed').inputValue(),
});
const usual = {
  preset: 'dense',
  learningRate: '0.001',
  batchSize: '32',
  epochs: '5',
  optimizer: 'adam',
  seed: '1',
};

/** How many digits of the strip are right, once the last network has read them. */
async function settledStrip(page) {
  const note = page.locator('.strip .chart-note');
  let text;
  do {
    text = await note.textContent();
    await wait(500);
  } while (text === '' || text !== (await note.textContent()));
  return text;
}

/** Presses the button of the experiment whose heading matches. */
const tryIt = (page, heading) => page.getByRole('button', { name: heading }).click();

test('experiments do not pile up: each has the usual settings but for its own', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    await setNumber(page, 'seed', 7);
    await tryIt(page, /far too large/);
    await becomes(page, 'status', 'training');
    assert.deepEqual(await settingsOf(page), { ...usual, learningRate: '1' });
    await tryIt(page, /one digit at a time/);
    await becomes(page, 'status', 'training');
    assert.deepEqual(await settingsOf(page), { ...usual, batchSize: '1' });
    await tryIt(page, /with filters/);
    await page.waitForFunction(() => document.querySelector('[data-part="preset"]').value === 'lenet');
    assert.deepEqual(await settingsOf(page), { ...usual, preset: 'lenet' });
  }));

test('experiments that follow each other at once leave no empty runs, and the way back stays', () =>
  withPage({ ...withoutMnist, query: '?autostart=0#epochs=1' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    const before = await accuracy(page);
    await page.locator('.below').scrollIntoViewIfNeeded();
    await page.locator('.ideas button').first().waitFor();
    await page.evaluate(() => {
      const all = [...document.querySelectorAll('.ideas button')];
      for (const button of [...all, ...all, ...all]) button.click();
    });
    await becomes(page, 'status', 'training');
    await page.waitForSelector('[data-part="run"]');
    const rows = await page
      .locator('[data-part="run"]')
      .evaluateAll((rows) =>
        rows.map((row) => row.querySelector('[data-part="run-accuracy"]')?.dataset.value ?? ''),
      );
    assert.ok(
      rows.some((share) => Math.abs(Number(share) - before) < 1e-6),
      `${rows}`,
    );
    await part(page, 'experiment').waitFor();
  }));

test('an experiment stands beside the run before, and the way back leads to its network, curves and settings', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    await setNumber(page, 'epochs', 2);
    await setNumber(page, 'seed', 7);
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    const before = {
      accuracy: await accuracy(page),
      loss: await value(page, 'loss'),
      epoch: await value(page, 'epoch'),
      settings: await settingsOf(page),
      strip: await settledStrip(page),
    };
    await tryIt(page, /far too small/);
    await becomes(page, 'status', 'training');
    assert.match(await part(page, 'experiment').textContent(), /beside the run before/);
    await page.waitForFunction(
      () => Number(document.querySelector('[data-part="accuracy"]').dataset.value) > 0,
    );
    await part(page, 'back').click();
    await becomes(page, 'status', 'done');
    assert.deepEqual(
      {
        accuracy: await accuracy(page),
        loss: await value(page, 'loss'),
        epoch: await value(page, 'epoch'),
        settings: await settingsOf(page),
        strip: before.strip,
      },
      before,
    );
    assert.equal(await part(page, 'experiment').count(), 0);
    // The network itself is back: it reads the test digits as it did.
    await page.waitForFunction(
      (strip) => document.querySelector('.strip .chart-note').textContent === strip,
      before.strip,
    );
    // And it trains on from there.
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    assert.equal(await value(page, 'epoch'), '4');
    assert.ok((await accuracy(page)) >= before.accuracy - 0.01);
  }));
