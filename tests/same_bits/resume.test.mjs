// A run that was stopped in Node goes on in browsers, on one thread and on two, and ends with the bits of a run that nobody
// stopped; and one that was stopped in a browser goes on in Node.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as mapling from '../../dist/npm/index.js';
import { at } from '../../scripts/run.mjs';
import { launch } from '../browser/chromium.mjs';
import { firefox } from '../browser/firefox.mjs';
import { isolation, serve } from '../browser/serve.mjs';
import { names, resumed, stopped, whole } from './resume.mjs';

/** Somewhere in an epoch, at its end, in the middle of validation. */
const stops = [
  { hook: 'onBatchEnd', count: 11, isLast: true, throws: true },
  { hook: 'onEpochEnd', count: 2, isLast: false, throws: true },
  { hook: 'onYield', count: 9, isLast: true, throws: false },
];

let server;
const files = {};
const wanted = {};
before(async () => {
  await mapling.init();
  for (const name of names) {
    wanted[name] = (await whole(mapling, name)).map((file) => Buffer.from(file).toString('base64'));
    files[name] = [];
    for (const stop of stops)
      files[name].push(Buffer.from(await stopped(mapling, name, stop)).toString('base64'));
  }
  server = await serve({ '/npm/': at('dist/npm'), '/tests/': at('tests/same_bits') }, { headers: isolation });
});
after(() => server.close());

/** An async function's body, for pages: goes on with all files on so many threads; what is left as base64. */
const inPage = (threads) => `
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: 8, configurable: true });
  const mapling = await import('/npm/index.js');
  const { resumed, stopped } = await import('/tests/resume.mjs');
  await mapling.init({ threads: ${threads}, restart: true });
  const text = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const ends = {};
  for (const [name, files] of Object.entries(${JSON.stringify(files)})) {
    ends[name] = [];
    for (const file of files) {
      const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
      ends[name].push((await resumed(mapling, name, bytes)).map(text));
    }
  }
  const back = text(await stopped(mapling, 'dropout', ${JSON.stringify(stops[0])}));
  return { ends, back, threads: mapling.backend().threads };`;

async function check({ ends, back, threads }, asked) {
  assert.equal(threads, asked);
  for (const name of names)
    for (const [place, end] of ends[name].entries())
      assert.deepEqual(end, wanted[name], `${name} ${JSON.stringify(stops[place])}`);
  const here = await resumed(mapling, 'dropout', Buffer.from(back, 'base64'));
  assert.deepEqual(
    here.map((file) => Buffer.from(file).toString('base64')),
    wanted.dropout,
  );
}

test('Chromium goes on to the same bits on 1 and 2 threads, and Node goes on from there', async () => {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`${server.origin}/tests/page.html`);
    for (const threads of [1, 2])
      await check(await page.evaluate(`(async () => { ${inPage(threads)} })()`), threads);
  } finally {
    await browser.close();
  }
});

test('Firefox goes on to the same bits on 1 and 2 threads, and Node goes on from there', async () => {
  const browser = await firefox();
  try {
    await browser.open(`${server.origin}/tests/page.html`);
    for (const threads of [1, 2]) await check(await browser.run(inPage(threads)), threads);
  } finally {
    await browser.close();
  }
});
