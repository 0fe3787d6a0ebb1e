// mapling on the workloads; runs in Node and in pages.
import * as mapling from '../../dist/npm/index.js';
import { workloads } from '../workloads.mjs';
import { latencies, warm } from './timing.mjs';

const { datasets, layers, sequential } = mapling;
const inputShape = [28, 28, 1];
const relu = 'relu';

const dense = (units = 128) => [layers.flatten({ inputShape }), layers.dense({ units, activation: relu })];
const networks = {
  W1: dense,
  W1b: dense,
  W2: () => [
    layers.conv2d({ filters: 32, kernelSize: 3, activation: relu, inputShape }),
    layers.maxPooling2d(),
    layers.conv2d({ filters: 64, kernelSize: 3, activation: relu }),
    layers.maxPooling2d(),
    layers.flatten(),
  ],
  W2b: () => [
    layers.conv2d({ filters: 8, kernelSize: 5, padding: 'same', activation: relu, inputShape }),
    layers.maxPooling2d(),
    layers.conv2d({ filters: 16, kernelSize: 5, padding: 'same', activation: relu }),
    layers.maxPooling2d({ poolSize: 3 }),
    layers.flatten(),
  ],
  W3: () => {
    if (!layers.lstm) throw new Error('no recurrent layers yet');
    return [layers.reshape({ targetShape: [28, 28], inputShape }), layers.lstm({ units: 64 })];
  },
};

/** With these settings exactly, or an error: none is taken for another. */
async function load({ mode = 'exact', threads = 1 }) {
  await mapling.init({ mode, threads });
  const made = mapling.backend?.() ?? { mode: 'exact', threads: 1, notes: [] };
  if (made.mode !== mode || made.threads !== threads) {
    throw new Error(`no ${mode} mode with ${threads} threads here: ${made.notes.join('; ')}`);
  }
}

export async function create(settings) {
  await load(settings);
  const digits = await datasets.mnist({ url: new URL('../../www/public/mnist', import.meta.url) });
  const tasks = {};

  const make = (workload, units) => {
    const ten = layers.dense({ units: 10, activation: 'softmax' });
    const model = sequential({ seed: 1, layers: [...networks[workload](units), ten] });
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    return model;
  };
  const train = async (task, samples) => {
    const { model, batchSize } = tasks[task];
    const [x, y] = [digits.train.images, digits.train.labels].map((all) => all.slice(0, samples));
    const { history } = await model.fit(x, y, { epochs: 1, batchSize });
    return history.loss[0];
  };

  return {
    /** The task is a workload, or a name for one with another batch or width. */
    async start(task, { workload = task, batch = workloads[workload].batch, units } = {}) {
      tasks[task] = { model: make(workload, units), batchSize: batch };
      await warm(() => train(task, 8 * batch));
    },
    train,
    async predict(workload, count) {
      let index = 0;
      const model = make(workload);
      return latencies(count, () => model.predict(digits.test.images.slice(index++ % 1000, 1)).dataSync());
    },
  };
}
