// The hand on the pad: one pointer draws at a time, ink is where it is seen, and keys draw too.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomes, draw, inkOnPad, part, phone, readDigit, seenPicture, value, withPage } from './page.mjs';

/** Opens the page on a phone and hands over what moves fingers and pens on the pad, in shares of its side. */
const withHand = (body) =>
  withPage({ context: phone }, async (page) => {
    await becomes(page, 'status', 'ready');
    const pad = part(page, 'pad');
    await pad.scrollIntoViewIfNeeded();
    const box = await pad.boundingBox();
    const place = ([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height });
    const devtools = await page.context().newCDPSession(page);
    const touch = (type, ...points) =>
      devtools.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: points.map((point, id) => ({ ...place(point), id })),
      });
    const pen = (type, point) =>
      devtools.send('Input.dispatchMouseEvent', {
        type,
        ...place(point),
        button: 'left',
        buttons: type === 'mouseReleased' ? 0 : 1,
        clickCount: 1,
        pointerType: 'pen',
      });
    await body(page, { touch, pen });
  });

/** The share of the pad's width and height within which its ink lies. */
async function extent(page) {
  const { left, right, top, bottom, width, count } = await inkOnPad(page);
  return { count, left: left / width, right: right / width, top: top / width, bottom: bottom / width };
}

test('a second finger draws nothing while the first one does', () =>
  withHand(async (page, { touch }) => {
    await touch('touchStart', [0.2, 0.2]);
    await touch('touchMove', [0.2, 0.4]);
    await touch('touchStart', [0.2, 0.4], [0.8, 0.4]);
    await touch('touchMove', [0.2, 0.6], [0.8, 0.8]);
    await touch('touchMove', [0.2, 0.8], [0.8, 0.2]);
    await touch('touchEnd');
    const { right, bottom } = await extent(page);
    assert.ok(bottom > 0.75, `the first finger's line ends at ${bottom}`);
    assert.ok(right < 0.3, `ink as far to the right as ${right}`);
  }));

test('a pen takes the place of the palm that touched first, and of one that comes while it draws', () =>
  withHand(async (page, { touch, pen }) => {
    await touch('touchStart', [0.8, 0.8]);
    await touch('touchMove', [0.85, 0.9]);
    await pen('mousePressed', [0.2, 0.2]);
    await pen('mouseMoved', [0.2, 0.4]);
    await touch('touchMove', [0.9, 0.7]);
    await pen('mouseMoved', [0.2, 0.6]);
    await touch('touchEnd');
    await touch('touchStart', [0.7, 0.9]);
    await touch('touchMove', [0.8, 0.95]);
    await pen('mouseMoved', [0.2, 0.8]);
    await pen('mouseReleased', [0.2, 0.8]);
    await touch('touchEnd');
    // The hand still lies there when the pen has just been lifted.
    await touch('touchStart', [0.9, 0.9]);
    await touch('touchMove', [0.6, 0.9]);
    await touch('touchEnd');
    const { right, bottom } = await extent(page);
    assert.ok(bottom > 0.75, `the pen's line ends at ${bottom}`);
    assert.ok(right < 0.3, `ink as far to the right as ${right}`);
    await page.keyboard.press('z');
    assert.equal((await inkOnPad(page)).count, 0, 'the pen drew one line');
  }));

test('a tap leaves the dot that is read', () =>
  withHand(async (page, { touch }) => {
    await touch('touchStart', [0.5, 0.5]);
    await touch('touchEnd');
    const { count, left, right } = await extent(page);
    assert.ok(count > 50, `${count} pixels of ink`);
    assert.ok(left > 0.45 && right < 0.55);
    await readDigit(page);
    assert.ok((await seenPicture(page)).some((ink) => ink > 200));
  }));

test('a line that leaves the pad is cut at its edge, and what is read is what is seen', () =>
  withPage({}, async (page) => {
    await becomes(page, 'status', 'ready');
    const inside = [
      [250, 100],
      [250, 300],
    ];
    await draw(page, [inside]);
    await readDigit(page);
    const bar = await seenPicture(page);
    await part(page, 'clear').click();
    // The same bar, after which the pen leaves far to the left and comes back at another height, off the sheet.
    await draw(page, [[...inside, [250, 500], [250, 900], [-900, 900], [-900, 300], [-100, 300]]]);
    await readDigit(page);
    const { left, right } = await extent(page);
    assert.ok(left > 0.4 && right < 0.6, `ink from ${left} to ${right}`);
    const columns = (picture) =>
      Array.from({ length: 28 }, (_, x) => picture.filter((_, at) => at % 28 === x).some((ink) => ink > 60));
    assert.deepEqual(columns(await seenPicture(page)), columns(bar));
    // It goes through the pad once more where it comes back.
    await part(page, 'clear').click();
    await draw(page, [
      [
        [100, 250],
        [-200, 250],
        [-200, 100],
        [400, 100],
      ],
    ]);
    const ink = await extent(page);
    assert.ok(ink.left < 0.01 && ink.right > 0.75 && ink.top < 0.25 && ink.bottom > 0.45);
    await page.keyboard.press('z');
    assert.equal((await inkOnPad(page)).count, 0, 'one line is one step back');
  }));

test('keys draw: arrows move the pen, space sets it down and lifts it, and training is left alone', () =>
  withPage({}, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'pad').focus();
    const press = async (key, times = 1) => {
      for (let time = 0; time < times; time++) await page.keyboard.press(key);
    };
    await press('ArrowUp', 8);
    assert.equal((await inkOnPad(page)).count, 0, 'the pen is up');
    await press('Space');
    await press('ArrowDown', 16);
    await press('Space');
    await press('ArrowRight', 10);
    assert.match(await readDigit(page), /^[0-9]$/);
    assert.equal(await value(page, 'status'), 'ready');
    const { left, right, top, bottom } = await extent(page);
    assert.ok(left > 0.4 && right < 0.6 && top < 0.25 && bottom > 0.75, 'a stem');
    await page.keyboard.down('Space');
    await press('Shift+ArrowUp', 2);
    await page.keyboard.up('Space');
    await press('Shift+ArrowLeft', 2);
    const ink = await extent(page);
    assert.ok(ink.right > 0.8 && ink.right < 0.9, `held down, space draws too: ${ink.right}`);
    await press('Escape');
    assert.equal((await inkOnPad(page)).count, 0);
    // Taking the line back takes the pen off the sheet.
    const pen = page.locator('.pad-pen');
    await press('Space');
    await press('Shift+ArrowDown', 2);
    assert.equal(await pen.getAttribute('data-down'), 'true', 'with Shift the pen stays down');
    await press('Control+z');
    assert.equal((await inkOnPad(page)).count, 0);
    await press('ArrowDown');
    assert.equal(await pen.getAttribute('data-down'), 'false');
    assert.equal((await inkOnPad(page)).count, 0);
  }));
