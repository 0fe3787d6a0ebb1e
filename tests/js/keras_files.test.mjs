// Files of Keras, written and read here alone; tests/formats shows them to Keras itself.
import { assert, mapling, test } from './mapling.mjs';

const { io, layers, sequential, tensor, train } = mapling;

const network = () => {
  const model = sequential({
    layers: [
      layers.dense({ units: 3, inputShape: [2], activation: 'tanh' }),
      layers.batchNormalization(),
      layers.dense({ units: 1 }),
    ],
  });
  model.compile({ optimizer: train.adam(0.05), loss: 'meanSquaredError', metrics: ['mae'] });
  return model;
};
const [x, y] = [
  tensor([
    [1, 2],
    [3, -1],
    [0, 2],
  ]),
  tensor([[1], [0], [2]]),
];

test('io.toKeras and io.fromKeras: a compiled model comes back with the same bits, and goes on with them', async () => {
  const model = network();
  await model.fit(x, y, { epochs: 3, verbose: 0, shuffle: false });
  const back = await io.fromKeras(await io.toKeras(model));
  assert.deepEqual([...back.predict(x).dataSync()], [...model.predict(x).dataSync()]);
  for (let step = 0; step < 3; step++)
    assert.deepEqual(await back.trainOnBatch(x, y), await model.trainOnBatch(x, y));
  assert.equal(back.optimizer.iterations, 6);
});

test('io.toKeras: the archive is a zip, and it holds the time of saving, the configuration and the weights', async () => {
  const bytes = await io.toKeras(network(), { includeOptimizer: false });
  assert.deepEqual([...bytes.subarray(0, 4)], [0x50, 0x4b, 3, 4]);
  const text = new TextDecoder('latin1').decode(bytes);
  for (const name of ['metadata.json', 'config.json', 'model.weights.h5'])
    assert.ok(text.includes(name), name);
  assert.ok(!text.includes('compile_config'));
});

test('model.loadWeights says who speaks of a file whose first bytes are no format’s', async () => {
  const bytes = await io.toKeras(network());
  bytes[0] ^= 1;
  const model = network();
  const before = [...model.predict(x).dataSync()];
  assert.throws(() => model.loadWeights(bytes), {
    code: 'format',
    message: /^loadWeights: weights: not a safetensors file/,
  });
  assert.deepEqual([...model.predict(x).dataSync()], before);
});

test('model.loadWeights takes the weights of a .keras archive', async () => {
  const [from, to] = [network(), network()];
  await to.loadWeights(await io.toKeras(from));
  assert.deepEqual([...to.predict(x).dataSync()], [...from.predict(x).dataSync()]);
  const other = sequential({ layers: [layers.dense({ units: 3, inputShape: [2] })] });
  const before = [...other.predict(x).dataSync()];
  await assert.rejects(other.loadWeights(await io.toKeras(from)), {
    code: 'format',
    message: /^loadWeights: /,
  });
  assert.deepEqual([...other.predict(x).dataSync()], before);
});
