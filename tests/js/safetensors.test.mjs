// Weights and tensors as safetensors files, there and back. That other programs read them, and what happens to files that
// are none, is tested in tests/formats.
import { assert, mapling, test } from './mapling.mjs';

const { io, layers, sequential, tensor } = mapling;
const make = () =>
  sequential({
    layers: [
      layers.conv1d({ filters: 2, kernelSize: 2, inputShape: [5, 3] }),
      layers.batchNormalization({ name: 'norm' }),
      layers.lstm({ units: 2 }),
    ],
  });

test('a model that is written and read has the same weights, by Keras’ paths', async () => {
  const [made, other] = [make(), make()];
  const { tensors, metadata } = await io.fromSafetensors(await io.toSafetensors(made));
  assert.deepEqual(
    Object.keys(tensors),
    made.weights.map(({ name }) => name),
  );
  assert.ok('norm/moving_variance' in tensors && 'lstm/lstm_cell/recurrent_kernel' in tensors);
  assert.deepEqual(metadata, {});
  other.loadWeights(tensors);
  const x = tensor(
    Array.from({ length: 30 }, (_, at) => Math.sin(at)),
    [2, 5, 3],
  );
  assert.deepEqual(other.predict(x).dataSync(), made.predict(x).dataSync());
  const bytes = await io.toSafetensors(made);
  assert.throws(() => other.loadWeights(bytes, false), {
    code: 'value',
    message: 'loadWeights: strict: a file gives all weights; only tensors by their paths may be a part',
  });
});

test('what the core writes is read, and what is written here the core reads', async () => {
  const [made, other] = [make(), make()];
  const { weights } = await made.save();
  const { tensors } = await io.fromSafetensors(weights);
  assert.deepEqual(tensors['conv1d/kernel'].dataSync(), made.weights[0].read().dataSync());
  other.loadWeights(await io.toSafetensors(made));
  assert.deepEqual(
    other.getWeights().map((x) => [...x.dataSync()]),
    made.getWeights().map((x) => [...x.dataSync()]),
  );
});

test('tensors by name keep kind, shape and values, and texts go along', async () => {
  const given = {
    rows: tensor([[1, 2]]),
    whole: tensor([3], [1], 'int32'),
    flag: tensor([true], [1], 'bool'),
  };
  const file = await io.toSafetensors(given, { metadata: { made: 'here' } });
  const { tensors, metadata } = await io.fromSafetensors(file);
  assert.deepEqual(metadata, { made: 'here' });
  for (const [name, x] of Object.entries(given)) {
    const found = tensors[name];
    assert.deepEqual([found.dtype, found.shape, found.dataSync()], [x.dtype, x.shape, x.dataSync()]);
  }
});
