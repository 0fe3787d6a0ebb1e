// What happens inside: the drawing's way through the layers, the sum behind a value, and why the answer is what it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomes, draw, part, penDigits, readDigit, withoutMnist, withPage } from './page.mjs';

const three = penDigits.find(({ label }) => label === 3).strokes;

/** The last column of the sum's rows, as numbers, by the rows' names. */
const rowsOf = (page) =>
  page.locator('.terms tr').evaluateAll((rows) =>
    rows.map((row) => {
      const cells = [...row.children].map(({ textContent }) => textContent);
      return [cells[0], Number(cells.at(-1).replace('−', '-'))];
    }),
  );

/** Opens the part that shows the inside, with a drawing on the pad. */
async function openInside(page) {
  await becomes(page, 'status', 'ready');
  await part(page, 'step').click();
  await draw(page, three);
  await page.locator('.below').scrollIntoViewIfNeeded();
  await part(page, 'inside').waitFor();
  await part(page, 'inside').scrollIntoViewIfNeeded();
  await page.locator('.inside-layer').first().waitFor();
}

test('a drawing lights the units up, and a unit shows the sum behind it', () =>
  withPage({ ...withoutMnist, query: '?autostart=0&preset=dense' }, async (page) => {
    await openInside(page);
    const units = page.locator('.units').first().locator('button');
    assert.equal(await units.count(), 128);
    assert.equal(await page.locator('.units.last button').count(), 10);
    const strengths = await units.evaluateAll((all) =>
      all.map((unit) => Number(unit.style.getPropertyValue('--strength'))),
    );
    const strongest = strengths.indexOf(Math.max(...strengths));
    assert.ok(strengths[strongest] > 1);
    await units.nth(strongest).click();
    await page.locator('.terms').waitFor();
    const rows = await rowsOf(page);
    const total = rows.findIndex(([name]) => name === 'sum');
    const sum = rows.slice(0, total).reduce((all, [, value]) => all + value, 0);
    assert.ok(Math.abs(sum - rows[total][1]) < 0.006, `${rows}`);
    assert.deepEqual(rows.at(-1), ['after relu', rows[total][1]]);
    assert.match(await page.locator('.inside-detail').textContent(), /784 products/);
    assert.match(await page.locator('.inside-detail').textContent(), /If this grew by 1, the score of \d/);
  }));

test('nothing moves when a unit is chosen, and another, and none', () =>
  withPage({ ...withoutMnist, query: '?autostart=0&preset=dense' }, async (page) => {
    await openInside(page);
    // The panel of the step that was made is left first.
    await page.keyboard.press('Escape');
    await part(page, 'step-inside').waitFor({ state: 'detached' });
    const units = page.locator('.units').first().locator('button');
    const places = () =>
      page
        .locator('.inside-layer, .units button')
        .evaluateAll((all) =>
          all.map((item) => String(Object.values(item.getBoundingClientRect().toJSON()))),
        );
    const before = await places();
    for (const unit of [5, 90]) {
      await units.nth(unit).click();
      await page.locator('.terms').waitFor();
      assert.deepEqual(await places(), before);
    }
    await page.keyboard.press('Escape');
    await page.locator('.terms').waitFor({ state: 'detached' });
    assert.deepEqual(await places(), before);
    // Escape has led out, and the drawing is still there; from here it clears the pad, as everywhere.
    assert.equal(await page.evaluate(() => document.activeElement.closest('.units') !== null), true);
    assert.match(await readDigit(page), /^[0-9]$/);
    await page.keyboard.press('Escape');
    await page.locator('.inside-none').waitFor({ state: 'detached' });
  }));

test('on a phone nothing is wider than the screen', () =>
  withPage(
    {
      ...withoutMnist,
      query: '?autostart=0&preset=dense',
      context: { viewport: { width: 390, height: 844 } },
    },
    async (page) => {
      await openInside(page);
      await page.locator('.units').first().locator('button').nth(5).click();
      await page.locator('.terms').waitFor();
      await page.locator('.alike').waitFor();
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
    },
  ));

test('a map opens at its brightest place, a window slides over it, and four answers say why', () =>
  withPage({ ...withoutMnist, query: '?autostart=0&preset=convnet' }, async (page) => {
    await openInside(page);
    const maps = page.locator('.maps').first().locator('button');
    assert.equal(await maps.count(), 32);
    await maps.nth(3).click();
    await page.locator('.terms').waitFor();
    const detail = page.locator('.inside-detail');
    assert.match(await detail.textContent(), /9 products/);
    const slider = part(page, 'inside').getByRole('slider');
    const before = await slider.getAttribute('aria-valuetext');
    await slider.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    assert.notEqual(await slider.getAttribute('aria-valuetext'), before);
    const rows = await rowsOf(page);
    const total = rows.findIndex(([name]) => name === 'sum');
    const sum = rows.slice(0, total).reduce((all, [, value]) => all + value, 0);
    assert.ok(Math.abs(sum - rows[total][1]) < 0.006, `${rows}`);
    assert.equal(rows.at(-1)[1], Math.max(0, rows[total][1]));
    // Each answer has looked, and shows something for or against.
    await page.waitForFunction(
      () => document.querySelectorAll('.why-ways figure').length === 4 && document.querySelector('.alike'),
    );
    const inked = await page.locator('.why-ways canvas').evaluateAll((all) =>
      all.map((canvas) => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, 28, 28);
        return data.filter((value, at) => at % 4 === 3 && value > 40).length;
      }),
    );
    assert.ok(
      inked.every((pixels) => pixels > 4),
      `${inked}`,
    );
    assert.equal(await page.locator('.alike canvas').count(), 8);
  }));
