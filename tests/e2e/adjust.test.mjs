// Learning rate, momentum and batch size changed while it trains: the run goes on, and a link replays it to the same bits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { becomes, firstLoss, part, setNumber, value, withoutMnist, withPage } from './page.mjs';

const field = (page, name) => page.locator(`input[name="${name}"]`);
const adjusted = (page, wanted) =>
  page.waitForFunction((wanted) => new RegExp(wanted).test(location.hash), wanted.source);
const change = async (page, name, number) => {
  await field(page, name).fill(String(number));
  await field(page, name).press('Tab');
};
/** Makes so many steps, one after the other. */
async function steps(page, from, to) {
  for (let step = from + 1; step <= to; step++) {
    await part(page, 'step').click();
    await page.waitForSelector(`[data-part="step-inside"][data-value="${step}"]`);
  }
}

test('the rate changes while it trains: the same run goes on', () =>
  withPage({ ...withoutMnist, query: '?data=generated#epochs=50' }, async (page) => {
    await becomes(page, 'status', 'training');
    await firstLoss(page);
    await change(page, 'learningRate', 0.0002);
    await adjusted(page, /adjust=\d+-rate0\.0002$/);
    assert.equal(await value(page, 'status'), 'training');
    assert.equal(await field(page, 'learningRate').inputValue(), '0.0002');
    assert.match(await part(page, 'adjusted').textContent(), /Changed once/);
    await change(page, 'batchSize', 64);
    await adjusted(page, /adjust=\d+-rate0\.0002_\d+-batch64$/);
    // A fresh network begins with what was changed.
    await part(page, 'reset').click();
    await becomes(page, 'status', 'ready');
    assert.match(
      page.url(),
      /#(data=generated&)?learningRate=0\.0002&batchSize=64&epochs=50(&data=generated)?$/,
    );
  }));

test('a link with changes on the way replays the run to the same bits', () =>
  withPage({ ...withoutMnist, query: '?autostart=0#optimizer=momentum&seed=3' }, async (page, server) => {
    await becomes(page, 'status', 'ready');
    await steps(page, 0, 2);
    await change(page, 'learningRate', 0.05);
    await adjusted(page, /adjust=2-rate0\.05$/);
    await steps(page, 2, 3);
    await change(page, 'momentum', 0.5);
    await adjusted(page, /_3-momentum0\.5$/);
    await change(page, 'batchSize', 8);
    await adjusted(page, /_3-batch8-momentum0\.5$/);
    await steps(page, 3, 5);
    const loss = await value(page, 'loss');
    const link = page.url();
    const other = await page.context().newPage();
    await other.goto('about:blank');
    await other.goto(link);
    await becomes(other, 'status', 'ready');
    await steps(other, 0, 5);
    await other.waitForFunction(
      (loss) => document.querySelector('[data-part="loss"]').dataset.value === loss,
      loss,
    );
    assert.equal(await field(other, 'batchSize').inputValue(), '8');
    // Without the changes it is another run.
    const plain = await page.context().newPage();
    await plain.goto(`${server.origin}/some/where/?autostart=0#optimizer=momentum&seed=3`);
    await becomes(plain, 'status', 'ready');
    await steps(plain, 0, 5);
    await wait(100);
    assert.notEqual(await value(plain, 'loss'), loss);
  }));

test('a branch does not make the changes of the run that it left: its link replays it to the same bits', () =>
  withPage({ ...withoutMnist, query: '?autostart=0#optimizer=momentum&seed=3' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await steps(page, 0, 4);
    await change(page, 'learningRate', 0.5);
    await adjusted(page, /adjust=4-rate0\.5$/);
    await steps(page, 4, 6);
    await part(page, 'scrubber').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await becomes(page, 'scrubber', 1);
    await page.getByText('batch 1 of').waitFor();
    await change(page, 'learningRate', 0.03);
    await adjusted(page, /adjust=1-rate0\.03$/);
    await steps(page, 1, 7);
    const loss = await value(page, 'loss');
    const other = await page.context().newPage();
    await other.goto('about:blank');
    await other.goto(page.url());
    await becomes(other, 'status', 'ready');
    await steps(other, 0, 7);
    await becomes(other, 'loss', loss);
  }));

test('batches that have no room in memory have a word of their own, and the run goes on', () =>
  withPage(
    {
      ...withoutMnist,
      query: '?autostart=0#batchSize=1&net=conv256x1relu-conv256x1relu-conv256x1relu-flatten',
    },
    async (page) => {
      await becomes(page, 'status', 'ready');
      await part(page, 'play').click();
      await firstLoss(page);
      await page.locator('input[name="batchSize"]').fill('1024');
      const notice = page.locator('.notice[data-kind="tooLarge"]');
      await notice.waitFor();
      assert.match(await notice.textContent(), /Choose a smaller batch size/);
      assert.equal(await value(page, 'status'), 'training');
      // The same as a link: no run begins, and a smaller batch makes it good.
      await page.evaluate(() => {
        location.hash = 'batchSize=1024&net=conv256x1relu-conv256x1relu-conv256x1relu-conv256x1relu-flatten';
      });
      await becomes(page, 'status', 'ready');
      await part(page, 'play').click();
      await becomes(page, 'status', 'error');
      await notice.waitFor();
      await page.locator('input[name="batchSize"]').fill('2');
      await becomes(page, 'status', 'ready');
      assert.equal(await notice.count(), 0);
      await part(page, 'play').click();
      await becomes(page, 'status', 'training');
    },
  ));

test('when no run is under way another number makes another network, as before', () =>
  withPage({ ...withoutMnist, query: '?autostart=0' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await setNumber(page, 'seed', 9);
    await change(page, 'learningRate', 0.01);
    await wait(600);
    assert.match(page.url(), /#learningRate=0\.01&seed=9$/);
    assert.equal(await value(page, 'status'), 'ready');
  }));
