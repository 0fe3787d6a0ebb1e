// What is no digit is called so, and two digits side by side are read one after the other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  becomes,
  draw,
  part,
  penDigits,
  readDigit,
  setNumber,
  value,
  withoutMnist,
  withPage,
} from './page.mjs';

/** A heart in one line, around the middle of the pad. */
const heart = [
  Array.from({ length: 49 }, (_, at) => {
    const angle = (at / 48) * 2 * Math.PI;
    const y = 13 * Math.cos(angle) - 5 * Math.cos(2 * angle) - 2 * Math.cos(3 * angle) - Math.cos(4 * angle);
    return [250 + 10 * 16 * Math.sin(angle) ** 3, 240 - 10 * y];
  }),
];
/** Points on straight lines through these. */
const line = (...corners) =>
  corners.slice(1).flatMap(([toX, toY], at) => {
    const [fromX, fromY] = corners[at];
    return Array.from({ length: 9 }, (_, step) => [
      fromX + ((toX - fromX) * step) / 8,
      fromY + ((toY - fromY) * step) / 8,
    ]);
  });
const m = [line([110, 390], [125, 110], [250, 330], [375, 110], [390, 390])];

/** A drawing half as large, so far to the right. */
const moved = (strokes, right) =>
  strokes.map((stroke) => stroke.map(([x, y]) => [0.5 * x + right, 0.5 * y + 120]));
const withLabel = (label) => penDigits.find((digit) => digit.label === label).strokes;

test('a heart and an M are called no digit, 47 is read as 4, 7, and a digit is still a digit', () =>
  withPage({ query: '?autostart=0' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await setNumber(page, 'epochs', 1);
    await part(page, 'play').click();
    await becomes(page, 'status', 'done', 400_000);
    await becomes(page, 'answer', 'true', 400_000);
    const sentence = () => part(page, 'answer').locator('.guess-sure').textContent();
    for (const strokes of [heart, m]) {
      await draw(page, strokes);
      assert.equal(await readDigit(page), '?');
      assert.equal(await sentence(), 'This looks like no digit I know');
      await part(page, 'clear').click();
    }
    await draw(page, [...moved(withLabel(4), 0), ...moved(withLabel(7), 240)]);
    assert.equal(await readDigit(page), '4, 7');
    assert.match(await sentence(), /^4:\s(>\s)?[\d.]+\s%, 7:\s(>\s)?[\d.]+\s%$/);
    await part(page, 'clear').click();
    await draw(page, withLabel(7));
    assert.equal(await readDigit(page), '7');
    assert.match(await sentence(), /^(>\s)?[\d.]+ % sure$/);
    assert.doesNotMatch(await sentence(), /100/);
  }));

test('a heart that is drawn before the page can tell what is no digit is no certain 0, and is called none as soon as it can', () =>
  withPage({ ...withoutMnist, query: '#data=generated&epochs=1' }, async (page) => {
    const [first, second] = ['sure', 'second'].map((name) => page.locator(`.guess-${name}`));
    await becomes(page, 'status', 'done');
    await draw(page, heart);
    await readDigit(page);
    assert.equal(await value(page, 'answer'), 'false');
    assert.match(await first.textContent(), /^If this is a digit: (>\s)?[\d.]+ %$/);
    assert.match(await second.textContent(), /^It still learns to tell that$|^or an? \d, \d+ %$/);
    // Nothing is trained or drawn any more: the page asks again by itself, before all is learned.
    await page.getByText('This looks like no digit I know').waitFor({ timeout: 300_000 });
    assert.equal(await value(page, 'answer'), 'false', 'told before it has learned all');
  }));
