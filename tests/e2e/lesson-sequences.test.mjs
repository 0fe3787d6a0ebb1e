// Lesson 6: a network that reads the digit row by row, and one that reads sentences, both trained in the page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nothingSerious } from './axe.mjs';
import { becomes, draw, part, penDigits, phone, readDigit, value, withPage } from './page.mjs';

const lesson = {
  missing: (path) => path.includes('/mnist/'),
  query: '?autostart=0#lesson=sequences',
};
const three = penDigits.find(({ label }) => label === 3).strokes;
const chinese = { locale: 'zh-CN' };

async function open(page) {
  await becomes(page, 'status', 'ready');
  await part(page, 'reader').waitFor();
}

async function trainSentences(page) {
  await part(page, 'opinion-train').click();
  await becomes(page, 'opinion-phase', 'done', 120_000);
  // The last test of the run.
  await page.waitForTimeout(300);
}

/** Types a sentence: what the network says, and each word's part. */
async function opinionOf(page, text) {
  await part(page, 'opinion-typed').fill(text);
  await page.waitForTimeout(500);
  const parts = await page
    .locator('[data-part="opinion-parts"] li')
    .evaluateAll((items) =>
      items.map((item) => [
        item.firstChild.textContent,
        Number(item.dataset.value),
        item.dataset.known === 'true',
      ]),
    );
  return { liked: Number(await value(page, 'opinion-verdict')), parts };
}

test('the network that reads rows is right nine times in ten after its short training, and shows what it computes', () =>
  withPage(lesson, async (page) => {
    await open(page);
    await draw(page, three);
    await readDigit(page);
    await part(page, 'reader-train').click();
    await becomes(page, 'reader-phase', 'done', 300_000);
    await page.waitForTimeout(2000);
    const accuracy = Number(await value(page, 'reader-accuracy'));
    assert.ok(accuracy > 0.9, `${accuracy}`);
    assert.equal(await value(page, 'reader-bars'), '3');
    // The gates that are shown, step by step, end where `predict` of the whole network does: after every row.
    const answer = (await value(page, 'reader-answer')).split(' ').map(Number);
    assert.equal(answer.length, 280);
    const rows = part(page, 'reader-rows');
    await rows.focus();
    for (const row of [28, 27, 26, 12]) {
      await rows.fill(String(row));
      const shown = await page
        .locator('[data-part="reader-bars"] li')
        .evaluateAll((bars) => bars.map(({ dataset }) => Number(dataset.value)));
      for (const [digit, share] of shown.entries())
        assert.ok(Math.abs(share - answer[(row - 1) * 10 + digit]) < 1e-4, `row ${row}, ${digit}: ${share}`);
    }
    await page.keyboard.press('ArrowLeft');
    assert.match(await rows.getAttribute('aria-valuetext'), /^11 of 28 rows/);
    for (const gate of ['input', 'forget', 'output']) {
      const open = Number(await value(page, `gate-${gate}`));
      assert.ok(open > 0.05 && open < 1, `${gate}: ${open}`);
    }
  }));

test('training of the reader is paused, goes on, and ends when the lesson is left', () =>
  withPage(lesson, async (page) => {
    await open(page);
    await part(page, 'reader-train').click();
    await becomes(page, 'reader-phase', 'training');
    await part(page, 'reader-pause').click();
    await becomes(page, 'reader-phase', 'paused');
    await part(page, 'reader-resume').click();
    await becomes(page, 'reader-phase', 'training');
    await page.goto(`${page.url().split('#')[0]}#lesson=`);
    await part(page, 'reader').waitFor({ state: 'detached' });
    await page.goto(`${page.url().split('#')[0]}#lesson=sequences`);
    await becomes(page, 'reader-phase', 'paused');
  }));

test('the network of sentences is right on those that were held out, and knows that order counts', () =>
  withPage(lesson, async (page) => {
    await open(page);
    await trainSentences(page);
    const accuracy = Number(await value(page, 'opinion-accuracy'));
    assert.ok(accuracy >= 0.85, `${accuracy}`);
    const good = await opinionOf(page, 'the soup was good');
    const bad = await opinionOf(page, 'the soup was not good');
    assert.ok(good.liked > 0.7 && bad.liked < 0.3, `${good.liked} ${bad.liked}`);
    // The part of a word is what the verdict loses without it.
    const [, , , [word, share]] = bad.parts;
    assert.equal(word, 'not');
    assert.ok(Math.abs(bad.liked - good.liked - share) < 1e-4);
    const [one, other] = [await opinionOf(page, 'good not bad'), await opinionOf(page, 'bad not good')];
    assert.ok(one.liked > 0.5 && other.liked < 0.5, `${one.liked} ${other.liked}`);
    const { parts } = await opinionOf(page, 'a zweihander');
    assert.deepEqual(
      parts.map(([, , isKnown]) => isKnown),
      [true, false],
    );
    // Without order both are the same.
    await part(page, 'opinion-bag').click();
    await page.waitForSelector('[data-part="opinion-phase"]:not([data-value="done"])');
    await becomes(page, 'opinion-phase', 'done', 120_000);
    assert.ok(Number(await value(page, 'opinion-accuracy')) >= 0.8);
    const [same, again] = [await opinionOf(page, 'good not bad'), await opinionOf(page, 'bad not good')];
    assert.ok(Math.abs(same.liked - again.liked) < 1e-5);
  }));

test('in Chinese it reads characters, and is right on sentences that were held out', () =>
  withPage({ ...lesson, context: chinese }, async (page) => {
    await open(page);
    assert.equal(await page.locator('#lesson-heading').textContent(), '序列');
    await trainSentences(page);
    const accuracy = Number(await value(page, 'opinion-accuracy'));
    assert.ok(accuracy >= 0.85, `${accuracy}`);
    const [good, bad] = [await opinionOf(page, '菜很好吃'), await opinionOf(page, '菜不好吃')];
    assert.ok(good.liked > 0.7 && bad.liked < 0.3, `${good.liked} ${bad.liked}`);
    assert.deepEqual(
      bad.parts.map(([character]) => character),
      ['菜', '不', '好', '吃'],
    );
    const [one, other] = [await opinionOf(page, '好吃不贵'), await opinionOf(page, '贵不好吃')];
    assert.ok(one.liked > 0.5 && other.liked < 0.5, `${one.liked} ${other.liked}`);
    // A network that has learned Chinese is of no use in English: it learns that too.
    await page
      .locator('header')
      .getByRole('button', { name: /English/ })
      .click();
    await page.waitForSelector('[data-part="opinion-phase"]:not([data-value="done"])');
    await becomes(page, 'opinion-phase', 'done', 120_000);
    assert.ok((await opinionOf(page, 'the soup was not good')).liked < 0.5);
  }));

for (const [name, context] of [
  ['light, a desk', {}],
  ['dark, a phone, in Chinese', { ...phone, deviceScaleFactor: 1, colorScheme: 'dark', ...chinese }],
])
  test(`axe finds nothing serious in the lesson, and nothing is wider than the screen: ${name}`, () =>
    withPage({ ...lesson, context: { ...context, reducedMotion: 'reduce' } }, async (page) => {
      await open(page);
      await part(page, 'reader-train').click();
      await part(page, 'gates').waitFor({ timeout: 60_000 });
      await trainSentences(page);
      await page.locator('[data-part="opinions"] summary').click();
      await nothingSerious(page, name, '[data-part="lesson"]');
      const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(wide <= screen, `${wide} of ${screen}`);
    }));
