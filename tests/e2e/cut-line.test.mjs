// The line is cut on a first visit, before the parts that come later are there: the page goes on with what it has, and has
// the rest once the line is whole again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomes, draw, firstLoss, part, penDigits, readDigit, value, withPage } from './page.mjs';

/** The service worker would have everything a few seconds into the visit. */
const site = {
  query: '?autostart=0&data=generated',
  missing: (path) => path.includes('/mnist/'),
  context: { serviceWorkers: 'block' },
};

test('without a line what comes later does not come, the network trains, and with a line again it is all there', () =>
  withPage(site, async (page) => {
    let isCut = true;
    await page.route(/\/(Later|Charts|LessonPlace)-/, (route) => (isCut ? route.abort() : route.continue()));
    await page.reload();
    await becomes(page, 'status', 'ready');
    await part(page, 'step').click();
    await firstLoss(page);
    assert.equal(await part(page, 'preset').count(), 0, 'the settings come later');
    isCut = false;
    await part(page, 'preset').waitFor({ timeout: 20_000 });
    await page.locator('.chart canvas').first().waitFor({ timeout: 20_000 });
  }));

test('a line that is cut before the worker has come: the page says so, and begins by itself once there is a line', () =>
  withPage({ ...site, query: '?data=generated&epochs=1' }, async (page) => {
    let isCut = true;
    await page.route(/\/(worker|mapling|threads|fast)[\w-]*\.(js|wasm)$/, (route) =>
      isCut ? route.abort() : route.continue(),
    );
    await page.reload();
    await page.locator('.notice[data-kind="unfetched"]').waitFor();
    await part(page, 'play').click();
    assert.equal(await value(page, 'status'), 'loading');
    isCut = false;
    await becomes(page, 'status', 'done');
    assert.equal(await page.locator('.notice[data-kind="unfetched"]').count(), 0);
    await draw(page, penDigits[0].strokes);
    await readDigit(page);
  }));

test('while the line is cut, single steps are made all the same, and with a line again they tell what they did', async () => {
  let isCut = true;
  const missing = (path) => path.includes('/mnist/') || (isCut && path.includes('_rest'));
  await withPage({ ...site, missing }, async (page) => {
    await becomes(page, 'status', 'ready');
    const told = page.locator('.notice[data-kind="cut"]');
    await told.waitFor();
    for (const step of [1, 2]) {
      await part(page, 'step').click();
      await becomes(page, 'scrubber', step);
      await becomes(page, 'status', 'paused');
    }
    assert.equal(await part(page, 'step-inside').count(), 0);
    isCut = false;
    await told.waitFor({ state: 'detached' });
    await part(page, 'step').click();
    await part(page, 'step-inside').waitFor();
    await becomes(page, 'scrubber', 3);
  });
});

test('a lesson that cannot be fetched says so, and opens once it can be', () =>
  withPage(site, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'preset').waitFor();
    await page.context().setOffline(true);
    await page.locator('.lesson-bar a[href="#lesson=why"]').click();
    await page.getByText('This lesson could not be fetched').waitFor();
    await page.getByRole('button', { name: /中文/ }).click();
    await page.context().setOffline(false);
    await becomes(page, 'lesson', 'why');
    assert.equal(await value(page, 'status'), 'ready');
  }));

/** The end of two epochs on a line that lets everything through. */
async function lossOfTwoEpochs() {
  let loss;
  await withPage({ ...site, query: '?data=generated&epochs=2' }, async (page) => {
    await becomes(page, 'status', 'done');
    loss = await value(page, 'loss');
  });
  return loss;
}

for (const language of ['en', 'zh'])
  test(`a line that is cut before the module is whole: the epoch is trained to its end, a word says what is missing in ${language}, and with a line again training goes on to the same bits`, async () => {
    const loss = await lossOfTwoEpochs();
    let isCut = true;
    const missing = (path) => path.includes('/mnist/') || (isCut && path.includes('_rest'));
    await withPage({ ...site, missing, query: '?data=generated&epochs=2' }, async (page) => {
      await becomes(page, 'status', 'training');
      if (language === 'zh') await page.getByRole('button', { name: /中文/ }).click();
      const told = page.locator('.notice[data-kind="cut"]');
      await told
        .filter({
          hasText: language === 'zh' ? /网络断了.*接着进行/ : /connection is gone.*training goes on/,
        })
        .waitFor();
      // All batches of the first epoch, and none of the next.
      await page.waitForFunction(() =>
        [...document.querySelector('.figures').textContent.matchAll(/(\d+)\s+(?:of|\/)\s+(\d+)/g)].some(
          ([, at, all]) => at === all && Number(all) > 100,
        ),
      );
      assert.equal(await value(page, 'status'), 'training');
      assert.ok(Number(await value(page, 'accuracy')) > 0.5);
      // Who draws, pauses and plays meanwhile breaks nothing.
      await draw(page, penDigits[0].strokes);
      await part(page, 'pause').click();
      await becomes(page, 'status', 'paused');
      await part(page, 'play').click();
      await becomes(page, 'status', 'training');
      isCut = false;
      await becomes(page, 'status', 'done');
      assert.equal(await value(page, 'loss'), loss);
      await readDigit(page);
      await told.waitFor({ state: 'detached' });
    });
  });
