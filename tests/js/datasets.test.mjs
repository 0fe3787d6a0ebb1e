// Digits: generated, from files, from a drawing.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { assert, mapling, test } from './mapling.mjs';

const { datasets } = mapling;

/** An IDX file of bytes. */
const idx = (shape, values) =>
  Uint8Array.from([
    0,
    0,
    8,
    shape.length,
    ...shape.flatMap((size) => [0, 0, size >> 8, size & 255]),
    ...values,
  ]);

test('generated digits are the same for the same seed, and pictures of 28 × 28 from 0 to 1', () => {
  const { train, test: rest, classes } = datasets.digits({ seed: 4, count: 60 });
  assert.deepEqual([train.images.shape, train.labels.shape], [[60, 28, 28, 1], [60]]);
  assert.deepEqual([rest.images.shape, classes, train.labels.dtype], [[10, 28, 28, 1], 10, 'int32']);
  const values = train.images.dataSync();
  assert.ok(values.every((value) => value >= 0 && value <= 1) && values.some((value) => value > 0.9));
  assert.ok(train.labels.dataSync().every((label) => label >= 0 && label < 10));
  const again = datasets.digits({ seed: 4, count: 60 }).train;
  assert.deepEqual(again.images.dataSync(), values);
  assert.notDeepEqual(datasets.digits({ seed: 5, count: 60 }).train.images.dataSync(), values);
});

test('pictures kept as bytes are tensors like others', () => {
  const { images } = datasets.digits({ seed: 4, count: 12 }).train;
  const values = images.dataSync();
  assert.deepEqual(images.slice([3, 0, 0, 0], [2, 28, 28, 1]).dataSync(), values.slice(3 * 784, 5 * 784));
  assert.deepEqual(images.gather([5]).dataSync(), values.slice(5 * 784, 6 * 784));
  assert.deepEqual(
    images.mul(2).dataSync(),
    values.map((value) => value * 2),
  );
  assert.deepEqual(images.reshape([12, 784]).slice(1, 1).dataSync(), values.slice(784, 2 * 784));
});

test('files are read by their names, packed or not; without test files a sixth is held back', async () => {
  const images = idx([6, 1, 2], [0, 51, 102, 255, 1, 2, 3, 4, 5, 6, 7, 8]);
  const labels = idx([6], [3, 7, 1, 0, 9, 2]);
  const { train, test: rest } = await datasets.files([
    { name: 'train-images-idx3-ubyte', bytes: images },
    { name: 'train-labels-idx1-ubyte.gz', bytes: new Uint8Array(gzipSync(labels)) },
  ]);
  assert.deepEqual(train.images.shape, [5, 1, 2, 1]);
  assert.deepEqual(train.images.dataSync().slice(0, 4), Float32Array.of(0, 51 / 255, 102 / 255, 1));
  assert.deepEqual([[...train.labels.dataSync()], [...rest.labels.dataSync()]], [[3, 7, 1, 0, 9], [2]]);
});

test('a name that only holds the word test is no test set', async () => {
  const images = idx([6, 1, 1], [1, 2, 3, 4, 5, 6]);
  const { train } = await datasets.files([
    { name: 'latest-train-images', bytes: images },
    { name: 'latest-train-labels', bytes: idx([6], [0, 1, 2, 3, 4, 5]) },
    { name: 'test-images', bytes: idx([1, 1, 1], [9]) },
    { name: 'test-labels', bytes: idx([1], [9]) },
  ]);
  assert.deepEqual([...train.labels.dataSync()], [0, 1, 2, 3, 4, 5]);
});

test('mnist with styles has generated digits after its own, the same for the same number', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mapling-styles-'));
  const side = new Array(784).fill(7);
  const write = (name, bytes) => writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes));
  write('train-images-idx3-ubyte', idx([2, 28, 28], [...side, ...side]));
  write('train-labels-idx1-ubyte', idx([2], [3, 4]));
  write('t10k-images-idx3-ubyte', idx([1, 28, 28], side));
  write('t10k-labels-idx1-ubyte', idx([1], [5]));
  try {
    const url = pathToFileURL(folder);
    const { train, test: rest } = await datasets.mnist({ url, styles: 300 });
    assert.deepEqual(
      [train.images.shape, rest.images.shape],
      [
        [302, 28, 28, 1],
        [1, 28, 28, 1],
      ],
    );
    const labels = [...train.labels.dataSync()];
    assert.deepEqual(labels.slice(0, 2), [3, 4]);
    for (let digit = 0; digit < 10; digit++)
      assert.equal(labels.slice(2).filter((label) => label === digit).length, 30);
    const again = (await datasets.mnist({ url, styles: 300 })).train;
    assert.deepEqual(again.images.dataSync(), train.images.dataSync());
    await assert.rejects(datasets.mnist({ url, styles: -1 }), /^Error: datasets\.mnist: styles: /);
    write('train-images-idx3-ubyte', idx([2, 1, 1], [1, 2]));
    write('t10k-images-idx3-ubyte', idx([1, 1, 1], [1]));
    await assert.rejects(datasets.mnist({ url, styles: 10 }), /styles: the pictures are 1 × 1, not 28 × 28/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('kept digits are told apart by the hash of the generator that wrote them', async () => {
  const { train, test: rest } = datasets.digits({ seed: 1, count: 86 });
  const bytes = [train.images, rest.images].flatMap((images) =>
    Array.from(images.dataSync(), (value) => Math.round(255 * value)),
  );
  const labels = [train, rest].flatMap((set) => [...set.labels.dataSync()]);
  let hash = 0xcbf29ce484222325n;
  for (const byte of [...bytes, ...labels])
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  const { GENERATOR } = await import('../../dist/npm/data/styles.js');
  assert.equal(GENERATOR, hash.toString(16).padStart(16, '0'));
});

test('mnist reads four files from a folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mapling-mnist-'));
  try {
    for (const [name, label] of [
      ['train', 3],
      ['t10k', 7],
    ]) {
      writeFileSync(join(folder, `${name}-images-idx3-ubyte.gz`), gzipSync(idx([2, 1, 1], [255, 51])));
      writeFileSync(join(folder, `${name}-labels-idx1-ubyte.gz`), gzipSync(idx([2], [label, 0])));
    }
    const { train, test: rest, classes } = await datasets.mnist({ url: pathToFileURL(folder) });
    assert.deepEqual(train.images.dataSync(), Float32Array.of(1, 0.2));
    assert.deepEqual(
      [[...train.labels.dataSync()], [...rest.labels.dataSync()], classes],
      [[3, 0], [7, 0], 10],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a drawn line becomes a picture in the middle of 28 × 28 pixels', () => {
  const picture = mapling.digit([
    [
      [100, 0],
      [100, 200],
    ],
  ]);
  assert.deepEqual(picture.shape, [28, 28]);
  const rows = picture.arraySync();
  const ink = rows.flat().reduce((sum, value) => sum + value, 0);
  const mean = (weigh) =>
    rows
      .flatMap((row, at) => row.map((value, column) => value * weigh(at, column)))
      .reduce((sum, value) => sum + value, 0) / ink;
  assert.ok(Math.abs(mean((row) => row) - 13.5) <= 1, 'the centre of the ink lies in the middle');
  assert.ok(Math.abs(mean((_, column) => column) - 13.5) <= 1);
  // An upright line is tall and thin, and the same line elsewhere gives the same picture.
  assert.ok(rows.filter((row) => Math.max(...row) > 0.5).length >= 18);
  assert.ok(Math.max(...rows.map((row) => row.filter((value) => value > 0.5).length)) <= 5);
  assert.deepEqual(
    mapling
      .digit([
        [
          [300, 50],
          [300, 250],
        ],
      ])
      .dataSync(),
    picture.dataSync(),
  );
});
