// `npm start` serves the page before the package's modules are built: the exact one, with which lessons compute, and that with threads.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { addToSite } from '../../scripts/build.mjs';
import { at } from '../../scripts/run.mjs';
import { launch } from '../browser/chromium.mjs';
import { isolation, serve } from '../browser/serve.mjs';
import { firstLoss, part, value, withFreshNetwork } from './page.mjs';

const most = String(Math.min(2, availableParallelism()));

test('a lesson that is opened before its library is built says so, and computes once it is there; a network that takes all of mapling has its threads later', async () => {
  const site = mkdtempSync(join(tmpdir(), 'mapling-site-'));
  const vite = [at('node_modules/vite/bin/vite.js'), 'build', '--config', at('www/vite.config.ts')];
  execFileSync(process.execPath, [...vite, '--outDir', site, '--logLevel', 'error'], {
    env: { ...process.env, MAPLING_LATER: 'whole whole_threads' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const server = await serve(
    { '/sub/path/': site },
    { missing: (path) => path.includes('/mnist/'), headers: isolation },
  );
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
    addToSite('whole', site);
    await missing.getByRole('button').click();
    await part(page, 'line-lab').waitFor();
    const trained = async () => {
      await page.goto('about:blank');
      await page.goto(`${server.origin}/sub/path/?autostart=0&threads=${most}#net=flatten-dense8-norm`);
      await withFreshNetwork(page);
      await part(page, 'step').click();
      return [await firstLoss(page), await value(page, 'threads')];
    };
    const [loss, threads] = await trained();
    assert.equal(threads, '1');
    addToSite('whole_threads', site);
    assert.deepEqual(await trained(), [loss, most]);
  } finally {
    await browser.close();
    await server.close();
    rmSync(site, { recursive: true, force: true });
  }
});
