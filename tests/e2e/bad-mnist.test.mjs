// MNIST that is cut off, late, wrong or no MNIST at all: the page says so and trains on digits of its own.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { at } from '../../scripts/run.mjs';
import { withoutMnist } from '../mnist.mjs';
import { becomes, firstLoss, part, value, withPage } from './page.mjs';

const IMAGES = 'train-images-idx3-ubyte.gz';
const bytesOf = (name) => readFileSync(at(`www/public/mnist/${name}`));
const ofImages = (path) => path.endsWith(IMAGES);

/** What the network answers for the pictures' file, or for every one of the four. */
const answers = {
  'ends in the middle, as if it were all': (images) => ({ body: images.subarray(0, images.length / 2) }),
  'has a byte that was changed on the way': (images) => {
    const changed = Buffer.from(images);
    changed[changed.length >> 1] ^= 255;
    return { body: changed };
  },
  'goes on behind its end': (images) => ({ body: Buffer.concat([images, Buffer.from('and more')]) }),
  'is empty': () => ({ body: '' }),
  'is not there, though the others are': () => ({ status: 404, body: 'not found' }),
  'is the page of a network that wants a password': () => ({
    contentType: 'text/html',
    body: '<h1>Sign in</h1>',
  }),
  'is an error of the server': () => ({ status: 503, body: 'later' }),
};

/** The page has digits of its own, says why, tells of no progress, and trains. */
async function goesOn(page) {
  await page.waitForSelector('.notice[data-kind="noMnist"]');
  await becomes(page, 'status', 'ready');
  assert.equal(await value(page, 'dataset'), 'generated');
  assert.equal((await part(page, 'dataset').textContent()).trim(), 'Generated digits');
  await part(page, 'step').click();
  assert.ok((await firstLoss(page)) > 1);
}

for (const [how, answer] of Object.entries(answers))
  test(`MNIST’s file of pictures ${how}: a word, and the page’s own digits`, { skip: withoutMnist }, () =>
    withPage({ query: '?autostart=0&lesson=nothing' }, async (page) => {
      await page.route(`**/${IMAGES}`, (route) => route.fulfill(answer(bytesOf(IMAGES))));
      await page.goto(page.url().replace(/[?#].*/, '?autostart=0'));
      await goesOn(page);
    }),
  );

test('MNIST whose line falls silent is not waited for for ever', { skip: withoutMnist }, () =>
  withPage(
    {
      query: '?autostart=0',
      silent: (path) => (ofImages(path) ? 1_000_000 : undefined),
      // The page looks every five seconds; here its seconds are short.
      init: () => {
        const own = setInterval;
        globalThis.setInterval = (call, pause, ...rest) => own(call, pause === 5000 ? 300 : pause, ...rest);
      },
    },
    goesOn,
  ),
);

test('MNIST whose pictures and labels are each other’s trains as it should', { skip: withoutMnist }, () =>
  withPage({ query: '?autostart=0&lesson=nothing' }, async (page) => {
    const other = (name) =>
      name.includes('images')
        ? name.replace('images-idx3', 'labels-idx1')
        : name.replace('labels-idx1', 'images-idx3');
    await page.route('**/mnist/*.gz', (route) =>
      route.fulfill({ body: bytesOf(other(new URL(route.request().url()).pathname.split('/').at(-1))) }),
    );
    await page.goto(page.url().replace(/[?#].*/, '?autostart=0&data=mnist'));
    await becomes(page, 'status', 'ready');
    assert.equal(await value(page, 'dataset'), 'mnist');
    await part(page, 'step').click();
    assert.ok((await firstLoss(page)) > 1);
  }),
);
