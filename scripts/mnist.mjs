// Brings MNIST into www/public/mnist, from a local folder or a public mirror, each file checked.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { at, isMain, main } from './run.mjs';

/** SHA-256 of the uncompressed files. */
const files = {
  'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
};

/** The copies that torchvision and TensorFlow use, and one on a CDN. */
const mirrors = [
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
  'https://cdn.jsdelivr.net/gh/fgnt/mnist@master/',
];

/** An unreachable mirror costs this much at most; a stalled one as much again. */
const patience = 5_000;

/** Where the page finds the files. */
export const folder = at('www/public/mnist');

/** The gzipped file when `bytes` are that file, gzipped or not. */
function checked(name, bytes) {
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    const plain = zipped ? gunzipSync(bytes) : bytes;
    const sum = createHash('sha256').update(plain).digest('hex');
    if (sum === files[name]) return zipped ? bytes : gzipSync(plain);
  } catch {} // not gzip after all, or cut short
}

function fromFolder(from, name) {
  for (const file of [join(from, `${name}.gz`), join(from, name)]) {
    const good = existsSync(file) && checked(name, readFileSync(file));
    if (good) return good;
  }
}

async function fromMirror(mirror, name) {
  const stalled = new AbortController();
  let timer = setTimeout(() => stalled.abort(), patience);
  const chunks = [];
  try {
    const response = await fetch(`${mirror}${name}.gz`, { signal: stalled.signal });
    if (!response.ok) return;
    for await (const chunk of response.body) {
      clearTimeout(timer);
      timer = setTimeout(() => stalled.abort(), patience);
      chunks.push(chunk);
    }
  } catch {
    return; // unreachable or stalled: the next mirror's turn
  } finally {
    clearTimeout(timer);
  }
  return checked(name, Buffer.concat(chunks));
}

function write(name, bytes) {
  mkdirSync(folder, { recursive: true });
  const half = join(folder, `.${name}.${process.pid}`);
  try {
    writeFileSync(half, bytes);
    renameSync(half, join(folder, `${name}.gz`));
  } finally {
    rmSync(half, { force: true });
  }
}

/** True when the four files are in place; false, with a word about it, when no source has them. */
export async function mnist() {
  const missing = Object.keys(files).filter((name) => !fromFolder(folder, name));
  if (missing.length === 0) return true;
  const local = [process.env.MNIST_DIR, at('../shared/mnist')].filter(Boolean);
  const sources = [
    ...local.map((from) => (name) => fromFolder(from, name)),
    ...mirrors.map((mirror) => (name) => fromMirror(mirror, name)),
  ];
  for (const source of sources) {
    while (missing.length > 0) {
      const bytes = await source(missing[0]);
      if (!bytes) break;
      write(missing.shift(), bytes);
    }
  }
  if (missing.length === 0) return true;
  console.warn(`MNIST: no source has ${missing.join(', ')}. Set MNIST_DIR to a folder that holds the files.`);
  return false;
}

if (isMain(import.meta.url)) {
  main(async () => {
    if (!(await mnist())) throw new Error('MNIST is missing; the page will train on digits it draws itself');
    console.log('MNIST is in www/public/mnist');
  });
}
