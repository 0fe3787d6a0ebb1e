// Links: what they say is taken, at once and by themselves; nothing in them can break the page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { becomes, firstLoss, part, value, withPage } from './page.mjs';

const withoutMnist = { missing: (path) => path.includes('/mnist/') };
const rate = (page) => page.locator('input[name="learningRate"]');

test('a shared link starts by itself, whatever network it names', () =>
  withPage({ ...withoutMnist, query: '#preset=lenet&seed=3&epochs=1' }, async (page) => {
    await becomes(page, 'status', 'training');
    assert.equal(await part(page, 'preset').inputValue(), 'lenet');
    assert.equal(await part(page, 'seed').inputValue(), '3');
  }));

test('a link that is pasted into an open tab is taken and starts', () =>
  withPage({ ...withoutMnist, query: '' }, async (page) => {
    await becomes(page, 'status', 'training');
    await part(page, 'pause').click();
    await becomes(page, 'status', 'paused');
    await page.evaluate(() => {
      location.hash = 'learningRate=0.01&seed=5&epochs=3';
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

test('nonsense in a link is passed over', () =>
  withPage(
    { ...withoutMnist, query: '?autostart=0#preset=toString&learningRate=-1&epochs=1e9&seed=x&foo=%' },
    async (page) => {
      await becomes(page, 'status', 'ready');
      assert.equal(await part(page, 'preset').inputValue(), 'dense');
      assert.equal(await rate(page).inputValue(), '0.001');
      await page.evaluate(() => {
        location.hash = 'nothing-of-ours';
      });
      await wait(200);
      assert.equal(await value(page, 'status'), 'ready');
    },
  ));

test('a pause is for now: the next visit starts by itself again', () =>
  withPage({ ...withoutMnist, query: '' }, async (page, server) => {
    await becomes(page, 'status', 'training');
    await part(page, 'pause').click();
    await becomes(page, 'status', 'paused');
    const next = await page.context().newPage();
    await next.goto(`${server.origin}/some/where/`);
    await becomes(next, 'status', 'training');
    await page.goto('about:blank');
    await page.goto(`${server.origin}/some/where/`);
    await becomes(page, 'status', 'training');
  }));
