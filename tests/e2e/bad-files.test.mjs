// Every kind of file that is not what it says, dropped at rest, while the network trains and in lessons: refused by name, in
// words, and nothing else changes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { becomes, drop, lessonNames, openLesson, part, value, withPage } from './page.mjs';

const site = {
  query: '?autostart=0&data=generated&preset=lenet&epochs=100',
  missing: (path) => path.includes('/mnist/'),
};

function idx(lengths, values, type = 8) {
  const head = Buffer.alloc(4 + 4 * lengths.length);
  head.writeUInt32BE((type << 8) | lengths.length, 0);
  for (const [axis, length] of lengths.entries()) head.writeUInt32BE(length, 4 + 4 * axis);
  return Buffer.concat([head, Buffer.from(values)]);
}
const row = (label, count, cell = '0') => [label, ...Array(count).fill(cell)].join(',');
const pictures = idx([12, 28, 28], Buffer.alloc(12 * 784, 50));
const signature = (hex) => Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(60)]);
const file = (name, content) => ({ name, base64: Buffer.from(content).toString('base64') });

/** Files by what they are, and what the page says of them. */
const refused = {
  nothing: [[file('nothing', '')], /nothing is empty/],
  'a picture that is none': [[file('7.png', 'text')], /7\.png is a text/],
  'a picture alone': [[file('7.png', signature('89504e470d0a1a0a'))], /7\.png is a picture/],
  'a document': [[file('a.pdf', '%PDF-1.7')], /a\.pdf is a PDF/],
  'an archive': [[file('a.zip', signature('504b0304'))], /a\.zip is a zip archive/],
  'a program': [[file('a.exe', signature('4d5a'))], /a\.exe is not an IDX file/],
  'IDX of more than there is': [
    [file('train-images', idx([4294967295, 4294967295, 4294967295], [1]))],
    /too large/,
  ],
  'IDX that is cut short': [[file('train-images', idx([60000, 28, 28], [1]))], /cut short/],
  'IDX of no axes': [[file('train-images', idx([], []))], /0 axes/],
  'IDX of pictures without pixels': [
    [file('train-images', idx([3, 0, 0], [])), file('train-labels', idx([3], [1, 2, 3]))],
    /too few/,
  ],
  'gzip that is cut off': [[file('train-images.gz', gzipSync(pictures).subarray(0, 40))], /damaged/],
  'gzip in gzip': [[file('train-images.gz', gzipSync(gzipSync(pictures)))], /packed twice/],
  'gzip of far more than its header says': [
    [file('train-images.gz', gzipSync(idx([12, 28, 28], Buffer.alloc(5_000_000))))],
    /longer or shorter than its header/,
  ],
  'rows of several lengths': [[file('a.csv', [row(1, 784), row(2, 783)].join('\n'))], /Row 2 of a\.csv/],
  'rows of one cell': [[file('a.csv', '1\n2\n3')], /Row 1 of a\.csv/],
  'rows of words': [[file('a.csv', 'some words\nmore, of "them')], /Row 2 of a\.csv/],
  'rows with empty cells': [[file('a.csv', [row(1, 4), row(2, 4, '')].join('\n'))], /Row 2 of a\.csv/],
  'rows of empty lines': [[file('a.csv', '\n'.repeat(100_000))], /too few/],
  'a row of a million cells': [[file('a.csv', row(1, 1_000_000))], /too few/],
  'two hundred files': [
    Array.from({ length: 200 }, (_, at) => file(`${at}.txt`, `text ${at}`)),
    /0\.txt is a text/,
  ],
  'two hundred sets': [
    Array.from({ length: 200 }, (_, at) => file(`train-images-${at}`, idx([1, 28, 28], Buffer.alloc(784)))),
    /both hold pictures/,
  ],
  'a network without content': [[file('a.keras', '')], /a\.keras holds no network/],
  'a network that is no archive': [[file('a.keras', 'PK no')], /a\.keras holds no network/],
  'a network that is no HDF5': [[file('a.h5', signature('894844460d0a1a0a'))], /a\.h5 holds no network/],
  'a network that ends in the middle': [
    [file('model.json', '{"modelTopology":')],
    /model\.json holds no network/,
  ],
  'a network of an unknown kind': [
    [file('model.json', '{"modelTopology":{"class_name":"__proto__"},"weightsManifest":[]}')],
    /model\.json holds no network/,
  ],
  'a document that is no network': [[file('package.json', '{"name":"x"}')], /package\.json holds no network/],
  'weights longer than their file': [
    [file('a.safetensors', signature('ffffffffffffff7f'))],
    /a\.safetensors holds no network/,
  ],
  'a checkpoint of noise': [[file('a.checkpoint', Buffer.alloc(100, 7))], /a\.checkpoint holds no network/],
};

/** Drops files, waits for the word about them, and puts it away. */
async function isRefused(page, files, word) {
  await drop(page, files);
  const notice = page.locator('.notice');
  await notice.filter({ hasText: word }).waitFor({ timeout: 20_000 });
  await notice.locator('> button').click();
  await notice.waitFor({ state: 'detached' });
}

test('whatever is dropped while it trains is refused by its name, and training goes on', () =>
  withPage(site, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'play').click();
    await becomes(page, 'status', 'training');
    for (const [what, [files, word]] of Object.entries(refused)) {
      await isRefused(page, files, word).catch((failure) => {
        throw new Error(`${what}: ${failure.message}`);
      });
      assert.equal(await value(page, 'status'), 'training', what);
      assert.equal(await value(page, 'dataset'), 'generated', what);
    }
    const before = await value(page, 'loss');
    await page.waitForFunction(
      (before) => document.querySelector('[data-part="loss"]').dataset.value !== before,
      before,
    );
  }));

test('in each lesson files are refused and taken as on the main screen', () =>
  withPage(site, async (page) => {
    await becomes(page, 'status', 'ready');
    const table = file(
      'a.csv',
      Array.from({ length: 20 }, (_, at) => row(at % 10, 784, String(at))).join('\n'),
    );
    for (const lesson of lessonNames) {
      await openLesson(page, lesson);
      await isRefused(page, ...refused['a document']);
      await isRefused(page, ...refused['a network that is no archive']);
      await drop(page, [table]);
      await page.waitForSelector('.notice[data-kind="taken"]');
      await page.locator('.notice > button').click();
    }
  }));

test('a folder that the browser cannot read is refused', () =>
  withPage(site, async (page) => {
    await becomes(page, 'status', 'ready');
    await page.evaluate(() => {
      const folder = {
        name: 'photos',
        isDirectory: true,
        createReader: () => ({
          readEntries: (_, reject) => reject(new DOMException('gone', 'NotFoundError')),
        }),
      };
      DataTransferItem.prototype.webkitGetAsEntry = () => folder;
    });
    await drop(page, [file('photos', '')]);
    await page
      .locator('.notice')
      .filter({ hasText: /photos cannot be read/ })
      .waitFor();
  }));
