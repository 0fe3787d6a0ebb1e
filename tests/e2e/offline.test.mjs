// The page without a network, after a visit with one: it opens, trains on MNIST, reads drawings and shows its lessons.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { at } from '../../scripts/run.mjs';
import { launch } from '../browser/chromium.mjs';
import { serve } from '../browser/serve.mjs';
import { withoutMnist } from '../mnist.mjs';
import { keptAt } from './kept-run.mjs';
import {
  becomes,
  draw,
  firstLoss,
  part,
  penDigits,
  readDigit,
  value,
  withServiceWorker as withPage,
} from './page.mjs';

const missing = (path) => path.includes('/mnist/');

/** Waits until this, which may be a promise, is true in the page. */
async function until(page, what, given) {
  const begun = performance.now();
  while (!(await page.evaluate(what, given))) {
    assert.ok(performance.now() - begun < 60_000, `not within a minute: ${what}`);
    await wait(200);
  }
}

/** The page's own files are kept, down to the last, which nobody has opened yet. */
const isKept = (page) =>
  until(page, async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith('mapling-page '));
    const files = names.length === 1 ? await (await caches.open(names[0])).keys() : [];
    return files.some(({ url }) => url.endsWith('licences.txt'));
  });

/** MNIST and the styles beside it are kept, unpacked. */
const isMnistKept = (page) =>
  until(page, async () => {
    const files = await (await caches.open('mapling')).matchAll();
    const bodies = await Promise.all(files.map((file) => file.arrayBuffer()));
    return bodies.reduce((sum, { byteLength }) => sum + byteLength, 0) >= 54_950_048 + 20_000 * 785;
  });

test(
  'after one visit the page opens without a network and trains on MNIST with styles, from a sub-path',
  {
    skip: withoutMnist,
  },
  () =>
    withPage({ query: '', version: () => '"1"' }, async (page, server) => {
      await becomes(page, 'dataset', 'styles');
      await isMnistKept(page);
      await isKept(page);
      await page.context().setOffline(true);
      await server.close();
      await page.reload();
      await becomes(page, 'dataset', 'styles');
      // The run of the visit before is there again: another one begins.
      await part(page, 'reset').click();
      await becomes(page, 'status', 'ready');
      await part(page, 'play').click();
      await becomes(page, 'status', 'training');
      await firstLoss(page);
      await draw(page, penDigits[0].strokes);
      await page.waitForFunction(
        () => document.querySelector('[data-part="guess"]').textContent.trim() !== '',
      );
      await page.getByRole('button', { name: /中文/ }).click();
      await page.waitForFunction(() =>
        document.querySelector('[data-part="play"]').textContent.includes('开始'),
      );
      await page.locator('.lesson-bar a[href="#lesson=why"]').click();
      await becomes(page, 'lesson', 'why');
    }),
);

test('a host without headers for threads: one service worker adds them and opens the page without a network', () =>
  withPage({ missing }, async (page, server) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'threads').selectOption('2');
    await becomes(page, 'threads', '2');
    assert.equal((await page.evaluate(() => navigator.serviceWorker.getRegistrations())).length, 1);
    await isKept(page);
    await until(page, async () => {
      const files = await (
        await caches.open((await caches.keys()).find((name) => name.startsWith('mapling-page ')))
      ).keys();
      return ['threads_bg', 'crew-worker'].every((name) => files.some(({ url }) => url.includes(name)));
    });
    await page.context().setOffline(true);
    await server.close();
    await page.reload();
    await becomes(page, 'threads', '2');
    await becomes(page, 'status', 'ready');
    await part(page, 'step').click();
    await firstLoss(page);
    assert.equal(await value(page, 'dataset'), 'generated');
    assert.match(await readDigitOf(page), /^[0-9]$/);
  }));

async function readDigitOf(page) {
  await draw(page, penDigits[0].strokes);
  return readDigit(page);
}

test('a new build waits until no page of the old one is open, and then takes its place', async () => {
  const site = mkdtempSync(join(tmpdir(), 'mapling-site-'));
  cpSync(at('dist/www'), site, { recursive: true, filter: (path) => !path.endsWith('mnist') });
  const server = await serve({ '/': site });
  const browser = await launch();
  try {
    const context = await browser.newContext();
    const versions = (page) =>
      page.evaluate(async () =>
        (await caches.keys())
          .filter((name) => name.startsWith('mapling-page '))
          .map((name) => name.split(' ').at(-1)),
      );
    const visit = async () => {
      const page = await context.newPage();
      await page.goto(`${server.origin}/?autostart=0`);
      await becomes(page, 'status', 'ready');
      return page;
    };
    const registered = (page, found) =>
      until(
        page,
        async (found) => {
          const { waiting, installing } = (await navigator.serviceWorker.getRegistration()) ?? {};
          return { waits: Boolean(waiting), isAtRest: !waiting && !installing }[found];
        },
        found,
      );
    const first = await visit();
    await isKept(first);
    const [old] = await versions(first);

    const worker = readFileSync(join(site, 'sw.js'), 'utf8');
    writeFileSync(join(site, 'sw.js'), worker.replace(old, 'a-new-build'));
    const second = await visit();
    await registered(second, 'waits');
    // Both open pages find what they load later where they found it before.
    assert.deepEqual((await versions(second)).sort(), [old, 'a-new-build'].sort());
    await first.close();
    await second.close();
    // Browsers hear a little later that a page is gone; one that is opened before keeps the old build.
    await wait(2000);
    const third = await visit();
    await registered(third, 'isAtRest');
    await until(
      third,
      async () => (await caches.keys()).filter((name) => name.startsWith('mapling-page ')).length === 1,
    );
    assert.deepEqual(await versions(third), ['a-new-build']);

    // A page that is not of this build is not kept beside its files.
    writeFileSync(
      join(site, 'sw.js'),
      worker.replace(old, 'broken').replace(/"entry":"[^"]+"/, '"entry":"assets/none.js"'),
    );
    await third.evaluate(async () =>
      (await navigator.serviceWorker.getRegistration()).update().catch(() => {}),
    );
    await registered(third, 'isAtRest');
    assert.deepEqual(await versions(third), ['a-new-build']);
  } finally {
    await browser.close();
    await server.close();
    rmSync(site, { recursive: true, force: true });
  }
});

test('where the line is cut before all parts are kept, a reload goes on with the run and reads drawings', () =>
  withPage({ missing, query: '#data=generated&epochs=1' }, async (page, server) => {
    await becomes(page, 'status', 'done');
    const step = await value(page, 'scrubber');
    await keptAt(page, step);
    await until(page, async () => (await navigator.serviceWorker.ready).active !== null);
    // Whoever leaves this early has opened no other part; one that happens to be kept is let go of.
    await page.evaluate(async () => {
      const [name] = (await caches.keys()).filter((name) => name.startsWith('mapling-page '));
      const rest = (await (await fetch('./sw.js')).text()).match(/"rest":(\[.*?\])/)[1];
      const cache = await caches.open(name);
      await Promise.all(JSON.parse(rest).map((file) => cache.delete(new URL(file, location.href).href)));
    });
    await page.context().setOffline(true);
    await server.close();
    await page.reload();
    await becomes(page, 'status', 'done');
    await page.waitForFunction(
      () => Number(document.querySelector('[data-part="accuracy"]').dataset.value) > 0.5,
    );
    assert.deepEqual(await page.getByRole('alert').allTextContents(), []);
    await draw(page, penDigits.find(({ strokes }) => strokes.length > 1).strokes);
    assert.match(await readDigit(page), /^\d/);
  }));
