// Data sets from files: what may be handed over, what a file's name says, and what is wrong with a file.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { at } from '../../scripts/run.mjs';

const { datasets, digit, init } = await import(pathToFileURL(at('dist/npm/index.js')).href);
await init();

const header = (shape) =>
  Uint8Array.from([
    0,
    0,
    8,
    shape.length,
    ...shape.flatMap((size) => [24, 16, 8, 0].map((bits) => size >>> bits)),
  ]);
const idx = (shape, values) => Uint8Array.from([...header(shape), ...values]);

const images = idx([3, 1, 2], [0, 51, 102, 255, 1, 2]);
const labels = idx([3], [3, 7, 1]);

/** The labels to train on and to test on. */
const labelsOf = ({ train, test }) => [train, test].map((set) => [...set.labels.dataSync()]);

/** Data whose pictures come as `bytes`. */
const withImages = (bytes, name = 'images') =>
  datasets.files([
    { name, bytes },
    { name: 'labels', bytes: labels },
  ]);

test('bytes are taken as buffers, as parts of buffers, as files, and from another realm', async () => {
  const around = new Uint8Array([9, ...images, 9]);
  const shared = new Uint8Array(new SharedArrayBuffer(images.length));
  shared.set(images);
  const kinds = {
    'an ArrayBuffer': images.slice().buffer,
    'a part of a buffer': around.subarray(1, -1),
    'a DataView': new DataView(around.buffer, 1, images.length),
    'a Buffer': Buffer.from(images),
    'a shared array': shared,
    'a shared buffer': shared.buffer,
    'a Blob': new Blob([images]),
    'bytes of another realm': runInNewContext('Uint8Array.from(bytes)', { bytes: [...images] }),
    'a buffer of another realm': runInNewContext('Uint8Array.from(bytes).buffer', { bytes: [...images] }),
    'packed bytes': gzipSync(images),
  };
  for (const [kind, bytes] of Object.entries(kinds)) {
    const { train } = await withImages(bytes);
    assert.deepEqual(train.images.dataSync(), Float32Array.of(0, 51 / 255, 102 / 255, 1), kind);
  }
  const asFiles = [new File([images], 'some-images'), new File([labels], 'some-labels')];
  assert.deepEqual(labelsOf(await datasets.files(asFiles)), [[3, 7], [1]]);
});

test('what is no bytes is refused by its kind, and names what is wrong', async () => {
  const moved = images.slice();
  structuredClone(moved, { transfer: [moved.buffer] });
  const cases = [
    [
      [1, 2, 3],
      /^datasets\.files: images: expected an ArrayBuffer, a typed array, a Blob or a File, got \[1,2,3\]$/,
    ],
    ['bytes', /images: expected an ArrayBuffer.*got "bytes"$/],
    [undefined, /images: expected an ArrayBuffer.*got undefined$/],
    [{ byteLength: 4 }, /images: expected an ArrayBuffer.*got an object$/],
    [moved, /^datasets\.files: images: its bytes cannot be read: they were moved to another thread/],
    [new Uint8Array(), /^images: idx: 0 bytes are too few for a header$/],
  ];
  for (const [bytes, message] of cases) await assert.rejects(withImages(bytes), { message });
  const given = [undefined, null, [], 5, 'files', new Map(), { name: 'x', bytes: images }];
  for (const files of given)
    await assert.rejects(
      datasets.files(files),
      /^Error: datasets\.files: expected an array of IDX files, got /,
    );
  for (const file of [null, 5, {}, { bytes: images }])
    await assert.rejects(
      datasets.files([file]),
      /^Error: datasets\.files: expected a File or \{ name, bytes \}, got /,
    );
});

test('whole words of a name say what a file is there for, and of several the last', async () => {
  const set = async (name) => {
    const read = await datasets
      .files([
        { name: `${name}-images`, bytes: images },
        { name: `${name}-labels`, bytes: labels },
        { name: 'train-images', bytes: idx([1, 1, 2], [5, 5]) },
        { name: 'train-labels', bytes: idx([1], [9]) },
      ])
      .then(labelsOf, (error) => error.message);
    return typeof read === 'string' ? 'train' : read[1].join() === '3,7,1' ? 'test' : read;
  };
  for (const name of [
    'test',
    'TEST',
    'emnist-test',
    't10k',
    'T10K',
    'my.tests',
    'digitsTest',
    'test2',
    'train/test',
  ])
    assert.equal(await set(name), 'test', name);
  for (const name of [
    'latest-train',
    'latest',
    'contest',
    'attestation',
    'test/train',
    'training',
    'fastest',
    'ätest',
    'at10k',
  ])
    assert.equal(await set(name), 'train', name);
});

test('a file is never unpacked further than its header says', async () => {
  const million = new Uint8Array(1_000_000);
  const packed = (shape, megabytes) =>
    gzipSync(Buffer.concat([header(shape), ...Array.from({ length: megabytes }, () => million)]));
  const before = process.memoryUsage().rss;
  const cases = [
    // A hundred kilobytes of gzip that would become a hundred megabytes.
    [
      packed([10, 28, 28], 100),
      /^images: idx: the file goes on behind the 7856 bytes that its header promises$/,
    ],
    [
      packed([4_000_000, 28, 28], 3),
      /^images: idx: its header promises \[4000000,28,28\], 3136000016 bytes; at most 1073741824 are read$/,
    ],
    [packed([2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], 3), /^images: idx: its header promises/],
    [
      packed([3, 1_000_000], 2),
      /^images: idx: the file ends after 2000012 of the 3000012 bytes that its header promises$/,
    ],
    [
      gzipSync(Buffer.alloc(60_000_000, 'x')),
      /^images: idx: not an IDX file: it starts with 78 78 78 78 instead of two zeros$/,
    ],
    [
      gzipSync(Buffer.alloc(60_000_000)),
      /^images: idx: values of type 0x00; only unsigned bytes \(0x08\) are read$/,
    ],
    [Buffer.concat([images, Buffer.of(0)]), /^images: idx: the file goes on behind the 22 bytes/],
    [images.subarray(0, -1), /^images: idx: the file ends after 21 of the 22 bytes/],
    [images.subarray(0, 10), /^images: idx: the file ends within the sizes of its 3 dimensions$/],
    [gzipSync(gzipSync(images)), /^images: idx: the file is still compressed \(gzip\)$/],
  ];
  for (const [bytes, message] of cases) await assert.rejects(withImages(bytes), { message });
  const grown = process.memoryUsage().rss - before;
  assert.ok(grown < 400e6, `${(grown / 1e6).toFixed()} MB more`);
});

test('packed files that are cut, changed or go on are refused by name', async () => {
  const whole = gzipSync(
    idx(
      [3, 40, 50],
      Array.from({ length: 6000 }, (_, at) => (at * 7919) % 251),
    ),
  );
  for (let end = 1; end < whole.length; end += 97)
    await assert.rejects(withImages(whole.subarray(0, end)), /^Error: images/, `${end} bytes`);
  for (const more of [Buffer.from('garbage'), Buffer.alloc(10), whole, Buffer.of(0)])
    await assert.rejects(
      withImages(Buffer.concat([whole, more])),
      /^Error: images(: idx: the file goes on| is damaged: )/,
    );
  const changed = Buffer.from(whole);
  changed[changed.length >> 1] ^= 8;
  await assert.rejects(withImages(changed), /^Error: images/);
  const { train } = await withImages(whole);
  assert.deepEqual(train.images.shape, [2, 40, 50, 1]);
});

/** A folder with four small files in MNIST's names; `body` may change them. */
async function inFolder(body) {
  const folder = mkdtempSync(join(tmpdir(), 'mapling files ü#%-'));
  try {
    for (const name of ['train', 't10k']) {
      writeFileSync(join(folder, `${name}-images-idx3-ubyte.gz`), gzipSync(images));
      writeFileSync(join(folder, `${name}-labels-idx1-ubyte.gz`), gzipSync(labels));
    }
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('in Node MNIST comes from a path, absolute or relative, or an address', () =>
  inFolder(async (folder) => {
    const places = [
      folder,
      `${folder}/`,
      relative('.', folder),
      pathToFileURL(folder),
      `${pathToFileURL(folder)}/`,
    ];
    for (const url of places)
      assert.deepEqual(
        labelsOf(await datasets.mnist({ url })),
        [
          [3, 7, 1],
          [3, 7, 1],
        ],
        String(url),
      );
    const server = createServer((request, response) => {
      response.end(gzipSync(request.url.includes('images') ? images : labels));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${server.address().port}/any`;
      assert.deepEqual(labelsOf(await datasets.mnist({ url })), [
        [3, 7, 1],
        [3, 7, 1],
      ]);
    } finally {
      server.close();
    }
    const missing = [join(folder, 'no'), 'C:\\no\\such', './no'];
    for (const url of missing) {
      const named = /-ubyte\.gz could not be loaded from file:.*no.*: ENOENT/;
      await assert.rejects(datasets.mnist({ url }), named, url);
    }
    writeFileSync(join(folder, 'train-images-idx3-ubyte.gz'), gzipSync(images).subarray(0, 20));
    await assert.rejects(datasets.mnist({ url: folder }), /^Error: train-images-idx3-ubyte\.gz is damaged/);
  }));

test('files of this machine tell their progress and stop when they are told to', () =>
  inFolder(async (folder) => {
    const news = [];
    await datasets.mnist({ url: folder, onProgress: (now) => news.push(now) });
    const size = gzipSync(images).length;
    assert.deepEqual(
      news.find(({ file }) => file === 'train-images-idx3-ubyte.gz'),
      { file: 'train-images-idx3-ubyte.gz', loaded: size, total: size },
    );
    const stopped = AbortSignal.abort(new Error('enough'));
    await assert.rejects(
      datasets.mnist({ url: folder, signal: stopped }),
      /could not be loaded from .*: enough$/,
    );
    const thrown = new TypeError('from the listener');
    const onProgress = () => {
      throw thrown;
    };
    await assert.rejects(datasets.mnist({ url: folder, onProgress }), (error) => error === thrown);
  }));

test('options of mnist that make no sense are refused by name', async () => {
  const cases = [
    [undefined, /^datasets\.mnist: url: expected the address of a folder, got undefined$/],
    [null, /^datasets\.mnist: expected an object of options, got null$/],
    [{ url: '' }, /url: expected the address of a folder, got ""$/],
    [{ url: 5 }, /url: expected the address of a folder, got 5$/],
    [{ url: '.', cache: 1 }, /cache: expected true or false, got 1$/],
    [{ url: '.', onProgress: 1 }, /onProgress: expected a function, got 1$/],
    [{ url: '.', signal: {} }, /signal: expected an AbortSignal, got an object$/],
    [{ url: '.', uri: '.' }, /unknown key "uri"/],
  ];
  for (const [options, message] of cases) await assert.rejects(datasets.mnist(options), { message });
});

test('generated digits: odd counts and seeds are refused, and more than fit with the bytes they take', () => {
  for (const count of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5', 2 ** 60])
    assert.throws(
      () => datasets.digits({ count }),
      /^Error: datasets\.digits: count: expected a whole number of at least 1/,
    );
  for (const seed of [Number.NaN, 1.5, 'a', 2 ** 60])
    assert.throws(() => datasets.digits({ seed }), /^Error: datasets\.digits: a seed is a whole number/);
  for (const options of [null, 5, [], { counts: 5 }])
    assert.throws(() => datasets.digits(options), /^Error: datasets\.digits: /);
  for (const count of [6_000_000, 6e9, 2 ** 40]) {
    const all = count + Math.floor(count / 6);
    const message = `datasets.digits: count: ${all} digits take ${all * 784} bytes, which do not fit into memory`;
    assert.throws(() => datasets.digits({ count }), { message });
  }
  const { train, test: rest } = datasets.digits({ count: 1, seed: -3 });
  assert.deepEqual(
    [train.images.shape, rest.images.shape],
    [
      [1, 28, 28, 1],
      [1, 28, 28, 1],
    ],
  );
});

test('drawings: what is no stroke or point is refused, array-likes are taken, and any number of points is survived', () => {
  const right = digit([
    [
      [0, 0],
      [10, 20],
    ],
    [[5, 5]],
  ]).dataSync();
  const alike = {
    length: 2,
    0: { length: 2, 0: Float32Array.of(0, 0), 1: { 0: 10, 1: 20, length: 2 } },
    1: [[5, 5]],
  };
  assert.deepEqual(digit(alike).dataSync(), right);
  for (const strokes of [undefined, null, 5, 'ab', {}, new Map(), { length: -1 }, { length: Number.NaN }])
    assert.throws(() => digit(strokes), /^Error: digit: expected an array of strokes, got /);
  for (const stroke of [undefined, 5, 'ab', {}])
    assert.throws(
      () => digit([stroke]),
      /^Error: digit: expected a stroke to be an array of points \[x, y\], got /,
    );
  for (const point of [
    undefined,
    5,
    [1],
    ['1', '2'],
    [1, Number.NaN],
    [1, Number.POSITIVE_INFINITY],
    [1n, 2n],
    {},
  ])
    assert.throws(() => digit([[[0, 0], point]]), /^Error: digit: a point is \[x, y\], got /);
  assert.throws(() => digit([[[1e300, 0]]]), /^Error: digit: the point \(inf, 0\) is not finite$/);
  for (const strokes of [[], [[]], [[], []]])
    assert.throws(() => digit(strokes), /^Error: digit: the drawing is empty/);
  assert.throws(
    () => digit({ length: 2 ** 31 }),
    /^Error: digit: 2147483648 strokes take .* bytes, which do not fit/,
  );
  assert.throws(
    () => digit([{ length: 2 ** 32 }]),
    /^Error: digit: 4294967296 points take .* bytes, which do not fit/,
  );
  // Each point far from the one before: the line through them is tens of megabytes long.
  const scribble = Array.from({ length: 250_000 }, (_, at) => [(at * 7919) % 1000, (at * 104_729) % 1000]);
  assert.ok(
    digit([scribble])
      .dataSync()
      .some((ink) => ink === 1),
  );
  assert.deepEqual(
    digit([
      [
        [0, 0],
        [10, 20],
      ],
      [[5, 5]],
    ]).dataSync(),
    right,
  );
});
