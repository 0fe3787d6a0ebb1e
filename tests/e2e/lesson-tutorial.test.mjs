// Lesson 4: the program whose lines light up while they are at work, races from one seed, digits learnt by heart.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { datasets, init, layers, sequential, train } from '../../dist/npm/index.js';
import { nothingSerious } from './axe.mjs';
import { becomes, draw, part, penDigits, phone, readDigit, withPage } from './page.mjs';

const lesson = { missing: (path) => path.includes('/mnist/'), query: '?autostart=0#lesson=tutorial' };
const line = (page, name) => page.locator(`[data-line="${name}"]`);
const numbers = (page, name) => part(page, `line-${name}`).textContent();
const press = (page, name) => line(page, name).getByRole('button').click();
const isLit = (page, name) =>
  page.waitForSelector(`[data-line="${name}"][data-lit="true"] [aria-current="step"]`, { timeout: 60_000 });
const isDark = (page, name) =>
  page.waitForSelector(`[data-line="${name}"][data-lit="false"]`, { timeout: 60_000 });
const accuracyIn = (text) => Number(/accuracy ([\d.]+) %/.exec(text)[1]);

async function open(page) {
  await becomes(page, 'status', 'ready');
  await part(page, 'program').waitFor();
}

test('each line lights up while it is at work, shows its numbers, and does what it says', () =>
  withPage(lesson, async (page) => {
    await open(page);
    assert.match(await numbers(page, 'load'), /^12,000 digits to learn from, 2,000 to be tested on$/);
    assert.match(await numbers(page, 'model'), /^101,770 numbers/);
    assert.match(await line(page, 'model').textContent(), /keras\.layers\.Dense\(128, activation="relu"\)/);
    assert.equal(await numbers(page, 'fit'), '–');
    await isDark(page, 'fit');

    await press(page, 'fit');
    await isLit(page, 'fit');
    await page.waitForFunction(() =>
      /^Epoch \d of 5 · batch \d+ of 375 · loss \d/.test(
        document.querySelector('[data-part="line-fit"]').textContent,
      ),
    );
    await part(page, 'pause').click();
    await isDark(page, 'fit');
    await becomes(page, 'status', 'paused');

    await press(page, 'evaluate');
    await isLit(page, 'evaluate');
    // Until it is over, the numbers are those of a test while it trained.
    await isDark(page, 'evaluate');
    await page.waitForFunction(() =>
      document.querySelector('[data-part="line-evaluate"]').textContent.includes('%'),
    );
    const before = await numbers(page, 'evaluate');
    const [, wrong] = /([\d,]+) of 2,000 wrong/.exec(before);
    assert.equal(accuracyIn(before), 100 - Number(wrong.replace(',', '')) / 20);

    // A rate that is changed on the way stands in the program, and stays.
    const rate = () =>
      page.waitForFunction(() =>
        /Adam\(0\.004\)/.test(document.querySelector('[data-line="compile"] code').textContent),
      );
    await page.locator('input[name="learningRate"]').fill('0.004');
    await rate();
    await page.waitForFunction(() => /adjust=\d+-rate0\.004/.test(location.hash));

    // The optimizer forgets, the weights stay: the same test gives the same numbers.
    await press(page, 'compile');
    await becomes(page, 'status', 'ready');
    await rate();
    await press(page, 'evaluate');
    await isLit(page, 'evaluate');
    await isDark(page, 'evaluate');
    assert.equal(await numbers(page, 'evaluate'), before);

    // By keys, on an empty pad.
    await line(page, 'predict').getByRole('button').focus();
    await page.keyboard.press('Enter');
    await isLit(page, 'predict');
    const laid = await readDigit(page);
    assert.match(await numbers(page, 'predict'), new RegExp(`^The pad: ${laid}, with`));
    await draw(page, penDigits.find(({ label }) => label === 3).strokes);
    await isLit(page, 'predict');
    const drawn = await readDigit(page);
    assert.match(await numbers(page, 'predict'), new RegExp(`^The pad: ${drawn}, with`));

    // A fresh network: what was found of the one before is gone.
    await press(page, 'model');
    await isLit(page, 'model');
    await becomes(page, 'status', 'ready');
    assert.equal(await numbers(page, 'evaluate'), '–');
  }));

/** What the library finds for a racer by itself, without turns. */
async function alone({ optimizer, digits }) {
  const model = sequential({ seed: 1 });
  model.add(layers.flatten({ inputShape: [28, 28, 1] }));
  model.add(layers.dense({ units: 128, activation: 'relu' }));
  model.add(layers.dense({ units: 10, activation: 'softmax' }));
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  const [images, labels] = [
    digits.train.images.slice([0], [10_000]),
    digits.train.labels.slice([0], [10_000]),
  ];
  await model.fit(images, labels, { epochs: 2, batchSize: 32 });
  return model.evaluate(digits.test.images, digits.test.labels).map((found) => found.dataSync()[0]);
}

test('a race goes turn by turn to the numbers of runs one after the other, and leaves the page’s network alone', async () => {
  await init();
  const digits = datasets.digits({ seed: 1 });
  const expected = {
    Adam: await alone({ optimizer: train.adam(0.001), digits }),
    SGD: await alone({ optimizer: train.sgd(0.01), digits }),
    'SGD + momentum': await alone({ optimizer: train.momentum(0.01, 0.9), digits }),
  };
  await withPage(lesson, async (page) => {
    await open(page);
    await part(page, 'start-race').click();
    await becomes(page, 'race', 'over', 180_000);
    const rows = await page
      .locator('[data-racer]')
      .evaluateAll((all) =>
        all.map(({ dataset }) => [dataset.racer, Number(dataset.loss), Number(dataset.accuracy)]),
      );
    assert.deepEqual(
      rows.map(([name]) => name),
      Object.keys(expected),
    );
    for (const [name, loss, accuracy] of rows) {
      assert.ok(Math.abs(loss - expected[name][0]) < 1e-5, `${name}: ${loss}, not ${expected[name][0]}`);
      assert.ok(Math.abs(accuracy - expected[name][1]) < 1e-6, name);
    }
    const order = [...rows].sort(([, one], [, other]) => one - other).map(([name]) => name);
    assert.deepEqual(order, ['Adam', 'SGD + momentum', 'SGD']);
    assert.equal(await page.locator('[data-part="race"] polyline').count(), 3);
    assert.equal(await numbers(page, 'fit'), '–');
    await becomes(page, 'status', 'ready');
  });
});

test('a network with few digits learns them by heart: the test loss turns round while the training loss falls', () =>
  withPage(lesson, async (page) => {
    await open(page);
    await page.locator('[data-part="few"] [data-choice="100"]').click();
    await part(page, 'start-few').click();
    await becomes(page, 'few', 'over', 180_000);
    const found = await part(page, 'few-finding').evaluate(({ dataset }) => ({ ...dataset }));
    const [training, testing, least] = [found.train, found.test, found.least].map(Number);
    assert.ok(training < 0.01, `training ${training}`);
    assert.ok(testing > 1.03 * least && testing > 20 * training, `test ${testing}, least ${least}`);
    assert.match(await part(page, 'few-finding').textContent(), /by heart/);
  }));

test('a race that somebody leaves is over: who comes back may start another', () =>
  withPage(lesson, async (page) => {
    await open(page);
    await part(page, 'start-race').click();
    await becomes(page, 'race', 'on');
    await page.getByRole('link', { name: 'Train' }).click();
    await part(page, 'race').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /The tutorial/ }).click();
    await part(page, 'race').waitFor();
    await part(page, 'start-few').click();
    await becomes(page, 'few', 'over', 180_000);
  }));

test('in Chinese, on a phone and in the dark the lesson is whole, and axe finds nothing', () =>
  withPage({ ...lesson, context: { ...phone, locale: 'zh-CN', colorScheme: 'dark' } }, async (page) => {
    await open(page);
    await page.waitForFunction(() => /几行代码/.test(document.querySelector('#lesson-heading')?.textContent));
    assert.match(await numbers(page, 'load'), /12,000 个数字用来学/);
    assert.doesNotMatch(await page.locator('.laboratory').textContent(), /Start the race|by heart/);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
    await nothingSerious(page, 'the tutorial in Chinese');
  }));
