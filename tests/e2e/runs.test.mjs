// Runs that are kept: compared in a list, overlaid on the charts, named, hidden, removed, gone back to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accuracy, becomes, part, setNumber, value, withoutMnist, withPage } from './page.mjs';

const rate = (page) => page.locator('input[name="learningRate"]');

/** Trains to the end with these settings, one after the other; gives the accuracies. */
async function trained(page, rates) {
  const found = [];
  for (const one of rates) {
    await rate(page).fill(String(one));
    await rate(page).press('Tab');
    if (found.length > 0) await becomes(page, 'status', 'ready');
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    found.push(await accuracy(page));
  }
  return found;
}

/** What the list says of each run. */
const listed = (page) =>
  page.locator('[data-part="run"]').evaluateAll((rows) =>
    rows.map((row) => {
      const of = (name) => row.querySelector(`[data-part="run-${name}"]`)?.dataset.value;
      return {
        number: row.dataset.value,
        isNow: row.getAttribute('aria-current') === 'true',
        settings: row.querySelector('.run-settings').textContent,
        accuracy: Number(of('accuracy')),
        loss: Number(of('loss')),
        steps: Number(of('steps')),
      };
    }),
  );

/** Watches the names that are written on the charts. */
const watchNames = (page) =>
  page.addInitScript(() => {
    const { fillText } = CanvasRenderingContext2D.prototype;
    window.written = new Map();
    CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
      window.written.set(text, performance.now());
      return fillText.call(this, text, ...rest);
    };
  });
/** Names that were written on the charts within the last picture. */
const namesOnCharts = (page) =>
  page.evaluate(async () => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const newest = Math.max(...window.written.values());
    return [...window.written].filter(([, at]) => newest - at < 40).map(([text]) => text);
  });

test('another setting begins another run, and the list says what each had otherwise and what came of it', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    await setNumber(page, 'epochs', 1);
    assert.equal(await page.locator('[data-part="run"]').count(), 0);
    const [first, second] = await trained(page, [0.001, 0.003]);
    const [one, other] = await listed(page);
    assert.equal(one.settings, 'learning rate 0.001');
    assert.equal(other.settings, 'learning rate 0.003');
    assert.ok(Math.abs(one.accuracy - first) < 1e-6 && Math.abs(other.accuracy - second) < 1e-6);
    assert.ok(one.loss > 0 && other.loss > 0 && one.loss !== other.loss);
    assert.deepEqual([one.steps, other.steps, one.isNow, other.isNow], [375, 375, false, true]);
    // A step later the figures are those of an earlier network.
    await part(page, 'step').click();
    await becomes(page, 'scrubber', 376);
    assert.match((await listed(page))[1].settings, /tested at epoch 1\.00$/);
    // The same settings again give the same run: it is not kept twice.
    await part(page, 'reset').click();
    await becomes(page, 'status', 'ready');
    assert.equal(await page.locator('[data-part="run"]').count(), 2);
  }));

test('runs stand on the charts under their names until they are hidden or removed', () =>
  withPage(withoutMnist, async (page) => {
    await watchNames(page);
    await page.reload();
    await becomes(page, 'status', 'ready');
    await setNumber(page, 'epochs', 1);
    await trained(page, [0.001, 0.003]);
    assert.ok((await namesOnCharts(page)).includes('run 1'));
    const name = page.locator('[data-part="run-name"]').first();
    await name.fill('slow');
    await name.press('Enter');
    await name.press('Tab');
    assert.ok((await namesOnCharts(page)).includes('slow'));
    await page.locator('[data-part="run-shown"]').first().uncheck();
    assert.ok(!(await namesOnCharts(page)).includes('slow'));
    await page.locator('[data-part="run-shown"]').first().check();
    assert.ok((await namesOnCharts(page)).includes('slow'));
    await page.locator('[data-part="run-remove"]').click();
    assert.equal(await page.locator('[data-part="run"]').count(), 0);
    assert.ok(!(await namesOnCharts(page)).includes('slow'));
  }));

test('one goes back to a run, and the one that was left stays', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    await setNumber(page, 'epochs', 1);
    const [first, second] = await trained(page, [0.001, 0.003]);
    await page.locator('[data-part="run-back"]').click();
    await page.waitForFunction(() => document.querySelector('input[name="learningRate"]').value === '0.001');
    await becomes(page, 'status', 'done');
    assert.equal(await accuracy(page), first);
    const now = await listed(page);
    assert.deepEqual(
      now.map(({ isNow }) => isNow),
      [true, false],
    );
    // It trains on from there, and the other one is as it was left.
    await part(page, 'play').click();
    await page.waitForFunction(() => document.querySelector('[data-part="epoch"]').dataset.value === '2');
    await becomes(page, 'status', 'done');
    await page.locator('[data-part="run-back"]').click();
    await page.waitForFunction(() => document.querySelector('input[name="learningRate"]').value === '0.003');
    await becomes(page, 'status', 'done');
    assert.equal(await accuracy(page), second);
    assert.equal(await value(page, 'epoch'), '1');
  }));

test('so many runs are kept and no more', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    await setNumber(page, 'epochs', 1);
    await page.locator('input[name="batchSize"]').fill('256');
    await becomes(page, 'status', 'ready');
    await trained(page, [0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.007, 0.008]);
    const all = await listed(page);
    assert.equal(all.length, 7, 'six and the present one');
    assert.deepEqual(
      all.map(({ number }) => number),
      ['2', '3', '4', '5', '6', '7', '8'],
    );
  }));

test('the progress line grows over all epochs, also where more are added', () =>
  withPage(withoutMnist, async (page) => {
    await becomes(page, 'status', 'ready');
    await setNumber(page, 'epochs', 1);
    await page.evaluate(() => {
      window.shares = [];
      const line = document.querySelector('.progress-track');
      new MutationObserver(() => window.shares.push(Number(line.getAttribute('aria-valuenow')))).observe(
        line,
        {
          attributeFilter: ['aria-valuenow'],
        },
      );
    });
    const shares = () => page.evaluate(() => window.shares);
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    assert.equal((await shares()).at(-1), 100);
    await page.evaluate(() => {
      window.shares = [];
    });
    // One epoch more: half of both is done.
    await part(page, 'play').click();
    await becomes(page, 'status', 'training');
    await becomes(page, 'status', 'done');
    const seen = await shares();
    assert.deepEqual(
      seen,
      seen.toSorted((one, other) => one - other),
    );
    assert.ok(seen[0] >= 50, `${seen}`);
    assert.equal(seen.at(-1), 100);
  }));
