// Losses, metrics, optimizers and schedules by all their names: what is written for Keras, Keras knows, and gives the
// same numbers; what it lacks is refused before anything is written.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mapling } from './mapling.mjs';
import { ask, sharedFolder } from './python.mjs';

const { io, layers, metrics, schedules, sequential, tensor, train } = mapling;
const folder = sharedFolder();
const x = [
  [0.1, 0.7, 0.2],
  [0.5, 0.3, 0.9],
  [0.4, 0.8, 0.6],
  [0.9, 0.2, 0.3],
]; // prettier-ignore
const y = [
  [1, 0],
  [0, 1],
  [1, 0],
  [0, 1],
]; // prettier-ignore

function compiled(settings) {
  const model = sequential({
    seed: 3,
    layers: [layers.dense({ units: 2, activation: 'softmax', inputShape: [3] })],
  });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', ...settings });
  return model;
}

const LOSSES = [
  ...[
    'meanSquaredError',
    'mse',
    'meanAbsoluteError',
    'mae',
    'mape',
    'msle',
    'huber',
    'huberLoss',
    'logcosh',
    'logCosh',
  ],
  ...[
    'hinge',
    'squaredHinge',
    'categoricalHinge',
    'klDivergence',
    'kld',
    'kullbackLeiblerDivergence',
    'poisson',
  ],
  ...[
    'cosineSimilarity',
    'cosineProximity',
    'cosine',
    'binaryCrossentropy',
    'bce',
    'categoricalCrossentropy',
  ],
  ...['binaryFocalCrossentropy', 'categoricalFocalCrossentropy'],
];
const METRICS = [
  ...[
    'accuracy',
    'acc',
    'binaryAccuracy',
    'categoricalAccuracy',
    'topKCategoricalAccuracy',
    'topK',
    'precision',
    'recall',
  ],
  ...[
    'truePositives',
    'falseNegatives',
    'f1',
    'f1Score',
    'fBeta',
    'fBetaScore',
    'auc',
    'r2',
    'r2Score',
    'mse',
    'logCosh',
  ],
  ...['cosine', 'klDivergence', 'hinge', 'meanAbsolutePercentageError'],
];
const OPTIMIZERS = {
  sgd: train.sgd(0.1),
  momentum: train.momentum(0.1, 0.9),
  rmsprop: train.rmsprop(0.01),
  adagrad: train.adagrad(0.01),
  adadelta: train.adadelta(0.01),
  adam: train.adam(0.01),
  adamax: train.adamax(0.01),
  nadam: train.nadam(0.01),
  adamw: train.adamw(0.01),
  lion: train.lion(0.01),
  exponential: train.sgd(
    schedules.exponentialDecay({ initialLearningRate: 0.1, decaySteps: 5, decayRate: 0.5 }),
  ),
  cosine: train.sgd(schedules.cosineDecay({ initialLearningRate: 0.1, decaySteps: 5 })),
};

const cases = {
  ...Object.fromEntries(LOSSES.map((loss) => [`loss_${loss}`, { loss }])),
  ...Object.fromEntries(METRICS.map((name) => [`metric_${name}`, { metrics: [name] }])),
  ...Object.fromEntries(
    Object.entries(OPTIMIZERS).map(([name, optimizer]) => [`optimizer_${name}`, { optimizer }]),
  ),
};
const own = {};
for (const [name, settings] of Object.entries(cases)) {
  const model = compiled(settings);
  writeFileSync(join(folder, `${name}.keras`), await io.toKeras(model));
  own[name] = [model.evaluate(tensor(x), tensor(y))].flat().map((value) => value.dataSync()[0]);
}
const said = await ask('keras_words.py', folder, { x, y, names: Object.keys(cases) });

for (const name of Object.keys(cases))
  test(`${name}: Keras knows it, and judges alike`, () => {
    assert.ok(Array.isArray(said[name]), said[name]);
    own[name].forEach((value, at) => {
      assert.ok(
        Math.abs(value - said[name][at]) <= 1e-5 * Math.max(1, Math.abs(value)),
        `${value}, not ${said[name][at]}`,
      );
    });
  });

for (const [what, settings, word] of [
  ['a metric', { metrics: ['perplexity'] }, 'perplexity'],
  ['a metric among others', { metrics: ['accuracy', metrics.Perplexity?.() ?? 'perplexity'] }, 'erplexity'],
  ['a metric that finds out itself what it is', { metrics: ['ce'] }, 'ce'],
  [
    'a schedule',
    { optimizer: train.adam(schedules.oneCycle({ maxLearningRate: 0.1, totalSteps: 10 })) },
    'OneCycle',
  ],
])
  test(`${what} that Keras lacks is refused by name`, async () => {
    await assert.rejects(io.toKeras(compiled(settings)), (error) => {
      assert.equal(error.code, 'name');
      assert.match(error.message, new RegExp(`Keras has no \\w*${word}; compile the model without it`));
      return true;
    });
  });
