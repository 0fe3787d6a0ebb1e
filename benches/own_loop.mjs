// How long a training loop of one's own takes beside `fit`: the tutorial's network on MNIST, batches of 32, Adam, one
// thread. `node benches/own_loop.mjs`; MNIST as the tests find it.
import { pathToFileURL } from 'node:url';
import { folder } from '../scripts/mnist.mjs';
import { at, main } from '../scripts/run.mjs';
import { median } from './statistics.mjs';

/** All of W1, five times 60,000 samples, in so many rounds, which both ways take in turns. */
const ROUNDS = 25;
/** Samples that a round trains on. */
const SAMPLES = 12000;
/**
 * Rounds in which engines compile a loop's JavaScript while it runs, the first 3,000 batches or so. `fit` has no such
 * JavaScript.
 */
const COLD = 8;
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
  const times = { fit: [], own: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, train] of Object.entries(ways)) {
      const before = process.cpuUsage();
      await train();
      const { user, system } = process.cpuUsage(before);
      times[name].push((user + system) / SAMPLES);
    }
  }
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  for (const [when, from, to, of] of [
    [`the first ${COLD} of ${ROUNDS} rounds, mean`, 0, COLD, mean],
    ['the others, median', COLD, ROUNDS, median],
    ['all of W1, mean', 0, ROUNDS, mean],
  ]) {
    const [usual, loop] = [of(times.fit.slice(from, to)), of(times.own.slice(from, to))];
    console.log(
      `${when}: fit ${usual.toFixed(2)} µs a sample, a loop of one's own ${loop.toFixed(2)}, ${(loop / usual).toFixed(2)} times`,
    );
  }
});
