// Runs of training that are stopped somewhere and go on from a checkpoint: three models which together remember all that
// a run can. They run in Node and in browsers.

/** Values that follow from a number, from -1 to 1. */
const wave = (count, seed) =>
  Float32Array.from({ length: count }, (_, i) => Math.fround(Math.sin(i * 1.7 + seed)));

/** For each model how it is made, what it is trained on and how. */
const recipes = {
  /** Pictures that are changed, dropout, a rate that a callback lowers, data kept for validation. */
  dropout({ callbacks, datasets, layers, sequential, train }) {
    const { images, labels } = datasets.digits({ seed: 7, count: 120 }).train;
    const model = sequential({
      seed: 42,
      layers: [
        layers.conv2d({ filters: 2, kernelSize: 3, strides: 2, activation: 'relu', inputShape: [28, 28, 1] }),
        layers.maxPooling2d(),
        layers.flatten(),
        layers.dropout({ rate: 0.25 }),
        layers.dense({ units: 10, activation: 'softmax' }),
      ],
    });
    model.compile({
      optimizer: train.adam(0.003),
      loss: 'sparseCategoricalCrossentropy',
      metrics: ['accuracy'],
    });
    const options = () => ({
      epochs: 4,
      batchSize: 16,
      validationSplit: 0.2,
      augment: { rotation: 0.1, shift: 0.1 },
      callbacks: [
        callbacks.reduceLROnPlateau({ monitor: 'loss', patience: 1, minDelta: 0.5, factor: 0.5 }),
        callbacks.modelCheckpoint({ monitor: 'val_loss', saveBestOnly: true, saveWeightsOnly: true }),
        callbacks.csvLogger(),
      ],
    });
    return { model, data: [images, labels], options };
  },
  /** Batch normalisation, noise, weights of samples, epochs that go on where others ended, a rate that falls. */
  normalised({ callbacks, input, layers, model: join, tensor, train }) {
    const x = tensor(wave(90 * 6, 0), [90, 6]);
    const y = tensor(wave(90 * 2, 3), [90, 2]);
    const from = input({ shape: [6] });
    const wide = layers
      .batchNormalization({ momentum: 0.9 })
      .apply(layers.dense({ units: 12, activation: 'tanh' }).apply(from));
    const noisy = layers.gaussianNoise({ stddev: 0.1 }).apply(wide);
    const model = join({
      inputs: from,
      outputs: [
        layers.dense({ units: 2, name: 'first' }).apply(noisy),
        layers.dense({ units: 2, name: 'second' }).apply(layers.dropout({ rate: 0.3 }).apply(wide)),
      ],
      seed: 5,
    });
    model.compile({
      optimizer: train.momentum(0.05, 0.8),
      loss: ['meanSquaredError', 'meanAbsoluteError'],
      lossWeights: [1, 0.5],
      metrics: ['mae', 'r2Score'],
    });
    const options = () => ({
      epochs: 7,
      initialEpoch: 2,
      batchSize: 8,
      stepsPerEpoch: 5,
      finalRate: 0.1,
      sampleWeight: wave(90, 1).map((value) => 1.5 + value),
      validationData: [x.slice([0, 0], [30, 6]), [y.slice([0, 0], [30, 2]), y.slice([30, 0], [30, 2])]],
      validationSteps: 2,
      callbacks: [
        callbacks.earlyStopping({ monitor: 'loss', patience: 3, restoreBestWeights: true }),
        callbacks.learningRateScheduler((epoch, rate) => rate * (epoch % 2 === 0 ? 0.9 : 1)),
      ],
    });
    return { model, data: [x, [y, y]], options };
  },
  /** A recurrent layer that keeps its state over batches, in validation too, a schedule, an optimizer with a memory of its own. */
  recurrent({ callbacks, layers, schedules, sequential, tensor, train }) {
    const x = tensor(wave(48 * 5 * 3, 2), [48, 5, 3]);
    const y = tensor(wave(48, 4), [48, 1]);
    const model = sequential({
      seed: 9,
      layers: [
        layers.lstm({
          units: 6,
          stateful: true,
          recurrentDropout: 0.2,
          dropout: 0.1,
          batchInputShape: [8, 5, 3],
        }),
        layers.dense({ units: 1 }),
      ],
    });
    const learningRate = schedules.cosineDecay({ initialLearningRate: 0.02, decaySteps: 40 });
    model.compile({ optimizer: train.nadam({ learningRate }), loss: 'meanSquaredError', metrics: ['mae'] });
    const options = () => ({
      epochs: 5,
      batchSize: 8,
      shuffle: false,
      validationData: [tensor(wave(16 * 5 * 3, 6), [16, 5, 3]), tensor(wave(16, 8), [16, 1])],
      callbacks: [callbacks.earlyStopping({ monitor: 'val_loss', patience: 2, restoreBestWeights: true })],
    });
    return { model, data: [x, y], options };
  },
};

export const names = Object.keys(recipes);

/** The options with two callbacks more, before the others and behind them. */
function surrounded(options, first = {}, last = {}) {
  const { callbacks, ...rest } = options();
  return { ...rest, callbacks: [first, ...callbacks, last] };
}

/** What is left of a run: a checkpoint of its end, and, after an epoch more, which is another run, of that. */
async function left({ io }, model, { data, options }) {
  const end = await io.toCheckpoint(model);
  const { epochs } = options();
  await model.fit(...data, { ...options(), callbacks: [], epochs: epochs + 1, initialEpoch: epochs });
  return [end, await io.toCheckpoint(model)];
}

/** A run that nobody stops. */
export async function whole(mapling, name) {
  const { model, ...run } = recipes[name](mapling);
  await model.fit(...run.data, surrounded(run.options));
  return left(mapling, model, run);
}

/**
 * A run that ends when a callback, the first or the last, is called for the `count`-th time: by an error or by
 * `stopTraining`. The checkpoint that was taken there; none if the run ended before.
 */
export async function stopped(mapling, name, { hook, count, isLast, throws }) {
  const { model, data, options } = recipes[name](mapling);
  let file;
  let calls = 0;
  const stopper = {
    [hook]: async () => {
      calls++;
      if (calls !== count) return;
      file = await mapling.io.toCheckpoint(model);
      if (throws) throw new Error('stopped');
      model.stopTraining = true;
    },
  };
  const own = isLast ? [{}, stopper] : [stopper, {}];
  // As many looks as there can be, so that the run is stopped in the middle of validation too.
  const slice = hook === 'onYield' ? { slice: 0 } : {};
  await model.fit(...data, { ...surrounded(options, ...own), ...slice }).catch((failure) => {
    if (failure.message !== 'stopped') throw failure;
  });
  return file;
}

/** Hooks are called so often in the recipes, at least. */
const MOST = { onBatchBegin: 16, onBatchEnd: 16, onEpochBegin: 3, onEpochEnd: 3, onYield: 20 };

/** So many stops of the models in turn, anywhere in their runs; the same seed gives the same ones. */
export function randomStops(count, seed) {
  let state = seed;
  const below = (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
  const hooks = Object.keys(MOST);
  return Array.from({ length: count }, (_, place) => {
    const hook = hooks[below(hooks.length)];
    const stop = { hook, count: 1 + below(MOST[hook]), isLast: below(2) === 1, throws: below(2) === 1 };
    return { name: names[place % names.length], stop };
  });
}

/** What is left of a run that goes on from a checkpoint. */
export async function resumed(mapling, name, file) {
  const { data, options } = recipes[name](mapling);
  const model = await mapling.io.fromCheckpoint(file);
  await model.fit(...data, { ...surrounded(options), resume: true });
  return left(mapling, model, { data, options });
}
