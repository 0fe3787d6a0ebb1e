// What a window of Electron is to the package: Chromium, whose pages from `file://` may read files by default, with Node's
// globals where `nodeIntegration` is on. Electron itself does not come from the npm registry alone, so Chromium stands for it.
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { options } from '../browser/chromium.mjs';
import { installPacked } from './packed.mjs';
import { hasLearned, names, page } from './program.mjs';

let installed;
let browser;
before(async () => {
  installed = installPacked();
  const { args, ...rest } = options();
  browser = await chromium.launch({ ...rest, args: [...args, '--allow-file-access-from-files'] });
});
after(async () => {
  await browser?.close();
  installed?.remove();
});

const program = page({
  imports: `import { ${names} } from './node_modules/mapling/index.js';
    import { createTrainer } from './node_modules/mapling/worker/trainer.js';`,
  init: 'await init();',
  trainer: 'await createTrainer()',
});

/** Node's globals, as a window with `nodeIntegration` has them; its modules cannot be imported there. */
function asNode() {
  window.process = { type: 'renderer', versions: { node: '22.0.0', electron: '40.0.0' }, env: {} };
  window.require = (name) => {
    throw new Error(`${name} was required`);
  };
}

for (const [what, before] of Object.entries({
  'a window': () => {},
  'a window with nodeIntegration': asNode,
})) {
  test(`${what} from file:// trains, and in a worker`, async () => {
    installed.write(
      'index.html',
      `<!doctype html><title>mapling</title><script type="module">${program}</script>`,
    );
    const tab = await browser.newPage();
    try {
      await tab.addInitScript(before);
      await tab.goto(pathToFileURL(join(installed.folder, 'index.html')).href);
      await tab.waitForFunction(() => window.found, undefined, { timeout: 60_000 });
      hasLearned(await tab.evaluate(() => window.found));
    } finally {
      await tab.close();
    }
  });
}
