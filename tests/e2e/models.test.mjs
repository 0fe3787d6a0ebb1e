// The network as files: taken away in each format, brought back, and refused before anything changes where it does not fit.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { python } from '../../scripts/python.mjs';
import { at } from '../../scripts/run.mjs';
import { becomes, draw, drop, part, penDigits, readDigit, value, withoutMnist, withPage } from './page.mjs';

const three = penDigits.find(({ label }) => label === 3).strokes;
/** The formats, with how many files each has. */
const FORMATS = [
  ['keras', 1],
  ['tensorflow', 2],
  ['safetensors', 1],
  ['checkpoint', 1],
];
const folder = mkdtempSync(join(tmpdir(), 'mapling-models-'));

/** What the visitor's own is, in sight. */
async function showYours(page) {
  await page.locator('.below').scrollIntoViewIfNeeded();
  await part(page, 'yours').scrollIntoViewIfNeeded();
}

/** A page with a network that has trained for some batches, and its own part in sight. */
const opened = (body, { query = '?autostart=0&preset=dense', ...more } = {}) =>
  withPage({ ...withoutMnist, query, ...more }, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'step').click();
    await becomes(page, 'status', 'paused');
    await draw(page, three);
    await showYours(page);
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
  const name = basename([files].flat()[0]);
  await part(page, 'brought').filter({ hasText: name }).waitFor();
}

/** The weights, as a file of them that the page writes. */
const weights = async (page) => readFileSync((await taken(page, 'safetensors'))[0]);

/** The bars of the drawing on the pad, once they hold still. */
async function bars(page) {
  await readDigit(page);
  await page.waitForTimeout(500);
  return part(page, 'bars')
    .locator('li')
    .evaluateAll((all) => all.map(({ dataset }) => dataset.value));
}

for (const [format, count] of FORMATS)
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

test('the run before a network from a file stays beside it, and the slider begins with what was brought', () =>
  opened(async (page) => {
    const before = await bars(page);
    const [file] = await taken(page, 'keras');
    for (const step of [2, 3]) {
      await part(page, 'step').click();
      await becomes(page, 'scrubber', step);
    }
    await bring(page, file);
    await becomes(page, 'scrubber', 0);
    assert.deepEqual(await bars(page), before);
    assert.equal(await page.locator('[data-part="run"]').count(), 2);
    await part(page, 'step').click();
    await becomes(page, 'scrubber', 1);
    await part(page, 'scrubber').focus();
    await page.keyboard.press('Home');
    await becomes(page, 'scrubber', 0);
    await page.waitForTimeout(500);
    assert.deepEqual(await bars(page), before);
    await page.locator('[data-part="run"][data-value="1"] [data-part="run-back"]').click();
    await becomes(page, 'scrubber', 3);
  }));

test('a network that was brought and makes way before it has trained stays beside', () =>
  opened(async (page) => {
    const before = await bars(page);
    const [file] = await taken(page, 'keras');
    await part(page, 'reset').click();
    await becomes(page, 'status', 'ready');
    await bring(page, file);
    assert.deepEqual(await bars(page), before);
    await part(page, 'reset').click();
    await becomes(page, 'scrubber', 0);
    await page.locator('[data-part="run-back"]').waitFor();
    assert.notDeepEqual(await bars(page), before);
    await page.locator('[data-part="run-back"]').click();
    await page.waitForTimeout(500);
    assert.deepEqual(await bars(page), before);
  }));

test('of two networks that are brought one after the other both are there, and the link of a branch of one promises nothing', () =>
  opened(async (page) => {
    const [file] = await taken(page, 'keras');
    await part(page, 'reset').click();
    await becomes(page, 'status', 'ready');
    await bring(page, file);
    const before = await bars(page);
    const other = await written('other.keras', (layers) => [
      layers.flatten({ inputShape: [28, 28, 1] }),
      layers.dense({ units: 10, activation: 'softmax' }),
    ]);
    await bring(page, other);
    assert.notDeepEqual(await bars(page), before);
    await page.locator('[data-part="run-back"]').click();
    await page.waitForTimeout(500);
    assert.deepEqual(await bars(page), before);
    assert.equal(await page.locator('[data-part="run-back"]').count(), 1);
    for (const step of [1, 2]) {
      await part(page, 'step').click();
      await becomes(page, 'scrubber', step);
    }
    await part(page, 'scrubber').focus();
    await page.keyboard.press('ArrowLeft');
    await becomes(page, 'scrubber', 1);
    await page.locator('input[name="learningRate"]').fill('0.002');
    await page.locator('[data-part="experiment"]').waitFor();
    await part(page, 'step').click();
    await becomes(page, 'scrubber', 2);
    await part(page, 'share-button').click();
    assert.match(await page.locator('label[for="share-link"]').textContent(), /does not stand in it/);
  }));

test('a network that was brought and has not trained here is there after a reload, and is none that guesses', () =>
  opened(async (page) => {
    await readDigit(page);
    const [file] = await taken(page, 'checkpoint');
    await part(page, 'step').click();
    await becomes(page, 'scrubber', 2);
    await bring(page, file);
    const before = await weights(page);
    assert.doesNotMatch(await page.locator('.guess-words').textContent(), /untrained/i);
    await page.waitForTimeout(1500);
    await page.reload();
    await becomes(page, 'status', 'ready');
    await page.waitForSelector('[data-part="run"]');
    await showYours(page);
    assert.deepEqual(await weights(page), before);
    assert.doesNotMatch(await page.locator('.guess-words').textContent(), /untrained/i);
  }));

/** A network with batch normalization: the editor's, by its address. */
const normalized = { query: '?autostart=0&net=flatten-dense24relu-norm' };

test('a network with batch normalization comes back from each format to the same bits', () =>
  opened(async (page) => {
    const before = await bars(page);
    const all = [];
    for (const [format, count] of FORMATS) all.push(await taken(page, format, count));
    for (const files of all) {
      await part(page, 'reset').click();
      await becomes(page, 'status', 'ready');
      assert.notDeepEqual(await bars(page), before);
      await bring(page, files);
      assert.equal(await value(page, 'brought'), 'taken', await part(page, 'brought').textContent());
      assert.deepEqual(await bars(page), before, files[0]);
    }
    await part(page, 'step').click();
    await becomes(page, 'status', 'paused');
  }, normalized));

/** Waits until the page, which a network from files has made start anew, tells what became of it. */
const told = (page, words) => page.locator('.notice').filter({ hasText: words }).waitFor({ timeout: 60_000 });

/** A network as a file, made with the package. */
async function written(name, layersOf) {
  const { init, io, layers, sequential } = await import(at('dist/npm/index.js'));
  await init();
  const path = join(folder, name);
  writeFileSync(path, await io.toKeras(sequential({ layers: layersOf(layers), seed: 3 })));
  return path;
}

test('a page whose own module lacks a layer starts anew with all of mapling, takes the network, and keeps its run', async () => {
  let file;
  let before;
  await opened(async (page) => {
    [file] = await taken(page, 'keras');
    before = await weights(page);
  }, normalized);
  await opened(async (page) => {
    await part(page, 'bring-model').setInputFiles(file);
    await told(page, 'model.keras is the page’s network now');
    // The drawing came along.
    await readDigit(page);
    await showYours(page);
    assert.deepEqual(await weights(page), before);
    await part(page, 'step').click();
    await becomes(page, 'status', 'paused');
    const stepped = await weights(page);
    assert.notDeepEqual(stepped, before);
    const kept = () => value(page, 'kept');
    for (let waited = 0; !(Number(await kept()) > 0) && waited < 20_000; waited += 100)
      await page.waitForTimeout(100);
    assert.ok(Number(await kept()) > 0, `kept: ${await kept()}, ${await part(page, 'kept').textContent()}`);
    await page.reload();
    await becomes(page, 'status', 'paused');
    await showYours(page);
    assert.deepEqual(await weights(page), stepped);
  });
});

test('an LSTM that reads digits is brought, reads and trains; one that does not fit leaves the run as it was', async () => {
  const lstm = await written('lstm.keras', (layers) => [
    layers.reshape({ targetShape: [28, 28], inputShape: [28, 28, 1] }),
    layers.lstm({ units: 8 }),
    layers.dense({ units: 10, activation: 'softmax' }),
  ]);
  const odd = await written('odd.keras', (layers) => [
    layers.lstm({ units: 8, inputShape: [5, 3] }),
    layers.dense({ units: 10, activation: 'softmax' }),
  ]);
  await opened(async (page) => {
    const before = await weights(page);
    await part(page, 'bring-model').setInputFiles(odd);
    await told(page, 'odd.keras takes 5 × 3');
    await becomes(page, 'status', 'paused');
    await showYours(page);
    assert.deepEqual(await weights(page), before);
    await bring(page, lstm);
    assert.equal(await value(page, 'brought'), 'taken', await part(page, 'brought').textContent());
    await readDigit(page);
    const fresh = await weights(page);
    await part(page, 'step').click();
    await becomes(page, 'status', 'paused');
    assert.notDeepEqual(await weights(page), fresh);
  });
});

test('where the browser keeps nothing, or mapling lacks the layer too, the visitor reads its name', async () => {
  const path = await written('normalized.keras', (layers) => [
    layers.flatten({ inputShape: [28, 28, 1] }),
    layers.batchNormalization(),
    layers.dense({ units: 10, activation: 'softmax' }),
  ]);
  const said = async (page, file, words) => {
    await part(page, 'bring-model').setInputFiles(file);
    await becomes(page, 'brought', 'lacks');
    assert.match(await part(page, 'brought').textContent(), words);
  };
  const refuse = () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('storage is refused', 'SecurityError');
    };
  };
  await opened(
    async (page) => {
      const before = await bars(page);
      await said(page, path, /normalized\.keras 要用到 BatchNormalization/);
      assert.deepEqual(await bars(page), before);
    },
    { init: refuse, context: { viewport: { width: 1440, height: 900 }, locale: 'zh-CN' } },
  );
  const json = join(folder, 'model.json');
  const config = {
    layers: [{ class_name: 'Fancy', config: { name: 'fancy', batch_input_shape: [null, 28, 28, 1] } }],
  };
  const modelTopology = { class_name: 'Sequential', config };
  writeFileSync(json, JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest: [] }));
  await opened((page) =>
    said(page, json, /model\.json needs Fancy, which this page does not have.*Everything is as it was/),
  );
});

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
