// The line is cut on a first visit, before the parts that come later are there: the page goes on with what it has, and has
// the rest once the line is whole again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomes, firstLoss, part, value, withPage } from './page.mjs';

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
