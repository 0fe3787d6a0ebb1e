// Files that a visitor brings: what cannot be used changes nothing, and what can be is made to fit and said so.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { at } from '../../scripts/run.mjs';
import { file, idx, isOfL, set } from './digit-files.mjs';
import {
  accuracy,
  becomes,
  drop,
  firstLoss,
  part,
  setNumber,
  value,
  withoutMnist,
  withPage,
} from './page.mjs';

/** The first picture of the strip as rows of strengths. */
const firstTile = (page) =>
  page.waitForSelector('.strip-tiles button.tile canvas').then((canvas) =>
    canvas.evaluate((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, 28, 28);
      return Array.from({ length: 28 }, (_, y) =>
        Array.from({ length: 28 }, (_, x) => data[4 * (28 * y + x) + 3]),
      );
    }),
  );

/** Waits until the first picture of the strip passes: it may still be that of the digits before. */
async function firstTileIs(page, check) {
  const begun = performance.now();
  for (;;) {
    try {
      return check(await firstTile(page));
    } catch (failure) {
      if (performance.now() - begun > 5000) throw failure;
    }
    await wait(50);
  }
}

/** Whether a picture shows an upright L of 20 pixels: a stem at the left from top to bottom, a foot at the bottom. */
function assertIsL(rows) {
  const inked = rows.map((row) => row.filter((strength) => strength > 100).length);
  const [first, last] = [inked.findIndex((count) => count > 0), inked.findLastIndex((count) => count > 0)];
  const picture = rows.map((row) => row.map((strength) => (strength > 100 ? '#' : '.')).join('')).join('\n');
  assert.ok(last - first >= 16 && last - first <= 20, `${last - first + 1} rows\n${picture}`);
  assert.ok(inked[last] >= 10, `no foot at the bottom\n${picture}`);
  assert.ok(inked[first] <= 4, `no stem at the top\n${picture}`);
}

/** What the message says; sizes are not broken over two lines. */
const alertText = async (page) => (await page.locator('.notice').textContent()).replaceAll('\u00a0', ' ');

const png = readFileSync(at('docs/screenshot.png'));
const refusals = {
  'a picture': [file('digit.png', png.subarray(0, 4000)), /digit\.png is a picture.*Expected: IDX files/s],
  'a text': [file('notes.txt', Buffer.from('1,2,3\n4,5,6\n')), /notes\.txt is a text/],
  'an empty file': [file('nothing', Buffer.alloc(0)), /nothing is empty/],
  'a damaged file': [
    file('train-images.gz', gzipSync(Buffer.alloc(9000, 7)).subarray(0, 30)),
    /train-images\.gz/,
  ],
  'labels alone': [idx('train-labels', [3], [1, 2, 3]), /pictures that belong to train-labels are missing/],
};

test('a file that cannot be used leaves the trained network, its curves and its digits, and says what was expected', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    await setNumber(page, 'epochs', 1);
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    const before = [await accuracy(page), await value(page, 'loss')];
    assert.ok(before[0] > 0.5);
    for (const [kind, [wrong, message]] of Object.entries(refusals)) {
      await drop(page, [wrong]);
      await page.waitForSelector('.notice[data-kind="refused"]');
      assert.match(await alertText(page), message, kind);
      assert.match(await alertText(page), /learned, stay/, kind);
      assert.deepEqual([await accuracy(page), await value(page, 'loss')], before, kind);
      assert.equal(await value(page, 'status'), 'done');
      assert.equal(await value(page, 'dataset'), 'generated');
      await page.getByRole('button', { name: 'Close this message' }).click();
    }
  }));

test('training goes on while a file is refused, and while MNIST cannot be had', () =>
  withPage({ ...withoutMnist, query: '?autostart=0&epochs=100' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'play').click();
    const loss = await firstLoss(page);
    const goesOn = async () => {
      const before = await value(page, 'loss');
      assert.equal(await value(page, 'status'), 'training');
      await page.waitForFunction(
        (before) => document.querySelector('[data-part="loss"]').dataset.value !== before,
        before,
      );
    };
    await drop(page, [refusals['a picture'][0]]);
    await page.waitForSelector('.notice[data-kind="refused"]');
    await goesOn();
    await page.getByRole('button', { name: 'Use MNIST', exact: true }).click();
    await page.waitForSelector('.notice[data-kind="noMnistNow"]');
    await goesOn();
    assert.ok(Number(await value(page, 'loss')) < loss, 'it began anew');
  }));

test('in Chinese a refusal is Chinese throughout', () =>
  withPage({ ...withoutMnist, context: { locale: 'zh-CN' } }, async (page) => {
    await becomes(page, 'status', 'ready');
    for (const [wrong] of Object.values(refusals)) {
      await drop(page, [wrong]);
      await page.waitForFunction(
        (name) => document.querySelector('.notice')?.textContent.includes(name),
        wrong.name,
      );
      const text = await alertText(page);
      const english = text.replaceAll(/[\w.-]*(train|idx|digit|notes|nothing)[\w.-]*|IDX|NumPy|zip/gi, '');
      assert.doesNotMatch(english, /[a-z]{3,}/i, text);
      assert.match(text, /[\u4e00-\u9fff]{4}/);
    }
  }));

for (const size of [32, 512])
  test(`pictures of ${size} × ${size}, black on white, are fitted to 28 × 28, said so, and train`, () =>
    withPage(withoutMnist, async (page) => {
      await becomes(page, 'status', 'ready');
      await drop(
        page,
        set(24, [size, size], 10, (x, y) => (isOfL(x, y, size) ? 0 : 255)),
      );
      await becomes(page, 'dataset', 'file');
      await becomes(page, 'status', 'ready');
      assert.match(await alertText(page), new RegExp(`${size} × ${size}, fitted to 28 × 28`));
      await firstTileIs(page, assertIsL);
      await part(page, 'step').click();
      assert.ok((await firstLoss(page)) > 0);
    }));

test('pictures of one pixel are fitted too, and nothing breaks', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    await drop(
      page,
      set(12, [1, 1], 10, (_x, _y, number) => (number % 2 ? 255 : 0)),
    );
    await becomes(page, 'dataset', 'file');
    assert.match(await alertText(page), /1 × 1, fitted to 28 × 28/);
    await becomes(page, 'status', 'ready');
    await part(page, 'step').click();
    assert.ok((await firstLoss(page)) > 0);
  }));

test('EMNIST lies on its side in its files and is turned, others are turned when the visitor says so', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    const lying = (x, y) => (isOfL(y, x, 28) ? 255 : 0);
    await drop(
      page,
      set(24, [28, 28], 10, lying, ['emnist-digits-train-images-idx3', 'emnist-digits-train-labels-idx1']),
    );
    await becomes(page, 'dataset', 'file');
    assert.match(await alertText(page), /were turned/);
    await firstTileIs(page, assertIsL);
    assert.equal(await page.locator('.taken canvas').count(), 4);

    await drop(page, set(24, [28, 28], 10, lying));
    await page.waitForFunction(() => /Turn them$/.test(document.querySelector('.notice')?.textContent ?? ''));
    // As it was given: a bar at the top, and a shorter one down from its right end.
    await firstTileIs(page, (rows) => assert.throws(() => assertIsL(rows), /foot|rows|stem/));
    await part(page, 'turn').click();
    await page.waitForFunction(() =>
      /Turn them back$/.test(document.querySelector('.notice')?.textContent ?? ''),
    );
    await firstTileIs(page, assertIsL);
  }));

test('labels above 9 make more classes: the network answers for each, and the matrix shows ten', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    await drop(
      page,
      set(188, [28, 28], 47, (x, y, number) =>
        x === 2 + (number % 12) && y > 3 + (number % 47) / 4 ? 255 : 0,
      ),
    );
    await becomes(page, 'dataset', 'file');
    assert.match(await alertText(page), /47 classes, 0 to 46/);
    await becomes(page, 'status', 'ready');
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    assert.ok(Number(await value(page, 'loss')) > 0);
    assert.match(await page.locator('.layers').textContent(), /47/);
    await part(page, 'test-digit').click();
    await page.waitForFunction(() => document.querySelector('[data-part="guess"]').textContent.trim() !== '');
    assert.equal(await part(page, 'bars').locator('li').count(), 10);
    await page.locator('.confusion').scrollIntoViewIfNeeded();
    await page.waitForFunction(() =>
      /10 of 47 classes/.test(document.querySelector('.axis-note').textContent),
    );
    assert.equal(await page.locator('.confusion tbody tr').count(), 10);
  }));

test('digits in files are there again, as they were turned, when a link of a network that takes all of mapling starts the page anew', () =>
  withPage({ ...withoutMnist, query: '?autostart=0' }, async (page) => {
    await becomes(page, 'status', 'ready');
    const lying = (x, y) => (isOfL(y, x, 28) ? 255 : 0);
    await drop(page, set(240, [28, 28], 10, lying));
    await becomes(page, 'dataset', 'file');
    await part(page, 'turn').click();
    await firstTileIs(page, assertIsL);
    await setNumber(page, 'epochs', 1);
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    await page.evaluate(() => {
      location.hash = 'epochs=1&net=flatten-dense8relu-norm';
    });
    await page.waitForFunction(() => sessionStorage.getItem('mapling.whole') !== null);
    await becomes(page, 'dataset', 'file');
    await becomes(page, 'status', 'ready');
    await firstTileIs(page, assertIsL);
    await part(page, 'step').click();
    await becomes(page, 'scrubber', 1);
    // The run that was there stands beside it.
    await part(page, 'run-back').click();
    await becomes(page, 'status', 'done');
    assert.equal(await value(page, 'dataset'), 'file');
  }));
