// The first axis of a batch as a setting: what Keras gives for tensors, and why models refuse it.
import { assert, mapling, test } from './mapling.mjs';

const { grad, input, layers, model, ones, sequential, sum, tensor } = mapling;

const a = () =>
  tensor([
    [0, 1, 2],
    [3, 4, 5],
  ]);
const b = () => tensor([[10, 11, 12]]);

test('batches are concatenated where tensors are, as in Keras', () => {
  const all = [
    [0, 1, 2],
    [3, 4, 5],
    [10, 11, 12],
  ];
  for (const axis of [0, -2]) {
    const layer = layers.concatenate({ axis });
    assert.deepEqual(layer.apply([a(), b()]).arraySync(), all);
    // Once more, with batches of other sizes.
    assert.deepEqual(layer.apply([b(), a(), b()]).shape, [4, 3]);
    const shapes = [
      [2, 3],
      [4, 3],
    ];
    assert.deepEqual(layer.computeOutputShape(shapes), [6, 3]);
    assert.deepEqual(layer.computeOutputShape([[null, 3], shapes[1]]), [null, 3]);
  }
  const slope = grad((x) => sum(layers.concatenate({ axis: 0 }).apply([x.mul(x), b()])))(a());
  assert.deepEqual(slope.arraySync(), [
    [0, 2, 4],
    [6, 8, 10],
  ]);
  assert.throws(() => layers.concatenate({ axis: 0 }).apply([a(), ones([1, 4])]), { code: 'shape' });
});

test('masks of batches are concatenated with them', () => {
  const { apply } = layers.masking();
  const masked = apply.call(layers.masking(), tensor([[[1], [0]]]));
  const both = layers.concatenate({ axis: 0 }).apply([masked, ones([2, 2, 1])]);
  const mask = layers.masking().computeMask(both);
  assert.deepEqual(
    mask.arraySync().map((row) => row.map(Number)),
    [
      [1, 0],
      [1, 1],
      [1, 1],
    ],
  );
});

test('a model says why it cannot concatenate batches', () => {
  const why =
    /^layer Concatenate: Concatenate: its result would have more samples than each of its inputs, and those of a model keep their number: it can only be applied to tensors$/;
  for (const axis of [0, -2]) {
    const both = [input({ shape: [3] }), input({ batchShape: [2, 3] })];
    assert.throws(() => layers.concatenate({ axis }).apply(both), { code: 'value', message: why });
  }
  // Another axis of the same layer's inputs is one of the samples.
  const joined = layers.concatenate({ axis: 1 }).apply([input({ shape: [3] }), input({ shape: [2] })]);
  assert.deepEqual(joined.shape, [null, 5]);
});

test('a layer of one’s own may concatenate batches and part them again', () => {
  class Pairs extends layers.Layer {
    static className = 'PairsOfBatchAxis';
    joining = layers.concatenate({ axis: 0 });
    call([x, y]) {
      const both = this.joining.apply([x, y]);
      const [first, second] = both.split(2, 0);
      return first.add(second);
    }
    computeOutputShape([shape]) {
      return shape;
    }
  }
  const [x, y] = [input({ shape: [3] }), input({ shape: [3] })];
  const made = model({ inputs: [x, y], outputs: new Pairs().apply([x, y]) });
  assert.deepEqual(made.predict([a(), a()]).arraySync(), a().add(a()).arraySync());
});

test('normalizing over the batch axis is refused with the reason', () => {
  const why =
    /`axis` cannot be (0|-2), the batch axis: what becomes of a sample must not depend on the others of its batch$/;
  const refused = { code: 'value', message: why };
  for (const axis of [0, -2]) {
    assert.throws(() => layers.batchNormalization({ axis }).apply(a()), refused);
    assert.throws(() => layers.batchNormalization({ axis }).apply(input({ batchShape: [2, 3] })), refused);
    const row = sequential({ layers: [layers.batchNormalization({ axis, batchInputShape: [2, 3] })] });
    assert.throws(() => row.predict(a()), refused);
  }
  for (const layer of [layers.softmax, layers.unitNormalization, layers.layerNormalization])
    assert.throws(() => layer({ axis: 0 }).apply(a()), refused);
});
