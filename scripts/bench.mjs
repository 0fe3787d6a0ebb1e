// `npm run bench`: CPU microseconds per training sample, in Node, one thread, on digits that mapling draws.
import { buildPackage, buildWasm } from './build.mjs';
import { main } from './run.mjs';
import { setup } from './setup.mjs';

const rounds = 3;

/** The tutorial's network and Keras' convnet, with the samples of a round. */
const workloads = [
  {
    name: 'W1 tutorial, batch 32',
    batchSize: 32,
    samples: 6400,
    hidden: (layers) => [
      layers.flatten({ inputShape: [28, 28, 1] }),
      layers.dense({ units: 128, activation: 'relu' }),
    ],
  },
  {
    name: 'W2 convnet 32-64, batch 128',
    batchSize: 128,
    samples: 640,
    hidden: (layers) => [
      layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
      layers.maxPooling2d(),
      layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d(),
      layers.flatten(),
    ],
  },
];

async function measure(mapling, { batchSize, samples, hidden }, digits) {
  const { layers, sequential } = mapling;
  const ten = layers.dense({ units: 10, activation: 'softmax' });
  const model = sequential({ seed: 1, layers: [...hidden(layers), ten] });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  const [x, y] = [digits.images, digits.labels].map((set) => set.slice(0, samples));
  await model.fit(x, y, { epochs: 1, batchSize });
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    await model.fit(x, y, { epochs: 1, batchSize });
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / samples);
  }
  return times.sort((a, b) => a - b);
}

main(async () => {
  await setup({ tests: false });
  await buildWasm();
  await buildPackage();
  const mapling = await import('../dist/npm/index.js');
  await mapling.init();
  const digits = mapling.datasets.digits({ seed: 1, count: 8000 }).train;
  for (const workload of workloads) {
    const times = await measure(mapling, workload, digits);
    const [least, median, most] = [times[0], times[rounds >> 1], times[rounds - 1]].map((t) => t.toFixed(1));
    console.log(`${workload.name.padEnd(30)} ${median} µs a sample (${least} to ${most})`);
  }
});
