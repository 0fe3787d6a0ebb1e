// What a trainer knows beside the library: parts of one's own in modules, and digits.
import { File } from 'node:buffer';
import { assert, mapling, test, unrecorded } from './mapling.mjs';
import { linear, started, withTrainer } from './trainer_here.mjs';

test('layers, losses and metrics of one’s own train in the worker when their module is named', async () => {
  const module = new URL('./trainer_module.mjs', import.meta.url);
  await withTrainer(
    async (trainer) => {
      await trainer.setModel({
        json: {
          class_name: 'Sequential',
          config: {
            layers: [{ class_name: 'Scale', config: { name: 'scale', batch_input_shape: [null, 2] } }],
          },
        },
        compile: {
          optimizer: { className: 'SGD', config: { learningRate: 0.1 } },
          loss: 'halfSquares',
          metrics: ['most'],
        },
        inputShape: [2],
        seed: 1,
      });
      const x = mapling.ones([4, 2]);
      const y = mapling.fill([4, 2], 3);
      const { history } = await trainer.fit(x, y, { epochs: 1, batchSize: 4 });
      // By hand: the factor is 1, the loss (1 − 3)² / 2 = 2, its gradient −2 a value and −1 for their mean.
      assert.deepEqual(history.loss, [2]);
      assert.deepEqual(history.most, [2]);
      assert.ok(Math.abs((await trainer.weights())[0].values[0] - 1.2) < 1e-6);
      // A model of the page that names the same functions by what they are.
      const { halfSquares } = (await import(module)).default(unrecorded);
      const page = linear();
      page.compile({ optimizer: 'sgd', loss: halfSquares });
      await trainer.setModel(page);
      await trainer.fit(x, mapling.ones([4, 1]), { epochs: 1 });
      const saved = await trainer.save();
      await assert.rejects(mapling.loadModel(saved), /halfSquares/);
      const read = await mapling.loadModel(saved, { compile: false });
      assert.equal(read.optimizer, undefined);
    },
    { modules: [module] },
  );
  await assert.rejects(
    started({ modules: ['file:///nowhere/at/all.mjs'] }),
    /modules: ".*" could not be loaded/,
  );
});

test('digits: generated ones train, a drawing is read, and pictures come back', async () => {
  await withTrainer(async (trainer) => {
    const info = await trainer.digits.load({ kind: 'digits', seed: 1, count: 600 });
    assert.deepEqual(info, { name: 'generated', train: 600, test: 100, imageShape: [28, 28], classes: 10 });
    await trainer.setModel({
      json: {
        class_name: 'Sequential',
        config: {
          layers: [
            { class_name: 'Flatten', config: {} },
            { class_name: 'Dense', config: { units: 10, activation: 'softmax' } },
          ],
        },
      },
      compile: { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] },
      inputShape: [28, 28, 1],
      seed: 1,
    });
    const before = (await trainer.evaluate('test')).logs.acc;
    const done = new Promise((resolve) => {
      trainer.subscribe((event) => event.type === 'state' && event.state.status === 'done' && resolve());
    });
    await trainer.start({ epochs: 5, batchSize: 32 });
    await done;
    const { logs, classes } = await trainer.evaluate('test');
    assert.ok(logs.acc > before + 0.3, `${before} → ${logs.acc}`);
    assert.equal(classes.confusion.length, 100);
    const reading = await trainer.digits.read([
      [
        [1, 0],
        [1, 10],
      ],
    ]);
    assert.equal(reading.pixels.length, 784);
    assert.ok(Math.abs(reading.probabilities.reduce((sum, p) => sum + p) - 1) < 1e-5);
    assert.equal(await trainer.digits.read([]), null);
    const { pixels, labels } = await trainer.digits.images([0, 5], 'test');
    assert.deepEqual([pixels.length, labels.length], [1568, 2]);
    const file = new File([new Uint8Array(3)], 'x-images');
    await assert.rejects(trainer.digits.load({ kind: 'files', files: [file] }), /files|x-images/);
    // Files that are refused leave the digits that were there.
    assert.equal((await trainer.evaluate('test')).logs.acc, logs.acc);
  });
});
