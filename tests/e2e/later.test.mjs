import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { at } from '../../scripts/run.mjs';
import { launch } from '../browser/chromium.mjs';
import { isolation, serve } from '../browser/serve.mjs';
import { firstLoss, part, value, withFreshNetwork } from './page.mjs';

const most = String(Math.min(2, availableParallelism()));

test('a page that is served before the variant with threads is built trains with one thread, and later with more', async () => {
  const site = mkdtempSync(join(tmpdir(), 'mapling-site-'));
  const vite = [at('node_modules/vite/bin/vite.js'), 'build', '--config', at('www/vite.config.ts')];
  execFileSync(process.execPath, [...vite, '--outDir', site, '--logLevel', 'error'], {
    env: { ...process.env, MAPLING_LATER: 'threads' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const server = await serve({ '/': site }, { headers: isolation });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    const trained = async () => {
      await page.goto(`${server.origin}/?autostart=0&threads=${most}`);
      await withFreshNetwork(page);
      await part(page, 'step').click();
      return [await firstLoss(page), await value(page, 'threads')];
    };
    const [loss, threads] = await trained();
    assert.equal(threads, '1');
    // As `addToSite` in scripts/build.mjs does once the variant is there.
    mkdirSync(join(site, 'wasm'));
    for (const name of ['threads_bg.wasm', 'threads_rest.wasm', 'threads.js'])
      copyFileSync(at(`www/wasm/${name}`), join(site, 'wasm', name));
    assert.deepEqual(await trained(), [loss, most]);
  } finally {
    await browser.close();
    await server.close();
    rmSync(site, { recursive: true, force: true });
  }
});
