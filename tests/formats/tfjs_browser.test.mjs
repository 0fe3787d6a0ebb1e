// Places of a browser, in Chromium, with the real TensorFlow.js beside: what one keeps there the other finds.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { at } from '../../scripts/run.mjs';
import { tfjsFolder } from '../../scripts/setup.mjs';
import { launch } from '../browser/chromium.mjs';
import { serve } from '../browser/serve.mjs';
import { assert, mapling } from './tensorflow.mjs';

let browser;
let folder;
let server;
let page;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mapling-places-'));
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html><script src="/tf/tf.min.js"></script><script type="module">
      import * as mapling from '/npm/index.js';
      await mapling.init();
      Object.assign(globalThis, {
        mapling,
        // y = 2x + 1, of either library.
        line(of) {
          const model = of.sequential({ layers: [of.layers.dense({ units: 1, inputShape: [1], name: 'line' })] });
          model.setWeights([of.tensor([[2]]), of.tensor([1])]);
          return model;
        },
        answer: (of, model) => model.predict(of.tensor([[3]])).dataSync()[0],
        ready: true,
      });
    </script>`,
  );
  const tf = join(tfjsFolder, 'node_modules/@tensorflow/tfjs/dist');
  server = await serve({ '/npm/': at('dist/npm'), '/tf/': tf, '/': folder });
  browser = await launch();
  // Two pages of one context share what they keep.
  page = await (await browser.newContext()).newPage();
  await page.goto(`${server.origin}/`);
  await page.waitForFunction(() => globalThis.ready);
});
after(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

for (const scheme of ['indexeddb', 'localstorage']) {
  test(`${scheme}://: what one library keeps the other loads, lists and takes away`, async () => {
    const found = await page.evaluate(async (scheme) => {
      const urls = (all) =>
        Object.keys(all)
          .filter((url) => url.startsWith(scheme))
          .sort();
      const [ours, theirs] = [`${scheme}://a/ours`, `${scheme}://theirs`];
      const model = line(mapling);
      model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
      await model.trainOnBatch(mapling.tensor([[0]]), mapling.tensor([[1]]));
      const { modelArtifactsInfo } = await model.save(ours, { includeOptimizer: true });
      await line(tf).save(theirs);
      const loaded = {
        there: answer(tf, await tf.loadLayersModel(ours)),
        steps: (await tf.loadLayersModel(ours)).optimizer.iterations,
        here: answer(mapling, await mapling.loadLayersModel(theirs)),
        again: answer(mapling, await mapling.loadLayersModel(ours)),
      };
      const listed = [urls(await mapling.io.listModels()), urls(await tf.io.listModels())];
      await mapling.io.moveModel(theirs, `${scheme}://moved`);
      await tf.io.copyModel(ours, `${scheme}://copied`);
      const moved = [
        answer(tf, await tf.loadLayersModel(`${scheme}://moved`)),
        answer(mapling, await mapling.loadLayersModel(`${scheme}://copied`)),
      ];
      for (const url of [ours, `${scheme}://moved`]) await mapling.io.removeModel(url);
      await tf.io.removeModel(`${scheme}://copied`);
      const left = [urls(await mapling.io.listModels()), urls(await tf.io.listModels())];
      const none = await mapling.loadLayersModel(ours).catch(({ code, message }) => [code, message]);
      return { bytes: modelArtifactsInfo.weightDataBytes, loaded, listed, moved, left, none };
    }, scheme);
    const both = [`${scheme}://a/ours`, `${scheme}://theirs`];
    assert.equal(found.bytes, 4 * (2 + 1 + 4));
    assert.deepEqual(found.loaded, { there: 7, steps: 1, here: 7, again: 7 });
    assert.deepEqual(found.listed, [both, both]);
    assert.deepEqual(found.moved, [7, 7]);
    assert.deepEqual(found.left, [[], []]);
    assert.deepEqual(found.none[0], 'name');
    assert.match(found.none[1], /there is no such model/);
  });
}

test('a model moves from local storage to IndexedDB', async () => {
  const found = await page.evaluate(async () => {
    await line(mapling).save('localstorage://m');
    await mapling.io.moveModel('localstorage://m', 'indexeddb://m');
    const urls = Object.keys(await mapling.io.listModels());
    const got = answer(mapling, await mapling.loadLayersModel('indexeddb://m'));
    await mapling.io.removeModel('indexeddb://m');
    return { urls, got };
  });
  assert.deepEqual(found, { urls: ['indexeddb://m'], got: 7 });
});

test('downloads:// hands out two files, which are chosen and read again by both libraries', async () => {
  const files = [];
  page.on('download', (download) => files.push(download));
  await page.evaluate(() => line(mapling).save('downloads://mine'));
  for (let waited = 0; files.length < 2 && waited < 100; waited++) await page.waitForTimeout(50);
  assert.deepEqual(
    files.map((file) => file.suggestedFilename()),
    ['mine.json', 'mine.weights.bin'],
  );
  const texts = await Promise.all(files.map(async (file) => readFileSync(await file.path(), 'base64')));
  const answers = await page.evaluate(async (texts) => {
    const [json, weights] = texts.map((text) =>
      Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)),
    );
    const files = [new File([json], 'mine.json'), new File([weights], 'mine.weights.bin')];
    return [
      answer(tf, await tf.loadLayersModel(tf.io.browserFiles(files))),
      answer(mapling, await mapling.loadLayersModel(mapling.io.browserFiles(files))),
    ];
  }, texts);
  assert.deepEqual(answers, [7, 7]);
  // As an input has chosen them: sorted by name, in a list that is no array.
  await page.evaluate(() => {
    document.body.innerHTML = '<input type="file" multiple>';
  });
  const paths = await Promise.all(files.map((file) => file.path()));
  const chosen = paths.map((path, at) => ({
    name: ['mine.json', 'mine.weights.bin'][at],
    mimeType: '',
    buffer: readFileSync(path),
  }));
  await page.setInputFiles('input', chosen.reverse());
  const read = await page.evaluate(async () => {
    const { files } = document.querySelector('input');
    return answer(mapling, await mapling.loadLayersModel(files));
  });
  assert.equal(read, 7);
});

test('a folder on the server is loaded from, by a relative address too', async () => {
  const model = mapling.sequential({ layers: [mapling.layers.dense({ units: 1, inputShape: [1] })] });
  model.setWeights([mapling.tensor([[2]]), mapling.tensor([1])]);
  await model.save(`file://${join(folder, 'model')}`);
  const answers = await page.evaluate(async () => [
    answer(mapling, await mapling.loadLayersModel('model/model.json')),
    answer(mapling, await mapling.loadLayersModel(`${location.origin}/model/model.json`)),
    answer(tf, await tf.loadLayersModel('model/model.json')),
  ]);
  assert.deepEqual(answers, [7, 7, 7]);
});

test('a storage that is full, or refused, says so, and the model trains on', async () => {
  const found = await page.evaluate(async () => {
    const large = mapling.sequential({ layers: [mapling.layers.dense({ units: 1500, inputShape: [1000] })] });
    const said = ({ code, message }) => [code, message];
    const full = await large.save('localstorage://large').catch(said);
    const kept = Object.keys(localStorage).filter((key) => key.startsWith('tensorflowjs_models/large'));
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = () => {
      throw new DOMException('the user denied permission', 'SecurityError');
    };
    const refused = await large.save('indexeddb://large').catch(said);
    IDBFactory.prototype.open = open;
    const model = line(mapling);
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await model.save('localstorage://kept');
    await mapling.io.removeModel('localstorage://kept');
    return {
      full,
      kept,
      refused,
      loss: await model.trainOnBatch(mapling.tensor([[1]]), mapling.tensor([[3]])),
    };
  });
  assert.equal(found.full[0], 'memory');
  assert.match(found.full[1], /local storage, for localstorage:\/\/large, is full, and nothing was saved/);
  assert.deepEqual(found.kept, []);
  assert.equal(found.refused[0], 'state');
  assert.match(
    found.refused[1],
    /save: IndexedDB, for indexeddb:\/\/large, cannot be used: .*denied permission/,
  );
  assert.equal(found.loss, 0);
});

test('IndexedDB without room says so, keeps what it had, and training goes on', async () => {
  // A profile of its own, in which nothing was kept yet: Chromium asks how much room there is once.
  const fresh = await (await browser.newContext()).newPage();
  await fresh.goto(`${server.origin}/`);
  await fresh.waitForFunction(() => globalThis.ready);
  const session = await fresh.context().newCDPSession(fresh);
  await session.send('Storage.overrideQuotaForOrigin', { origin: server.origin, quotaSize: 1_000_000 });
  await fresh.evaluate(() => line(mapling).save('indexeddb://mine'));
  const found = await fresh.evaluate(async () => {
    const { callbacks, io, layers, loadLayersModel, sequential, zeros } = mapling;
    const large = sequential({ layers: [layers.dense({ units: 3000, inputShape: [3000] })] });
    large.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const full = await large.save('indexeddb://mine').catch(({ code, message }) => [code, message]);
    const checkpoint = callbacks.modelCheckpoint({ filepath: 'indexeddb://best' });
    const [x, y] = [zeros([2, 3000]), zeros([2, 3000])];
    const { history } = await large.fit(x, y, { epochs: 2, verbose: 0, callbacks: checkpoint });
    const urls = Object.keys(await io.listModels());
    return {
      full,
      epochs: history.loss.length,
      code: checkpoint.failure.code,
      urls,
      kept: answer(mapling, await loadLayersModel('indexeddb://mine')),
    };
  });
  await fresh.context().close();
  assert.deepEqual(found, {
    full: ['memory', 'save: IndexedDB, for indexeddb://mine, is full, and nothing was saved'],
    epochs: 2,
    code: 'memory',
    urls: ['indexeddb://mine'],
    kept: 7,
  });
});

test('two pages that save and load under one name at once find whole models', async () => {
  const other = await page.context().newPage();
  await other.goto(`${server.origin}/`);
  await other.waitForFunction(() => globalThis.ready);
  const both = [page, other].map((one, own) =>
    one.evaluate(async (own) => {
      const odd = [];
      for (let turn = 0; turn < 15; turn++)
        for (const url of ['indexeddb://both', 'localstorage://both']) {
          const model = mapling.sequential({
            layers: [mapling.layers.dense({ units: 60, inputShape: [60] })],
          });
          model.setWeights([mapling.fill([60, 60], own), mapling.fill([60], own)]);
          await model.save(url);
          const values = (await mapling.loadLayersModel(url)).getWeights().flatMap((x) => [...x.dataSync()]);
          if (!values.every((value) => value === values[0])) odd.push(url);
        }
      return odd;
    }, own),
  );
  assert.deepEqual(await Promise.all(both), [[], []]);
  await other.close();
});
