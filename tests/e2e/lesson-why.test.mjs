// Lesson 8: why a drawing or a mistake is read as it is, why not as another digit, and what is left when that is erased.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nothingSerious } from './axe.mjs';
import { becomes, draw, part, penDigits, phone, withPage } from './page.mjs';

const lesson = { missing: (path) => path.includes('/mnist/'), query: '?autostart=0#lesson=why' };

/** Trains until the network was tested, and pauses. */
async function open(page) {
  await becomes(page, 'status', 'ready');
  await part(page, 'play').click();
  await page.locator('[data-part="chooser"] .tile').first().waitFor({ timeout: 120_000 });
  await part(page, 'pause').click();
  await becomes(page, 'status', 'paused');
}

/** The class that every answer shown is about. */
const isAbout = (page, digit) =>
  page.waitForFunction(
    (digit) => {
      const captions = [...document.querySelectorAll('.why-ways figcaption')].map(
        ({ textContent }) => textContent,
      );
      const erase = document.querySelector('[data-part="erase"] h3')?.textContent;
      return (
        captions.length >= 3 &&
        captions.every((one) => one.includes(`for ${digit}`)) &&
        erase?.endsWith(digit)
      );
    },
    String(digit),
    { timeout: 60_000 },
  );

const erased = (page) =>
  part(page, 'erased').evaluate(({ dataset }) => ({
    read: Number(dataset.read),
    share: Number(dataset.share),
    random: Number(dataset.random),
  }));

test('a mistake is explained as what it is read as and as what it is; its ink is erased', () =>
  withPage(lesson, async (page) => {
    await open(page);
    const mistake = page.locator('[data-part="chooser"] .tile').first();
    const [, truth, guess] = /: (?:a|an) (\d), read as (?:a|an) (\d)/.exec(
      await mistake.getAttribute('aria-label'),
    );
    assert.notEqual(truth, guess);
    await mistake.focus();
    await page.keyboard.press('Enter');
    assert.equal(await mistake.getAttribute('aria-pressed'), 'true');
    await part(page, 'erase').waitFor({ timeout: 60_000 });
    // The network may have learned since the list was made: what it reads now is what is explained.
    const now = (await part(page, 'guess').textContent()).trim();
    await isAbout(page, now);
    const other = now === truth ? guess : truth;
    await page.locator(`[data-part="classes"] [data-choice="${other}"]`).click();
    await isAbout(page, other);
    assert.equal(
      await page.locator(`[data-part="classes"] [data-choice="${other}"]`).getAttribute('aria-pressed'),
      'true',
    );
  }));

test('erasing what speaks for an answer takes it away sooner than erasing at random', () =>
  withPage(lesson, async (page) => {
    await open(page);
    const drops = [];
    for (const label of [0, 3, 7]) {
      await page.getByRole('button', { name: 'Clear' }).click();
      await draw(page, penDigits.find((one) => one.label === label).strokes);
      await part(page, 'erase').waitFor({ timeout: 60_000 });
      await page.waitForTimeout(600);
      await isAbout(page, (await part(page, 'guess').textContent()).trim());
      const slider = page.locator('#erase');
      await slider.fill('0');
      const whole = await erased(page);
      const digit = Number((await part(page, 'guess').textContent()).trim());
      assert.equal(whole.read, digit);
      assert.equal(whole.share, whole.random);
      const bar = await page.locator(`[data-part="bars"] li`).nth(digit).getAttribute('data-value');
      assert.ok(Math.abs(Number(bar) - whole.share) < 1e-3, `${bar}, ${whole.share}`);
      // By keys: four steps are a fifth of the ink.
      await slider.focus();
      for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
      assert.match(await slider.getAttribute('aria-valuetext'), /^20 % erased: read as \d/);
      const fifth = await erased(page);
      assert.ok(fifth.share < whole.share);
      drops.push([whole.share - fifth.share, whole.share - fifth.random]);
    }
    const sum = (at) => drops.reduce((all, drop) => all + drop[at], 0);
    assert.ok(sum(0) > sum(1) + 0.3, `${JSON.stringify(drops)}`);
    await nothingSerious(page, 'a drawing that is explained');
  }));

test('in Chinese, on a phone and in the dark the lesson is whole, and axe finds nothing', () =>
  withPage({ ...lesson, context: { ...phone, locale: 'zh-CN', colorScheme: 'dark' } }, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'step').click();
    await page.getByRole('button', { name: '抽一个考题' }).click();
    await part(page, 'erase').waitFor({ timeout: 60_000 });
    await page.waitForFunction(() => /它为什么/.test(document.querySelector('#lesson-heading')?.textContent));
    assert.match(await part(page, 'erase').textContent(), /擦掉支持 \d 的墨/);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
    await nothingSerious(page, 'reasons in Chinese');
  }));
