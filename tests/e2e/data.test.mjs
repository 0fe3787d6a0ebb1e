import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { at } from '../../scripts/run.mjs';
import { withoutMnist } from '../mnist.mjs';
import { becomes, drop, firstLoss, part, value, withFreshNetwork, withPage } from './page.mjs';

/** The first `count` items of one of MNIST's files, as an IDX file of its own. */
function firstOf(name, count, itemBytes) {
  const whole = gunzipSync(readFileSync(at(`www/public/mnist/${name}.gz`)));
  const header = itemBytes === 1 ? 8 : 16;
  const part = Buffer.from(whole.subarray(0, header + count * itemBytes));
  part.writeUInt32BE(count, 4);
  return { name, base64: part.toString('base64') };
}

test('without MNIST the page says so and trains on digits it draws itself', () =>
  withPage({ missing: (path) => path.includes('/mnist/') }, async (page) => {
    await becomes(page, 'status', 'ready');
    assert.equal(await value(page, 'dataset'), 'generated');
    assert.match(await page.getByRole('alert').textContent(), /MNIST/);
    await part(page, 'step').click();
    assert.ok((await firstLoss(page)) > 1);
  }));

test('dropped IDX files are what the network trains on', { skip: withoutMnist }, () =>
  withPage({}, async (page) => {
    await becomes(page, 'status', 'ready');
    await drop(page, [
      firstOf('train-images-idx3-ubyte', 600, 784),
      firstOf('train-labels-idx1-ubyte', 600, 1),
      firstOf('t10k-images-idx3-ubyte', 100, 784),
      firstOf('t10k-labels-idx1-ubyte', 100, 1),
    ]);
    await becomes(page, 'dataset', 'file');
    await becomes(page, 'status', 'ready');
    await part(page, 'play').click();
    await becomes(page, 'status', 'done');
    const right = Number(await value(page, 'accuracy')) * 100;
    assert.ok(Math.abs(right - Math.round(right)) < 1e-3, `${right} of 100 test digits`);
  }),
);

test('a truncated IDX file is refused by name and the data stay what they were', { skip: withoutMnist }, () =>
  withPage({}, async (page) => {
    await becomes(page, 'status', 'ready');
    const images = firstOf('train-images-idx3-ubyte', 600, 784);
    images.base64 = Buffer.from(images.base64, 'base64').subarray(0, 5000).toString('base64');
    await drop(page, [images, firstOf('train-labels-idx1-ubyte', 600, 1)]);
    assert.match(await page.getByRole('alert').textContent(), /train-images-idx3-ubyte.*idx/s);
    await becomes(page, 'status', 'ready');
    assert.equal(await value(page, 'dataset'), 'styles');
  }),
);

test('the site works from the root of a server too', { skip: withoutMnist }, () =>
  withPage({ prefix: '/' }, async (page) => {
    await becomes(page, 'status', 'ready');
    assert.equal(await value(page, 'dataset'), 'styles');
  }),
);

test('a later visit finds MNIST unpacked, hears of a newer one, and needs no server for it', {
  skip: withoutMnist,
}, () => {
  let [tag, gone] = ['"1"', false];
  const ofMnist = (path) => path.includes('/mnist/');
  const site = {
    query: '?autostart=0&data=mnist',
    version: (path) => (ofMnist(path) ? tag : undefined),
    missing: (path) => gone && ofMnist(path),
  };
  return withPage(site, async (page, server) => {
    const keptBytes = (tag) =>
      page.evaluate(async (tag) => {
        const files = await (await caches.open('mapling')).matchAll();
        const newest = files.filter(({ headers }) => headers.get('etag') === tag);
        const bodies = await Promise.all(newest.map((file) => file.arrayBuffer()));
        return bodies.reduce((sum, { byteLength }) => sum + byteLength, 0);
      }, tag);
    const kept = async () => {
      const begun = performance.now();
      while ((await keptBytes(tag)) < 54_950_048) {
        assert.ok(performance.now() - begun < 60_000, 'the files were not kept within a minute');
        await wait(100);
      }
    };
    const visit = async () => {
      server.unchanged.length = 0;
      await page.reload();
      return trained();
    };
    const trained = async () => {
      await withFreshNetwork(page);
      await part(page, 'step').click();
      return [await value(page, 'dataset'), await firstLoss(page), server.unchanged.length];
    };
    const [, loss] = await trained();
    await kept();
    assert.deepEqual(await visit(), ['mnist', loss, 4], 'from the first visit');

    tag = '"2"';
    assert.deepEqual(await visit(), ['mnist', loss, 0], 'a newer version');
    await kept();
    assert.deepEqual(await visit(), ['mnist', loss, 4], 'the newer version again');

    await page.route('**/mnist/**', (route) => route.abort());
    assert.deepEqual(await visit(), ['mnist', loss, 0], 'out of reach');
    await page.unroute('**/mnist/**');

    gone = true;
    assert.equal((await visit())[0], 'generated', 'what the server gave up is not shown either');
  });
});

for (const [how, changed] of [
  ['dates alone', () => 'Wed, 21 Oct 2015 07:28:00 GMT'],
  ['nothing', undefined],
])
  test(
    `a server that tells ${how} of versions: a later visit finds MNIST all the same`,
    {
      skip: withoutMnist,
    },
    () =>
      withPage({ query: '?autostart=0&data=mnist', changed }, async (page, server) => {
        const kept = async () => {
          const files = await (await caches.open('mapling')).matchAll();
          const headers = files.map((file) => file.headers);
          return headers.flatMap((one) => one.get('last-modified') ?? one.get('sha-256') ?? []);
        };
        await withFreshNetwork(page);
        await part(page, 'step').click();
        const loss = await firstLoss(page);
        const begun = performance.now();
        let versions = [];
        while (versions.length < 4) {
          assert.ok(performance.now() - begun < 60_000, 'the files were not kept within a minute');
          versions = await page.evaluate(kept);
        }
        // A file is there with the end of its bytes.
        await wait(1000);
        assert.equal(new Set(versions).size, changed ? 1 : 4);
        server.requests.length = 0;
        await page.reload();
        await withFreshNetwork(page);
        await part(page, 'step').click();
        assert.equal(await firstLoss(page), loss);
        const asked = server.requests.filter((path) => path.includes('/mnist/')).length;
        assert.deepEqual([asked, server.unchanged.length], changed ? [4, 4] : [0, 0]);
      }),
  );
