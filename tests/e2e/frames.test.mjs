// What the page draws: each picture at most once between two frames, however much news there is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomes, draw, part, penDigits, readDigit, withPage } from './page.mjs';

/** Counts how often each canvas is painted anew between two frames: all begin by clearing, or put a whole picture. */
const watchPaints = () => {
  let painted = new Map();
  window.most = {};
  window.paints = 0;
  const count = (canvas) => {
    const times = (painted.get(canvas) ?? 0) + 1;
    painted.set(canvas, times);
    window.paints++;
    const name = canvas.dataset.part ?? canvas.parentElement?.className ?? 'a canvas';
    window.most[name] = Math.max(window.most[name] ?? 0, times);
  };
  for (const method of ['clearRect', 'putImageData']) {
    const original = CanvasRenderingContext2D.prototype[method];
    CanvasRenderingContext2D.prototype[method] = function (...args) {
      if (this.canvas.isConnected) count(this.canvas);
      return original.apply(this, args);
    };
  }
  const next = () => {
    painted = new Map();
    requestAnimationFrame(next);
  };
  next();
};

test('while it trains and somebody draws, each picture is painted at most once a frame', () =>
  withPage(
    { query: '?autostart=0&epochs=100', missing: (path) => path.includes('/mnist/') },
    async (page) => {
      await page.addInitScript(watchPaints);
      await page.reload();
      await becomes(page, 'status', 'ready');
      await page.waitForSelector('.weights canvas');
      await part(page, 'play').click();
      await becomes(page, 'status', 'training');
      for (const { strokes } of penDigits.slice(0, 3)) {
        await draw(page, strokes);
        await readDigit(page).catch(() => {});
        await part(page, 'clear').click();
      }
      await page.getByRole('button', { name: /dark theme/ }).click();
      await page.waitForTimeout(500);
      const { most, paints } = await page.evaluate(() => ({ most: window.most, paints: window.paints }));
      assert.ok(paints > 50, `${paints} paintings`);
      for (const [canvas, times] of Object.entries(most))
        assert.ok(times <= 1, `${canvas}: ${times} in one frame`);
      assert.ok(
        most.pad === 1 && most.seen === 1 && Object.keys(most).some((name) => name.startsWith('weights')),
      );
    },
  ));
