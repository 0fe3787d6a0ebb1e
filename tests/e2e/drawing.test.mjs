import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  becomes,
  draw,
  part,
  penDigits,
  phone,
  readDigit,
  seenPicture,
  setNumber,
  withPage,
} from './page.mjs';

test('a small network, one epoch old, reads 70 % of digits that people drew with a pen', () =>
  withPage({ query: '?autostart=0&preset=dense' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await setNumber(page, 'epochs', 1);
    await part(page, 'play').click();
    await becomes(page, 'status', 'done', 120_000);
    const misread = [];
    for (const { label, strokes } of penDigits) {
      await draw(page, strokes);
      const read = await readDigit(page);
      if (read !== String(label)) misread.push(`${label} as ${read}`);
      await part(page, 'clear').click();
    }
    assert.ok(misread.length <= 0.3 * penDigits.length, `misread: ${misread.join(', ')}`);
  }));

test('the bars are ten probabilities, and clear empties all that the drawing filled', () =>
  withPage({}, async (page) => {
    await becomes(page, 'status', 'ready');
    const bars = () =>
      part(page, 'bars').evaluate((list) => [...list.children].map((bar) => Number(bar.dataset.value)));
    const ink = async () => new Set(await seenPicture(page)).size;
    assert.equal((await part(page, 'guess').textContent()).trim(), '');
    const before = await ink();
    await draw(page, penDigits[0].strokes);
    const digit = Number(await readDigit(page));
    const values = await bars();
    assert.equal(values.length, 10);
    assert.ok(Math.abs(values.reduce((sum, share) => sum + share) - 1) < 1e-3);
    assert.equal(values.indexOf(Math.max(...values)), digit);
    assert.ok((await ink()) > before, 'the 28 × 28 picture shows nothing');

    await part(page, 'clear').click();
    await page.waitForFunction(() => document.querySelector('[data-part="guess"]').textContent.trim() === '');
    assert.deepEqual(await bars(), Array(10).fill(0));
  }));

test('on a phone a finger draws without scrolling the page', () =>
  withPage(
    {
      context: phone,
    },
    async (page) => {
      await becomes(page, 'status', 'ready');
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `the page is ${overflow} px wider than the phone`);

      const pad = part(page, 'pad');
      await pad.scrollIntoViewIfNeeded();
      const box = await pad.boundingBox();
      const scroll = () => page.evaluate(() => [scrollX, scrollY]);
      const before = await scroll();
      const finger = await page.context().newCDPSession(page);
      const touch = (type, ...points) =>
        finger.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y]) => ({ x, y })) });
      const at = (share) => [box.x + box.width / 2, box.y + box.height * share];
      await touch('touchStart', at(0.9));
      for (let share = 0.9; share > 0.1; share -= 0.05) await touch('touchMove', at(share));
      await touch('touchEnd');
      assert.match(await readDigit(page), /^[0-9]$/);
      assert.deepEqual(await scroll(), before);
    },
  ));
