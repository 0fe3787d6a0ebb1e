// TensorFlow.js, layers API, on the backend `cpu` or `wasm`.
import { workloads } from '../workloads.mjs';
import { floats, mnist, script } from './mnist.mjs';
import { compiled, networks as more, texts } from './networks.mjs';
import { latencies } from './timing.mjs';

const packages = '/peers/@tensorflow';

export async function create({ backend }) {
  await script(`${packages}/tfjs/dist/tf.min.js`);
  await script(`${packages}/tfjs-backend-wasm/dist/tf-backend-wasm.min.js`);
  const { tf } = globalThis;
  tf.wasm.setWasmPaths(`${packages}/tfjs-backend-wasm/dist/`);
  await tf.setBackend(backend);
  await tf.ready();
  const { layers } = tf;
  const data = await mnist();

  const image = [28, 28, 1];
  const conv = (filters, kernelSize, padding, inputShape) =>
    layers.conv2d({ filters, kernelSize, padding, activation: 'relu', ...(inputShape && { inputShape }) });
  const pool = (poolSize) => layers.maxPooling2d({ poolSize });
  const dense = () => [
    layers.flatten({ inputShape: [28, 28] }),
    layers.dense({ units: 128, activation: 'relu' }),
  ];
  const networks = {
    W1: dense,
    W1b: dense,
    W2: () => [conv(32, 3, 'valid', image), pool(2), conv(64, 3, 'valid'), pool(2), layers.flatten()],
    W2b: () => [conv(8, 5, 'same', image), pool(2), conv(16, 5, 'same'), pool(3), layers.flatten()],
    W3: () => [layers.lstm({ units: 64, inputShape: [28, 28] })],
  };
  const make = (workload) =>
    more[workload]?.(tf) ??
    tf.sequential({ layers: [...networks[workload](), layers.dense({ units: 10, activation: 'softmax' })] });
  const pictures = (model, bytes, from, count) =>
    tf.tensor(floats(bytes, from, count), [count, ...model.inputs[0].shape.slice(1)]);

  const models = {};
  const sets = {};
  const set = (workload, samples) => {
    sets[workload] ??= {};
    const tensorOf = ([values, shape]) => tf.tensor(values, shape);
    if (texts[workload]) {
      const { x, y } = texts[workload](samples);
      sets[workload][samples] ??= [x.length === 1 ? tensorOf(x[0]) : x.map(tensorOf), tensorOf(y)];
    }
    sets[workload][samples] ??= [
      pictures(models[workload], data.pixels, 0, samples),
      tf.tensor1d(Float32Array.from(data.labels.subarray(0, samples))),
    ];
    return sets[workload][samples];
  };
  const train = async (workload, samples) => {
    const [x, y] = set(workload, samples);
    const batchSize = workloads[workload].batch;
    const { history } = await models[workload].fit(x, y, { epochs: 1, batchSize, verbose: 0 });
    return history.loss[0];
  };

  return {
    async start(workload) {
      models[workload] = make(workload);
      models[workload].compile(
        compiled[workload]?.(tf) ?? {
          optimizer: 'adam',
          loss: 'sparseCategoricalCrossentropy',
          metrics: ['accuracy'],
        },
      );
      await train(workload, 16);
    },
    train,
    async predict(workload, count) {
      const model = make(workload);
      let index = 0;
      return latencies(count, async () => {
        const scores = tf.tidy(() => model.predict(pictures(model, data.test, index++ % 1000, 1)));
        await scores.data();
        scores.dispose();
      });
    },
  };
}
