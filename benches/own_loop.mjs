// How long a training loop of one's own takes beside `fit`: the tutorial's network on MNIST, batches of 32, Adam, one
// thread. `node benches/own_loop.mjs`; MNIST as the tests find it.
import { pathToFileURL } from 'node:url';
import { folder } from '../scripts/mnist.mjs';
import { at, main } from '../scripts/run.mjs';
import { median } from './statistics.mjs';

const ROUNDS = 9;
/**
 * Rounds before: engines compile a loop's JavaScript while it runs, over its first 3,000 batches or so. `fit` has no such
 * JavaScript.
 */
const COLD = 12;
/** Samples that a round trains on: enough that what happens once does not count. */
const SAMPLES = 9600;
const BATCH = 32;

main(async () => {
  const tf = await import(pathToFileURL(at('dist/npm/index.js')).href);
  await tf.init({ threads: 1 });
  const url = process.env.MNIST_DIR ?? folder;
  const { train } = await tf.datasets.mnist({ url });
  const images = train.images.slice(0, SAMPLES).reshape([SAMPLES, 784]);
  const labels = train.labels.slice(0, SAMPLES);
  const network = () => {
    const model = tf.sequential({
      seed: 1,
      layers: [
        tf.layers.dense({ units: 128, activation: 'relu', inputShape: [784] }),
        tf.layers.dense({ units: 10, activation: 'softmax' }),
      ],
    });
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
    return model;
  };
  const [fitted, own] = [network(), network()];
  const optimizer = tf.train.adam();
  const ways = {
    fit: () => fitted.fit(images, labels, { epochs: 1, batchSize: BATCH, shuffle: false }),
    own: () => {
      for (let from = 0; from < SAMPLES; from += BATCH) {
        const [x, y] = [images.slice(from, BATCH), labels.slice(from, BATCH)];
        const { grads } = tf.variableGrads(() => tf.losses.sparseCategoricalCrossentropy(y, own.apply(x)));
        optimizer.applyGradients(grads);
      }
    },
  };
  const [times, cold] = [
    { fit: [], own: [] },
    { fit: [], own: [] },
  ];
  for (let round = -COLD; round < ROUNDS; round++) {
    for (const [name, train] of Object.entries(ways)) {
      const before = process.cpuUsage();
      await train();
      const { user, system } = process.cpuUsage(before);
      (round < 0 ? cold : times)[name].push((user + system) / SAMPLES);
    }
  }
  for (const [when, { fit, own }] of [
    [`the first ${COLD} rounds`, cold],
    [`the ${ROUNDS} after`, times],
  ]) {
    const [usual, loop] = [median(fit), median(own)];
    console.log(
      `${when}: fit ${usual.toFixed(2)} µs a sample, a loop of one's own ${loop.toFixed(2)}, ${(loop / usual).toFixed(2)} times`,
    );
  }
});
