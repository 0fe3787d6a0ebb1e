// What layers, models and optimizers tell of themselves, as programs for TensorFlow.js read it.
import { readOracle } from './keras.mjs';
import { assert, mapling, test } from './mapling.mjs';
import { list, near } from './numbers.mjs';

const { layers, regularizers, sequential, tensor } = mapling;
const of = ({ shape, data }) => tensor(data, shape);

const penalized = () => {
  const layer = layers.dense({
    units: 2,
    inputShape: [2],
    kernelInitializer: 'ones',
    kernelRegularizer: regularizers.l2({ l2: 0.1 }),
    biasRegularizer: { apply: (b) => b.sum().add(3) },
    activityRegularizer: regularizers.l1({ l1: 0.5 }),
  });
  return { layer, model: sequential({ layers: [layer, layers.dense({ units: 1 })] }) };
};

test('losses and calculateLosses say what weights add to the loss, and gradients flow through it', () => {
  const { layer, model } = penalized();
  model.build();
  near(layer.calculateLosses().flatMap(list), [0.4, 3]);
  near(
    layer.losses.flatMap((loss) => list(loss())),
    [0.4, 3],
  );
  assert.deepEqual(
    model.calculateLosses().map((loss) => loss.shape),
    [[], []],
  );
  assert.equal(model.losses.length, 2);
  const { grads } = mapling.variableGrads(() => mapling.addN(layer.calculateLosses()));
  const [kernel, bias] = layer.weights.map(({ name }) => grads[name]);
  near(list(kernel), [0.2, 0.2, 0.2, 0.2]);
  near(list(bias), [1, 1]);
  layer.trainable = false;
  assert.deepEqual(layer.calculateLosses(), []);
  assert.deepEqual([layer.updates, layers.flatten().losses], [[], []]);
});

test('activityRegularizer, stateful and metrics say what settings say', async () => {
  const { layer, model } = penalized();
  near(list(layer.activityRegularizer.apply(tensor([-2, 4]))), [3]);
  assert.equal(layers.dense({ units: 1 }).activityRegularizer, null);
  const [read] = (
    await mapling.modelFromJSON(
      sequential({
        layers: [
          layers.dense({ units: 1, inputShape: [1], activityRegularizer: regularizers.l2({ l2: 1 }) }),
        ],
      }).toJSON(),
    )
  ).layers;
  near(list(read.activityRegularizer.apply(tensor([3]))), [9]);
  const stateful = layers.lstm({ units: 1, stateful: true, batchInputShape: [2, 3, 1] });
  assert.deepEqual([stateful.stateful, layer.stateful, model.stateful], [true, false, false]);
  assert.equal(sequential({ layers: [stateful] }).stateful, true);
  class Own extends layers.Layer {
    static className = 'OwnStateful';
    stateful = true;
  }
  assert.equal(new Own({}).stateful, true);
  assert.deepEqual(model.metrics, []);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['accuracy'] });
  assert.deepEqual(model.metrics, ['accuracy']);
});

test('InputSpec holds layers of one’s own to the shapes that they expect', () => {
  class Pairs extends layers.Layer {
    static className = 'Pairs';
    inputSpec = [new mapling.InputSpec({ ndim: 3, axes: { '-1': 2 } })];
    call(x) {
      return [x].flat()[0].mul(2);
    }
  }
  const made = new Pairs({});
  assert.equal(made.inputSpec[0].ndim, 3);
  assert.deepEqual(list(made.apply(mapling.ones([1, 1, 2]))), [2, 2]);
  const refused = (call, message) => assert.throws(call, { name: 'Error', code: 'shape', message });
  refused(
    () => made.apply(mapling.ones([1, 2])),
    /Pairs.*inputSpec: input 0 must have 3 axes, but is \[.*2\]/,
  );
  refused(() => made.apply(mapling.ones([1, 4, 3])), /must have length 2 on axis -1/);
  refused(() => new Pairs({}).apply(mapling.input({ shape: [2, 3] })), /must have length 2 on axis -1/);
  const spec = new mapling.InputSpec({ shape: [null, 4], dtype: 'float32' });
  assert.deepEqual({ ...spec }, { shape: [null, 4], ndim: 2, dtype: 'float32', axes: {} });
  class Bounded extends Pairs {
    static className = 'Bounded';
    inputSpec = [{ minNDim: 2, maxNDim: 3, shape: [null, 4] }];
  }
  assert.deepEqual(new Bounded({}).apply(mapling.ones([2, 4])).shape, [2, 4]);
  refused(() => new Bounded({}).apply(mapling.ones([2, 5])), /must have the shape \[null,4\]/);
  refused(() => new Bounded({}).apply(mapling.ones([2])), /at least 2 axes/);
  refused(() => new Bounded({}).apply(mapling.ones([2, 4, 1, 1])), /at most 3 axes/);
  assert.throws(() => new mapling.InputSpec({ ndim: 'x' }), { code: 'type', message: /^InputSpec: ndim/ });
});

test('normalization finds Keras’ mean and variance, of a tensor at once and of a data set', async () => {
  const cases = readOracle('preprocessing.json').layers.filter(({ data }) => data);
  assert.equal(cases.length, 4);
  for (const one of cases) {
    const { axis } = one.config;
    const layer = layers.normalization({ axis: axis.length === 0 ? null : axis });
    const done = layer.adapt(of(one.data));
    near(list(layer.apply(of(one.x))), one.y.data, 1e-5);
    await done;
    const [mean, variance, count] = layer.getWeights();
    near(list(mean), one.weights[0].data, 1e-5);
    near(list(variance), one.weights[1].data, 1e-4);
    assert.deepEqual(list(count), [0]);
    const other = layers.normalization({ axis: layer.getConfig().axis });
    const [first, ...rest] = mapling.unstack(of(one.data));
    const batches = [first.expandDims(0), mapling.stack(rest)];
    await other.adapt(mapling.data.array(batches));
    near(list(other.getWeights()[0]), one.weights[0].data, 1e-5);
    near(list(other.getWeights()[1]), one.weights[1].data, 1e-4);
  }
  await assert.rejects(layers.normalization({ mean: 0, variance: 1 }).adapt(tensor([[1]])), {
    code: 'state',
    message: /^Normalization: adapt: the mean and the variance were given/,
  });
  await assert.rejects(layers.normalization().adapt(mapling.data.array([])), { message: /no batches/ });
});

test('randomCrop cuts out the same place of all pictures, any of them; identity changes nothing', () => {
  const x = mapling.range(0, 2 * 4 * 5).reshape([2, 4, 5, 1]);
  const seen = new Set();
  const layer = layers.randomCrop({ height: 3, width: 3, seed: 1 });
  for (let at = 0; at < 60; at++) {
    const [first, , , , , , , , , other] = list(layer.apply(x, { training: true }));
    assert.equal(other - first, 20);
    seen.add(first);
  }
  assert.deepEqual(
    [...seen].sort((a, b) => a - b),
    [0, 1, 2, 5, 6, 7],
  );
  assert.deepEqual(list(layers.identity().apply(x)), list(x));
});

test('the orthogonal regularizer has Keras’ values and gradients, and trains', async () => {
  for (const { config, x, value, dx } of readOracle('regularizers.json').cases) {
    const made = regularizers.orthogonal(config);
    near(list(made.apply(of(x))), [value], 1e-6);
    near(list(mapling.grad((w) => made.apply(w))(of(x))), dx.data, 1e-6);
  }
  const layer = layers.dense({
    units: 3,
    inputShape: [4],
    useBias: false,
    kernelRegularizer: regularizers.orthogonal({ factor: 1 }),
  });
  assert.deepEqual(layer.getConfig().kernelRegularizer, {
    className: 'OrthogonalRegularizer',
    config: { factor: 1, mode: 'rows' },
  });
  const model = sequential({ seed: 1, layers: [layer] });
  model.compile({ optimizer: mapling.train.sgd(0.05), loss: 'meanSquaredError' });
  const zero = [mapling.zeros([4, 4]), mapling.zeros([4, 3])];
  const before = list(layer.calculateLosses()[0])[0];
  await model.fit(...zero, { epochs: 40 });
  assert.ok(list(layer.calculateLosses()[0])[0] < 0.6 * before);
  assert.throws(() => regularizers.orthogonal().apply(tensor([1, 2])), { message: /expected a matrix/ });
  assert.throws(() => regularizers.orthogonal({ mode: 'x' }).apply(tensor([[1]])), {
    message: /`mode` must be/,
  });
});

test('an optimizer’s weights go out by name and come back', async () => {
  const w = mapling.variable(tensor([[1, 2]]), true, 'kept_weight');
  const step = (optimizer) => optimizer.minimize(() => w.square().sum());
  const optimizer = mapling.train.adam(0.1);
  step(optimizer);
  step(optimizer);
  const kept = await optimizer.getWeights();
  assert.deepEqual(
    kept.map(({ name }) => name),
    ['iter', 'kept_weight/momentum', 'kept_weight/velocity'],
  );
  assert.deepEqual([list(kept[0].tensor), kept[0].tensor.dtype], [[2], 'int32']);
  assert.deepEqual(kept[1].tensor.shape, [1, 2]);
  const start = w.clone();
  step(optimizer);
  const after = list(w);
  w.assign(start);
  const other = mapling.train.adam(0.1);
  await other.setWeights(kept);
  assert.equal(other.iterations, 2);
  step(other);
  assert.deepEqual(list(w), after);
  assert.deepEqual(list((await other.saveIterations()).tensor), [3]);
  other.incrementIterations();
  assert.equal(other.iterations, 4);
  const rest = await other.extractIterations(kept);
  assert.deepEqual([rest.length, other.iterations], [2, 2]);
  const refused = (given, message) => assert.rejects(other.setWeights(given), { name: 'Error', message });
  await refused([kept[0], kept[1]], /nothing is given for "kept_weight\/velocity"/);
  await refused([kept[0], { name: 'no/momentum', tensor: tensor([1]) }], /expected the name of one variable/);
  await refused(
    [kept[0], { name: 'kept_weight/m', tensor: tensor([1]) }],
    /Adam remembers momentum, velocity/,
  );
  await refused([kept[0], { ...kept[1], tensor: tensor([1]) }], /expected \[1,2\], got \[1\]/);
  await refused(5, /setWeights: expected a list/);
});
