// Lesson 7: trials, each guessed at first, with figures on three kinds of digits and how sure they are.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { datasets, digit, init, layers, sequential, tensor, train } from '../../dist/npm/index.js';
import { nothingSerious } from './axe.mjs';
import { becomes, part, penDigits, phone, withPage } from './page.mjs';

const lesson = { missing: (path) => path.includes('/mnist/'), query: '?autostart=0#lesson=better' };
const sets = ['test', 'strangers', 'pen'];

/** The digits of the lesson, made by the library. */
let digits;
before(async () => {
  await init();
  const own = datasets.digits({ seed: 1 });
  const others = datasets.digits({ seed: 101, count: 4000 }).train;
  const pen = penDigits.flatMap(({ strokes }) =>
    Array.from(digit(strokes).dataSync(), (value) => Math.round(255 * value) / 255),
  );
  digits = {
    train: [own.train.images.slice([0], [10_000]), own.train.labels.slice([0], [10_000])],
    test: [own.test.images, own.test.labels],
    strangers: [others.images.slice([0], [1000]), others.labels.slice([0], [1000])],
    pen: [tensor(pen, [penDigits.length, 28, 28, 1]), tensor(penDigits.map(({ label }) => label))],
  };
});

async function trained({ seed, ...how }) {
  const model = sequential({ seed });
  model.add(layers.flatten({ inputShape: [28, 28, 1] }));
  model.add(layers.dense({ units: 128, activation: 'relu' }));
  model.add(layers.dense({ units: 10, activation: 'softmax' }));
  model.compile({
    optimizer: train.adam(0.001),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  await model.fit(...digits.train, { epochs: 8, batchSize: 32, ...how });
  return model;
}

/** How many of a set are read right, by the library's own test. */
const rightBy = (model, set) => {
  const [, accuracy] = model.evaluate(...digits[set]);
  return Math.round(accuracy.dataSync()[0] * digits[set][1].size);
};

/** The figures of a row: how many of each set are right, of how many. */
const row = (page, trial, seed) =>
  page.locator(`tr[data-trial="${trial}"][data-seed="${seed}"] td`).evaluateAll((cells) =>
    Object.fromEntries(
      cells.map((cell) => {
        const { won, lost } = cell.querySelector('.difference')?.dataset ?? {};
        const { set, right, total } = cell.dataset;
        return [set, { right: Number(right), total: Number(total), won: Number(won), lost: Number(lost) }];
      }),
    ),
  );

async function tryOut(page, trial, expectation) {
  await page.locator(`[data-part="trials"] [data-choice="${trial}"]`).click();
  assert.equal(await part(page, 'run').isDisabled(), true, 'to be guessed at first');
  await page.locator(`[data-part="expect"] [data-choice="${expectation}"]`).click();
  await part(page, 'run').click();
  await becomes(page, 'trials', 'on');
  await becomes(page, 'trials', 'over', 240_000);
}

test('a trial gives the figures of the library, the differences between them, and a verdict', async () => {
  const [plain, falling] = [await trained({ seed: 1 }), await trained({ seed: 1, finalRate: 0.02 })];
  await withPage(lesson, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'trials').waitFor();
    await tryOut(page, 'schedule', 'better');
    const [before, after] = [await row(page, 'plain', 1), await row(page, 'schedule', 1)];
    for (const set of sets) {
      assert.equal(before[set].total, digits[set][1].size);
      assert.equal(before[set].right, rightBy(plain, set), `as it is, ${set}`);
      assert.equal(after[set].right, rightBy(falling, set), `schedule, ${set}`);
      assert.equal(after[set].won - after[set].lost, after[set].right - before[set].right);
    }
    const verdict = await part(page, 'finding').getAttribute('data-value');
    const { won, lost } = after.test;
    const isSure = Math.abs(won - lost) > 1.96 * Math.sqrt(won + lost);
    assert.equal(verdict === 'same', !isSure, `${won} won, ${lost} lost, ${verdict}`);
    assert.match(
      await part(page, 'finding').textContent(),
      verdict === 'better' ? /^As you guessed/ : /^You guessed otherwise/,
    );
    // The digits that people drew, as this network reads them.
    const drawn = page.locator('[data-part="drawn"] .tile');
    assert.equal(await drawn.count(), 30);
    assert.equal(await page.locator('[data-part="drawn"] [data-right="true"]').count(), after.pen.right);
    // The visitor's own network has not been touched.
    await becomes(page, 'status', 'ready');
    await nothingSerious(page, 'a trial that is over');

    // Three seeds: their probabilities' mean.
    await tryOut(page, 'ensemble', 'same');
    const models = [plain, await trained({ seed: 2 }), await trained({ seed: 3 })];
    const ensemble = await row(page, 'ensemble', 0);
    for (const set of sets) {
      const [images, labels] = digits[set];
      const mean = models.map((model) => model.predict(images)).reduce((sum, one) => sum.add(one));
      const guesses = mean.argMax(-1).dataSync();
      const right = labels.dataSync().filter((label, at) => label === guesses[at]).length;
      assert.ok(Math.abs(ensemble[set].right - right) <= 1, `${set}: ${ensemble[set].right}, not ${right}`);
    }
    assert.equal((await row(page, 'plain', 3)).test.right, rightBy(models[2], 'test'));
  });
});

test('weights that decay are trained by the whole library, and a run can be stopped', () =>
  withPage(lesson, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'trials').waitFor();
    await page.locator('[data-part="trials"] [data-choice="augment"]').click();
    await page.locator('[data-part="expect"] [data-choice="better"]').click();
    await part(page, 'run').click();
    await page.waitForFunction(() => document.querySelector('progress')?.value > 0, undefined, {
      timeout: 60_000,
    });
    await part(page, 'run').click();
    await page.waitForSelector('[data-part="trials"][data-value=""]');
    await tryOut(page, 'decay', 'same');
    const [before, after] = [await row(page, 'plain', 1), await row(page, 'decay', 1)];
    assert.ok(after.test.won + after.test.lost > 0, 'it reads some digits otherwise');
    assert.ok(Math.abs(after.test.right - before.test.right) < 0.05 * before.test.total);
  }));

test('in Chinese and on a phone the lesson is whole, and axe finds nothing', () =>
  withPage({ ...lesson, context: { ...phone, locale: 'zh-CN' } }, async (page) => {
    await becomes(page, 'status', 'ready');
    await page.waitForFunction(() => /什么管用/.test(document.querySelector('#lesson-heading')?.textContent));
    assert.match(await part(page, 'trials').textContent(), /数据增强.*随机失活.*权重衰减/);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
    await nothingSerious(page, 'trials in Chinese');
  }));
