import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { isolation } from '../browser/serve.mjs';
import { becomes, firstLoss, part, value, withFreshNetwork, withServiceWorker as withPage } from './page.mjs';

/** Two threads, or one on a machine with one core. */
const two = String(Math.min(2, availableParallelism()));

/** The loss after the first batch. */
async function stepped(page) {
  await withFreshNetwork(page);
  await part(page, 'step').click();
  return firstLoss(page);
}

test('served with the headers the page uses threads, with the same loss', async () => {
  const losses = {};
  for (const threads of ['1', two]) {
    await withPage({ query: `?autostart=0&threads=${threads}`, headers: isolation }, async (page) => {
      losses[threads] = await stepped(page);
      assert.equal(await value(page, 'threads'), threads);
      assert.equal(await value(page, 'mode'), 'exact');
    });
  }
  assert.equal(losses[1], losses[two]);
});

test('a network that takes all of mapling is trained with threads too, to the same loss', async () => {
  const losses = {};
  for (const threads of ['1', two]) {
    const query = `?autostart=0&threads=${threads}&net=conv4x3-norm-relu-flatten`;
    await withPage({ query, headers: isolation }, async (page) => {
      losses[threads] = await stepped(page);
      assert.equal(await value(page, 'threads'), threads);
      assert.equal(await value(page, 'mode'), 'exact');
    });
  }
  assert.equal(losses[1], losses[two]);
});

test('without the headers there is one thread, until the visitor asks for more', () =>
  withPage({}, async (page) => {
    await stepped(page);
    assert.equal(await value(page, 'threads'), '1');
    for (const threads of [two, '1', two]) {
      await part(page, 'threads').selectOption(threads);
      await becomes(page, 'threads', threads);
      await stepped(page);
    }
  }));

test('the fast mode is chosen, remembered and shown', () =>
  withPage({}, async (page) => {
    await stepped(page);
    await part(page, 'mode').selectOption('fast');
    await becomes(page, 'mode', 'fast');
    await page.reload();
    await becomes(page, 'mode', 'fast');
    await stepped(page);
  }));
