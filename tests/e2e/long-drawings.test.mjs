// Drawings that no digit needs: scribbled for minutes, dotted all over.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomes, part, readDigit, value, withPage } from './page.mjs';
import { wrong } from './teaching.mjs';

/** A page with a network that has trained for a batch. */
const opened = (body) =>
  withPage(
    { query: '?autostart=0&data=generated', missing: (path) => path.includes('/mnist/') },
    async (page) => {
      await becomes(page, 'status', 'ready');
      await part(page, 'step').click();
      await becomes(page, 'status', 'paused');
      await body(page);
      assert.equal(await value(page, 'status'), 'paused');
    },
  );

/** Lines of so many points each, on an ellipse or as dots here and there, thousands of points a frame. */
const scribble = (page, lines, points) =>
  part(page, 'pad').evaluate(
    async (canvas, [lines, points]) => {
      const box = canvas.getBoundingClientRect();
      const send = (type, x, y, buttons) =>
        canvas.dispatchEvent(
          new PointerEvent(type, {
            clientX: box.left + x * box.width,
            clientY: box.top + y * box.height,
            pointerId: 1,
            pointerType: 'pen',
            isPrimary: true,
            buttons,
            bubbles: true,
            cancelable: true,
          }),
        );
      for (let line = 0; line < lines; line++) {
        const [x, y] = lines > 1 ? [((line * 61) % 83) / 83, ((line * 37) % 71) / 71] : [0.8, 0.5];
        send('pointerdown', x, y, 1);
        for (let point = 1; point < points; point++) {
          send('pointermove', 0.5 + 0.3 * Math.cos(point / 500), 0.5 + 0.4 * Math.sin(point / 500), 1);
          if (point % 4000 === 0) await new Promise(requestAnimationFrame);
        }
        send('pointerup', x, y, 0);
        if (line % 40 === 0) await new Promise(requestAnimationFrame);
      }
    },
    [lines, points],
  );

test('a drawing of 120,000 points is read, put on a card and taught', () =>
  opened(async (page) => {
    await scribble(page, 1, 120_000);
    await readDigit(page);
    await part(page, 'share-button').click();
    await part(page, 'card').waitFor();
    await page.keyboard.press('Escape');
    await wrong(page).click();
    await part(page, 'teach').waitFor();
    await page.locator('[data-digit="6"]').click();
    await page.locator('[data-part="taught"][data-after]').waitFor({ timeout: 60_000 });
  }));

test('hundreds of dots are one drawing, and are read', () =>
  opened(async (page) => {
    await scribble(page, 600, 1);
    await readDigit(page);
    const began = performance.now();
    await part(page, 'step').click();
    await becomes(page, 'status', 'paused');
    assert.ok(performance.now() - began < 5000, 'the worker answers others meanwhile');
  }));
