// The first visit: something is learned before MNIST is there, and the run on MNIST is the same as on any other visit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { slowness } from '../browser/load.mjs';
import { withoutMnist } from '../mnist.mjs';
import {
  accuracy,
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

const skip = withoutMnist;
/** Bytes a second: 1.5 Mbit/s, and lines on which MNIST comes in some seconds, and in a minute. */
const [SLOW, SOME, MINUTE] = [187_500, 2_000_000, 200_000];
const header = (page) => part(page, 'dataset').textContent();

/** Notes when the first step was shown, before anything runs. */
const watchFirstStep = () => {
  const watch = new MutationObserver(() => {
    if (window.firstStep || !(Number(document.querySelector('[data-part="loss"]')?.dataset.value) > 0))
      return;
    window.firstStep = performance.now();
  });
  watch.observe(document, { subtree: true, childList: true, attributes: true });
};
const firstStep = async (page) => {
  await page.waitForFunction(() => window.firstStep);
  return page.evaluate(() => window.firstStep);
};

/** Opens the page in a fresh context whose first step is timed; `site` is as for `withPage`. */
const visit = (site, body) =>
  withPage({ query: 'licences.txt', learnsOthers: true, ...site }, async (page, server) => {
    await page.addInitScript(watchFirstStep);
    server.requests.length = 0;
    await page.goto(`${server.origin}/some/where/${site.query ?? ''}`, { waitUntil: 'commit' });
    await body(page, server);
  });

test('over 1.5 Mbit/s the first training step comes within 3 s, and a drawing is read while MNIST is on its way', {
  skip,
}, () => {
  const before = slowness();
  return visit({ rate: SLOW, query: '' }, async (page) => {
    const first = await firstStep(page);
    const busy = Math.max(before, slowness());
    // The line alone takes 1.8 s for what is needed; the rest is work, which takes longer on a busy machine.
    const most = 1800 + 1200 * busy;
    console.log(`# first step after ${first.toFixed(0)} ms on a machine ${busy.toFixed(1)} times as slow`);
    assert.ok(first <= most, `the first step came after ${first.toFixed(0)} ms, not ${most.toFixed(0)}`);
    assert.equal(await value(page, 'dataset'), 'generated');
    assert.equal(await value(page, 'status'), 'training');
    await page.waitForFunction(() =>
      /MNIST: [\d.]+ of 11\.6 MB, [1-9]\d s left/.test(
        document.querySelector('[data-part="dataset"]').textContent,
      ),
    );
    await draw(page, penDigits[0].strokes);
    assert.doesNotMatch(await page.locator('.guess-sure').textContent(), /Nothing yet/);
    await page.waitForFunction(() => document.querySelector('[data-part="guess"]').textContent.trim() !== '');
    // It goes on for as long as it takes, epoch after epoch.
    await page.waitForFunction(() => Number(document.querySelector('[data-part="epoch"]').dataset.value) > 6);
    assert.equal(await value(page, 'status'), 'training');
  });
});

test('before anything is there, a drawing is told that the network is on its way', () =>
  withPage({ missing: (path) => path.endsWith('.wasm') }, async (page) => {
    await draw(page, penDigits[0].strokes);
    assert.match(await page.locator('.guess-sure').textContent(), /on its way/);
  }));

test(
  'when MNIST has come a fresh network begins, with the same numbers as on a visit that had it',
  { skip },
  () =>
    visit({ rate: SOME, query: '#epochs=1', version: () => '"1"' }, async (page) => {
      await becomes(page, 'dataset', 'generated');
      await becomes(page, 'status', 'training');
      await becomes(page, 'dataset', 'styles');
      assert.match(await header(page), /MNIST is here/);
      await becomes(page, 'status', 'done');
      const first = await accuracy(page);
      assert.match(await header(page), /^(MNIST \+ styles|MNIST is here.*)$/);
      assert.ok(first > 0.93, `accuracy ${first}`);
      assert.equal(await page.evaluate(() => location.hash), '#epochs=1');
      await wait(5000);
      const kept = () =>
        page.evaluate(async () => {
          const files = await (await caches.open('mapling')).matchAll();
          const bodies = await Promise.all(files.map((file) => file.arrayBuffer()));
          return bodies.reduce((sum, { byteLength }) => sum + byteLength, 0);
        });
      while ((await kept()) < 54_950_048 + 20_000 * 785) await wait(200);
      await page.reload();
      const busy = slowness();
      const again = await firstStep(page);
      assert.equal(await value(page, 'dataset'), 'styles', 'there was a warm-up though MNIST was there');
      console.log(
        `# with MNIST kept the first step came after ${again.toFixed(0)} ms, ${busy.toFixed(1)} times as slow`,
      );
      // Of the line's 170 ms for the page's code, a visitor's cache of files saves most.
      assert.ok(again <= 1000 * busy, `with MNIST kept the first step came after ${again.toFixed(0)} ms`);
      await becomes(page, 'status', 'done');
      assert.equal(await accuracy(page), first);
    }),
);

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
    assert.equal(await part(page, 'seed').inputValue(), '3');
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
