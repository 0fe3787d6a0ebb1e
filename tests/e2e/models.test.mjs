// The network as files: taken away in each format, brought back, and refused before anything changes where it does not fit.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { python } from '../../scripts/python.mjs';
import { at } from '../../scripts/run.mjs';
import { becomes, draw, drop, part, penDigits, readDigit, value, withPage } from './page.mjs';

const withoutMnist = { missing: (path) => path.includes('/mnist/') };
const three = penDigits.find(({ label }) => label === 3).strokes;
const folder = mkdtempSync(join(tmpdir(), 'mapling-models-'));

/** A page with a network that has trained for some batches, and its own part in sight. */
const opened = (body) =>
  withPage({ ...withoutMnist, query: '?autostart=0&preset=dense' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'step').click();
    await draw(page, three);
    await page.locator('.below').scrollIntoViewIfNeeded();
    await part(page, 'yours').scrollIntoViewIfNeeded();
    await body(page);
  });

/** The files of a format, saved. */
async function taken(page, format, count = 1) {
  const coming = [];
  page.on('download', (download) => coming.push(download));
  await page.locator(`[data-format="${format}"]`).click();
  while (coming.length < count) await new Promise((resolve) => setTimeout(resolve, 50));
  return Promise.all(
    coming.splice(0).map(async (download) => {
      const path = join(folder, download.suggestedFilename());
      await download.saveAs(path);
      return path;
    }),
  );
}

async function bring(page, files) {
  await part(page, 'bring-model').setInputFiles(files);
  await part(page, 'brought').waitFor();
}

/** The bars of the drawing on the pad, once they hold still. */
async function bars(page) {
  await readDigit(page);
  await page.waitForTimeout(500);
  return part(page, 'bars')
    .locator('li')
    .evaluateAll((all) => all.map(({ dataset }) => dataset.value));
}

for (const [format, count] of [
  ['keras', 1],
  ['tensorflow', 2],
  ['safetensors', 1],
  ['checkpoint', 1],
])
  test(`a network comes back from ${format} to the same bits`, () =>
    opened(async (page) => {
      const before = await bars(page);
      const files = await taken(page, format, count);
      await part(page, 'reset').click();
      await becomes(page, 'status', 'ready');
      assert.notDeepEqual(await bars(page), before);
      await bring(page, files);
      assert.equal(await value(page, 'brought'), 'taken', await part(page, 'brought').textContent());
      assert.deepEqual(await bars(page), before);
      await part(page, 'step').click();
      await becomes(page, 'status', 'paused');
    }));

test('Keras reads the file, and answers as the page does', () =>
  opened(async (page) => {
    const [file] = await taken(page, 'keras');
    const program = `import os; os.environ["KERAS_BACKEND"] = "jax"
import keras, numpy
model = keras.saving.load_model(${JSON.stringify(file)})
print(model.predict(numpy.zeros((1, 28, 28, 1)), verbose=0).shape)`;
    assert.match(
      execFileSync(python, ['-c', program], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
      /\(1, 10\)/,
    );
  }));

test('what does not fit is refused, in words, and the network stays', () =>
  opened(async (page) => {
    const before = await bars(page);
    const { init, io, layers, sequential } = await import(at('dist/npm/index.js'));
    await init();
    const small = sequential({ layers: [layers.dense({ units: 3, inputShape: [4] })] });
    const wide = sequential({
      layers: [
        layers.flatten({ inputShape: [28, 28, 1] }),
        layers.dense({ units: 3, activation: 'softmax' }),
      ],
    });
    const cases = [
      ['small.keras', await io.toKeras(small), 'takes', /small\.keras takes 4; .* 28 × 28/],
      ['wide.keras', await io.toKeras(wide), 'gives', /wide\.keras gives 3; .* 10 probabilities/],
      [
        'other.safetensors',
        await io.toSafetensors(wide),
        'unreadable',
        /other\.safetensors holds no network/,
      ],
      ['broken.keras', Buffer.from('PK and nothing else'), 'unreadable', /broken\.keras holds no network/],
      ['photo.png', Buffer.from('\x89PNG', 'latin1'), 'unreadable', /photo\.png holds no network/],
    ];
    for (const [name, bytes, why, said] of cases) {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      await part(page, 'bring-model').setInputFiles(path);
      await page.waitForFunction(
        (file) => document.querySelector('[data-part="brought"]')?.textContent.includes(file),
        name,
      );
      assert.equal(await value(page, 'brought'), why, name);
      const text = await part(page, 'brought').textContent();
      assert.match(text, said);
      assert.match(text, /Everything is as it was/);
    }
    assert.deepEqual(await bars(page), before);
  }));

test('a checkpoint from the page goes on in Node', () =>
  opened(async (page) => {
    const [file] = await taken(page, 'checkpoint');
    const { init, io } = await import(at('dist/npm/index.js'));
    await init();
    const model = await io.fromCheckpoint(new Uint8Array(readFileSync(file)));
    assert.equal(model.optimizer.iterations, 1);
  }));

test('a network that is dropped on the page is told of where the visitor looks, in the middle of a run', () =>
  withPage({ ...withoutMnist, query: '?autostart=0&data=generated&epochs=100' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'step').click();
    await page.locator('.below').scrollIntoViewIfNeeded();
    await part(page, 'yours').scrollIntoViewIfNeeded();
    const [path] = await taken(page, 'keras');
    const base64 = readFileSync(path).toString('base64');
    await page.evaluate(() => scrollTo(0, 0));
    await part(page, 'play').click();
    await becomes(page, 'status', 'training');
    await drop(page, [{ name: 'mine.keras', base64 }]);
    await page.locator('.notice').filter({ hasText: 'mine.keras is the page’s network now' }).waitFor();
    assert.equal(await value(page, 'status'), 'ready');
    await part(page, 'play').click();
    await becomes(page, 'status', 'training');
  }));
