// What strangers see: text that is whole at every size and in every state, a network that a drawing lights up, honest words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutMnist as noMnist } from '../mnist.mjs';
import { nothingCut } from './cut.mjs';
import {
  becomes,
  draw,
  drop,
  lessonNames,
  openLesson,
  part,
  penDigits,
  phone,
  readDigit,
  setNumber,
  withoutMnist,
  withPage,
} from './page.mjs';

const three = penDigits.find(({ label }) => label === 3).strokes;
const sizes = [
  [320, 640],
  [390, 844],
  [820, 1180],
  [1366, 650],
  [1440, 900],
  [2560, 1440],
];

for (const locale of ['en', 'zh-CN'])
  test(`no text is cut off, off the screen or under other text in any state: ${locale}`, () =>
    withPage({ ...withoutMnist, context: { locale } }, async (page) => {
      const whole = (state) => nothingCut(page, state, sizes);
      await becomes(page, 'status', 'ready');
      await page.waitForSelector('.foot');
      await page.waitForSelector('.notice');
      await whole('ready, with a message');
      await page.locator('.notice button').last().click();
      await setNumber(page, 'epochs', 1);
      await part(page, 'play').click();
      await becomes(page, 'status', 'done');
      await draw(page, three);
      await readDigit(page);
      await page.locator('.below').scrollIntoViewIfNeeded();
      await part(page, 'inside').scrollIntoViewIfNeeded();
      await page.locator('.inside-layer').first().waitFor();
      await part(page, 'yours').waitFor();
      await whole('done, a drawing that is read');
      await page.locator('.truth button').nth(1).click();
      await part(page, 'teach').waitFor();
      await whole('it was a…');
      await part(page, 'new-class').click();
      await whole('a class of one’s own');
      await page.locator('.teach-class .quiet').click();
      await part(page, 'clear').click();
      await part(page, 'test-digit').click();
      await part(page, 'truth').waitFor();
      await whole('a test digit');
      await part(page, 'edit-network').click();
      await page.locator('.draft-remove').first().click();
      await part(page, 'draft-refusal').waitFor();
      await whole('a network that cannot be built');
      await part(page, 'draft-close').click();
      await part(page, 'step').click();
      await part(page, 'step-inside').waitFor();
      for (const beat of ['forward', 'back', 'update']) {
        await part(page, `beat-${beat}`).click();
        await whole(`a step, ${beat}`);
      }
      await part(page, 'step-close').click();
      await part(page, 'scrubber').focus();
      await page.keyboard.press('Home');
      await page.waitForSelector('[data-part="scrubber"][data-value="0"]');
      await whole('time turned back');
      await part(page, 'otherwise').selectOption({ index: 2 });
      await part(page, 'experiment').waitFor();
      // The run before has its lines there: nothing is written over them.
      await page.locator('.chart-waiting').first().waitFor({ state: 'detached' });
      await whole('a branch');
      await drop(page, [{ name: 'a-holiday-by-the-sea.png', base64: 'iVBORw0KGgo=' }]);
      await page.waitForSelector('.notice[data-kind="refused"]');
      await whole('a refused file');
    }));

for (const locale of ['en', 'zh-CN'])
  test(`no text is cut off, off the screen or under other text in any lesson: ${locale}`, () =>
    withPage({ ...withoutMnist, query: '?autostart=0#lesson=line', context: { locale } }, async (page) => {
      await part(page, 'lesson').waitFor();
      for (const name of lessonNames) {
        await openLesson(page, name);
        await page.locator('.lesson-question button').first().click();
        await nothingCut(page, name, sizes);
      }
    }));

/** How strongly the tiles of the first layer's picture are inked, each as the mean of its pixels. */
const inkOfTiles = (page) =>
  page.locator('.weights[data-kind="tiles"] canvas').evaluate(async (canvas) => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const pen = canvas.getContext('2d');
    return Array.from({ length: 60 }, (_, tile) => {
      const { data } = pen.getImageData(29 * (tile % 10), 29 * Math.floor(tile / 10), 28, 28);
      return data.reduce((sum, value, at) => sum + (at % 4 === 3 ? value : 0), 0) / 784;
    });
  });

test('a drawing lights the network’s picture up: units that answer stand out, silent ones fade, until the pad is cleared', () =>
  withPage({ ...withoutMnist, query: '?autostart=0&preset=dense' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'step').click();
    await becomes(page, 'status', 'paused');
    const weights = page.locator('.weights[data-kind="tiles"]');
    await page.waitForFunction(() => {
      const canvas = document.querySelector('.weights[data-kind="tiles"] canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, 28, 28);
      return data.some((value) => value > 0);
    });
    const dark = await inkOfTiles(page);
    assert.equal(await weights.getAttribute('data-lit'), null);
    await draw(page, three);
    await page.waitForSelector('.weights[data-lit]');
    // What each unit answers is told below, unit by unit.
    await page.locator('.below').scrollIntoViewIfNeeded();
    await part(page, 'inside').scrollIntoViewIfNeeded();
    await page.locator('.inside-layer').first().waitFor();
    const answers = await page
      .locator('.units')
      .first()
      .locator('button')
      .evaluateAll((all) => all.map(({ style }) => Number(style.getPropertyValue('--strength'))));
    const lit = await inkOfTiles(page);
    assert.equal(Number(await weights.getAttribute('data-lit')), answers.filter((one) => one > 0).length);
    const strongest = answers.slice(0, 60).indexOf(Math.max(...answers.slice(0, 60)));
    const silent = answers.slice(0, 60).indexOf(0);
    assert.ok(silent >= 0);
    assert.ok(lit[silent] < 0.3 * dark[silent], `${lit[silent]} of ${dark[silent]}`);
    assert.ok(lit[strongest] > 2 * lit[silent], `${lit[strongest]} beside ${lit[silent]}`);
    // The layer of answers: the row of the digit that is read is the strongest.
    const digit = Number(await readDigit(page));
    const rows = await page.locator('.weights[data-kind="columns"] canvas').evaluate((canvas) => {
      const { data, width } = canvas.getContext('2d').getImageData(0, 0, canvas.width, 10);
      return Array.from({ length: 10 }, (_, row) =>
        data
          .slice(4 * width * row, 4 * width * (row + 1))
          .reduce((sum, value, at) => sum + (at % 4 === 3 ? value : 0), 0),
      );
    });
    assert.equal(rows.indexOf(Math.max(...rows)), digit);
    await page.evaluate(() => scrollTo(0, 0));
    await part(page, 'clear').click();
    await page.waitForSelector('.weights:not([data-lit])[data-kind="tiles"]');
    // As before, but for what the step has moved meanwhile.
    const after = await inkOfTiles(page);
    assert.ok(
      after.every((ink, tile) => Math.abs(ink - dark[tile]) < 0.1 * dark[tile]),
      `${after}, not ${dark}`,
    );
  }));

test('a mistake is asked why: it lies on the pad, and the lesson on reasons is about it', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    await setNumber(page, 'epochs', 1);
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    await page.locator('.mistakes').scrollIntoViewIfNeeded();
    await page.locator('.mistakes button.tile').first().click();
    const truth = await part(page, 'opened-truth').textContent();
    await part(page, 'ask-why').click();
    await page.locator('[data-part="lesson"][data-value="why"]').waitFor();
    assert.match(await part(page, 'truth').textContent(), new RegExp(`In truth an? ${truth}`));
    assert.equal(await part(page, 'opened').count(), 0);
    await part(page, 'erase').waitFor({ timeout: 60_000 });
    // The way back leads to the main screen.
    await page.goBack();
    await page.locator('.training').waitFor();
  }));

test('on a phone, too, whoever asks why comes to the pictures', () =>
  withPage({ ...withoutMnist, context: { ...phone, deviceScaleFactor: 1 } }, async (page) => {
    await becomes(page, 'status', 'ready');
    await page.locator('.notice button').last().click();
    await setNumber(page, 'epochs', 1);
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    const ask = async () => {
      await page.locator('.mistakes').scrollIntoViewIfNeeded();
      await page.locator('.mistakes button.tile').first().click();
      await part(page, 'ask-why').click();
      await page.locator('[data-part="lesson"][data-value="why"]').waitFor();
    };
    // Once all has come that stands around them, too.
    const seen = async () => {
      await part(page, 'erase').waitFor({ timeout: 60_000 });
      await page.locator('.alike').waitFor();
      await page.waitForFunction(() => {
        const [heading, picture] = ['#why-heading', '.why-ways canvas'].map((of) =>
          document.querySelector(of),
        );
        const [top, box] = [heading.getBoundingClientRect().top, picture.getBoundingClientRect()];
        return top >= 0 && top < 100 && box.bottom <= innerHeight && document.activeElement === heading;
      });
    };
    await ask();
    await seen();
    // Again, when the lesson is there already.
    await page.goBack();
    await page.locator('.training').waitFor();
    await ask();
    await seen();
    // Who opens the lesson by its name reads it from the beginning.
    await openLesson(page, 'line');
    await openLesson(page, 'why');
    await page.waitForFunction(() => scrollY === 0 && document.activeElement?.id === 'lesson-heading');
  }));

test('a card of a test digit does not say that one drew it', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'step').click();
    await becomes(page, 'status', 'paused');
    await page.waitForSelector('.strip-tiles button.tile');
    await part(page, 'test-digit').click();
    await readDigit(page);
    await part(page, 'share-button').click();
    await page.waitForFunction(() =>
      /A test digit: \d, /.test(document.querySelector('[data-part="card"]')?.ariaLabel ?? ''),
    );
  }));

test(
  'news of MNIST that come late are not shown: once it is there the header names it',
  { skip: noMnist },
  () =>
    withPage({}, async (page) => {
      await becomes(page, 'dataset', 'styles');
      await becomes(page, 'status', 'ready');
      await page.waitForTimeout(500);
      assert.equal(await part(page, 'dataset').textContent(), 'MNIST + styles');
      assert.equal(await page.locator('.loading').count(), 0);
    }),
);
