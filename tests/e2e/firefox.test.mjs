// The main path in Firefox: it trains to the numbers that Chromium finds, reads a drawing, and opens a lesson.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../scripts/run.mjs';
import { firefox } from '../browser/firefox.mjs';
import { serve } from '../browser/serve.mjs';
import { becomes, part, penDigits, readDigit, value, withPage } from './page.mjs';

/** Two epochs on generated digits, from a seed. */
const query = '?epochs=2&seed=5';
const missing = (path) => path.includes('/mnist/');

/** Words for scripts in the page. */
const words = `
  const part = (name) => document.querySelector('[data-part="' + name + '"]');
  const value = (name) => part(name)?.dataset.value;
  const until = async (holds, what) => {
    const end = performance.now() + 90_000;
    while (!holds()) {
      if (performance.now() > end) throw new Error('waited in vain for ' + what);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  };
`;

/** What Chromium makes of the same link: the loss, the accuracy, and how it reads a drawing. */
async function inChromium(strokes) {
  let found;
  await withPage({ query, missing }, async (page) => {
    await becomes(page, 'status', 'done');
    await part(page, 'pad').scrollIntoViewIfNeeded();
    await page.evaluate(drawing(strokes));
    const guess = await readDigit(page);
    found = { loss: await value(page, 'loss'), accuracy: await value(page, 'accuracy'), guess };
  });
  return found;
}

/** Draws by pointer events, whose place on the pad is given in a box of 500 × 500. */
const drawing = (strokes) => `(() => {
  const pad = document.querySelector('[data-part="pad"]');
  const box = pad.getBoundingClientRect();
  const send = (type, [x, y], buttons) => pad.dispatchEvent(new PointerEvent(type, {
    pointerId: 1, pointerType: 'pen', isPrimary: true, bubbles: true, cancelable: true, pressure: 0.5, buttons,
    button: type === 'pointermove' ? -1 : 0,
    clientX: box.left + (x / 500) * box.width, clientY: box.top + (y / 500) * box.height,
  }));
  for (const stroke of ${JSON.stringify(strokes)}) {
    send('pointerdown', stroke[0], 1);
    for (const point of stroke) send('pointermove', point, 1);
    send('pointerup', stroke.at(-1), 0);
  }
})()`;

test('Firefox trains to the same numbers, reads a drawing alike, and opens a lesson', async () => {
  const { strokes } = penDigits.find(({ label }) => label === 3);
  const expected = await inChromium(strokes);
  const server = await serve({ '/some/where/': at('dist/www') }, { missing });
  const browser = await firefox();
  try {
    await browser.open(`${server.origin}/some/where/${query}`);
    const found = await browser.run(`${words}
      window.failures = [];
      addEventListener('error', ({ message }) => failures.push(message));
      await until(() => value('status') === 'done', 'the end of training');
      ${drawing(strokes)};
      await until(() => /\\d/.test(part('guess').textContent), 'a reading');
      let before = '';
      for (let still = 0; still < 10; still++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        const now = part('guess').textContent.trim();
        if (now !== before) still = 0;
        before = now;
      }
      return { loss: value('loss'), accuracy: value('accuracy'), guess: before };
    `);
    assert.deepEqual(found, expected);
    assert.ok(Number(found.accuracy) > 0.85, `accuracy ${found.accuracy}`);
    const after = await browser.run(`${words}
      part('step').click();
      await until(() => value('status') === 'paused' && value('loss') !== '${expected.loss}', 'a step');
      const stepped = value('loss');
      location.hash = 'lesson=backwards';
      await until(() => value('lesson') === 'backwards', 'the lesson');
      await until(() => document.querySelector('.lesson h2')?.textContent.length > 0, 'its title');
      location.hash = '';
      await until(() => part('play'), 'the main screen');
      return { stepped, failures: window.failures, status: value('status') };
    `);
    assert.deepEqual(after.failures, []);
    assert.notEqual(after.stepped, expected.loss);
    assert.equal(after.status, 'paused');
  } finally {
    await browser.close();
    await server.close();
  }
});
