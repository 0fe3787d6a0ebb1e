// Regularizers, constraints and initializers: the library's as objects, and those of one's own, as objects and functions.
import { assert, mapling, test } from './mapling.mjs';
import { list, near } from './numbers.mjs';

const { constraints, initializers, layers, regularizers, sequential, serialization, tensor, train } = mapling;

class Cubes extends regularizers.Regularizer {
  static className = 'Cubes';
  constructor({ factor = 1 } = {}) {
    super();
    this.factor = factor;
  }
  apply(x) {
    return x.pow(3).sum().mul(this.factor);
  }
  getConfig() {
    return { factor: this.factor };
  }
}
class Below extends constraints.Constraint {
  static className = 'Below';
  constructor({ most = 1 } = {}) {
    super();
    this.most = most;
  }
  apply(w) {
    return w.minimum(this.most);
  }
  getConfig() {
    return { most: this.most };
  }
}
class Steps extends initializers.Initializer {
  static className = 'Steps';
  apply(shape, dtype) {
    return mapling
      .range(
        0,
        shape.reduce((size, length) => size * length, 1),
        1,
        dtype,
      )
      .reshape(shape);
  }
}
for (const one of [Cubes, Below, Steps]) serialization.registerClass(one);

/** y = x · w, with w = 1, 2; the loss of x = 1, 1 and y = 3 is 0 but for what is added. */
const two = (more) =>
  sequential({
    layers: [
      layers.dense({
        units: 1,
        useBias: false,
        inputShape: [2],
        kernelInitializer: (shape) => tensor([1, 2]).reshape(shape),
        ...more,
      }),
    ],
  });
const x = [[1, 1]];

test('what a regularizer of one’s own says is added to the loss, in training and in evaluation', async () => {
  const forms = [
    new Cubes({ factor: 0.5 }),
    (w) => w.pow(3).sum().mul(0.5),
    { apply: (w) => w.pow(3).sum().mul(0.5) },
    { call: (w) => w.pow(3).sum().mul(0.5) },
    { className: 'Cubes', config: { factor: 0.5 } },
  ];
  for (const kernelRegularizer of forms) {
    const made = two({ kernelRegularizer });
    made.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
    near(list(made.evaluate(x, [[3]])), [4.5]);
    near([await made.trainOnBatch(x, [[3]])].flat(), [4.5]);
    // 0.5 · 3 · w².
    near(list(made.getWeights()[0]), [1 - 0.15, 2 - 0.6]);
  }
});

test('the penalties of the library count in evaluation, once for each batch, and frozen weights add nothing', async () => {
  const made = two({ kernelRegularizer: regularizers.l2({ l2: 0.1 }) });
  made.compile({ optimizer: train.sgd(0), loss: 'meanSquaredError' });
  const [xs, ys] = [mapling.ones([8, 2]), mapling.fill([8, 1], 3)];
  near(list(made.evaluate(xs, ys, { batchSize: 2 })), [0.5]);
  const { history } = await made.fit(xs, ys, { validationData: [xs, ys] });
  near([history.loss[0], history.val_loss[0]], [0.5, 0.5]);
  made.layers[0].trainable = false;
  near(list(made.evaluate(xs, ys)), [0]);
});

test('a constraint of one’s own holds after each step, and what it throws undoes the step', async () => {
  const mine = {};
  for (const kernelConstraint of [
    new Below({ most: 1.5 }),
    (w) => {
      if (mine.value) throw mine.value;
      return w.minimum(1.5);
    },
  ]) {
    const made = two({ kernelConstraint });
    made.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
    await made.trainOnBatch(x, [[2]]);
    near(list(made.getWeights()[0]), [0.8, 1.5]);
    if (typeof kernelConstraint !== 'function') continue;
    mine.value = new RangeError('mine');
    const before = made.getWeights().map(list);
    await assert.rejects(
      () => made.trainOnBatch(x, [[0]]),
      (error) => error === mine.value,
    );
    assert.deepEqual(made.getWeights().map(list), before);
    // An optimizer in JavaScript holds it too.
    mine.value = undefined;
    const weights = made.trainableWeights.map(({ val }) => val);
    train.sgd(1).minimize(() => made.apply(tensor(x)).mul(-1).sum(), false, weights);
    near(list(made.getWeights()[0]), [1.5, 1.5]);
  }
});

test('an initializer of one’s own: objects, functions, and randomness that follows from the model’s seed', () => {
  assert.deepEqual(list(two({ kernelInitializer: new Steps() }).getWeights()[0]), [0, 1]);
  assert.deepEqual(
    list(two({ kernelInitializer: (shape) => mapling.fill(shape, 4) }).getWeights()[0]),
    [4, 4],
  );
  const random = (seed) => {
    const layer = layers.dense({
      units: 3,
      inputShape: [2],
      kernelInitializer: (shape) => mapling.randomNormal(shape),
    });
    return list(sequential({ seed, layers: [layer] }).getWeights()[0]);
  };
  assert.deepEqual(random(1), random(1));
  assert.notDeepEqual(random(1), random(2));
});

test('they are saved by their names and settings, and loaded where their classes are registered', async () => {
  const made = two({
    kernelInitializer: new Steps(),
    kernelRegularizer: new Cubes({ factor: 2 }),
    kernelConstraint: new Below({ most: 0.5 }),
    activityRegularizer: new Cubes(),
  });
  const { kernelRegularizer, kernelConstraint, kernelInitializer } = made.layers[0].getConfig();
  assert.deepEqual(
    [kernelRegularizer, kernelConstraint, kernelInitializer],
    [
      { className: 'Cubes', config: { factor: 2 } },
      { className: 'Below', config: { most: 0.5 } },
      { className: 'Steps', config: {} },
    ],
  );
  const again = await mapling.loadModel(await made.save());
  for (const one of [made, again]) {
    one.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
    // w = 0, 1: the loss is (1 − 1)² + 2 · 1 + 1³.
    near(list(one.evaluate(x, [[1]])), [3]);
    await one.trainOnBatch(x, [[1]]);
    near(list(one.getWeights()[0]), [0 - 0.3, 1 - 0.9]);
  }
  const config = { className: 'Sequential', config: { layers: [] } };
  config.config.layers.push({
    class_name: 'Dense',
    config: { units: 1, kernel_regularizer: { class_name: 'Strange', config: {} } },
  });
  assert.throws(() => mapling.modelFromJSON({ ...config, class_name: 'Sequential' }), {
    code: 'name',
    message: /regularizer `Strange` is unknown; .*serialization\.registerClass/,
  });
});

test('in addWeight, and for the outputs of a layer of one’s own', async () => {
  class Scaled extends layers.Layer {
    static className = 'ScaledByParts';
    build() {
      this.by = this.addWeight(
        'by',
        [2],
        'float32',
        new Steps(),
        (w) => w.square().sum(),
        true,
        new Below({ most: 0.6 }),
      );
    }
    call(inputs) {
      return inputs.mul(this.by.read());
    }
  }
  const made = sequential({
    layers: [new Scaled({ inputShape: [2], activityRegularizer: regularizers.l1({ l1: 0.5 }) })],
  });
  made.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
  assert.deepEqual(list(made.getWeights()[0]), [0, 1]);
  // Outputs 0 and 1 are right: 1 of the weights and 0.5 · 1 of the outputs.
  near(list(made.evaluate(x, [[0, 1]])), [1.5]);
  near([await made.trainOnBatch(x, [[0, 1]])].flat(), [1.5]);
  near(list(made.getWeights()[0]), [0, 0.6]);
  assert.deepEqual(made.layers[0].getConfig().activityRegularizer, { class_name: 'L1', config: { l1: 0.5 } });
});

test('the library’s as objects: settings, and used by themselves', () => {
  const w = tensor([
    [3, 0],
    [4, 1],
  ]);
  near(list(regularizers.l1({ l1: 0.1 }).apply(w)), [0.8]);
  near(list(regularizers.l2({ l2: 0.1 }).apply(w)), [2.6]);
  near(list(regularizers.l1l2({ l1: 0.1, l2: 0.1 }).apply(w)), [3.4]);
  near(list(mapling.grad((x) => regularizers.l2({ l2: 0.5 }).apply(x))(w)), [3, 0, 4, 1]);
  near(list(constraints.nonNeg().apply(tensor([-1, 2]))), [0, 2]);
  near(list(constraints.maxNorm({ maxValue: 1 }).apply(w)), [0.6, 0, 0.8, 1]);
  near(list(constraints.unitNorm().apply(w)), [0.6, 0, 0.8, 1]);
  near(list(constraints.minMaxNorm({ minValue: 2, maxValue: 3 }).apply(w)), [1.8, 0, 2.4, 2]);
  near(list(initializers.zeros().apply([2])), [0, 0]);
  near(list(initializers.ones().apply([2], 'float32')), [1, 1]);
  near(list(initializers.constant({ value: 3 }).apply([2])), [3, 3]);
  for (const name of [
    'randomUniform',
    'randomNormal',
    'truncatedNormal',
    'glorotUniform',
    'glorotNormal',
    'heUniform',
    'heNormal',
    'leCunUniform',
    'leCunNormal',
    'orthogonal',
  ]) {
    const [first, second] = [1, 1].map((seed) => initializers[name]({ seed }).apply([3, 4]));
    assert.deepEqual(list(first), list(second));
    assert.deepEqual(first.shape, [3, 4]);
    assert.ok(new Set(list(first)).size > 4, name);
    const layer = layers.dense({ units: 4, kernelInitializer: initializers[name]({ seed: 1 }) });
    layer.apply(mapling.ones([1, 3]));
    assert.deepEqual(list(layer.getWeights()[0]), list(first));
  }
  const l2 = regularizers.l2({ l2: 0.5 });
  assert.deepEqual([l2.getClassName(), l2.getConfig()], ['L2', { l2: 0.5 }]);
  assert.deepEqual(layers.dense({ units: 1, kernelRegularizer: l2 }).getConfig().kernelRegularizer, {
    className: 'L2',
    config: { l2: 0.5 },
  });
  assert.deepEqual(Cubes.fromConfig({ factor: 3 }).getConfig(), { factor: 3 });
  assert.deepEqual([new Steps().getConfig(), new Below().getClassName()], [{}, 'Below']);
});

test('parts that make no sense are refused by name, and the instance lives on', async () => {
  const step = (more) => {
    const made = two(more);
    made.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
    return made.trainOnBatch(x, [[1]]);
  };
  const mistakes = [
    [/^Dense: kernelRegularizer: expected a tensor, got 5$/, () => step({ kernelRegularizer: () => 5 })],
    [
      /^Dense: kernelRegularizer: expected a single value, got \[2,1\]$/,
      () => step({ kernelRegularizer: (w) => w.mul(2) }),
    ],
    [
      /^Dense: kernelConstraint: expected \[2,1\], got \[\]$/,
      () => step({ kernelConstraint: (w) => w.sum() }),
    ],
    [
      /^Dense: kernelInitializer: expected \[2,1\], got \[3\]$/,
      () => step({ kernelInitializer: () => mapling.ones([3]) }),
    ],
    [
      /^Dense: activityRegularizer: expected a tensor, got undefined$/,
      () => step({ activityRegularizer() {} }),
    ],
    [
      /^Regularizer: a regularizer of your own needs a method/,
      () => step({ kernelRegularizer: new regularizers.Regularizer() }),
    ],
    [
      /^Constraint: a constraint of your own needs/,
      () => step({ kernelConstraint: new constraints.Constraint() }),
    ],
    [
      /^Initializer: an initializer of your own needs/,
      () => step({ kernelInitializer: new initializers.Initializer() }),
    ],
    [/^Dense: unknown key "kernelRegulariser"/, () => step({ kernelRegulariser: new Cubes() })],
    [/^regularizers\.l2: expected an object of settings, got 3$/, async () => regularizers.l2(3)],
    [/^regularizers\.l3: not in mapling; the nearest is l1$/, async () => regularizers.l3()],
    [
      /^initializers\.zeros: seed: a seed is a whole number, got "a"$/,
      async () => initializers.zeros({ seed: 'a' }),
    ],
    [/`kernelInitializer`: initializer `zeroes` is unknown/, () => step({ kernelInitializer: 'zeroes' })],
  ];
  for (const [message, action] of mistakes) {
    await assert.rejects(
      async () => action(),
      (error) => {
        assert.match(error.message, message);
        return error.name === 'Error' && typeof error.code === 'string';
      },
    );
    assert.deepEqual(list(mapling.add(1, 2)), [3]);
  }
});

test('a part among the settings of a layer of one’s own is saved with it', async () => {
  class Keeping extends layers.Layer {
    static className = 'Keeping';
    constructor(config = {}) {
      super(config);
      this.penalty = config.penalty;
    }
    build() {
      this.w = this.addWeight('w', [], 'float32', 'ones', this.penalty);
    }
    call(inputs) {
      return inputs.mul(this.w.read());
    }
    getConfig() {
      return { ...super.getConfig(), penalty: this.penalty };
    }
  }
  serialization.registerClass(Keeping);
  for (const penalty of [new Cubes({ factor: 3 }), regularizers.l2({ l2: 3 })]) {
    const made = sequential({ layers: [new Keeping({ inputShape: [1], penalty })] });
    const again = await mapling.loadModel(await made.save());
    for (const one of [made, again]) {
      one.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      near(list(one.evaluate([[1]], [[1]])), [3]);
    }
  }
});

test('a constraint may ask the optimizer for its settings, and read the weight, in the middle of a step', async () => {
  const optimizer = train.sgd(0.1);
  const told = [];
  const made = two({
    kernelConstraint: (w) => {
      told.push(optimizer.learningRate, list(made.layers[0].weights[0].read())[1]);
      return w.mul(1);
    },
  });
  made.compile({ optimizer, loss: 'meanSquaredError' });
  await made.trainOnBatch(x, [[2]]);
  near(told, [0.1, 1.8], 1e-6);
});
