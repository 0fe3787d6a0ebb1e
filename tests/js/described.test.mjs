// Data and models that a trainer is told in descriptions: `load` and `build`.
import { pathToFileURL } from 'node:url';
import { at } from '../../scripts/run.mjs';
import { assert, mapling, test } from './mapling.mjs';

const { createTrainer } = await import(pathToFileURL(at('dist/npm/worker/trainer.js')).href);

async function withTrainer(body) {
  const trainer = await createTrainer();
  try {
    await body(trainer);
  } finally {
    trainer.terminate();
  }
}

const row = [
  { className: 'Flatten', config: {} },
  { className: 'Dense', config: { units: 10, activation: 'softmax', kernelInitializer: 'heNormal' } },
];
const compiled = {
  optimizer: { className: 'Adam', config: { learningRate: 0.01 } },
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
};

test('a described row trains as the same model handed over does, to the same bits; the data give the sample its shape', async () => {
  await withTrainer(async (trainer) => {
    const info = await trainer.load({ kind: 'digits', seed: 1, count: 300 });
    assert.deepEqual([info.name, info.train, info.test], ['generated', 300, 50]);
    const run = { epochs: 2, batchSize: 30 };
    const trained = async () => {
      await trainer.start({ ...run, paused: true });
      const { step } = await trainer.step(20);
      const { logs } = await trainer.evaluate('test');
      const weights = (await trainer.weights()).map(({ values }) => [...values]);
      await trainer.stop();
      return { step, logs, weights };
    };
    const built = await trainer.build({ layers: row, ...compiled, seed: 4 });
    assert.deepEqual(
      built.layers.map(({ className, outputShape, params }) => [className, outputShape, params]),
      [
        ['Flatten', [784], 0],
        ['Dense', [10], 7850],
      ],
    );
    const described = await trained();
    assert.equal(described.step, 20);
    const { layers, sequential, train } = mapling;
    const model = sequential({ seed: 4 });
    model.add(layers.flatten({ inputShape: [28, 28, 1] }));
    model.add(layers.dense({ units: 10, activation: 'softmax', kernelInitializer: 'heNormal' }));
    model.compile({ ...compiled, optimizer: train.adam(0.01) });
    await trainer.setModel(model);
    assert.deepEqual(await trained(), described);
  });
});

test('layers inside layers, either spelling, and a shape of one’s own', async () => {
  await withTrainer(async (trainer) => {
    const { layers, params } = await trainer.build({
      name: 'reader',
      layers: [
        {
          class_name: 'Bidirectional',
          config: {
            layer: { className: 'LSTM', config: { units: 3, returnSequences: true } },
            merge_mode: 'sum',
          },
        },
        { className: 'GlobalAveragePooling1D' },
        {
          className: 'Dense',
          config: { units: 1, kernelRegularizer: { className: 'L2', config: { l2: 0.1 } } },
        },
      ],
      inputShape: [null, 2],
      optimizer: 'sgd',
      loss: 'meanSquaredError',
      lossWeights: [2],
    });
    assert.deepEqual(
      layers.map(({ outputShape }) => outputShape),
      [[null, 3], [3], [1]],
    );
    assert.equal(params, 2 * 4 * 3 * (2 + 3 + 1) + 4);
    const { values } = await trainer.predict([
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    assert.equal(values.length, 1);
  });
});

test('what cannot be is refused by name, and model and data stay', async () => {
  await withTrainer(async (trainer) => {
    await assert.rejects(trainer.build({ layers: row, ...compiled }), /build: .*shape/);
    await trainer.load({ kind: 'digits', seed: 1, count: 60 });
    await trainer.build({ layers: row, ...compiled, seed: 1 });
    const before = (await trainer.weights())[0].values;
    const refused = async (description, code, words) =>
      assert.rejects(trainer.build(description), (failure) => {
        assert.equal(failure.code, code, failure.message);
        assert.match(failure.message, words);
        return true;
      });
    await refused({ layers: row, ...compiled, optimiser: 'adam' }, 'name', /^build: .*optimiser.*optimizer/);
    await refused(
      { layers: [{ className: 'Dens', config: { units: 1 } }], ...compiled },
      'name',
      /^build: .*"Dens" is unknown/,
    );
    await refused(
      { layers: [{ className: 'Dense', config: { unit: 1 } }], ...compiled },
      'name',
      /^Dense: unknown key "unit"; did you mean "units"/,
    );
    await refused({ layers: [], ...compiled }, 'type', /^build: layers: expected a list/);
    await refused(
      { layers: [{ units: 1 }], ...compiled },
      'type',
      /^build: layers\[0\]: expected \{ className/,
    );
    await refused({ layers: [{ ...row[0], kind: 1 }], ...compiled }, 'name', /^build: layers\[0\]: .*kind/);
    await refused({ layers: row, loss: 'mse' }, 'type', /^compile: optimizer: expected a name/);
    await refused({ layers: row, optimizer: 'adam' }, 'type', /^compile: .*loss/);
    await refused(
      { layers: row, ...compiled, loss: () => 0 },
      'type',
      /^build: loss: a function stays in this page/,
    );
    await refused(undefined, 'type', /^build: expected \{ layers/);
    for (const [source, words] of [
      [undefined, /^load: expected \{ kind \}/],
      [{ kind: 'pictures' }, /^load: kind: expected mnist, digits, files/],
      [{ kind: 'digits', seed: 1, cuont: 3 }, /^load: .*cuont.*count/],
      [{ kind: 'mnist', url: 'mnist/' }, /url: expected an address/],
    ])
      await assert.rejects(
        trainer.load(source),
        ({ message }) => words.test(message) || assert.fail(message),
      );
    assert.deepEqual((await trainer.weights())[0].values, before);
    await trainer.start({ epochs: 1, batchSize: 10, paused: true });
    await assert.rejects(
      trainer.build({ layers: row, ...compiled }),
      /^Error: build: the model is being trained/,
    );
    assert.equal((await trainer.step()).step, 1);
  });
});
