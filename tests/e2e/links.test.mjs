// Links: what they say is taken, at once and by themselves; nothing in them can break the page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import {
  becomes,
  draw,
  firstLoss,
  inkOnPad,
  part,
  penDigits,
  readDigit,
  seenPicture,
  value,
  withoutMnist,
  withPage,
} from './page.mjs';

const rate = (page) => page.locator('input[name="learningRate"]');

test('a shared link starts by itself, whatever network it names', () =>
  withPage({ ...withoutMnist, query: '#preset=lenet&seed=3&epochs=1' }, async (page) => {
    await becomes(page, 'status', 'training');
    assert.equal(await part(page, 'preset').inputValue(), 'lenet');
    assert.equal(await part(page, 'seed').inputValue(), '3');
  }));

test('a link that is pasted into an open tab is taken and starts', () =>
  withPage({ query: '#data=generated' }, async (page) => {
    await firstLoss(page);
    await part(page, 'pause').click();
    await becomes(page, 'status', 'paused');
    await page.evaluate(() => {
      location.hash = 'data=generated&learningRate=0.01&seed=5&epochs=3';
    });
    await page.waitForFunction(() => document.querySelector('[data-part="seed"]').value === '5');
    await becomes(page, 'status', 'training');
    assert.equal(await rate(page).inputValue(), '0.01');
    assert.equal(await part(page, 'epochs').inputValue(), '3');
    // The way back in the tab's history leads to the settings of before.
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('[data-part="seed"]').value === '1');
    assert.equal(await rate(page).inputValue(), '0.001');
  }));

test('a link is taken whole where it opens or closes a lesson too; the way back from a lesson leaves the run alone', () =>
  withPage({ ...withoutMnist, query: '?autostart=0' }, async (page) => {
    const seedIs = (seed) =>
      page.waitForFunction((seed) => document.querySelector('[data-part="seed"]')?.value === seed, seed);
    const goTo = (hash) =>
      page.evaluate((hash) => {
        location.hash = hash;
      }, hash);
    await becomes(page, 'status', 'ready');
    await goTo('lesson=why&seed=5&learningRate=0.01');
    await page.locator('[data-lesson="why"]').waitFor();
    await seedIs('5');
    assert.equal(await rate(page).inputValue(), '0.01');
    await goTo('seed=6');
    await page.locator('.bench:not([data-lesson])').waitFor();
    await seedIs('6');
    assert.match(page.url(), /#seed=6$/);
    // A lesson's own link, and the way back from it, say nothing of the run.
    await becomes(page, 'status', 'ready');
    await goTo('lesson=why');
    await page.locator('[data-lesson="why"]').waitFor();
    await part(page, 'seed').fill('7');
    await part(page, 'seed').press('Tab');
    await page.waitForFunction(() => location.hash.includes('seed=7'));
    await page.goBack();
    await page.locator('.bench:not([data-lesson])').waitFor();
    await seedIs('7');
    assert.match(page.url(), /#seed=7$/);
  }));

test('the same link gives the same loss in every tab', () =>
  withPage({ ...withoutMnist, query: '?autostart=0#seed=11' }, async (page, server) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'step').click();
    const loss = await firstLoss(page);
    const other = await page.context().newPage();
    await other.goto(`${server.origin}/some/where/?autostart=0#seed=11`);
    await becomes(other, 'status', 'ready');
    await part(other, 'step').click();
    assert.equal(await firstLoss(other), loss);
    assert.notEqual(loss, 0);
  }));

test('nonsense in a link is passed over, with a word', () =>
  withPage(
    { ...withoutMnist, query: '?autostart=0#preset=toString&learningRate=-1&epochs=1e9&seed=x&foo=%' },
    async (page) => {
      await becomes(page, 'status', 'ready');
      assert.equal(await part(page, 'preset').inputValue(), 'dense');
      assert.equal(await rate(page).inputValue(), '0.001');
      // Values that no setting can have are told of.
      const notice = page.locator('.notice[data-kind="badLink"]');
      await notice.waitFor();
      assert.match(await notice.textContent(), /some of its settings cannot have these values/);
      await page.evaluate(() => {
        location.hash = 'nothing-of-ours';
      });
      await wait(200);
      assert.equal(await value(page, 'status'), 'ready');
    },
  ));

test('a pause is for now: the next visit starts by itself again', () =>
  withPage({ query: '#data=generated' }, async (page, server) => {
    await firstLoss(page);
    await part(page, 'pause').click();
    await becomes(page, 'status', 'paused');
    const next = await page.context().newPage();
    await next.goto(`${server.origin}/some/where/`);
    await becomes(next, 'status', 'training');
    await page.goto('about:blank');
    await page.goto(`${server.origin}/some/where/`);
    await becomes(page, 'status', 'training');
  }));

test('a link builds the layers that it spells, to the same bits in every tab', () =>
  withPage(
    { ...withoutMnist, query: '?autostart=0#net=conv4x5relu-pool2-drop0.25-flatten-dense16tanh' },
    async (page) => {
      await becomes(page, 'status', 'ready');
      assert.equal(await part(page, 'preset').inputValue(), 'own');
      await page.locator('.layers .layer').nth(6).waitFor();
      const layers = await page
        .locator('.layers .layer-line')
        .evaluateAll((rows) => rows.map((row) => row.textContent.trim().replace(/ +/g, ' ')));
      assert.deepEqual(layers.slice(1), [
        'Convolution 5×5 relu 24 × 24 × 4',
        'Max pooling 2×2 12 × 12 × 4',
        'Dropout 0.25 12 × 12 × 4',
        'Flatten 576',
        'Dense tanh 16',
        'Dense softmax 10',
      ]);
      await part(page, 'step').click();
      const loss = await firstLoss(page);
      const other = await page.context().newPage();
      await other.goto('about:blank');
      await other.goto(page.url());
      await becomes(other, 'status', 'ready');
      await part(other, 'step').click();
      assert.equal(await firstLoss(other), loss);
      // The presets are a choice away, and leave nothing of it.
      await part(page, 'preset').selectOption('lenet');
      await becomes(page, 'status', 'ready');
      assert.match(page.url(), /#preset=lenet$/);
    },
  ));

test('a drawing stands in the address, and a link shows it', () =>
  withPage({ ...withoutMnist, query: '?autostart=0' }, async (page) => {
    await becomes(page, 'status', 'ready');
    const { strokes } =
      penDigits.find(({ label, strokes }) => label === 5 && strokes.length > 1) ?? penDigits[0];
    await draw(page, strokes);
    await page.waitForFunction(() => location.hash.includes('ink='));
    await readDigit(page);
    const [seen, link] = [await seenPicture(page), page.url()];
    assert.ok(link.length < 900, `${link.length}`);
    const other = await page.context().newPage();
    await other.goto('about:blank');
    await other.goto(link);
    await becomes(other, 'status', 'ready');
    await readDigit(other);
    const shown = await seenPicture(other);
    // Where the weight of the ink lies between two pixels, a hair decides to which it is centred.
    const differing = [-29, -28, -27, -1, 0, 1, 27, 28, 29].map(
      (shift) => seen.filter((value, at) => Math.abs(value - (shown[at + shift] ?? 0)) > 64).length,
    );
    assert.ok(Math.min(...differing) < 12, `${differing} pixels are others`);
    assert.ok((await inkOnPad(other)).count > 0);
    // Strokes are taken back one by one, and what is cleared is gone from the address.
    if (strokes.length > 1) {
      await part(other, 'undo').click();
      await other.waitForFunction((link) => location.href !== link && location.hash.includes('ink='), link);
    }
    await part(other, 'clear').click();
    await other.waitForFunction(() => !location.hash.includes('ink='));
    assert.equal((await inkOnPad(other)).count, 0);
  }));

test('a network, a drawing or changes that make no sense are refused with a word, and the rest of the link holds', () =>
  withPage(
    {
      ...withoutMnist,
      query: '?autostart=0#seed=4&net=conv8x99-what&ink=%3Cscript%3E&adjust=5-rate99_3-batch2',
    },
    async (page) => {
      await becomes(page, 'status', 'ready');
      const notice = page.locator('.notice[data-kind="badLink"]');
      await notice.waitFor();
      assert.match(await notice.textContent(), /\(net\).*\(adjust\).*\(ink\)/);
      assert.equal(await part(page, 'preset').inputValue(), 'dense');
      assert.equal(await part(page, 'seed').inputValue(), '4');
      assert.match(page.url(), /#seed=4$/);
      // Words that are layers, of which no network can be made.
      await page.evaluate(() => {
        location.hash = 'seed=6&net=pool14-pool14-flatten';
      });
      await page.waitForFunction(() => document.querySelector('[data-part="seed"]').value === '6');
      assert.equal(await part(page, 'preset').inputValue(), 'dense');
      assert.match(await notice.textContent(), /\(net\)/);
      await becomes(page, 'status', 'ready');
    },
  ));

test('a link that is pasted before there is a worker is taken whole', () =>
  withPage(
    {
      ...withoutMnist,
      query: '?data=generated',
      // The worker is asked for once the link is there.
      init: () => {
        const pasted = new Promise((resolve) => addEventListener('hashchange', resolve));
        const Own = Worker;
        globalThis.Worker = class extends EventTarget {
          constructor(...args) {
            super();
            this.own = pasted.then(() => {
              const own = new Own(...args);
              for (const type of ['message', 'error'])
                own.addEventListener(type, ({ data }) =>
                  this.dispatchEvent(new MessageEvent(type, { data })),
                );
              return own;
            });
          }
          postMessage(...message) {
            this.own.then((own) => own.postMessage(...message));
          }
          terminate() {
            this.own.then((own) => own.terminate());
          }
        };
      },
    },
    async (page) => {
      await part(page, 'status').waitFor();
      await page.evaluate(() => {
        location.hash = 'preset=lenet&seed=42&batchSize=100&data=generated';
      });
      await becomes(page, 'status', 'training');
      assert.equal(await part(page, 'preset').inputValue(), 'lenet');
      assert.equal(await part(page, 'seed').inputValue(), '42');
      assert.equal(await page.locator('input[name="batchSize"]').inputValue(), '100');
      assert.match(page.url(), /seed=42/);
    },
  ));
