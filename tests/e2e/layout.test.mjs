// Where things stand: nothing moves by itself, nothing is cut off, and text has the size that the visitor wants.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { at } from '../../scripts/run.mjs';
import { launch, options } from '../browser/chromium.mjs';
import { serve } from '../browser/serve.mjs';
import { nothingCut } from './cut.mjs';
import { becomes, drop, openLesson, part, phone, setNumber, value, withoutMnist, withPage } from './page.mjs';

const sized = (width, height) => ({ viewport: { width, height } });

/** Counts what moves by itself, from the first paint on. */
const watchShifts = () => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (!entry.hadRecentInput)
        window.shifts.push([
          entry.value,
          ...entry.sources.map(({ node }) => node?.className ?? node?.nodeName),
        ]);
  }).observe({ type: 'layout-shift', buffered: true });
};
const shifted = async (page) => {
  const shifts = await page.evaluate(() => window.shifts);
  return [shifts.reduce((sum, [value]) => sum + value, 0), JSON.stringify(shifts)];
};

for (const [name, context] of Object.entries({ desk: sized(1440, 900), low: sized(1366, 650), phone })) {
  for (const site of [{}, withoutMnist]) {
    const how = site === withoutMnist ? 'without MNIST' : 'with MNIST';
    test(`from opening to training hardly anything moves: ${name}, ${how}`, () =>
      withPage({ ...site, context, query: '?epochs=1' }, async (page) => {
        await page.addInitScript(watchShifts);
        await page.reload();
        await becomes(page, 'status', 'done');
        await wait(500);
        const [sum, all] = await shifted(page);
        assert.ok(sum < 0.02, `${sum}: ${all}`);
      }));
  }
}

test('a message moves nothing: the pad stays under the hand', () =>
  withPage({ ...withoutMnist, context: phone }, async (page) => {
    await becomes(page, 'status', 'ready');
    const close = page.getByRole('button', { name: 'Close this message' });
    await close.click();
    const before = await part(page, 'pad').boundingBox();
    await drop(page, [{ name: 'x.png', base64: 'iVBORw0KGgo=' }]);
    await page.waitForSelector('.notice');
    assert.deepEqual(await part(page, 'pad').boundingBox(), before);
    // Nor does it cover what one draws on, or what starts training.
    const notice = await page.locator('.notice').boundingBox();
    assert.ok(notice.y >= before.y + before.height);
    const play = await part(page, 'play').boundingBox();
    assert.ok(notice.y + notice.height <= play.y + 1);
  }));

test('a message leaves the controls free', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    await page.waitForSelector('.notice');
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height });
      const covered = await page.evaluate(() =>
        [...document.querySelectorAll('.header-end button, .transport button, [data-part="pad"]')]
          .filter((control) => {
            const box = control.getBoundingClientRect();
            const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
            return hit?.closest('.notice');
          })
          .map((control) => control.textContent),
      );
      assert.deepEqual(covered, [], `${width} × ${height}`);
    }
  }));

const sizes = [
  [320, 640],
  [390, 844],
  [620, 900],
  [820, 1180],
  [1179, 700],
  [1180, 700],
  [1366, 650],
  [1440, 900],
  [2560, 1440],
];
for (const locale of ['en', 'zh-CN'])
  test(`at every size nothing is wider than the screen, and Play is on it: ${locale}`, () =>
    withPage({ ...withoutMnist, context: { locale } }, async (page) => {
      await becomes(page, 'status', 'ready');
      await page.locator('.notice button').last().click();
      // With all numbers there.
      await setNumber(page, 'epochs', 1);
      await part(page, 'play').click();
      await becomes(page, 'status', 'done');
      await part(page, 'test-digit').click();
      for (const [width, height] of sizes) {
        await page.setViewportSize({ width, height });
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(beyond <= 0, `${beyond} px too wide at ${width} × ${height}`);
        const play = await part(page, 'play').boundingBox();
        assert.ok(play.y >= 0 && play.y + play.height <= height, `Play at ${play.y} at ${width} × ${height}`);
        const hit = await page.evaluate(
          ([x, y]) => document.elementFromPoint(x, y)?.closest('button')?.id,
          [play.x + play.width / 2, play.y + play.height / 2],
        );
        assert.equal(hit, 'play', `something lies over Play at ${width} × ${height}`);
        // What stands on buttons stays on them, and buttons on the page.
        const outside = await page.evaluate(() =>
          [...document.querySelectorAll('.pad-tools button, .transport button, .header-end > *')]
            .filter((item) => item.getClientRects().length > 0)
            .filter((item) => {
              const box = item.getBoundingClientRect();
              return box.right > innerWidth + 0.5 || item.scrollWidth > item.clientWidth + 1;
            })
            .map((item) => item.textContent),
        );
        assert.deepEqual(outside, [], `cut off at ${width} × ${height}`);
      }
    }));

test('the pad, its keys and, on a desk, the whole answer are on the screen together', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    await page.waitForSelector('.foot');
    await page.locator('.notice button').last().click();
    for (const [width, height] of [
      [320, 568],
      [360, 740],
      [390, 844],
      [768, 1024],
      [1024, 600],
      [1180, 700],
      [1366, 650],
      [1440, 900],
      [1920, 1080],
    ]) {
      await page.setViewportSize({ width, height });
      const isDesk = width >= 1180;
      // On a desk the deck lies under the middle column alone.
      const end = isDesk ? height : (await page.locator('.deck').boundingBox()).y;
      for (const [name, item] of Object.entries({
        pad: part(page, 'pad'),
        keys: page.locator('.pad-tools'),
        ...(isDesk && { answer: part(page, 'bars') }),
      })) {
        const box = await item.boundingBox();
        assert.ok(
          box.y >= 0 && box.y + box.height <= end,
          `${name} ends at ${box.y + box.height} of ${end}, ${width} × ${height}`,
        );
      }
    }
  }));

test('what the page says of itself is shown in whole sentences', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    for (const width of [980, 1000, 1024, 1060, 1100, 1180, 1300]) {
      await page.setViewportSize({ width, height: 700 });
      const cut = await page.evaluate(() => {
        const line = document.querySelector('.tagline');
        const edge = line.getBoundingClientRect();
        const range = document.createRange();
        return [...line.childNodes]
          .filter((node) => node.textContent.trim())
          .filter((node) => {
            range.selectNodeContents(node);
            const box = range.getBoundingClientRect();
            return box.top < edge.bottom - 2 && box.right > edge.right + 1;
          })
          .map((node) => node.textContent);
      });
      assert.deepEqual(cut, [], `${width} px`);
    }
  }));

test('the epochs that are told and the axes of the charts end together', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    // What is drawn on the charts is watched: text goes onto canvases.
    await page.addInitScript(() => {
      const { fillText } = CanvasRenderingContext2D.prototype;
      window.drawn = [];
      CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
        if (/^epoch \d+$/.test(text)) window.drawn.push(text);
        return fillText.call(this, text, ...rest);
      };
    });
    await page.reload();
    await becomes(page, 'status', 'ready');
    const figure = async () => (await part(page, 'epoch').locator('..').textContent()).trim();
    const axis = () => page.evaluate(() => window.drawn.at(-1));
    await setNumber(page, 'epochs', 2);
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    assert.equal(await figure(), '2of 2');
    assert.equal(await axis(), 'epoch 2');
    // Asked for, but not begun: what was trained stays what it was.
    await setNumber(page, 'epochs', 4);
    await wait(200);
    assert.equal(await figure(), '2of 2');
    assert.equal(await axis(), 'epoch 2');
    await part(page, 'play').click();
    await page.waitForFunction(() => document.querySelector('[data-part="epoch"]').dataset.value === '3');
    await becomes(page, 'status', 'done');
    assert.equal(await figure(), '6of 6');
    await wait(200);
    assert.equal(await axis(), 'epoch 6');
  }));

test('the caption of a test digit is not written over its ink', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    await page.waitForSelector('.strip-tiles button.tile');
    await part(page, 'test-digit').click();
    await page.waitForSelector('[data-part="truth"]');
    assert.match(await part(page, 'truth').textContent(), /Test digit [\d,]+/);
    const over = await page.evaluate(() => {
      const pad = document.querySelector('[data-part="pad"]').getBoundingClientRect();
      return [...document.querySelectorAll('.pad *, [data-part="truth"]')]
        .filter((item) => item.tagName !== 'CANVAS' && item.textContent.trim() && !item.closest('.pad-tools'))
        .filter((item) => {
          const box = item.getBoundingClientRect();
          return (
            box.width > 1 &&
            box.top < pad.bottom &&
            box.bottom > pad.top &&
            box.left < pad.right &&
            box.right > pad.left
          );
        })
        .filter((item) => item.children.length === 0)
        .map((item) => item.textContent);
    });
    assert.deepEqual(over, []);
  }));

test('a number that is refused says why, in place, and what stays', () =>
  withPage({ ...withoutMnist, query: '?autostart=0' }, async (page) => {
    await becomes(page, 'status', 'ready');
    const rate = page.locator('input[name="learningRate"]');
    const before = await part(page, 'epochs').boundingBox();
    for (const [name, said, why] of [
      ['learningRate', 'fast', /“fast” is not a number.*It stays 0\.001/],
      ['learningRate', '20', /20 is not between 0\.000001 and 10/],
      ['epochs', '2.5', /2\.5 is not a whole number.*It stays 5/],
      ['batchSize', '0', /0 is not between 1 and 1024/],
    ]) {
      const field = page.locator(`input[name="${name}"]`);
      await field.fill(said);
      assert.equal(await field.getAttribute('aria-invalid'), 'true');
      await field.press('Tab');
      // It still says so when the field shows the old number again.
      const told = page.locator(`#${await field.getAttribute('aria-errormessage')}`);
      assert.match(await told.textContent(), why);
      assert.ok(await told.isVisible());
    }
    assert.deepEqual(await part(page, 'epochs').boundingBox(), before);
    await rate.fill('0.002');
    assert.equal(await part(page, 'learningRate-refused').count(), 0);
  }));

test('opened as a file the page says a word instead of nothing', async () => {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(at('dist/www/index.html')).href);
    await page.waitForFunction(() => document.body.innerText.trim() !== '', null, { timeout: 10_000 });
    const text = await page.locator('body').innerText();
    assert.match(text, /must come from a web server/);
    assert.match(text, /npm start/);
    assert.match(text, /网页服务器/);
  } finally {
    await browser.close();
  }
});

for (const size of [24, 32])
  for (const [width, height] of [
    [1280, 900],
    [390, 844],
  ])
    test(`text, and all that is measured by it, has the size that is set in the browser: ${size}, ${width} × ${height}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'mapling-large-'));
      mkdirSync(join(folder, 'Default'));
      writeFileSync(
        join(folder, 'Default', 'Preferences'),
        JSON.stringify({ webkit: { webprefs: { default_font_size: size } } }),
      );
      const server = await serve({ '/': at('dist/www') }, withoutMnist);
      const context = await chromium.launchPersistentContext(folder, {
        ...options({ whole: true }),
        viewport: { width, height },
      });
      try {
        const page = await context.newPage();
        await page.goto(`${server.origin}/?autostart=0`);
        await becomes(page, 'status', 'ready');
        const text = await page.evaluate(() => Number.parseFloat(getComputedStyle(document.body).fontSize));
        assert.ok(text >= 0.9 * size, `text of ${text} px where ${size} is set`);
        await page.waitForSelector('.notice');
        await page.locator('.notice button').last().click();
        await part(page, 'test-digit').click();
        await part(page, 'truth').waitFor();
        await nothingCut(page, `text of ${size} px`, [[width, height]]);
        // What steers training is in reach, and the pad is not under it.
        for (const name of ['play', 'pause', 'step', 'reset']) {
          const box = await part(page, name).boundingBox();
          assert.ok(box.x >= 0 && box.x + box.width <= width, `${name} at ${box.x}`);
          assert.ok(box.y >= 0 && box.y + box.height <= height, `${name} at ${box.y}`);
        }
        await page.evaluate(() => {
          location.hash = 'lesson=line';
        });
        await part(page, 'line-lab').waitFor();
        await nothingCut(page, `lesson, text of ${size} px`, [[width, height]]);
        for (const name of ['pictures', 'why']) {
          await openLesson(page, name);
          await page
            .locator(name === 'why' ? '.erase' : '.square-numbers')
            .first()
            .waitFor();
          await nothingCut(page, `lesson ${name}, text of ${size} px`, [[width, height]]);
        }
        await page.evaluate(() => {
          location.hash = '';
        });
        await part(page, 'edit-network').click();
        await page.locator('.draft-remove').first().click();
        await part(page, 'draft-refusal').waitFor();
        await nothingCut(page, `a network that cannot be built, text of ${size} px`, [[width, height]]);
        await part(page, 'draft-close').click();
        assert.equal(await value(page, 'status'), 'ready');
        await part(page, 'step').click();
        await part(page, 'step-inside').waitFor();
        await nothingCut(page, `a step told, text of ${size} px`, [[width, height]]);
      } finally {
        await context.close();
        await server.close();
        rmSync(folder, { recursive: true, force: true });
      }
    });
