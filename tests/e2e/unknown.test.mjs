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

/** What the page keeps of what it has learned of these: when it was written, how many rounds are in it, and its bytes. */
const learned = (page, change) =>
  page.evaluate(async (change) => {
    const done = (asked) =>
      new Promise((resolve, reject) => {
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
    const opened = await done(indexedDB.open('mapling-learned'));
    const has = opened.objectStoreNames.contains('learned');
    const store = has && opened.transaction('learned', 'readwrite').objectStore('learned');
    const all = has ? await done(store.getAll()) : [];
    if (change === 'break') {
      for (const { bytes } of all) bytes[bytes.length >> 1] ^= 1;
      await Promise.all(all.map((one) => done(store.put(one))));
    }
    opened.close();
    return all.map(({ name, at, bytes }) => ({
      name,
      at,
      length: bytes.length,
      rounds: new DataView(bytes.buffer).getUint32(4, true),
    }));
  }, change);

test('a heart and an M are called no digit, 47 is read as 4, 7, and a digit is still a digit; a later visit knows all that at once', () =>
  withPage({ query: '?autostart=0', learnsOthers: true }, async (page) => {
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
    assert.match(await sentence(), /^(>\s)?[\d.]+\s% sure$/);
    assert.doesNotMatch(await sentence(), /100/);
    await part(page, 'clear').click();
    const kept = await learned(page);
    assert.deepEqual(
      kept.map(({ rounds }) => rounds),
      [40],
    );
    assert.ok(kept[0].length < 195_000, `${kept[0].length} bytes`);

    const next = await page.context().newPage();
    await page.close();
    await next.goto(page.url());
    await becomes(next, 'answer', 'true');
    await draw(next, heart);
    assert.equal(await readDigit(next), '?');
    assert.equal(
      await part(next, 'answer').locator('.guess-sure').textContent(),
      'This looks like no digit I know',
    );
    assert.deepEqual(await learned(next), kept, 'nothing was learned for it');

    // What is damaged is learned anew.
    await learned(next, 'break');
    await next.reload();
    await becomes(next, 'answer', 'false');
    const isAnew = async () => {
      const [now] = await learned(next);
      return now !== undefined && now.name === kept[0].name && now.at > kept[0].at;
    };
    for (const ends = Date.now() + 120_000; Date.now() < ends && !(await isAnew()); )
      await next.waitForTimeout(200);
    const [anew] = await learned(next);
    assert.ok(anew.rounds >= 4 && anew.rounds < 40, `${anew.rounds} rounds are learned`);
    assert.equal(await value(next, 'answer'), 'false');
  }));

test('a heart that is drawn before the page can tell what is no digit is no certain 0, and is called none as soon as it can', () =>
  withPage({ ...withoutMnist, query: '#data=generated&epochs=1', learnsOthers: true }, async (page) => {
    const [first, second] = ['sure', 'second'].map((name) => page.locator(`.guess-${name}`));
    await becomes(page, 'status', 'done');
    await draw(page, heart);
    await readDigit(page);
    assert.equal(await value(page, 'answer'), 'false');
    assert.match(await first.textContent(), /^If this is a digit: (>\s)?[\d.]+\s%$/);
    assert.match(
      await second.textContent(),
      /^It is still learning to tell digits from others$|^or an? \d, \d+\s%$/,
    );
    // Nothing is trained or drawn any more: the page asks again by itself, before all is learned.
    await page.getByText('This looks like no digit I know').waitFor({ timeout: 300_000 });
    assert.equal(await value(page, 'answer'), 'false', 'told before it has learned all');
  }));

test('where the device keeps nothing, it is learned all the same', () =>
  withPage(
    {
      ...withoutMnist,
      query: '#data=generated&epochs=1',
      learnsOthers: true,
      init: () => {
        IDBFactory.prototype.open = () => {
          throw new DOMException('refused', 'SecurityError');
        };
      },
    },
    async (page) => {
      await becomes(page, 'status', 'done');
      await draw(page, heart);
      await page.getByText('This looks like no digit I know').waitFor({ timeout: 300_000 });
    },
  ));
