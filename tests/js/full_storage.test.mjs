// Models that are kept while training goes on, and storage that is full or not allowed.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { assert, mapling, test } from './mapling.mjs';
import { answer, flat, having, inFolder, line, storage } from './places.mjs';

const { io, layers, loadLayersModel, sequential, tensor } = mapling;

test('a storage that is full says so, and keeps what it had', async () => {
  const store = storage({ most: 2500 });
  await having({ localStorage: store }, async () => {
    await line().save('localstorage://a');
    const before = new Map(store.kept);
    const large = sequential({ layers: [layers.dense({ units: 30, inputShape: [30] })] });
    const full = {
      code: 'memory',
      message: /local storage, for localstorage:\/\/a, is full, and nothing was saved/,
    };
    await assert.rejects(large.save('localstorage://a'), full);
    assert.deepEqual(store.kept, before);
    assert.equal(answer(await loadLayersModel('localstorage://a')), 7);
  });
});

test('modelCheckpoint saves in places, under names of epochs and logs', () =>
  inFolder(async (folder) => {
    const model = line();
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const [x, y] = [tensor([[1], [2]]), tensor([[3], [5]])];
    const fit = (filepath, more) =>
      model.fit(x, y, {
        epochs: 2,
        callbacks: mapling.callbacks.modelCheckpoint({ filepath, monitor: 'loss', ...more }),
      });
    await fit(`file://${folder}/{epoch:02d}-{loss:.1f}`);
    assert.deepEqual(readdirSync(folder).sort(), ['01-0.0', '02-0.0']);
    assert.equal(answer(await loadLayersModel(join(folder, '02-0.0'))), 7);
    const kept = [];
    await fit(
      io.withSaveHandler(async (artifacts) => kept.push(artifacts.weightSpecs.length)),
      { saveBestOnly: true },
    );
    assert.deepEqual(kept, [2]);
    await assert.rejects(fit(`file://${folder}/{odd}`), {
      code: 'name',
      message: /there is no log "odd"; there are epoch, loss/,
    });
    assert.throws(() => fit(3), { code: 'type', message: /filepath: expected an address or a place, got 3/ });
    assert.throws(() => fit('a', { saveWeightsOnly: true }), { code: 'value' });
  }));

test('a checkpoint that has no room is a warning, and training goes on', async () => {
  const model = sequential({ layers: [layers.dense({ units: 30, inputShape: [30] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const [x, y] = [mapling.ones([4, 30]), mapling.zeros([4, 30])];
  const { warn } = console;
  const warnings = [];
  console.warn = (text) => warnings.push(text);
  try {
    await having({ localStorage: storage({ most: 2500 }) }, async () => {
      const checkpoint = mapling.callbacks.modelCheckpoint({ filepath: 'localstorage://a' });
      const { history } = await model.fit(x, y, { epochs: 3, callbacks: checkpoint });
      assert.equal(history.loss.length, 3);
      assert.equal(warnings.length, 3);
      assert.match(
        warnings[0],
        /^modelCheckpoint: epoch 1 is not kept, and training goes on: save: local storage/,
      );
      assert.equal(checkpoint.failure.code, 'memory');
      assert.equal(checkpoint.saved.epoch, 2);
      // What is wrong with the address is wrong with the program.
      const wrong = mapling.callbacks.modelCheckpoint({ filepath: 'nowhere://a' });
      await assert.rejects(model.fit(x, y, { callbacks: wrong }), { code: 'name' });
    });
    await having({ localStorage: storage() }, async () => {
      const checkpoint = mapling.callbacks.modelCheckpoint({ filepath: 'localstorage://a' });
      await model.fit(x, y, { callbacks: checkpoint });
      assert.equal(checkpoint.failure, undefined);
      assert.deepEqual(
        (await loadLayersModel('localstorage://a')).getWeights().map(flat),
        model.getWeights().map(flat),
      );
    });
  } finally {
    console.warn = warn;
  }
});
