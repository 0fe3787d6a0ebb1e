// Step explains itself: the digits, the surprise, the gradients, and which weights moved; layers say how they are doing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  becomes,
  draw,
  firstLoss,
  inkOnPad,
  part,
  penDigits,
  phone,
  value,
  withoutMnist,
  withPage,
} from './page.mjs';

const number = (text) => Number(text.replaceAll('−', '-'));
const layerValues = (page) =>
  page.locator('.step-layers tr').evaluateAll((rows) => rows.map(({ dataset }) => Number(dataset.value)));

test('a step tells of its digits, its surprise, its gradients and the weights that moved', () =>
  withPage({ ...withoutMnist, query: '?autostart=0#optimizer=sgd' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'step').click();
    await page.waitForSelector('[data-part="step-inside"][data-value="1"]');
    assert.equal(await page.locator('.step-batch button').count(), 32);
    // The loss that the page shows of this one batch is the one that is told of, to the last bit.
    assert.equal(Number(await value(page, 'batch-loss')), await firstLoss(page));
    const surprise = Number(await value(page, 'surprise'));
    const shares = await page.locator('.step-answers tbody tr').evaluateAll((rows) =>
      rows.map((row) => ({
        share: Number.parseFloat(row.children[2].textContent) / 100,
        isTruth: row.className === 'is-truth',
      })),
    );
    assert.equal(shares.length, 10);
    assert.ok(Math.abs(shares.reduce((sum, { share }) => sum + share, 0) - 1) < 0.006);
    const truth = shares.find(({ isTruth }) => isTruth).share;
    assert.ok(Math.abs(-Math.log(truth) - surprise) < 0.02, `${truth} ${surprise}`);

    await part(page, 'beat-back').click();
    const sizes = await layerValues(page);
    assert.equal(sizes.length, 2);
    assert.ok(sizes.every((size) => size > 0 && size < 100));

    await part(page, 'beat-update').click();
    const rows = await page
      .locator('[data-part="step-weights"] tbody tr')
      .evaluateAll((rows) => rows.map((row) => [...row.children].slice(1).map((cell) => cell.textContent)));
    assert.equal(rows.length, 5);
    // Without momentum a weight moves by the rate times its gradient, against it.
    for (const [before, gradient, after] of rows.map((row) => row.map(number)))
      assert.ok(Math.abs(after - (before - 0.1 * gradient)) < 2e-3, `${before} ${gradient} ${after}`);
    assert.match(await part(page, 'step-after').textContent(), /before the step .*\s%, after it .*\s%/);
    // The next step is another batch.
    const first = await part(page, 'step-after').textContent();
    await part(page, 'step').click();
    await page.waitForSelector('[data-part="step-inside"][data-value="2"]');
    assert.notEqual(await part(page, 'step-after').textContent(), first);
    // Nothing is told of it at an earlier step.
    await part(page, 'scrubber').focus();
    await page.keyboard.press('Home');
    await part(page, 'step-inside').waitFor({ state: 'detached' });
    await part(page, 'step').click();
    await page.waitForSelector('[data-part="step-inside"][data-value="1"]');
    await part(page, 'play').click();
    await part(page, 'step-inside').waitFor({ state: 'detached' });
  }));

test('on a phone the step is told in a sheet over the keys, in Chinese', () =>
  withPage(
    { ...withoutMnist, query: '?autostart=0', context: { ...phone, locale: 'zh-CN' } },
    async (page) => {
      await becomes(page, 'status', 'ready');
      await part(page, 'step').click();
      const panel = part(page, 'step-inside');
      await panel.waitFor();
      await panel.getByText('第 1 步里发生了什么').waitFor();
      const [sheet, key] = [await panel.boundingBox(), await part(page, 'step').boundingBox()];
      assert.ok(sheet.y >= 0 && sheet.y + sheet.height <= key.y + 1, JSON.stringify([sheet, key]));
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
      await part(page, 'step-close').click();
      await panel.waitFor({ state: 'detached' });
    },
  ));

test('Escape leads out of the panel of a step, and what was drawn stays', () =>
  withPage({ ...withoutMnist, query: '?autostart=0' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await draw(page, penDigits[3].strokes);
    await part(page, 'step').click();
    await page.waitForSelector('[data-part="step-inside"]');
    await page.keyboard.press('Escape');
    await part(page, 'step-inside').waitFor({ state: 'detached' });
    assert.ok((await inkOnPad(page)).count > 0);
    await page.keyboard.press('Escape');
    assert.equal((await inkOnPad(page)).count, 0);
  }));

test('layers say how they are doing while somebody looks', () =>
  withPage({ ...withoutMnist, query: '#preset=lenet&learningRate=0.5&optimizer=sgd' }, async (page) => {
    await becomes(page, 'status', 'training');
    await page.locator('.below').scrollIntoViewIfNeeded();
    await part(page, 'health').waitFor();
    assert.equal(await part(page, 'health').getAttribute('data-value'), null);
    await part(page, 'health').locator('summary').click();
    await part(page, 'health').scrollIntoViewIfNeeded();
    const rows = page.locator('.health tbody tr');
    await rows.first().waitFor();
    assert.equal(await rows.count(), 3);
    const [, gradient, , weights] = await rows.first().locator('th, td').allTextContents();
    assert.ok(number(gradient) >= 0 && number(weights) > 0, `${gradient} ${weights}`);
  }));
