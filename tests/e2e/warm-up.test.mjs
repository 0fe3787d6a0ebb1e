// Until MNIST is there a network warms up on other digits: what a visitor does meanwhile, and where MNIST cannot be had.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { withoutMnist } from '../mnist.mjs';
import { firstStep, MINUTE, SLOW, SOME, visit } from './first-step.mjs';
import { keptAt, keptRun } from './kept-run.mjs';
import {
  becomes,
  draw,
  drop,
  firstLoss,
  part,
  penDigits,
  readDigit,
  value,
  withServiceWorker as withPage,
} from './page.mjs';
import { barValues, collectHearts, teachClass } from './teaching.mjs';

const skip = withoutMnist;
const header = (page) => part(page, 'dataset').textContent();

test('a warm-up that is paused stays until its visitor goes on, and then MNIST is trained on', { skip }, () =>
  visit({ rate: SOME, query: '' }, async (page) => {
    await firstStep(page);
    await part(page, 'pause').click();
    await becomes(page, 'status', 'paused');
    await page.waitForFunction(() =>
      /press Play/.test(document.querySelector('[data-part="dataset"]').textContent),
    );
    assert.equal(await value(page, 'dataset'), 'generated');
    const loss = await value(page, 'loss');
    await draw(page, penDigits[0].strokes);
    assert.match(await readDigit(page), /^[0-9]$/);
    assert.equal(await value(page, 'loss'), loss);
    await part(page, 'play').click();
    await becomes(page, 'dataset', 'styles');
    await becomes(page, 'status', 'training');
  }),
);

test(
  'a class that is taught during the warm-up stays until its visitor goes on, and that it goes then is told',
  {
    skip,
  },
  () =>
    visit({ rate: 3 * SLOW, query: '' }, async (page) => {
      await firstStep(page);
      await collectHearts(page, 6, 'heart');
      await teachClass(page);
      assert.equal(await value(page, 'dataset'), 'generated');
      await page.waitForFunction(() =>
        /press Play/.test(document.querySelector('[data-part="dataset"]').textContent),
      );
      assert.equal((await barValues(page)).length, 11);
      assert.equal(await page.locator('.notice').count(), 0);
      await part(page, 'play').click();
      await page.waitForSelector('.notice[data-kind="taughtNoMore"]');
      assert.match(await page.locator('.notice').textContent(), /Your drawings are kept/);
      await becomes(page, 'dataset', 'styles');
      await becomes(page, 'status', 'training');
      assert.equal((await barValues(page)).length, 10);
    }),
);

test('settings, steps and files of a visitor who does not wait for MNIST are taken at once', { skip }, () =>
  visit({ rate: MINUTE, query: '' }, async (page) => {
    await firstStep(page);
    await part(page, 'preset').selectOption('lenet');
    await becomes(page, 'status', 'ready');
    await part(page, 'step').click();
    await becomes(page, 'status', 'paused');
    await part(page, 'reset').click();
    await becomes(page, 'status', 'ready');
    await part(page, 'play').click();
    await becomes(page, 'status', 'training');
    assert.equal(await value(page, 'dataset'), 'generated');
    // A file that is no set of digits changes nothing, and MNIST still comes.
    await drop(page, [{ name: 'words.txt', base64: btoa('hello') }]);
    await page.waitForSelector('.notice[data-kind="refused"]');
    assert.match(await header(page), /MNIST: /);
    await drop(page, someDigits());
    await becomes(page, 'dataset', 'file');
    await becomes(page, 'status', 'ready');
    assert.doesNotMatch(await header(page), /MNIST/);
  }),
);

test(
  'a warm-up that is paused stays where MNIST cannot be had either, and goes over to digits of the page with Play',
  {
    skip,
  },
  () =>
    visit({ rate: MINUTE, query: '' }, async (page, server) => {
      await firstStep(page);
      await part(page, 'pause').click();
      await becomes(page, 'status', 'paused');
      const loss = await value(page, 'loss');
      // What training on takes is there: the rest of the module is fetched some seconds after the first step.
      while (!server.requests.some((path) => path.includes('_rest'))) await wait(100);
      await wait(3000);
      await server.close();
      await page.waitForSelector('.notice[data-kind="noMnist"]');
      await page.waitForTimeout(500);
      assert.equal(await value(page, 'status'), 'paused');
      assert.equal(await value(page, 'loss'), loss);
      assert.equal(await header(page), 'Generated digits');
      await part(page, 'play').click();
      await becomes(page, 'status', 'training');
      await page.waitForFunction(
        (loss) => document.querySelector('[data-part="loss"]').dataset.value !== loss,
        loss,
      );
      assert.equal(await value(page, 'dataset'), 'generated');
    }),
);

test(
  'when MNIST stops coming the page goes on with digits of its own, says so, and still asks for MNIST the next time',
  {
    skip,
  },
  () =>
    visit({ rate: MINUTE, query: '' }, async (page, server) => {
      await firstStep(page);
      await page.waitForFunction(() =>
        /MNIST: [1-9.]+/.test(document.querySelector('[data-part="dataset"]').textContent),
      );
      await server.close();
      await page.waitForSelector('.notice[data-kind="noMnist"]');
      await becomes(page, 'status', 'training');
      assert.equal(await value(page, 'dataset'), 'generated');
      assert.equal(await header(page), 'Generated digits');
      assert.equal(await page.evaluate(() => location.hash), '');
    }),
);

test(
  'a warm-up takes the place of no kept run, though a link wants other settings than those of one on files',
  {
    skip,
  },
  () =>
    withPage({ query: '?autostart=0&data=generated&epochs=1', rate: MINUTE * 2 }, async (page) => {
      await becomes(page, 'status', 'ready');
      await drop(page, someDigits());
      await becomes(page, 'dataset', 'file');
      await becomes(page, 'status', 'ready');
      await part(page, 'play').click();
      await becomes(page, 'status', 'done');
      await keptAt(page, Number(await part(page, 'scrubber').getAttribute('data-value')));
      const kept = await keptRun(page);
      const { origin, pathname } = new URL(page.url());
      await page.goto(`${origin}${pathname}icon.svg`);
      await page.goto(`${origin}${pathname}?epochs=7`);
      await becomes(page, 'status', 'training');
      assert.equal(await value(page, 'dataset'), 'generated');
      // So long that a run would have been kept.
      await wait(5000);
      assert.match(await header(page), /MNIST: /);
      assert.equal((await keptRun(page)).hash, kept.hash);
    }),
);

test('the address asks for MNIST alone, and says so when it is chosen', { skip }, () =>
  withPage({ query: '?autostart=0&data=mnist' }, async (page) => {
    await becomes(page, 'dataset', 'mnist');
    await becomes(page, 'status', 'ready');
    assert.equal(await page.evaluate(() => location.hash), '#data=mnist');
    assert.doesNotMatch(await page.evaluate(() => location.search), /data/);
    await page.getByRole('button', { name: 'Use MNIST and styles', exact: true }).click();
    await becomes(page, 'dataset', 'styles');
    assert.equal(await page.evaluate(() => location.hash), '');
    await page.evaluate(() => {
      location.hash = 'data=generated&seed=3';
    });
    await becomes(page, 'dataset', 'generated');
    // The settings of a link come with its digits, a moment later.
    await page.waitForFunction(() => document.querySelector('[data-part="seed"]').value === '3');
    await page.getByRole('button', { name: 'Use MNIST', exact: true }).click();
    await becomes(page, 'dataset', 'mnist');
    assert.equal(await page.evaluate(() => location.hash), '#data=mnist&seed=3');
    await becomes(page, 'status', 'ready');
    await part(page, 'step').click();
    await firstLoss(page);
  }),
);

/** Twelve pictures with their labels, as IDX files. */
function someDigits() {
  const idx = (kind, sizes, values) => {
    const head = Buffer.alloc(4 + 4 * sizes.length);
    head.writeUInt32BE(kind, 0);
    for (const [at, size] of sizes.entries()) head.writeUInt32BE(size, 4 + 4 * at);
    return Buffer.concat([head, Buffer.from(values)]).toString('base64');
  };
  const pixels = Array.from({ length: 12 * 784 }, (_, at) => (at * 7) % 256);
  const labels = Array.from({ length: 12 }, (_, at) => at % 10);
  return [
    { name: 'images-idx3-ubyte', base64: idx(0x803, [12, 28, 28], pixels) },
    { name: 'labels-idx1-ubyte', base64: idx(0x801, [12], labels) },
  ];
}
