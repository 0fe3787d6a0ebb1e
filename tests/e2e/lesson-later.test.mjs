// `npm start` serves the page before the package's module, with which lessons compute, is built.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { at } from '../../scripts/run.mjs';
import { launch } from '../browser/chromium.mjs';
import { serve } from '../browser/serve.mjs';
import { part } from './page.mjs';

test('a lesson that is opened before its library is built says so, and computes once it is there', async () => {
  const site = mkdtempSync(join(tmpdir(), 'mapling-site-'));
  const vite = [at('node_modules/vite/bin/vite.js'), 'build', '--config', at('www/vite.config.ts')];
  execFileSync(process.execPath, [...vite, '--outDir', site, '--logLevel', 'error'], {
    env: { ...process.env, MAPLING_LATER: 'whole' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const server = await serve({ '/sub/path/': site }, { missing: (path) => path.includes('/mnist/') });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`${server.origin}/sub/path/?autostart=0#lesson=line`);
    const missing = page.locator('[data-part="library"][data-value="missing"]');
    await missing.waitFor();
    assert.match(await missing.textContent(), /may still be being built/);
    // Too soon: it says so again.
    await missing.getByRole('button').click();
    await missing.waitFor();
    // As `addToSite` in scripts/build.mjs does once the module is there.
    mkdirSync(join(site, 'wasm'));
    for (const [from, to] of [
      ['mapling_bg.wasm', 'whole_bg.wasm'],
      ['mapling.js', 'whole.js'],
    ])
      copyFileSync(at(`js/wasm/${from}`), join(site, 'wasm', to));
    await missing.getByRole('button').click();
    await part(page, 'line-lab').waitFor();
  } finally {
    await browser.close();
    await server.close();
    rmSync(site, { recursive: true, force: true });
  }
});
