// Everybody: axe finds nothing serious in any state, explanations are heard, and the system's colours are kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nothingSerious as serious } from './axe.mjs';
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

/** Visits the page's states one after the other and looks at each. */
async function allStates(page) {
  await becomes(page, 'status', 'ready');
  await page.waitForSelector('.foot');
  await page.waitForSelector('.strip-tiles button.tile');
  await serious(page, 'ready, with a message');
  await page.locator('.notice button').last().click();
  await part(page, 'step').click();
  await becomes(page, 'status', 'paused');
  await serious(page, 'paused');
  await part(page, 'step-inside').waitFor();
  await part(page, 'beat-update').click();
  await serious(page, 'a step, told from within');
  await part(page, 'step-close').click();
  await part(page, 'edit-network').click();
  await page.locator('.draft-remove').first().click();
  await part(page, 'draft-refusal').waitFor();
  await serious(page, 'a network that cannot be built');
  await part(page, 'draft-close').click();
  await draw(page, penDigits[0].strokes);
  await readDigit(page);
  await page.locator('button.layer-line').nth(1).click();
  await page.locator('.zoom .units button').nth(3).click();
  await page.locator('.zoom .terms').waitFor();
  await serious(page, 'a layer from within');
  await page.locator('.zoom-head button').click();
  await serious(page, 'a drawing that is read, and lights the network up');
  await page.locator('.below').scrollIntoViewIfNeeded();
  await part(page, 'inside').scrollIntoViewIfNeeded();
  await page.locator('.inside .units button').nth(7).click();
  await page.locator('.inside-detail .terms').waitFor();
  await page.locator('.health-part summary').click();
  await page.locator('.health').waitFor();
  await page.locator('.alike').waitFor();
  await serious(page, 'inside, a unit, how layers are doing, and why');
  await page.locator('.truth button').nth(1).click();
  await part(page, 'teach').waitFor();
  await part(page, 'own').waitFor();
  await serious(page, 'it was a…, and what is kept of it');
  await part(page, 'new-class').click();
  await page.locator('.teach-class').waitFor();
  await serious(page, 'a class of one’s own');
  await page.locator('.teach-class .quiet').click();
  await page.locator('input[name="learningRate"]').fill('many');
  await serious(page, 'a refused number');
  await page.locator('input[name="learningRate"]').fill('0.001');
  await setNumber(page, 'epochs', 1);
  await part(page, 'play').click();
  await becomes(page, 'status', 'done');
  await page.locator('.mistakes').scrollIntoViewIfNeeded();
  await page.locator('.mistakes button.tile').first().click();
  await page.waitForSelector('[data-part="opened"] li');
  await serious(page, 'done, an opened digit');
  await page.keyboard.press('Escape');
  await part(page, 'test-digit').click();
  await drop(page, [{ name: 'x.png', base64: 'iVBORw0KGgo=' }]);
  await page.waitForSelector('.notice[data-kind="refused"]');
  await serious(page, 'a refused file, a test digit on the pad');
  await page.locator('.notice button').last().click();
  await part(page, 'scrubber').focus();
  await page.keyboard.press('Home');
  await page.waitForSelector('[data-part="scrubber"][data-value="0"]');
  await serious(page, 'time turned back');
  await part(page, 'otherwise').selectOption({ index: 2 });
  await part(page, 'experiment').waitFor();
  await part(page, 'run').nth(1).waitFor();
  await serious(page, 'a branch, and runs beside each other');
  await page.locator('.ideas button').last().click();
  await becomes(page, 'status', 'training');
  await serious(page, 'an experiment');
}

for (const colorScheme of ['light', 'dark'])
  test(`axe finds nothing serious in any state: ${colorScheme}`, () =>
    withPage({ ...withoutMnist, context: { colorScheme, reducedMotion: 'reduce' } }, allStates));

test('axe finds nothing serious in any state: a phone, in Chinese', () =>
  withPage(
    {
      ...withoutMnist,
      context: { ...phone, deviceScaleFactor: 1, locale: 'zh-CN', reducedMotion: 'reduce' },
    },
    allStates,
  ));

/** Opens each lesson in turn, and answers its question. */
async function allLessons(page) {
  await part(page, 'lesson').waitFor();
  for (const name of lessonNames) {
    await openLesson(page, name);
    await serious(page, `lesson ${name}`);
    await page.locator('.lesson-question button').first().click();
    await page.waitForFunction(() => document.querySelector('.lesson-answer').textContent.trim() !== '');
    await serious(page, `lesson ${name}, its question answered`);
  }
}
const lessons = { ...withoutMnist, query: '?autostart=0#lesson=line' };

for (const colorScheme of ['light', 'dark'])
  test(`axe finds nothing serious in any lesson: ${colorScheme}`, () =>
    withPage({ ...lessons, context: { colorScheme, reducedMotion: 'reduce' } }, allLessons));

test('axe finds nothing serious in any lesson: a phone, in Chinese', () =>
  withPage(
    {
      ...lessons,
      context: { ...phone, deviceScaleFactor: 1, locale: 'zh-CN', reducedMotion: 'reduce' },
    },
    allLessons,
  ));

test('axe finds nothing serious while digits are on their way', () =>
  withPage({ query: '?autostart=0' }, async (page) => {
    await page.route('**/mnist/**', () => {});
    await page.reload();
    await page.waitForSelector('.settings');
    assert.equal(await part(page, 'status').getAttribute('data-value'), 'loading');
    await serious(page, 'loading');
  }));

test('a screen reader hears the explanations that others see', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    await page.waitForSelector('.settings');
    const devtools = await page.context().newCDPSession(page);
    const { nodes } = await devtools.send('Accessibility.getFullAXTree');
    const described = new Map(
      nodes
        .filter(({ description }) => description?.value)
        .map(({ name, description }) => [name?.value, description.value]),
    );
    for (const [name, words] of Object.entries({
      Play: /Start or go on/,
      'Test accuracy': /never trains on them/,
      Loss: /surprised/,
      'Learning rate': /moves the weights/,
      'Batch size': /before each step/,
      Optimizer: /gradients into steps/,
      Threads: /cores/,
      'Drawing pad. Draw a digit with mouse, pen or finger.': /Arrow keys/,
    }))
      assert.match(described.get(name) ?? '', words, name);
    const flatten = [...described.keys()].find((name) => name?.startsWith('Flatten'));
    assert.match(described.get(flatten), /end to end/);
    // Whatever shows an explanation to the eye also has it for the ear, as its name or its description.
    const silent = await page.evaluate(() =>
      [...document.querySelectorAll('[data-tip]')]
        .filter((item) => {
          const inner = item.matches('label, .weights') ? item.querySelector('input, select, canvas') : item;
          const heard = `${inner.ariaDescription ?? ''} ${inner.ariaLabel ?? ''}`;
          return !heard.trim();
        })
        .map((item) => item.outerHTML.slice(0, 80)),
    );
    assert.deepEqual(silent, []);
  }));

/** Before the page's scripts: everything that a screen reader is told of by itself. */
const listen = () => {
  window.heard = [];
  const spoken = '[aria-live], [role="status"], [role="alert"], output';
  /** The live region around, if it speaks. */
  const around = (node) => {
    const region = (node instanceof Element ? node : node.parentElement)?.closest(spoken);
    return region?.getAttribute('aria-live') === 'off' ? null : region;
  };
  const watch = new MutationObserver((changes) => {
    const regions = changes.map(({ target }) => around(target)).filter(Boolean);
    for (const region of new Set(regions)) window.heard.push(region.textContent.trim());
  });
  watch.observe(document, { subtree: true, childList: true, characterData: true });
};
const heardOf = (page) => page.evaluate(() => window.heard.splice(0).filter(Boolean));

test('who listens hears what happens, once, and not each number on its way', () =>
  withPage({ ...withoutMnist, init: listen }, async (page) => {
    await becomes(page, 'status', 'ready');
    await page.waitForSelector('.strip-tiles button.tile');
    await page.locator('.notice button').last().click();
    await setNumber(page, 'epochs', 10);
    await heardOf(page);
    await part(page, 'play').click();
    await becomes(page, 'status', 'training');
    await draw(page, penDigits[0].strokes);
    await page.locator('.strip-tiles button.tile').first().click();
    await becomes(page, 'status', 'done');
    await page.waitForTimeout(1500);
    const heard = await heardOf(page);
    const digit = await readDigit(page);
    assert.ok(
      heard.some((words) => words.startsWith(`The network reads ${digit}`)),
      `${heard}`,
    );
    const accuracy = (100 * Number(await part(page, 'accuracy').getAttribute('data-value'))).toFixed(2);
    assert.equal(heard.filter((words) => words === `Test accuracy: ${accuracy} %`).length, 1, `${heard}`);
    // Training, done, how well, the readings of two digits: not the hundreds of numbers that changed meanwhile.
    assert.ok(heard.length < 12, `${heard.length}: ${heard.join(' | ')}`);
    // The same answer is not said again.
    await page.waitForTimeout(1500);
    assert.deepEqual(await heardOf(page), []);
    // Charts say where their lines have come to.
    for (const words of [/training [\d.]+ %\s+·\s+test [\d.]+ %/, /training [\d.]+\s+·\s+test [\d.]+/])
      await page.waitForFunction(
        (source) =>
          [...document.querySelectorAll('.chart-place')].some(({ ariaLabel }) =>
            new RegExp(source).test(ariaLabel),
          ),
        words.source,
      );
  }));

test('headings are in order: none is a level too deep', () =>
  withPage(lessons, async (page) => {
    const inOrder = async (state) => {
      const levels = await page.evaluate(() =>
        [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
          .filter((heading) => heading.checkVisibility())
          .map((heading) => [Number(heading.tagName[1]), heading.textContent]),
      );
      const wrong = levels.filter(([level], at) => level > (levels[at - 1]?.[0] ?? 0) + 1);
      assert.deepEqual(wrong, [], state);
      // A page has one of the highest, and what a part of it is called never stands above the part.
      assert.equal(levels.filter(([level]) => level === 1).length, 1, state);
      return levels;
    };
    await becomes(page, 'status', 'ready');
    for (const name of lessonNames) {
      await openLesson(page, name);
      if (name === 'why') {
        await part(page, 'test-digit').click();
        await page.locator('.why').waitFor();
      }
      const levels = await inOrder(name);
      const inside = await page.locator('.lesson h2').count();
      assert.equal(inside, 1, `${name}: ${levels.map(([, text]) => text)}`);
    }
    await page.evaluate(() => {
      location.hash = '';
    });
    await page.locator('.training').waitFor();
    await part(page, 'step').click();
    await part(page, 'step-inside').waitFor();
    await inOrder('a step told');
  }));

test('in the colours of the system bars, tiles and the pad can still be told apart', () =>
  withPage(
    { ...withoutMnist, context: { forcedColors: 'active', reducedMotion: 'reduce' } },
    async (page) => {
      await becomes(page, 'status', 'ready');
      await page.waitForSelector('.strip-tiles button.tile');
      const system = (name) =>
        page.evaluate((name) => {
          const probe = document.createElement('i');
          probe.style.cssText = `forced-color-adjust: none; color: ${name}`;
          document.body.append(probe);
          const { color } = getComputedStyle(probe);
          probe.remove();
          return color;
        }, name);
      const paint = (selector, property) =>
        page
          .locator(selector)
          .first()
          .evaluate((item, property) => getComputedStyle(item)[property], property);
      await draw(page, penDigits[0].strokes);
      await readDigit(page);
      assert.equal(await paint('.best .bar-fill', 'backgroundColor'), await system('Highlight'));
      // Only what is filled is filled: the track around it is an outline.
      assert.equal(await paint('.bar-track', 'backgroundColor'), await system('Canvas'));
      assert.equal(await paint('.bar-track', 'borderTopColor'), await system('GrayText'));
      assert.equal(await paint('[data-part="play"]', 'backgroundColor'), await system('Highlight'));
      // What is chosen, what is lit and where one is stand out, and explanations can be read.
      await page.locator('.truth button').first().click();
      assert.equal(await paint('.truth [aria-pressed="true"]', 'backgroundColor'), await system('Highlight'));
      assert.equal(
        await paint('.truth [aria-pressed="false"]', 'backgroundColor'),
        await system('ButtonFace'),
      );
      await part(page, 'step').click();
      await part(page, 'step-inside').waitFor();
      await becomes(page, 'status', 'paused');
      assert.equal(await paint('[data-part="pause"]', 'backgroundColor'), await system('Highlight'));
      assert.equal(await paint('[data-part="pause"]', 'color'), await system('HighlightText'));
      assert.equal(await paint('[aria-current="page"]', 'borderBottomColor'), await system('Highlight'));
      assert.equal(
        await paint('.lesson-bar a:not([aria-current])', 'borderBottomColor'),
        await system('Canvas'),
      );
      await part(page, 'play').hover();
      await page.locator('.tip').waitFor();
      assert.equal(await paint('.tip', 'backgroundColor'), await system('Canvas'));
      assert.equal(await paint('.tip', 'color'), await system('CanvasText'));
      // Ink on the pad, in the pictures and on the tiles has the colour of text.
      const text = (await system('CanvasText')).match(/\d+/g).slice(0, 3).map(Number);
      for (const canvas of ['[data-part="pad"]', '[data-part="seen"]', '.tile canvas']) {
        const darkest = await page
          .locator(canvas)
          .first()
          .evaluate((canvas) => {
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            for (let at = 0; at < data.length; at += 4)
              if (data[at + 3] > 250) return [...data.slice(at, at + 3)];
            return null;
          });
        assert.deepEqual(darkest, text, canvas);
      }
      await openLesson(page, 'line');
      const wrong = '.lesson-question [data-right="false"]';
      await page.locator('.lesson-question button').first().click();
      assert.equal(await paint(wrong, 'backgroundColor'), await system('Highlight'));
      assert.equal(await paint(wrong, 'color'), await system('HighlightText'));
    },
  ));

test('nothing moves for those who asked for that', () =>
  withPage({ ...withoutMnist, context: { reducedMotion: 'reduce' } }, async (page) => {
    await becomes(page, 'status', 'ready');
    await page.waitForSelector('.foot');
    const moving = await page.evaluate(() =>
      [...document.querySelectorAll('*')]
        .filter((item) => {
          const { transitionDuration, animationDuration } = getComputedStyle(item);
          return [transitionDuration, animationDuration].some((times) =>
            times.split(',').some((time) => Number.parseFloat(time) > 0),
          );
        })
        .map((item) => item.className),
    );
    assert.deepEqual(moving, []);
  }));
