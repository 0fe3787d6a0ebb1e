// `npm run bench:page`: what the page reaches in this machine's Chromium, each preset with its own settings.
// `-- --drawings file.json` reads other drawings than the thirty in tests/data.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { mnist } from './mnist.mjs';
import { main } from './run.mjs';
import { setup } from './setup.mjs';

const { values } = parseArgs({
  options: { drawings: { type: 'string', default: 'tests/data/pen-digits.json' } },
});

main(async () => {
  const drawings = JSON.parse(readFileSync(resolve(values.drawings), 'utf8'));
  await setup({ tests: true });
  if (!(await mnist())) throw new Error('the benchmark needs MNIST');
  await build();
  const { accuracy, becomes, draw, part, readDigit, value, withPage } = await import('../tests/e2e/page.mjs');

  for (const preset of ['dense', 'lenet', 'convnet']) {
    await withPage({ query: `?autostart=0&preset=${preset}` }, async (page) => {
      await becomes(page, 'status', 'ready');
      const begun = performance.now();
      await part(page, 'play').click();
      await page.waitForFunction(
        () => Number(document.querySelector('[data-part="speed"]').dataset.value) > 0,
      );
      await becomes(page, 'status', 'done', 3_600_000);
      const seconds = (performance.now() - begun) / 1000;
      const speed = Math.round(Number(await value(page, 'speed')));
      let right = 0;
      for (const { label, strokes } of drawings) {
        await draw(page, strokes);
        if ((await readDigit(page)) === String(label)) right += 1;
        await part(page, 'clear').click();
      }
      const tested = ((await accuracy(page)) * 100).toFixed(2);
      console.log(
        `${preset}: ${tested} % of the test digits, ${right} of ${drawings.length} drawings, ${speed} samples/s, ${seconds.toFixed(1)} s`,
      );
    });
  }
});
