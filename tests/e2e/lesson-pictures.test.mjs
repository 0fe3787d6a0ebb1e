// Lesson 5: a kernel slides over the visitor's digit; the numbers that are shown are those of the library's convolution.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nothingSerious } from './axe.mjs';
import { becomes, draw, part, penDigits, phone, readDigit, seenPicture, value, withPage } from './page.mjs';

const lesson = {
  missing: (path) => path.includes('/mnist/'),
  query: '?autostart=0#lesson=pictures',
};
const three = penDigits.find(({ label }) => label === 3).strokes;
const numbers = (text) => text.split(' ').map(Number);
const near = (one, other, tolerance = 1e-4) =>
  assert.ok(Math.abs(one - other) < tolerance, `${one} is not ${other}`);

/** The lesson, with a digit drawn on the pad. */
async function open(page) {
  await becomes(page, 'status', 'ready');
  await part(page, 'slide').waitFor();
  await draw(page, three);
  await readDigit(page);
  await becomes(page, 'lesson-digit', 'drawn');
}

/** The products of the window, their sum, and the map's value at its place. */
const windowOf = (page) =>
  page.evaluate(() => {
    const number = (name) => Number(document.querySelector(`[data-part="${name}"]`).dataset.value);
    const products = [...document.querySelectorAll('[data-part="product"]')].map(({ dataset }) =>
      Number(dataset.value),
    );
    return { products, sum: number('sum'), map: number('map-value') };
  });

test('the sum is that of its products and stands in the map, wherever the window is moved by keys', () =>
  withPage(lesson, async (page) => {
    await open(page);
    const pixels = (await seenPicture(page)).map((strength) => strength / 255);
    const kernel = numbers(await value(page, 'kernel'));
    assert.deepEqual(kernel, [-1, 0, 1, -1, 0, 1, -1, 0, 1]);
    const slider = part(page, 'slide-picture');
    await slider.focus();
    let isAnywhere = false;
    for (const key of [
      'ArrowDown',
      'ArrowRight',
      'ArrowUp',
      'ArrowLeft',
      'ArrowLeft',
      'ArrowDown',
      'ArrowDown',
    ]) {
      await page.keyboard.press(key);
      const { products, sum, map } = await windowOf(page);
      near(
        products.reduce((all, one) => all + one, 0),
        sum,
      );
      near(sum, map);
      const place = Number(await slider.getAttribute('aria-valuenow'));
      const [x, y] = [place % 28, Math.floor(place / 28)];
      // The picture beside the pad has 256 strengths.
      const expected = kernel.reduce(
        (all, weight, at) => all + weight * pixels[(y + Math.floor(at / 3)) * 28 + x + (at % 3)],
        0,
      );
      near(sum, expected, 0.02);
      isAnywhere ||= Math.abs(sum) > 0.2;
      assert.match(
        await slider.getAttribute('aria-valuetext'),
        new RegExp(`column ${x + 1}, row ${y + 1}: the sum is`),
      );
    }
    assert.ok(isAnywhere, 'the window met an edge');
  }));

test('a kernel that is typed makes its own map, and what is no number is refused', () =>
  withPage(lesson, async (page) => {
    await open(page);
    await part(page, 'slide-picture').hover({ position: { x: 60, y: 60 } });
    await part(page, 'kernel-same').click();
    const weights = part(page, 'weight');
    await weights.nth(4).fill('many');
    await page.keyboard.press('Tab');
    assert.equal(await weights.nth(4).getAttribute('aria-invalid'), 'true');
    assert.deepEqual(numbers(await value(page, 'kernel')), [0, 0, 0, 0, 1, 0, 0, 0, 0]);
    await weights.nth(4).fill('−2,5');
    await page.keyboard.press('Tab');
    assert.deepEqual(numbers(await value(page, 'kernel')), [0, 0, 0, 0, -2.5, 0, 0, 0, 0]);
    await weights.nth(4).press('ArrowUp');
    assert.deepEqual(numbers(await value(page, 'kernel')), [0, 0, 0, 0, -1.5, 0, 0, 0, 0]);
    // Its map is the picture without its edge, times −1.5.
    const pixels = await seenPicture(page);
    const slider = part(page, 'slide-map');
    await slider.focus();
    for (let step = 0; step < 6; step++) {
      await page.keyboard.press(step % 2 ? 'ArrowRight' : 'ArrowDown');
      const place = Number(await slider.getAttribute('aria-valuenow'));
      const [x, y] = [place % 26, Math.floor(place / 26)];
      near((await windowOf(page)).map, (-1.5 * pixels[(y + 1) * 28 + x + 1]) / 255, 0.02);
    }
    await part(page, 'cut').check();
    near((await windowOf(page)).map, 0);
  }));

test('pooling keeps the largest or the average of each square, and a moved digit changes it less', () =>
  withPage(lesson, async (page) => {
    await open(page);
    for (const [kind, kept] of [
      ['max', (values) => Math.max(...values)],
      ['average', (values) => values.reduce((all, one) => all + one, 0) / values.length],
    ]) {
      await part(page, `pool-${kind}`).click();
      for (const size of [2, 3, 4]) {
        await part(page, `pool-${size}`).click();
        const { square, value: shown } = await part(page, 'pool-kept').evaluate(({ dataset }) => ({
          ...dataset,
        }));
        assert.equal(numbers(square).length, size * size);
        near(Number(shown), kept(numbers(square)));
      }
    }
    await part(page, 'pool-max').click();
    assert.equal(await value(page, 'shift-changed'), '0 0');
    await part(page, 'shift-1').click();
    const [map, pooled] = numbers(await value(page, 'shift-changed'));
    assert.ok(map > 0.2 && pooled < map, `${map} ${pooled}`);
  }));

test('a network of nine weights finds the kernel that somebody made', () =>
  withPage(lesson, async (page) => {
    await open(page);
    await part(page, 'kernel-sharpen').click();
    const button = part(page, 'find-train');
    await page.waitForFunction(() => !document.querySelector('[data-part="find-train"]').disabled);
    await button.click();
    await page.waitForSelector('[data-part="find-loss"][data-running="true"]');
    await page.waitForSelector('[data-part="find-loss"][data-running="false"]', { timeout: 60_000 });
    const found = numbers(await value(page, 'find-weights'));
    for (const [at, weight] of [0, -1, 0, -1, 5, -1, 0, -1, 0].entries()) near(found[at], weight, 0.15);
  }));

test('filters that the network has learned lie on the digit when they are pressed', () =>
  withPage(lesson, async (page) => {
    await open(page);
    assert.equal(await part(page, 'filter').count(), 0);
    await part(page, 'train-convnet').click();
    await part(page, 'filter').first().waitFor({ timeout: 60_000 });
    assert.equal(await part(page, 'filter').count(), 32);
    assert.equal(await part(page, 'layer-maps').count(), 3);
    await becomes(page, 'status', 'training');
    await part(page, 'pause').click();
    await becomes(page, 'status', 'paused');
    await page.waitForTimeout(600);
    const filter = part(page, 'filter').nth(7);
    const weights = await filter.getAttribute('data-value');
    await filter.focus();
    await page.keyboard.press('Enter');
    assert.equal(await value(page, 'kernel'), weights);
    const { products, sum, map } = await windowOf(page);
    near(
      products.reduce((all, one) => all + one, 0),
      sum,
    );
    near(sum, map);
  }));

for (const [name, context] of [
  ['light, a desk', {}],
  ['dark, a phone, in Chinese', { ...phone, deviceScaleFactor: 1, colorScheme: 'dark', locale: 'zh-CN' }],
])
  test(`axe finds nothing serious in the lesson, and nothing is wider than the screen: ${name}`, () =>
    withPage({ ...lesson, context: { ...context, reducedMotion: 'reduce' } }, async (page) => {
      await open(page);
      if (context.locale) assert.equal(await page.locator('#lesson-heading').textContent(), '图像');
      await page.waitForFunction(() => !document.querySelector('[data-part="find-train"]').disabled);
      await part(page, 'find-train').click();
      await page.waitForTimeout(300);
      await part(page, 'train-convnet').click();
      await part(page, 'filter').first().waitFor({ timeout: 60_000 });
      await nothingSerious(page, name, '[data-part="lesson"]');
      const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(wide <= screen, `${wide} of ${screen}`);
    }));
