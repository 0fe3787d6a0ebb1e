// By keyboard alone: every stop has a name, is seen to have the focus, and lies free on the screen; Escape leads out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  becomes,
  draw,
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

/** More stops than this nobody walks past. */
const MOST = 200;

/** Runs in the page after each Tab: what is wrong with the stop, and with how the one before showed its focus. */
const look = async () => {
  // Two frames: one that scrolls, and one that draws what is seen then.
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const shown = [
    'outlineStyle',
    'outlineWidth',
    'outlineColor',
    'boxShadow',
    'fill',
    'fillOpacity',
    'stroke',
    'strokeWidth',
  ];
  const looksOf = (element) =>
    [element, ...element.querySelectorAll('*')]
      .slice(0, 12)
      .map((one) => {
        const style = getComputedStyle(one);
        return shown.map((name) => style[name]).join();
      })
      .join(';');
  const told = (element) =>
    `${element.tagName.toLowerCase()} ${element.dataset.part ?? ''} “${(element.ariaLabel ?? element.textContent).trim().slice(0, 40)}”`;
  const found = [];
  const walk = window.walk;
  if (walk.last?.element.isConnected && looksOf(walk.last.element) === walk.last.looks)
    found.push(`does not show that it has the focus: ${told(walk.last.element)}`);
  const element = document.activeElement;
  if (!element || element === document.body || walk.seen.has(element)) return { isEnd: true, found };
  walk.seen.add(element);
  walk.last = { element, looks: looksOf(element) };
  const name =
    element.ariaLabel ??
    document.getElementById(element.getAttribute('aria-labelledby') ?? '')?.textContent ??
    element.labels?.[0]?.textContent ??
    element.textContent;
  if (!name?.trim()) found.push(`has no name: ${element.outerHTML.slice(0, 80)}`);
  const box = element.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 16)];
  const hit = document.elementFromPoint(
    Math.min(innerWidth - 1, Math.max(0, x)),
    Math.min(innerHeight - 1, Math.max(0, y)),
  );
  if (box.bottom < 1 || box.top > innerHeight - 1) found.push(`is off the screen: ${told(element)}`);
  else if (hit && !element.contains(hit) && !hit.contains(element))
    found.push(`lies under ${hit.className || hit.tagName}: ${told(element)}`);
  return { isEnd: false, found };
};

/** Walks the whole page with Tab; fails with all that is wrong on the way. */
async function walk(page, state) {
  // What comes later moves what lies below it: the page stands still before anybody goes through it.
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => {
    const height = document.documentElement.scrollHeight;
    if (window.still?.height !== height) window.still = { height, since: performance.now() };
    return performance.now() - window.still.since > 600;
  });
  await page.evaluate(() => {
    window.walk = { seen: new Set() };
    document.activeElement?.blur();
    scrollTo(0, 0);
    // From the beginning, wherever somebody has clicked before.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
  const wrong = [];
  let stops = 0;
  for (; stops < MOST; stops++) {
    await page.keyboard.press('Tab');
    const { isEnd, found } = await page.evaluate(look);
    wrong.push(...found);
    if (isEnd) break;
  }
  assert.deepEqual(wrong, [], state);
  assert.ok(stops > 15 && stops < MOST, `${state}: ${stops} stops`);
}

const desk = { viewport: { width: 1440, height: 900 } };
for (const [name, context] of Object.entries({ desk, phone: { ...phone, deviceScaleFactor: 1 } })) {
  test(`Tab leads through the whole page, and one sees where: ${name}`, () =>
    withPage({ ...withoutMnist, context: { ...context, reducedMotion: 'reduce' } }, async (page) => {
      await becomes(page, 'status', 'ready');
      await page.waitForSelector('.foot');
      await page.waitForSelector('.notice');
      // What comes later takes room: nothing below it moves any more once it is there.
      await page.waitForSelector('.u-over');
      await walk(page, 'ready, with a message');
      await page.locator('.notice button').last().click();
      await setNumber(page, 'epochs', 1);
      await part(page, 'play').click();
      await becomes(page, 'status', 'done');
      await draw(page, penDigits[0].strokes);
      await readDigit(page);
      await part(page, 'step').click();
      await part(page, 'step-inside').waitFor();
      await walk(page, 'a step told');
      await part(page, 'step-close').click();
      await part(page, 'edit-network').click();
      await part(page, 'draft-close').waitFor();
      await walk(page, 'the editor');
    }));

  test(`Tab leads through every lesson, and one sees where: ${name}`, () =>
    withPage(
      {
        ...withoutMnist,
        query: '?autostart=0#lesson=line',
        context: { ...context, reducedMotion: 'reduce' },
      },
      async (page) => {
        await part(page, 'lesson').waitFor();
        await becomes(page, 'status', 'ready');
        for (const lesson of lessonNames) {
          await openLesson(page, lesson);
          await walk(page, lesson);
        }
      },
    ));
}

test('Escape leads out of whatever was opened, to where one came from', () =>
  withPage(withoutMnist, async (page) => {
    const focused = (selector) =>
      page.waitForFunction((selector) => document.activeElement?.matches(selector), selector);
    await becomes(page, 'status', 'ready');
    await part(page, 'step').click();
    await becomes(page, 'status', 'paused');
    await draw(page, penDigits[0].strokes);
    await readDigit(page);
    await page.waitForSelector('.strip-tiles button.tile');
    // A layer, and a unit in it: out of the unit, then out of the layer.
    await page.locator('button.layer-line').nth(1).focus();
    await page.keyboard.press('Enter');
    await part(page, 'zoom').waitFor();
    await page.locator('.zoom .units button').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.locator('.zoom .inside-detail').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.zoom .inside-detail').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await part(page, 'zoom').waitFor({ state: 'detached' });
    await focused('button.layer-line');
    // A test digit.
    await page.locator('.strip-tiles button.tile').first().focus();
    await page.keyboard.press('Enter');
    await part(page, 'opened').waitFor();
    await page.keyboard.press('Escape');
    await part(page, 'opened').waitFor({ state: 'detached' });
    await focused('.strip-tiles button.tile');
    // The same with the focus on the pad, where Escape clears what was drawn.
    await page.keyboard.press('Enter');
    await part(page, 'opened').waitFor();
    await part(page, 'pad').focus();
    await page.keyboard.press('Escape');
    await part(page, 'opened').waitFor({ state: 'detached' });
    await focused('.strip-tiles button.tile');
    // The card.
    await part(page, 'share-button').focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await focused('[data-part="share-button"]');
    // What was drawn is still there: Escape meant what lay over the pad.
    assert.match(await part(page, 'guess').textContent(), /\d/);
  }));
