// Settings outside of what makes sense are refused by their name, whoever takes them.
import { createTrainer } from '../../dist/npm/worker/trainer.js';
import { assert, unrecorded as mapling, test } from './mapling.mjs';

const { callbacks, layers } = mapling;
const [x, y] = [
  [
    [1, 2],
    [3, 4],
  ],
  [[1], [2]],
];
const model = () => {
  const made = mapling.sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
  made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return made;
};
const set = () => mapling.data.array([{ xs: mapling.tensor(x), ys: mapling.tensor(y) }]);

const NUMBER = [Number.NaN, 'x'];
const COUNT = [-1, 0.5, Number.NaN, 'x'];
const POSITIVE = [0, ...COUNT];
const FLAG = ['no', 1];

/** Who is called with which settings, each of these with values that make no sense. */
const TABLE = {
  gradCheck: [
    {
      step: [0, -1, Number.POSITIVE_INFINITY, ...NUMBER],
      tolerance: [-1, Number.POSITIVE_INFINITY, ...NUMBER],
    },
    (options) => mapling.gradCheck((one) => one.square().sum(), [1, 2], options),
  ],
  fit: [
    {
      epochs: COUNT,
      batchSize: POSITIVE,
      initialEpoch: [3, ...COUNT],
      stepsPerEpoch: POSITIVE,
      steps: POSITIVE,
      validationSteps: POSITIVE,
      validationSplit: [1, 1.5, -0.1, ...NUMBER],
      finalRate: [-1, 2, ...NUMBER],
      shuffle: FLAG,
      resume: FLAG,
      verbose: [3, -1, 'x'],
      slice: [-1, ...NUMBER],
      yieldEvery: [-1, ...NUMBER],
    },
    (options) => model().fit(x, y, options),
  ],
  fitDataset: [
    {
      epochs: COUNT,
      initialEpoch: [3, ...COUNT],
      batchesPerEpoch: POSITIVE,
      validationBatches: POSITIVE,
      validationBatchSize: POSITIVE,
    },
    (options) => model().fitDataset(set(), options),
  ],
  evaluate: [{ batchSize: POSITIVE, steps: POSITIVE }, (options) => model().evaluate(x, y, options)],
  predict: [{ batchSize: POSITIVE, verbose: [9] }, (options) => model().predict(x, options)],
  earlyStopping: [
    {
      patience: COUNT,
      minDelta: NUMBER,
      baseline: NUMBER,
      startFromEpoch: COUNT,
      mode: ['x'],
      monitor: [5],
      restoreBestWeights: FLAG,
    },
    callbacks.earlyStopping,
  ],
  reduceLROnPlateau: [
    {
      factor: [1, -1, ...NUMBER],
      patience: COUNT,
      cooldown: COUNT,
      minLr: NUMBER,
      minDelta: NUMBER,
    },
    callbacks.reduceLROnPlateau,
  ],
  modelCheckpoint: [
    { saveFreq: POSITIVE, saveBestOnly: FLAG, saveWeightsOnly: FLAG, initialValueThreshold: NUMBER },
    callbacks.modelCheckpoint,
  ],
  csvLogger: [{ append: FLAG }, callbacks.csvLogger],
  '': [
    { learningRate: [-1, ...NUMBER], momentum: [-1, 2, ...NUMBER], clipnorm: [0, -1], weightDecay: [-1] },
    (config) => model().compile({ optimizer: { className: 'SGD', config }, loss: 'meanSquaredError' }),
  ],
  'SGD: setMomentum': [
    { Momentum: [-1, 1, ...NUMBER] },
    (given) => mapling.train.momentum(0.1, 0.5).setMomentum(given.Momentum),
  ],
  randomNormal: [{ stdDev: [-1, ...NUMBER] }, ({ stdDev }) => mapling.randomNormal([2], 0, stdDev)],
  truncatedNormal: [{ stdDev: [-1, ...NUMBER] }, ({ stdDev }) => mapling.truncatedNormal([2], 0, stdDev)],
  randomUniform: [{ low: NUMBER }, ({ low }) => mapling.randomUniform([2], low, 1)],
  batchNorm: [
    { varianceEpsilon: [-1, ...NUMBER] },
    ({ varianceEpsilon }) => mapling.batchNorm([[1]], [0], [1], null, null, varianceEpsilon),
  ],
};

/** What is not refused so, in words. */
async function wrongs(table) {
  const wrong = [];
  for (const [who, [settings, call]] of Object.entries(table))
    for (const [key, values] of Object.entries(settings))
      for (const value of values) {
        const told = await Promise.resolve()
          .then(() => call({ [key]: value }))
          .then(
            () => 'was not refused',
            ({ code, message }) =>
              message.startsWith(who) && message.includes(key) && /^(value|type)$/.test(code)
                ? ''
                : `${code}: ${message}`,
          );
        if (told) wrong.push(`${who} ${key} ${String(value)}: ${told}`);
      }
  return wrong;
}

test('settings that make no sense are refused by their name', async () => {
  assert.deepEqual(await wrongs(TABLE), []);
});

test('settings at the ends of their ranges are taken', async () => {
  assert.equal(mapling.gradCheck((one) => one.mul(0).sum(), [1], { tolerance: 0 }).ok, true);
  for (const options of [
    { epochs: 0 },
    { initialEpoch: 2, epochs: 2 },
    { finalRate: 0 },
    { validationSplit: 0 },
  ])
    assert.ok((await model().fit(x, y, options)).epoch.length <= 1);
  assert.deepEqual((await model().fit(x, y, { initialEpoch: 4, steps: 1 })).epoch, [4]);
  assert.deepEqual([...mapling.randomNormal([2], 3, 0).dataSync()], [3, 3]);
});

test('a trainer refuses them too, and options that it would not read', async () => {
  const trainer = await createTrainer();
  try {
    await trainer.setModel(model());
    await trainer.setData('train', x, y);
    const run = {
      epochs: COUNT,
      batchSize: POSITIVE,
      validationSplit: [1],
      finalRate: [2],
      verbose: [1, 2, true],
    };
    const table = {
      start: [{ ...run, evaluateEvery: POSITIVE, paused: FLAG }, (options) => trainer.start(options)],
      fit: [{ ...run, transfer: FLAG, signal: [5] }, (options) => trainer.fit(x, y, options)],
      step: [{ batches: POSITIVE }, ({ batches }) => trainer.step(batches)],
    };
    assert.deepEqual(await wrongs(table), []);
  } finally {
    trainer.terminate();
  }
});
