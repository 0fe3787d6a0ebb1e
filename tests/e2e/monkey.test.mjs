// Whatever is pressed, in whatever order: the page neither throws nor stands still.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monkey, numbersFrom } from './monkey.mjs';
import { becomes, part, value, withPage } from './page.mjs';

const seed = Number(process.env.MONKEY_SEED ?? 1);
/** Milliseconds for which whatever is there is pressed, and how many times at most. */
const [FOR, MOST] = [25_000, Number(process.env.MONKEY_ACTIONS ?? 150)];
const STATUSES = ['loading', 'ready', 'training', 'paused', 'done'];
const withoutMnist = (path) => path.includes('/mnist/');

/** What a page logs that nobody asked it for; that MNIST is not there is what this test has done. */
const isNews = (message) =>
  message.type() === 'error' &&
  !/status of 404/.test(message.text()) &&
  !/mnist/.test(message.location().url);

/** What the page says, for whoever has to find out what went wrong. */
const described = (page) =>
  page.evaluate(() =>
    [
      location.href,
      ...[
        ...document.querySelectorAll(
          '[data-part="status"], [data-part="epochs"], [role="alert"], [role="dialog"]',
        ),
      ].map(
        (one) => `${one.dataset.part}: ${one.dataset.value ?? one.value ?? one.textContent.slice(0, 300)}`,
      ),
    ].join('\n'),
  );

/** What was about to be done as another setting of the machine loaded the page anew. */
const toThePageBefore = (failure) => {
  if (/context was destroyed/.test(failure.message)) return 'too late: the page is loaded anew';
  throw failure;
};

/** Does things without a plan; gives what was done. Some of it loads the page anew. */
async function withoutPlan(page, done) {
  const random = numbersFrom(seed);
  const until = performance.now() + FOR;
  while (done.length < MOST && performance.now() < until) {
    done.push(await monkey(page, random).catch(toThePageBefore));
    await page.waitForSelector('[data-part="status"]', { state: 'attached' });
    const now = await value(page, 'status');
    if (!STATUSES.includes(now)) assert.fail(`${now}: ${await page.getByRole('alert').allTextContents()}`);
  }
}

/** Closes what was opened last, which may come late. */
async function closed(page) {
  await page.waitForTimeout(500);
  while ((await page.locator('dialog[open]').count()) > 0) {
    await page.keyboard.press('Escape');
    await page.waitForTimeout(200);
  }
}

/** Somebody who knows what they want: a link trains a network, and Reset, Step, Play and Pause do what they say. */
async function withPlan(page) {
  await closed(page);
  await page.evaluate(() => {
    location.hash = '';
    location.hash = 'data=generated&preset=dense&epochs=1&seed=1&batchSize=64&learningRate=0.003';
  });
  // The page writes the address anew with the link's settings; their network is on its way then, before what is pressed now.
  await page.waitForFunction(
    () => /learningRate=0\.003/.test(location.hash) && !/seed=1/.test(location.hash),
  );
  await closed(page);
  await part(page, 'reset').click();
  await becomes(page, 'status', 'ready');
  await part(page, 'play').click();
  await becomes(page, 'status', 'done', 60_000);
  // The test at a run's end comes a moment after its last batch.
  await page.waitForFunction(
    () => Number(document.querySelector('[data-part="accuracy"]').dataset.value) > 0.8,
  );
  await part(page, 'reset').click();
  await becomes(page, 'status', 'ready');
  await part(page, 'step').click();
  await becomes(page, 'status', 'paused');
  await part(page, 'play').click();
  await page.waitForSelector('[data-part="status"]:is([data-value="training"], [data-value="done"])');
}

test(`a visitor without a plan (seed ${seed}) breaks nothing: afterwards the page trains and reads`, () =>
  withPage({ missing: withoutMnist, query: '?autostart=0&epochs=2', learnsOthers: true }, async (page) => {
    const [done, logged] = [[], []];
    page.on('console', (message) => isNews(message) && logged.push(message.text()));
    page.on('dialog', (dialog) => dialog.dismiss());
    try {
      await becomes(page, 'status', 'ready');
      await withoutPlan(page, done);
      await withPlan(page);
      assert.deepEqual(logged, [], 'logged as errors');
    } catch (failure) {
      failure.message += `\n${await described(page)}\nafter ${done.length} actions:\n${done.slice(-25).join('\n')}`;
      throw failure;
    }
  }));
