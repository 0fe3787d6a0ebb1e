// Time turned back: kept steps, a slider over them, exact going on, branches, and a way back from an explosion.
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

const slider = (page) => part(page, 'scrubber');
const stepNow = async (page) => Number(await slider(page).getAttribute('data-value'));
const lastStep = async (page) => Number(await slider(page).getAttribute('data-last'));
const strip = (page) => page.locator('.strip .chart-note').textContent();
const stands = (page, step) =>
  page.waitForSelector(`[data-part="scrubber"][data-value="${step}"]`, { state: 'attached' });

/** Trains so many epochs of the page's own digits, to the end; gives the newest step. */
async function trained(page, epochs = 2) {
  await becomes(page, 'status', 'ready');
  await setNumber(page, 'epochs', epochs);
  await part(page, 'play').click();
  await becomes(page, 'status', 'done');
  const last = await lastStep(page);
  await keptAt(page, last);
  return last;
}

/** Drags the slider to this share of its way, where there is a step between the first and the newest. */
async function drag(page, share) {
  const box = await slider(page).boundingBox();
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width - 1, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * share, y, { steps: 8 });
  await page.mouse.up();
  await page.waitForFunction(() => document.querySelector('[data-part="status"]').dataset.value !== 'done');
  // The network follows the hand to where it has stopped.
  let step;
  do {
    step = await stepNow(page);
    await page.waitForTimeout(200);
  } while (step !== (await stepNow(page)));
  const last = await lastStep(page);
  assert.ok(step > 0 && step < last, `step ${step} of ${last}`);
  return step;
}

/** What is known of the network where the page stands, once all of it is there. */
async function shown(page) {
  await page.waitForFunction(() => document.querySelector('[data-part="accuracy"]').dataset.value !== '');
  let before = '';
  for (;;) {
    const now = JSON.stringify({
      accuracy: await accuracy(page),
      loss: await value(page, 'loss'),
      strip: await strip(page),
      cells: await page.locator('.confusion button.cell').allTextContents(),
      bars: await page
        .locator('[data-part="bars"] > *')
        .evaluateAll((bars) => bars.map(({ dataset }) => dataset.value)),
    });
    if (now === before) return JSON.parse(now);
    before = now;
    await page.waitForTimeout(500);
  }
}

test('scrubbed back and played on unchanged, a run ends with the same bits as the first time', () =>
  withPage(withoutMnist, async (page) => {
    const last = await trained(page);
    const first = await keptRun(page);
    assert.equal(first.step, last);
    for (const back of [() => drag(page, 0.4), () => page.keyboard.press('Home')]) {
      await slider(page).focus();
      await back();
      await page.waitForFunction(
        () => document.querySelector('[data-part="status"]').dataset.value !== 'done',
      );
      assert.equal(await lastStep(page), last, 'what came later is there');
      await part(page, 'play').click();
      await becomes(page, 'status', 'done');
      assert.equal(await stepNow(page), last);
      const again = await keptAfter(page, first.at, last);
      assert.equal(again.hash, first.hash);
      first.at = again.at;
    }
  }));

test('at an earlier step all is as it was then: accuracy, loss, confusion, test digits and the reading', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    await setNumber(page, 'epochs', 2);
    await draw(page, penDigits[0].strokes);
    await part(page, 'step').click();
    await becomes(page, 'status', 'paused');
    for (let at = 0; at < 11; at++) await page.keyboard.press('s');
    await stands(page, 12);
    await page.locator('.confusion').scrollIntoViewIfNeeded();
    await slider(page).focus();
    // Away from the step and back to it: it is tested there, which it was not before.
    await page.keyboard.press('Home');
    await stands(page, 0);
    await page.keyboard.press('End');
    await stands(page, 12);
    await page.locator('.confusion').scrollIntoViewIfNeeded();
    const early = await shown(page);
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    await page.locator('.confusion').scrollIntoViewIfNeeded();
    const late = await shown(page);
    assert.ok(late.accuracy > early.accuracy + 0.1, `${early.accuracy}, then ${late.accuracy}`);
    await slider(page).focus();
    for (let tries = 0; (await stepNow(page)) > 12 && tries < 100; tries++)
      await page.keyboard.press('ArrowLeft');
    await stands(page, 12);
    await page.locator('.confusion').scrollIntoViewIfNeeded();
    assert.deepEqual(await shown(page), early);
    await slider(page).focus();
    await page.keyboard.press('End');
    await becomes(page, 'status', 'done');
    await page.locator('.confusion').scrollIntoViewIfNeeded();
    assert.deepEqual(await shown(page), late);
  }));

test('the slider has a name, a value in words and its keys, and few enough steps are kept', () =>
  withPage(withoutMnist, async (page) => {
    const last = await trained(page, 4);
    assert.equal(await slider(page).getAttribute('role'), 'slider');
    assert.match(await slider(page).getAttribute('aria-label'), /Time/);
    assert.equal(await slider(page).getAttribute('aria-valuenow'), String(last));
    assert.match(await slider(page).getAttribute('aria-valuetext'), /Step [\d,]+ of [\d,]+, epoch 4\.00/);
    const kept = Number(await slider(page).getAttribute('data-kept'));
    assert.ok(kept >= 4 && kept <= 64, `${kept} steps`);
    await slider(page).focus();
    await page.keyboard.press('ArrowLeft');
    await becomes(page, 'status', 'paused');
    const before = await stepNow(page);
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(
      (step) => Number(document.querySelector('[data-part="scrubber"]')?.dataset.value) < step,
      before,
    );
    await page.keyboard.press('ArrowRight');
    await stands(page, before);
    await part(page, 'newest').click();
    await stands(page, last);
    await becomes(page, 'status', 'done');
    assert.equal(await part(page, 'newest').isDisabled(), true);
  }));

test('with another learning rate it becomes a branch, and both runs stay', () =>
  withPage(withoutMnist, async (page) => {
    const last = await trained(page);
    const first = await keptRun(page);
    const ended = await accuracy(page);
    const step = await drag(page, 0.5);
    await part(page, 'otherwise').selectOption({ label: 'learning rate 0.01' });
    await page.waitForFunction(() => document.querySelector('input[name="learningRate"]').value === '0.01');
    assert.match(await part(page, 'experiment').textContent(), /A branch: it left run 1/);
    assert.equal(await stepNow(page), step);
    assert.equal(await lastStep(page), step);
    await becomes(page, 'status', 'paused');
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    assert.equal(await stepNow(page), last, 'it ends where the run before did');
    const branch = await keptAfter(page, first.at, last);
    assert.notEqual(branch.hash, first.hash);
    // The way back leads to the run that was left, at its end.
    await part(page, 'back').click();
    await part(page, 'experiment').waitFor({ state: 'detached' });
    await becomes(page, 'status', 'done');
    assert.equal(await accuracy(page), ended);
    assert.equal(await page.locator('input[name="learningRate"]').inputValue(), '0.001');
    assert.equal((await keptAfter(page, branch.at, last)).hash, first.hash);
  }));

test('a branch may have another optimizer or other batches, and goes on for as many epochs', () =>
  withPage(withoutMnist, async (page) => {
    await trained(page);
    for (const label of ['SGD', 'batches of 128']) {
      await drag(page, 0.5);
      await part(page, 'otherwise').selectOption({ label });
      await becomes(page, 'status', 'paused');
      await part(page, 'play').click();
      await becomes(page, 'status', 'done');
      assert.ok(Number(await value(page, 'loss')) < 1, `${label}: loss ${await value(page, 'loss')}`);
      assert.match(await slider(page).getAttribute('aria-valuetext'), /epoch [12]\.\d/);
    }
    assert.equal(await page.locator('[data-part="run"]').count(), 3);
  }));

test('a slider is dragged though all text is selected', () =>
  withPage(withoutMnist, async (page) => {
    await trained(page);
    await page.keyboard.press('Control+A');
    await drag(page, 0.5);
  }));

test('a rate that explodes is told at once, and the last good weights come back', () =>
  withPage({ ...withoutMnist, query: '?autostart=0#optimizer=sgd&learningRate=10' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'play').click();
    const notice = page.locator('.notice[data-kind="exploded"], .notice[data-kind="stuck"]');
    await notice.waitFor();
    await page.waitForFunction(() => /back at step/.test(document.querySelector('.notice')?.textContent));
    assert.match(await notice.textContent(), /lower learning rate and play on/);
    assert.ok(['paused', 'ready'].includes(await value(page, 'status')));
    // From there a lower rate learns, beside the run that flew apart.
    await page.locator('input[name="learningRate"]').fill('0.1');
    await page.waitForSelector('[data-part="experiment"]');
    await part(page, 'play').click();
    await page.waitForFunction(
      () => Number(document.querySelector('[data-part="accuracy"]').dataset.value) > 0.5,
    );
    assert.equal(await page.locator('[data-part="run"]').count(), 2);
  }));

test('while it is dragged the page answers, and stands where the hand stopped', () =>
  withPage(withoutMnist, async (page) => {
    await trained(page, 3);
    const box = await slider(page).boundingBox();
    const y = box.y + box.height / 2;
    // On the slider, whose right edge is not part of it any more.
    await page.mouse.move(box.x + box.width - 3, y);
    await page.mouse.down();
    for (let at = 29; at >= 3; at--) await page.mouse.move(box.x + (box.width * at) / 30, y);
    const aimed = await stepNow(page);
    await page.mouse.up();
    await becomes(page, 'status', 'paused');
    await page.waitForTimeout(300);
    assert.equal(await stepNow(page), aimed);
    const loss = await value(page, 'loss');
    assert.ok(Number(loss) > 0, `loss ${loss}`);
  }));
