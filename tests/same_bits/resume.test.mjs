// Runs that were stopped in Node, 50 times anywhere, go on in two browsers, on one thread and on two, and end with the bits of
// a run that nobody stopped; and one that was stopped in a browser goes on in Node.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as mapling from '../../dist/npm/index.js';
import { at } from '../../scripts/run.mjs';
import { launch } from '../browser/chromium.mjs';
import { firefox } from '../browser/firefox.mjs';
import { isolation, serve } from '../browser/serve.mjs';
import { names, randomStops, resumed, stopped, whole } from './resume.mjs';

/** Where each of these goes on: two engines, each on one thread and on two, take turns. */
const WAYS = ['Chromium 1', 'Chromium 2', 'Firefox 1', 'Firefox 2'];
const STOPS = randomStops(50, 15).map((one, place) => ({ ...one, way: WAYS[place % WAYS.length] }));

let server;
const wanted = {};
before(async () => {
  await mapling.init();
  for (const name of names)
    wanted[name] = (await whole(mapling, name)).map((file) => Buffer.from(file).toString('base64'));
  for (const one of STOPS) {
    const file = await stopped(mapling, one.name, one.stop);
    assert.ok(file, `${one.name} ${JSON.stringify(one.stop)} was not stopped`);
    one.file = Buffer.from(file).toString('base64');
  }
  server = await serve({ '/npm/': at('dist/npm'), '/tests/': at('tests/same_bits') }, { headers: isolation });
});
after(() => server.close());

const of = (way) => STOPS.filter((one) => one.way === way);

/** An async function's body, for pages: goes on with these files on so many threads; what is left as base64. */
const inPage = (browser, threads) => `
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: 8, configurable: true });
  const mapling = await import('/npm/index.js');
  const { resumed, stopped } = await import('/tests/resume.mjs');
  await mapling.init({ threads: ${threads}, restart: true });
  const text = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const ends = [];
  for (const { name, file } of ${JSON.stringify(of(`${browser} ${threads}`))}) {
    const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
    ends.push((await resumed(mapling, name, bytes)).map(text));
  }
  const back = text(await stopped(mapling, 'dropout', ${JSON.stringify(STOPS[0].stop)}));
  return { ends, back, threads: mapling.backend().threads };`;

async function check({ ends, back, threads }, browser, asked) {
  assert.equal(threads, asked);
  const own = of(`${browser} ${asked}`);
  assert.ok(own.length >= 12);
  assert.equal(ends.length, own.length);
  for (const [place, { name, stop }] of own.entries())
    assert.deepEqual(ends[place], wanted[name], `${name} ${JSON.stringify(stop)}`);
  const here = await resumed(mapling, 'dropout', Buffer.from(back, 'base64'));
  assert.deepEqual(
    here.map((file) => Buffer.from(file).toString('base64')),
    wanted.dropout,
  );
}

test('Chromium goes on to the same bits from half of 50 random stops, on 1 and 2 threads, and Node goes on from there', async () => {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`${server.origin}/tests/page.html`);
    for (const threads of [1, 2])
      await check(
        await page.evaluate(`(async () => { ${inPage('Chromium', threads)} })()`),
        'Chromium',
        threads,
      );
  } finally {
    await browser.close();
  }
});

test('Firefox goes on to the same bits from the other half, on 1 and 2 threads, and Node goes on from there', async () => {
  const browser = await firefox();
  try {
    await browser.open(`${server.origin}/tests/page.html`);
    for (const threads of [1, 2])
      await check(await browser.run(inPage('Firefox', threads)), 'Firefox', threads);
  } finally {
    await browser.close();
  }
});
