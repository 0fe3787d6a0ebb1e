// Test digits: chosen, they open in place; by keyboard they are one stop on the way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomes, part, phone, setNumber, withoutMnist, withPage } from './page.mjs';

/** Trains until there are mistakes to look at. */
async function trained(page) {
  await becomes(page, 'status', 'ready');
  await setNumber(page, 'epochs', 1);
  await part(page, 'play').click();
  await becomes(page, 'status', 'done');
  await page.locator('.mistakes').scrollIntoViewIfNeeded();
  await page.waitForSelector('.mistakes button.tile');
}

for (const [name, context] of Object.entries({ desk: {}, phone }))
  test(`a mistake that is chosen opens where it stands, with the truth and the guess: ${name}`, () =>
    withPage({ ...withoutMnist, context }, async (page) => {
      await trained(page);
      const tile = page.locator('.mistakes button.tile').nth(3);
      const [, truth, guess] = /an? (\d+), read as an? (\d+)/.exec(await tile.getAttribute('aria-label'));
      await tile.click();
      const card = part(page, 'opened');
      await page.waitForFunction(() =>
        /\d/.test(document.querySelector('[data-part="opened-guess"]').textContent),
      );
      assert.equal(await part(page, 'opened-truth').textContent(), truth);
      assert.equal(await part(page, 'opened-guess').textContent(), guess);
      // On the screen, beside the tile, and not over it.
      const [box, at] = [await card.boundingBox(), await tile.boundingBox()];
      const { width, height } = page.viewportSize();
      assert.ok(box.x >= 0 && box.x + box.width <= width && box.y >= 0 && box.y < height);
      const gap = Math.max(at.y - (box.y + box.height), box.y - (at.y + at.height));
      assert.ok(gap >= 0 && gap < 20, `${gap} px away`);
      await page.keyboard.press('Escape');
      assert.equal(await card.count(), 0);
      assert.ok(await tile.evaluate((tile) => tile === document.activeElement));
      await tile.click();
      await card.getByRole('button', { name: 'Lay it on the pad' }).click();
      assert.match(await part(page, 'truth').textContent(), new RegExp(`In truth an? ${truth}`));
      const pad = await part(page, 'pad').boundingBox();
      assert.ok(pad.y < height && pad.y + pad.height > 0, 'the pad is in sight');
    }));

test('tiles are one stop for Tab; arrow keys, Home and End go from one to the next', () =>
  withPage(withoutMnist, async (page) => {
    await trained(page);
    for (const list of ['.strip-tiles', '.mistakes .tiles', '.confusion table']) {
      const stops = () =>
        page
          .locator(list)
          .evaluate(
            (list) =>
              [...list.querySelectorAll('button:not(:disabled)')].filter((button) => button.tabIndex === 0)
                .length,
          );
      assert.equal(await stops(), 1, list);
      const active = () =>
        page
          .locator(list)
          .evaluate((list) =>
            [...list.querySelectorAll('button:not(:disabled)')].indexOf(document.activeElement),
          );
      await page.locator(list).locator('button:not(:disabled)').first().focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowLeft');
      assert.equal(await active(), 1, list);
      await page.keyboard.press('ArrowDown');
      const below = await active();
      assert.ok(below > 1, list);
      await page.keyboard.press('ArrowUp');
      assert.equal(await active(), 1, list);
      await page.keyboard.press('End');
      assert.ok((await active()) >= below, list);
      await page.keyboard.press('Home');
      assert.equal(await active(), 0, list);
      assert.equal(await stops(), 1, list);
    }
  }));

test('the first stop leads to Play, and there are few stops before it without that', () =>
  withPage({ ...withoutMnist, query: '?autostart=0' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await page.waitForSelector('.strip-tiles button.tile');
    await page.locator('.notice button').last().click();
    await page.evaluate(() => document.activeElement?.blur());
    const address = page.url();
    await page.keyboard.press('Tab');
    assert.match(await page.evaluate(() => document.activeElement.textContent), /Skip/);
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'play');
    assert.equal(page.url(), address);
    await page.evaluate(() => document.activeElement.blur());
    await page.reload();
    await becomes(page, 'status', 'ready');
    await page.waitForSelector('.strip-tiles button.tile');
    let stops = 0;
    while (stops < 30 && (await page.evaluate(() => document.activeElement.id)) !== 'play') {
      await page.keyboard.press('Tab');
      stops++;
    }
    assert.ok(stops <= 16, `${stops} stops`);
  }));
