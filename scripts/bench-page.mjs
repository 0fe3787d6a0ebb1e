// `npm run bench:page`: what the page reaches in this machine's Chromium, each preset with its own settings.
//
//   npm run bench:page                                    everything
//   npm run bench:page -- accuracy --presets dense --seeds 1,2,3
//   npm run bench:page -- accuracy --drawings file.json   other drawings than the thirty in tests/data
//   npm run bench:page -- answers startup                 milliseconds only
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { mnist } from './mnist.mjs';
import { at, main } from './run.mjs';
import { setup } from './setup.mjs';

const { values: asked, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    drawings: { type: 'string', default: 'tests/data/pen-digits.json' },
    presets: { type: 'string', default: 'dense,lenet,convnet' },
    seeds: { type: 'string', default: '1' },
    tries: { type: 'string', default: '60' },
  },
});
const presets = asked.presets.split(',');
const tries = Number(asked.tries);

/** Median and worst, in milliseconds. */
function milliseconds(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return `median ${sorted[sorted.length >> 1].toFixed(1)} ms, worst ${sorted.at(-1).toFixed(1)} ms of ${times.length}`;
}

/** Test accuracy and drawings read, for each preset and seed. */
async function accuracy(pages, drawings) {
  const { accuracy: tested, becomes, draw, part, readDigit, value, withPage } = pages;
  for (const preset of presets) {
    for (const seed of asked.seeds.split(',')) {
      const query = `?autostart=0&preset=${preset}&seed=${seed}`;
      await withPage({ query, learnsOthers: true }, async (page) => {
        await becomes(page, 'status', 'ready');
        const begun = performance.now();
        await part(page, 'play').click();
        await page.waitForFunction(
          () => Number(document.querySelector('[data-part="speed"]').dataset.value) > 0,
        );
        await becomes(page, 'status', 'done', 7_200_000);
        const seconds = (performance.now() - begun) / 1000;
        const speed = Math.round(Number(await value(page, 'speed')));
        const misread = [];
        for (const { label, strokes } of drawings) {
          await draw(page, strokes);
          const read = await readDigit(page);
          if (read !== String(label)) misread.push(`${label}→${read}`);
          await part(page, 'clear').click();
        }
        const right = drawings.length - misread.length;
        console.log(
          `${preset}, seed ${seed}: ${((await tested(page)) * 100).toFixed(2)} % of the test digits, ` +
            `${right} of ${drawings.length} drawings (${((100 * right) / drawings.length).toFixed(2)} %), ` +
            `${speed} samples/s, ${seconds.toFixed(1)} s`,
        );
        console.log(`  misread: ${misread.toSorted().join(' ')}`);
      });
    }
  }
}

/** Runs in the page: the milliseconds from a click on pause, or a first touch of the pad, to the answer on the page. */
const watchAnswers = () => {
  const find = (name) => document.querySelector(`[data-part="${name}"]`);
  const answers = {
    paused: { event: 'click', is: () => find('status').dataset.value === 'paused' },
    read: { event: 'pointerdown', is: () => find('guess').textContent.trim() !== '' },
  };
  window.watchFor = (name) => {
    window.answer = new Promise((done) => {
      const { event, is } = answers[name];
      let asked = 0;
      addEventListener(event, ({ timeStamp }) => (asked = timeStamp), { capture: true, once: true });
      const watch = new MutationObserver(() => {
        if (!is()) return;
        watch.disconnect();
        done(performance.now() - asked);
      });
      watch.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    });
  };
};

/** From a press of the mouse to the answer on the page, while the network trains. */
async function answers({ becomes, part, withPage }) {
  for (const preset of presets) {
    const query = `?autostart=0&preset=${preset}&epochs=100`;
    await withPage({ query, learnsOthers: true }, async (page) => {
      await page.evaluate(watchAnswers);
      const middle = async (name) => {
        await part(page, name).scrollIntoViewIfNeeded();
        const { x, y, width, height } = await part(page, name).boundingBox();
        return [x + width / 2, y + height / 2];
      };
      const press = async (target, name) => {
        await page.mouse.move(...(await middle(target)));
        // Any moment of a slice is as likely as any other.
        await wait(100 + 200 * Math.random());
        await page.evaluate((name) => window.watchFor(name), name);
        await page.mouse.down();
        await page.mouse.up();
        return page.evaluate(() => window.answer);
      };
      await becomes(page, 'status', 'ready');
      await part(page, 'play').click();
      await becomes(page, 'status', 'training');
      const [pauses, reads] = [[], []];
      for (let round = 0; round < tries; round++) {
        reads.push(await press('pad', 'read'));
        await page.keyboard.press('c');
        pauses.push(await press('pause', 'paused'));
        await part(page, 'play').click();
        await becomes(page, 'status', 'training');
      }
      console.log(`${preset}: paused after ${milliseconds(pauses)}`);
      console.log(`${preset}: a drawing read after ${milliseconds(reads)}`);
    });
  }
}

/** From navigation to the first training step, as `npm start` serves the page, on visits after the first. */
async function startup({ launch }) {
  const { preview } = await import('vite');
  const server = await preview({
    configFile: at('www/vite.config.ts'),
    logLevel: 'warn',
    preview: { host: '127.0.0.1', port: 0 },
  });
  const browser = await launch();
  try {
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    const times = [];
    for (let visit = 0; visit <= 10; visit++) {
      await page.goto(server.resolvedUrls.local[0]);
      const time = await page.evaluate(
        () =>
          new Promise((done) => {
            const look = () => {
              const stepped = Number(document.querySelector('[data-part="loss"]')?.dataset.value) > 0;
              if (stepped) done(performance.now());
              else setTimeout(look, 1);
            };
            look();
          }),
      );
      // Leaves the browser the time to keep what it compiled and unpacked.
      await wait(visit > 0 ? 3000 : 8000);
      if (visit > 0) times.push(time);
      else console.log(`first visit: first training step after ${time.toFixed(0)} ms`);
      await page.goto('about:blank');
    }
    console.log(`later visits: first training step after ${milliseconds(times)}`);
  } finally {
    await browser.close();
    await server.close();
  }
}

main(async () => {
  const drawings = JSON.parse(readFileSync(resolve(asked.drawings), 'utf8'));
  const parts = { accuracy, answers, startup };
  const chosen = positionals.length > 0 ? positionals : Object.keys(parts);
  for (const name of chosen) {
    if (!Object.hasOwn(parts, name)) {
      throw new Error(`no such part: ${name}; there are: ${Object.keys(parts).join(', ')}`);
    }
  }
  await setup({ tests: true });
  if (!(await mnist())) throw new Error('the benchmark needs MNIST');
  if (!process.env.NOBUILD) await build();
  const pages = {
    ...(await import('../tests/e2e/page.mjs')),
    ...(await import('../tests/browser/chromium.mjs')),
  };
  for (const name of chosen) await parts[name](pages, drawings);
});
