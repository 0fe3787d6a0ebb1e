// mapling on the workloads; runs in Node and in pages.
import * as mapling from '../../dist/npm/index.js';
import { workloads } from '../workloads.mjs';
import { latencies, warm } from './timing.mjs';

const { datasets, layers, sequential } = mapling;
const inputShape = [28, 28, 1];
const relu = 'relu';

const dense = () => [layers.flatten({ inputShape }), layers.dense({ units: 128, activation: relu })];
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

export async function create() {
  await mapling.init();
  const digits = await datasets.mnist({ url: new URL('../../www/public/mnist', import.meta.url) });
  const models = {};

  const make = (hidden) => {
    const ten = layers.dense({ units: 10, activation: 'softmax' });
    const model = sequential({ seed: 1, layers: [...hidden, ten] });
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    return model;
  };
  const fit = async (model, samples, batchSize) => {
    const [x, y] = [digits.train.images, digits.train.labels].map((all) => all.slice(0, samples));
    const { history } = await model.fit(x, y, { epochs: 1, batchSize });
    return history.loss[0];
  };

  return {
    async start(workload) {
      const { batch } = workloads[workload];
      models[workload] = make(networks[workload]());
      await warm(() => fit(models[workload], 8 * batch, batch));
    },
    train: (workload, samples) => fit(models[workload], samples, workloads[workload].batch),
    async predict(workload, count) {
      let index = 0;
      const model = make(networks[workload]());
      return latencies(count, () => model.predict(digits.test.images.slice(index++ % 1000, 1)).dataSync());
    },
  };
}
