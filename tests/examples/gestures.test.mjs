// The tool that learns gestures, in Chromium, with the packed package: recorded, learned in the worker while the page
// stays alive, recognised, saved, reloaded, and learned on.
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { at } from '../../scripts/run.mjs';
import { launch } from '../browser/chromium.mjs';
import { serve } from '../browser/serve.mjs';
import { installPacked } from '../package/packed.mjs';

let installed;
let server;
let browser;
let page;
const failures = [];
before(async () => {
  installed = installPacked();
  cpSync(at('examples'), installed.folder, { recursive: true });
  server = await serve({ '/': installed.folder });
  browser = await launch();
  page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', ({ message }) => failures.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') failures.push(message.text());
  });
  await page.addInitScript(() => {
    // The sensor of a phone that is moved: readings of a gesture with noise, from a seed.
    let state = 1;
    const noise = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return 6 * (state / 2 ** 32 - 0.5);
    };
    const gestures = {
      circle: (i, from) => [12 * Math.cos(0.2 * i + from), 12 * Math.sin(0.2 * i + from), 0],
      shake: (i, from) => [15 * Math.sin(1.4 * i + from), 0, 2 * Math.cos(1.4 * i + from)],
      still: () => [0, 0, 0],
    };
    window.move = (name, from, count = 64) => {
      for (let i = 0; i < count; i++) {
        const [x, y, z] = gestures[name](i, from).map((value) => value + noise());
        window.dispatchEvent(new DeviceMotionEvent('devicemotion', { acceleration: { x, y, z } }));
      }
    };
  });
});
after(async () => {
  await browser?.close();
  await server?.close();
  installed?.remove();
});

const text = (id) => page.textContent(`#${id}`);
const saying = (start) =>
  page.waitForFunction((start) => document.getElementById('state').textContent.startsWith(start), start);
const names = ['circle', 'shake', 'still'];

/** What the tool takes a gesture for. */
async function recognised(name, from) {
  await page.evaluate(() => {
    document.getElementById('answer').textContent = '';
  });
  // What was heard before is over with the first half of this.
  await page.evaluate(([name, from]) => window.move(name, from, 96), [name, from]);
  await page.waitForFunction(() => document.getElementById('answer').textContent !== '');
  await page.evaluate(() => {
    document.getElementById('answer').textContent = '';
  });
  await page.evaluate(([name, from]) => window.move(name, from, 96), [name, from + 1]);
  await page.waitForFunction(() => document.getElementById('answer').textContent !== '');
  return (await text('answer')).split(' ')[0];
}
async function recognisesAll() {
  for (const [at, name] of names.entries()) assert.equal(await recognised(name, 2.5 * at), name);
}

test('a page that nothing was taught asks for gestures', async () => {
  await page.goto(`${server.origin}/gestures/index.html`);
  await saying('ready');
  await page.click('#train');
  await saying('record each gesture first: circle 0, shake 0, still 0');
});

test('it learns in the worker while the page stays alive, and recognises what it has not seen', async () => {
  for (let round = 0; round < 8; round++) {
    for (const name of names) {
      await page.click(`text=Record ${name}`);
      await page.evaluate(([name, from]) => window.move(name, from), [name, 0.8 * round]);
      await saying(`${name}: ${round + 1} recorded`);
    }
  }
  await page.evaluate(() => {
    window.gaps = [];
    let before = performance.now();
    window.beat = setInterval(() => {
      const now = performance.now();
      window.gaps.push(now - before);
      before = now;
    }, 5);
  });
  await page.click('#train');
  await saying('learned from 24 gestures; right 100 %, after 120 steps');
  const gaps = await page.evaluate(() => {
    clearInterval(window.beat);
    return window.gaps;
  });
  gaps.sort((a, b) => a - b);
  assert.ok(gaps.length > 10 && gaps[gaps.length >> 1] < 50, `the page came to its turn after ${gaps} ms`);
  await recognisesAll();
});

test('what it has learned is there after a reload, and it learns on from there', async () => {
  await page.click('#save');
  await saying('saved in this browser');
  await page.reload();
  await saying('read what was saved: 24 gestures, step 120');
  await recognisesAll();
  await page.click('#train');
  await saying('learned from 24 gestures; right 100 %, after 240 steps');
  await recognisesAll();
});

test('what it kept can be forgotten', async () => {
  await page.click('#forget');
  await saying('forgotten');
  await page.reload();
  await saying('ready');
  assert.deepEqual(failures, []);
});
