// Layers of noise: what they are in the mean, that they do nothing outside training, their gradients, and their seed.
import { assert, mapling, test } from './mapling.mjs';
import { list, near } from './numbers.mjs';

const { grads, layers, ones, sequential, tensor } = mapling;

const mean = (x) => x.mean().dataSync()[0];
const variance = (x) => x.sub(x.mean()).square().mean().dataSync()[0];
const SELU_LEAST = -1.7580993;

const all = {
  gaussianNoise: { stddev: 0.5 },
  gaussianDropout: { rate: 0.3 },
  alphaDropout: { rate: 0.3 },
  spatialDropout1d: { rate: 0.3 },
  activityRegularization: { l1: 0.1 },
};

test('outside training nothing is disturbed', () => {
  const x = tensor(
    Array.from({ length: 24 }, (_, at) => at - 12),
    [2, 3, 4],
  );
  for (const [name, args] of Object.entries(all)) near(list(layers[name](args).apply(x)), list(x));
  const picture = x.reshape([1, 2, 3, 4]);
  near(list(layers.spatialDropout2d({ rate: 0.5 }).apply(picture)), list(x));
  near(list(layers.spatialDropout3d({ rate: 0.5 }).apply(picture.expandDims(0))), list(x));
});

test('in training mean and variance are those of the definition', () => {
  const x = ones([200, 300]).mul(2);
  const training = { training: true };
  const noisy = layers.gaussianNoise({ stddev: 0.5 }).apply(x, training);
  near([mean(noisy), variance(noisy)], [2, 0.25], 0.01);
  const scaled = layers.gaussianDropout({ rate: 0.2 }).apply(x, training);
  near([mean(scaled), variance(scaled)], [2, 1], 0.03);
  // Alpha dropout keeps the mean 0 and the variance 1.
  const normal = mapling.randomNormal([200, 300], 0, 1, 'float32', 5);
  const set = layers.alphaDropout({ rate: 0.4 }).apply(normal, training);
  near([mean(set), variance(set)], [mean(normal), variance(normal)], 0.02);
  const a = 1 / Math.sqrt(0.6 * (1 + 0.4 * SELU_LEAST ** 2));
  const least = a * SELU_LEAST - a * SELU_LEAST * 0.4;
  const share = mean(set.sub(least).abs().less(1e-5).asType('float32'));
  near([share], [0.4], 0.01);
});

test('spatial dropout drops whole channels, and a noise shape what it says', () => {
  const training = { training: true };
  for (const [name, shape] of [
    ['spatialDropout1d', [40, 5, 50]],
    ['spatialDropout2d', [40, 5, 3, 50]],
    ['spatialDropout3d', [40, 2, 3, 2, 50]],
  ]) {
    const y = layers[name]({ rate: 0.25 }).apply(ones(shape), training);
    const axes = shape.map((_, at) => at).slice(1, -1);
    near(list(y.max(axes).sub(y.min(axes)).max()), [0]);
    near([mean(y), mean(y.equal(0).asType('float32'))], [1, 0.25], 0.05);
  }
  const together = layers.alphaDropout({ rate: 0.5, noiseShape: [null, 1] }).apply(ones([50, 8]), training);
  near(list(together.max(1).sub(together.min(1)).max()), [0]);
});

test('gradients go through what was drawn', () => {
  const x = ones([4, 6, 5]);
  for (const name of ['gaussianDropout', 'spatialDropout1d']) {
    const layer = layers[name]({ rate: 0.5 });
    let y;
    const [dx] = grads((x) => {
      y = layer.apply(x, { training: true });
      mapling.keep(y);
      return y.sum();
    })([x]);
    near(list(dx), list(y), 1e-5);
    y.dispose();
  }
  const [dx] = grads((x) => layers.gaussianNoise({ stddev: 1 }).apply(x, { training: true }).sum())([x]);
  near(list(dx), list(ones([4, 6, 5])));
});

test('the seed of a model decides what is drawn', async () => {
  const run = async (seed) => {
    const made = sequential({
      seed,
      layers: [
        layers.gaussianNoise({ stddev: 0.3, inputShape: [3, 4] }),
        layers.spatialDropout1d({ rate: 0.3 }),
        layers.gaussianDropout({ rate: 0.3 }),
        layers.alphaDropout({ rate: 0.3 }),
        layers.flatten(),
        layers.dense({ units: 1, kernelInitializer: 'ones' }),
      ],
    });
    made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await made.fit(ones([8, 3, 4]), ones([8, 1]), { epochs: 2, verbose: 0 });
    return list(made.getWeights()[0]);
  };
  assert.deepEqual(await run(3), await run(3));
  assert.notDeepEqual(await run(3), await run(4));
});

test('an activity regularizer adds the mean over samples to the loss, of any layer', async () => {
  const x = tensor([
    [1, -2],
    [3, 4],
  ]);
  const lossOf = (layer) => {
    const made = sequential({ layers: [layer] });
    made.compile({ optimizer: 'sgd', loss: (_, y) => y.mul(0).mean() });
    return made.evaluate(x, x, { verbose: 0 }).dataSync()[0];
  };
  // (0.1 · 10 + 0.01 · 30) / 2
  near([lossOf(layers.activityRegularization({ l1: 0.1, l2: 0.01, inputShape: [2] }))], [0.65]);
  const args = { units: 2, kernelInitializer: 'identity', inputShape: [2] };
  const l2 = mapling.regularizers.l2({ l2: 0.01 });
  near([lossOf(layers.dense({ ...args, activityRegularizer: l2 }))], [0.15]);
  near([lossOf(layers.dense({ ...args, activation: 'relu', activityRegularizer: l2 }))], [0.13]);
});

test('settings that make no sense are refused', () => {
  for (const action of [
    () => layers.gaussianNoise({ stddev: -1 }),
    () => layers.gaussianDropout({ rate: 1 }),
    () => layers.alphaDropout({ rate: -0.1 }),
    () => layers.spatialDropout1d({ rate: 2 }),
    () => layers.spatialDropout1d({ rate: 0.5 }).apply(ones([2, 3])),
    () => layers.gaussianNoise({ stddev: 1, seed: 0.5 }),
    () => layers.activityRegularization({ l1: -1 }),
    () => layers.gaussianNoise({}),
  ])
    assert.throws(action, { code: /value|shape/ });
});

test('prelu and thresholdedReLU', () => {
  const x = tensor([
    [-2, 3],
    [4, -1],
  ]);
  const alpha = layers.prelu({ alphaInitializer: mapling.initializers.constant({ value: 0.5 }) });
  near(list(alpha.apply(x)), [-1, 3, 4, -0.5]);
  assert.deepEqual(layers.prelu({ sharedAxes: 1 }).getConfig().sharedAxes, [1]);
  near(list(layers.thresholdedReLU({ theta: 3 }).apply(x)), [0, 0, 4, 0]);
  near(list(layers.softmax({ axis: [1, 2] }).apply(x.mul(0).expandDims(0))), [0.25, 0.25, 0.25, 0.25]);
});
