// mapling on the workloads; runs in Node and in pages.
import * as mapling from '../../dist/npm/index.js';
import { workloads } from '../workloads.mjs';
import { compiled, networks as more, texts } from './networks.mjs';
import { latencies, warm } from './timing.mjs';

const { datasets, layers, sequential } = mapling;
const inputShape = [28, 28, 1];
const relu = 'relu';

const dense = (units = 128) => [layers.flatten({ inputShape }), layers.dense({ units, activation: relu })];
const networks = {
  W1: dense,
  W1b: dense,
  W10: dense,
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
    if (more[workload]) {
      mapling.setSeed(1);
      const model = more[workload](mapling);
      const given = compiled[workload]?.(mapling);
      model.compile(
        given ?? { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] },
      );
      return model;
    }
    const ten = layers.dense({ units: 10, activation: 'softmax' });
    const model = sequential({ seed: 1, layers: [...networks[workload](units), ten] });
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    return model;
  };
  const sets = {};
  /** The inputs and targets of the first samples. */
  const set = (workload, samples) => {
    if (!texts[workload])
      return [digits.train.images, digits.train.labels].map((all) => all.slice(0, samples));
    const tensorOf = ([values, shape]) => mapling.tensor(values, shape);
    const { x, y } = texts[workload](samples);
    sets[`${workload} ${samples}`] ??= [x.length === 1 ? tensorOf(x[0]) : x.map(tensorOf), tensorOf(y)];
    return sets[`${workload} ${samples}`];
  };
  /** A loop of one's own; the loss of the last batch. */
  const loop = ({ model, optimizer, batchSize }, samples) => {
    const [x, y] = set('W10', samples);
    let last;
    for (let from = 0; from < samples; from += batchSize) {
      const size = Math.min(batchSize, samples - from);
      const [inputs, targets] = [x.slice(from, size), y.slice(from, size)];
      const { value, grads } = mapling.variableGrads(() =>
        mapling.losses.sparseCategoricalCrossentropy(targets, model.apply(inputs)),
      );
      optimizer.applyGradients(grads);
      last = value;
    }
    return last.dataSync()[0];
  };
  const train = async (task, samples) => {
    const { workload, model, batchSize } = tasks[task];
    if (workload === 'W10') return loop(tasks[task], samples);
    const [x, y] = set(workload, samples);
    const { history } = await model.fit(x, y, { epochs: 1, batchSize });
    return history.loss[0];
  };

  return {
    /** The task is a workload, or a name for one with another batch or width. */
    async start(task, { workload = task, batch = workloads[workload].batch, units } = {}) {
      tasks[task] = {
        workload,
        model: make(workload, units),
        batchSize: batch,
        optimizer: mapling.train.adam(),
      };
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
