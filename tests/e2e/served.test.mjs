// The sources as `npm start -- --dev` serves them, also while modules are still being built: lessons open and train.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { at } from '../../scripts/run.mjs';
import { launch } from '../browser/chromium.mjs';
import { openLesson, part } from './page.mjs';

/** Serves the sources, with these modules to come, and opens the page. */
async function withSources(later, body) {
  const { createServer } = await import('vite');
  const cacheDir = mkdtempSync(join(tmpdir(), 'mapling-served-'));
  process.env.MAPLING_LATER = later;
  const server = await createServer({
    configFile: at('www/vite.config.ts'),
    cacheDir,
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0, hmr: false },
  });
  let browser;
  try {
    await server.listen();
    browser = await launch();
    const page = await browser.newPage();
    await page.goto(`${server.resolvedUrls.local[0]}?autostart=0&data=generated`);
    await body(page);
  } finally {
    await browser?.close();
    await server.close();
    delete process.env.MAPLING_LATER;
    rmSync(cacheDir, { recursive: true, force: true });
  }
}

for (const later of ['', 'whole whole_threads'])
  test(`lessons compute where the sources are served${later && ', with the module that was to come'}`, () =>
    withSources(later, async (page) => {
      await page.waitForSelector('.lesson-bar', { timeout: 120_000 });
      await openLesson(page, 'line');
      await part(page, 'line-lab').waitFor({ timeout: 60_000 });
      await part(page, 'lesson-play').click();
      await page.waitForFunction(
        () => Number(document.querySelector('[data-part="line-steps"]').dataset.value) > 3,
      );
      assert.equal(await page.locator('[data-part="library"][data-value="missing"]').count(), 0);
    }));
