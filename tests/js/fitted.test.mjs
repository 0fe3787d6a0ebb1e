// Pictures of files that are made to fit, and what refused files say besides their message.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { at } from '../../scripts/run.mjs';

const load = (file) => import(pathToFileURL(at(`dist/npm/${file}`)).href);
const { datasets, digit, init } = await load('index.js');
const { fitted, turned } = await load('data/fitted.js');
await init();

const idx = (shape, values) => {
  const sizes = shape.flatMap((size) => [24, 16, 8, 0].map((bits) => size >>> bits));
  return Uint8Array.from([0, 0, 8, shape.length, ...sizes, ...values]);
};

/** Data of `count` pictures alike, whose value at a place `value` tells. */
function data(count, height, width, value) {
  const picture = Array.from({ length: height * width }, (_, place) =>
    value(place % width, Math.floor(place / width)),
  );
  const pictures = Array.from({ length: count }, () => picture).flat();
  return datasets.files([
    { name: 'images', bytes: idx([count, height, width], pictures) },
    {
      name: 'labels',
      bytes: idx(
        [count],
        Array.from({ length: count }, (_, label) => label),
      ),
    },
  ]);
}

const firstOf = ({ test }) => [...test.images.dataSync().slice(0, 784)];

test('a picture of any size is fitted as the same drawing is by digit, whether its paper is white or black', async () => {
  const isInk = (x, y) => (x >= 20 && x < 26 && y >= 8 && y < 40) || (y >= 34 && y < 40 && x >= 20 && x < 44);
  const pixels = new Uint8ClampedArray(4 * 48 * 60);
  for (let place = 0; place < 48 * 60; place++)
    pixels[4 * place + 3] = isInk(place % 60, Math.floor(place / 60)) ? 255 : 0;
  const expected = digit({ data: pixels, width: 60, height: 48 }).dataSync();
  for (const [ink, paper] of [
    [255, 0],
    [0, 255],
    [40, 200],
  ]) {
    const given = await data(3, 48, 60, (x, y) => (isInk(x, y) ? ink : paper));
    const { train, test: rest, classes } = fitted(given);
    assert.deepEqual(train.images.shape, [2, 28, 28, 1]);
    assert.deepEqual(rest.images.shape, [1, 28, 28, 1]);
    assert.deepEqual([...train.labels.dataSync(), ...rest.labels.dataSync()], [0, 1, 2]);
    assert.equal(classes, 10);
    firstOf({ test: rest }).forEach((value, place) => {
      assert.ok(Math.abs(value - expected[place]) <= 0.5 / 255 + 1e-6, `pixel ${place}`);
    });
  }
});

test('a picture without ink stays empty, and one of a single pixel is a square', async () => {
  assert.ok(firstOf(fitted(await data(2, 32, 32, () => 90))).every((value) => value === 0));
  const square = firstOf(fitted(await data(2, 1, 1, () => 70)));
  assert.equal(square.filter((value) => value === 1).length, 400);
});

test('turned exchanges rows and columns, of pictures that are not square too, and twice is nothing', async () => {
  const given = await data(2, 2, 3, (x, y) => 10 * y + x);
  const once = turned(given);
  assert.deepEqual(once.test.images.shape, [1, 3, 2, 1]);
  const bytes = (set) => [...set.images.dataSync()].map((value) => Math.round(255 * value));
  assert.deepEqual(bytes(once.test), [0, 10, 1, 11, 2, 12]);
  assert.deepEqual(bytes(turned(once).test), bytes(given.test));
  assert.deepEqual([...once.train.labels.dataSync()], [0]);
});

test('a refusal says in data what is wrong, so that a page says it in words of its own', async () => {
  const labels = idx([2], [1, 2]);
  const images = idx([2, 1, 1], [0, 255]);
  const text = (words) => new TextEncoder().encode(words);
  const cases = [
    [[['a.png', [0x89, 0x50, 0x4e, 0x47, 1, 2]]], { why: 'kind', file: 'a.png', looks: 'picture' }],
    [[['a.zip', text('PK\x03\x04....')]], { why: 'kind', file: 'a.zip', looks: 'zip' }],
    [[['a.csv', text('1,2,3\n')]], { why: 'kind', file: 'a.csv', looks: 'text' }],
    [[['none', []]], { why: 'kind', file: 'none', looks: 'empty' }],
    [[['odd', [9, 1, 0, 2]]], { why: 'kind', file: 'odd', looks: 'unknown' }],
    [[['twice.gz', gzipSync(gzipSync(images))]], { why: 'kind', file: 'twice.gz', looks: 'gzip' }],
    [[['floats', [0, 0, 0x0d, 1, 0, 0, 0, 0]]], { why: 'type', file: 'floats' }],
    [[['flat', idx([2, 2], [1, 2, 3, 4])]], { why: 'axes', file: 'flat', axes: 2 }],
    [[['cut', images.subarray(0, -1)]], { why: 'length', file: 'cut', bytes: 17, promised: 18 }],
    [[['cut.gz', gzipSync(images).subarray(0, 20)]], { why: 'damaged', file: 'cut.gz' }],
    [[['vast', idx([2 ** 31, 28, 28], [])]], { why: 'size', file: 'vast', promised: 784 * 2 ** 31 + 16 }],
    [[['labels', labels]], { why: 'alone', file: 'labels', missing: 'images' }],
    [[['images', images]], { why: 'alone', file: 'images', missing: 'labels' }],
    [
      [
        ['images', images],
        ['more', images],
      ],
      { why: 'twice', file: 'more', other: 'images', holds: 'images' },
    ],
    [
      [
        ['images', images],
        ['labels', idx([3], [1, 2, 3])],
      ],
      { why: 'counts', images: { file: 'images', count: 2 }, labels: { file: 'labels', count: 3 } },
    ],
    [
      [
        ['train-images', images],
        ['train-labels', labels],
        ['test-images', idx([2, 1, 2], [1, 2, 3, 4])],
        ['test-labels', labels],
      ],
      { why: 'sizes', train: [1, 1, 1], test: [1, 2, 1] },
    ],
    [
      [
        ['images', idx([1, 1, 1], [4])],
        ['labels', idx([1], [4])],
      ],
      { why: 'few' },
    ],
  ];
  for (const [given, refusal] of cases) {
    const files = given.map(([name, bytes]) => ({ name, bytes: Uint8Array.from(bytes) }));
    const error = await datasets.files(files).then(
      () => assert.fail(`${given[0][0]} was taken`),
      (error) => error,
    );
    assert.deepEqual(error.refusal, refusal, error.message);
    assert.equal(error.code, 'format', error.message);
  }
});
