// The package's JavaScript with a module that holds what the page uses and no more.
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { at } from '../../scripts/run.mjs';
import { answerRequests } from './requests.mjs';

answerRequests();

const folder = mkdtempSync(join(tmpdir(), 'mapling-page-'));
after(() => rmSync(folder, { recursive: true, force: true }));
cpSync(at('dist/npm'), folder, { recursive: true });
for (const file of ['mapling.js', 'mapling_bg.wasm', 'mapling_rest.wasm'])
  copyFileSync(at(`www/wasm/${file}`), join(folder, 'wasm', file));
const {
  add,
  datasets,
  grad,
  init,
  input,
  layers,
  losses,
  metrics,
  modelFromJSON,
  optimizers,
  sequential,
  tensor,
  train,
} = await import(pathToFileURL(join(folder, 'index.js')).href);
await init({ threads: 1 });

const digits = () =>
  sequential({
    layers: [
      layers.reshape({ targetShape: [6, 6, 1], inputShape: [6, 6] }),
      layers.conv2d({ filters: 2, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dropout({ rate: 0.25 }),
      layers.dense({ units: 3, activation: 'softmax' }),
    ],
    seed: 1,
  });

test('the module of the page trains the networks of the page, and saves them and reads them', async () => {
  const model = digits();
  model.compile({
    optimizer: train.adam(0.01),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  const x = tensor(
    // Each class is bright in rows of its own.
    Float32Array.from({ length: 12 * 36 }, (_, i) =>
      Math.floor(i / 12) % 3 === Math.floor(i / 36) % 3 ? 1 : 0,
    ),
    [12, 6, 6],
  );
  const y = tensor(Float32Array.from({ length: 12 }, (_, i) => i % 3));
  const { history } = await model.fit(x, y, { epochs: 20, batchSize: 4, verbose: 0 });
  assert.ok(history.loss.at(-1) < history.loss[0]);
  const again = await modelFromJSON(model.toJSON());
  again.setWeights(model.getWeights());
  assert.deepEqual(again.predict(x).dataSync(), model.predict(x).dataSync());
});

test('the module of the page draws digits', () => {
  assert.deepEqual(datasets.digits({ count: 6 }).train.images.shape, [6, 28, 28, 1]);
});

test('what the module of the page lacks is named', () => {
  const lacks = (what) => new RegExp(`this module was built without ${what}`);
  assert.throws(() => layers.lstm({ units: 2 }), lacks('recurrent layers'));
  assert.throws(() => layers.batchNormalization(), lacks('normalization layers'));
  assert.throws(() => layers.embedding({ inputDim: 3, outputDim: 2 }), lacks('embedding'));
  assert.throws(() => layers.add(), lacks('merging layers'));
  assert.throws(() => layers.reLU(), lacks('activation layers'));
  assert.throws(() => layers.averagePooling2d(), lacks('more pooling layers'));
  assert.throws(() => layers.permute({ dims: [2, 1] }), lacks('more reshaping layers'));
  assert.throws(() => layers.dense({ units: 2, kernelRegularizer: 'l2' }), lacks('regularizers'));
  assert.throws(() => layers.dense({ units: 2, kernelConstraint: 'nonNeg' }), lacks('constraints'));
  assert.throws(() => layers.dense({ units: 2, activation: 'gelu' }), lacks('it'));
  const x = tensor([1, 2]);
  assert.throws(() => add(x, x), lacks('ops on tensors'));
  assert.throws(() => grad((x) => x)(x), lacks('gradients'));
  assert.throws(() => layers.dense({ units: 2 }).apply(input({ shape: [3] })), lacks('models that are not'));
});

test('what the module of the page cannot train with is named, and what it can stays', async () => {
  const lacks = (what) => new RegExp(`this module was built without ${what}`);
  const model = digits();
  const compile = (settings) =>
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', ...settings });
  for (const name of ['RMSprop', 'Adagrad', 'Adadelta', 'AdamW', 'Adamax', 'Nadam', 'Lion'])
    assert.throws(() => compile({ optimizer: optimizers[name]() }), lacks(`the optimizer ${name}`));
  assert.throws(() => compile({ optimizer: train.adam({ amsgrad: true }) }), lacks('AMSGrad'));
  assert.throws(
    () => compile({ optimizer: train.sgd({ clipnorm: 1 }) }),
    lacks('gradients that are clipped'),
  );
  assert.throws(() => compile({ optimizer: train.sgd({ weightDecay: 0.1 }) }), lacks('weights that decay'));
  const falling = optimizers.schedules.cosineDecay({ initialLearningRate: 0.1, decaySteps: 10 });
  assert.throws(
    () => compile({ optimizer: train.sgd(falling) }),
    lacks('learning rates that follow a schedule'),
  );
  assert.throws(() => compile({ loss: losses.Huber() }), lacks('the loss huber'));
  assert.throws(() => compile({ loss: 'kld' }), lacks('the loss klDivergence'));
  assert.throws(() => compile({ metrics: [metrics.AUC()] }), lacks('the metric auc'));
  assert.throws(() => compile({ metrics: ['precision'] }), lacks('the metric precision'));
  assert.throws(() => sequential({ layers: [digits()] }), lacks('models inside models'));
  for (const loss of ['binaryCrossentropy', 'categoricalCrossentropy', 'meanSquaredError']) compile({ loss });
  compile({ optimizer: train.momentum(0.1, 0.9), metrics: ['accuracy'] });
  const one = [tensor([0, 1, 0, 1], [1, 4]), tensor([1])];
  await assert.rejects(model.trainOnBatch(...one), lacks('training batch by batch'));
});
