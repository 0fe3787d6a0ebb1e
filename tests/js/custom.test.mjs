// Parts of a user's own: layers, losses and metrics written in JavaScript. They train in the same loop, are saved and
// loaded, and what they throw arrives as it is.
import { assert, mapling, test } from './mapling.mjs';

const { input, layers, model, sequential, serialization, tensor, train } = mapling;

const list = (one) => Array.from(one.dataSync());
const near = (got, want, allowed = 1e-6) =>
  assert.ok(
    [...got].length === want.length && want.every((value, at) => Math.abs(got[at] - value) <= allowed),
    `${[...got]}, expected ${want}`,
  );
const first = (inputs) => (Array.isArray(inputs) ? inputs[0] : inputs);

/** Each feature times a weight of its own, which begins as `start`. */
class Scale extends layers.Layer {
  static className = 'Scale';
  constructor(config = {}) {
    super(config);
    this.start = config.start ?? 1;
  }
  build(inputShape) {
    const start = { apply: (shape) => mapling.fill(shape, this.start) };
    this.factor = this.addWeight('factor', [inputShape.at(-1)], 'float32', start);
  }
  call(inputs) {
    return first(inputs).mul(this.factor.read());
  }
  computeOutputShape(inputShape) {
    return inputShape;
  }
  getConfig() {
    return { ...super.getConfig(), start: this.start };
  }
}
serialization.registerClass(Scale);

const ones = (units) => layers.dense({ units, useBias: false, kernelInitializer: 'ones' });

test('a layer of one’s own trains with the others, by the gradients of its ops', async () => {
  const scale = new Scale({ start: 2, inputShape: [2], name: 'my_scale' });
  const dense = ones(1);
  const made = sequential({ layers: [scale, dense] });
  assert.deepEqual(list(made.predict([[1, 2]])), [6]);
  assert.deepEqual([scale.name, scale.built, scale.countParams()], ['my_scale', true, 2]);
  made.compile({ optimizer: train.sgd(0.01), loss: 'meanSquaredError' });
  // The error is 6: gradients 2 · 6 · x · kernel for the factors, 2 · 6 · x · factor for the kernel.
  near([await made.trainOnBatch([[1, 2]], [[0]])].flat(), [36]);
  near(list(scale.getWeights()[0]), [2 - 0.12, 2 - 0.24]);
  near(list(dense.getWeights()[0]), [1 - 0.24, 1 - 0.48]);
  const { history } = await made.fit(
    [
      [1, 2],
      [2, 1],
    ],
    [[3], [3]],
    { epochs: 200, batchSize: 1 },
  );
  assert.ok(history.loss.at(-1) < 1e-3, `${history.loss.at(-1)}`);
});

test('training with a layer of one’s own leaves nothing behind', async () => {
  const made = sequential({ layers: [new Scale({ inputShape: [64] }), ones(1)] });
  made.compile({ optimizer: train.sgd(0), loss: (yTrue, yPred) => yTrue.sub(yPred).square().mean(-1) });
  const [x, y] = [mapling.ones([8, 64]), mapling.zeros([8, 1])];
  const after = async (epochs) => {
    await made.fit(x, y, { epochs, batchSize: 8 });
    const { numTensors, coreBytes } = mapling.memory();
    return [numTensors, coreBytes];
  };
  const early = await after(2);
  assert.deepEqual(await after(50), early);
});

test('saved and loaded by its name, with its settings and weights', async () => {
  const made = sequential({ layers: [new Scale({ start: 3, inputShape: [2] }), ones(1)] });
  made.compile({ optimizer: train.sgd(0.01), loss: 'meanSquaredError' });
  await made.trainOnBatch([[1, 2]], [[0]]);
  const again = await mapling.loadModel(await made.save());
  assert.ok(again.layers[0] instanceof Scale);
  assert.deepEqual(again.layers[0].getConfig(), {
    name: 'scale',
    trainable: true,
    dtype: 'float32',
    batchInputShape: [null, 2],
    start: 3,
  });
  assert.deepEqual(again.predict([[1, 2]]).dataSync(), made.predict([[1, 2]]).dataSync());
  const alike = mapling.modelFromJSON(made.toJSON());
  assert.deepEqual(list(alike.layers[0].getWeights()[0]), [3, 3]);
  // In a graph as well.
  const x = input({ shape: [2] });
  const graph = model({ inputs: x, outputs: new Scale({ start: 5 }).apply(x) });
  assert.deepEqual(list((await mapling.loadModel(await graph.save())).predict([[1, 2]])), [5, 10]);
  assert.deepEqual(Scale.fromConfig({ start: 4 }).getConfig(), {
    trainable: true,
    dtype: 'float32',
    start: 4,
  });
});

test('a class under another name, and what is no class', () => {
  class Twice extends layers.Layer {
    static className = 'Twice';
    call(inputs) {
      return first(inputs).mul(2);
    }
  }
  assert.equal(serialization.registerClass(Twice, 'mine', 'mine>Twice'), Twice);
  const written = {
    class_name: 'Sequential',
    config: { layers: [{ class_name: 'mine>Twice', config: { input_shape: [1] } }] },
  };
  assert.deepEqual(list(mapling.modelFromJSON(written).predict([[3]])), [6]);
  for (const odd of [undefined, null, 5, {}, () => 1, class Stray {}, layers.Layer])
    assert.throws(() => serialization.registerClass(odd), /^Error: registerClass: /);
  const unknown = { class_name: 'Sequential', config: { layers: [{ class_name: 'Unknown', config: {} }] } };
  assert.throws(
    () => mapling.modelFromJSON(unknown),
    /^Error: modelFromJSON: the layer class "Unknown" is unknown; .*serialization\.registerClass/,
  );
});

test('a layer is used alone: apply, call, weights, gradients', () => {
  const scale = new Scale({ start: 3 });
  assert.deepEqual([scale.built, scale.weights.length], [false, 0]);
  assert.deepEqual(list(scale.apply(tensor([[1, 2]]))), [3, 6]);
  assert.deepEqual(list(scale.call(tensor([[1, 1]]), {})), [3, 3]);
  assert.deepEqual(scale.computeOutputShape([null, 2]), [null, 2]);
  const { grads } = mapling.variableGrads(() =>
    scale
      .apply(tensor([[1, 2]]))
      .square()
      .sum(),
  );
  assert.deepEqual(
    Object.entries(grads).map(([name, one]) => [name, list(one)]),
    [['scale/factor', [6, 24]]],
  );
  const second = mapling.grad(mapling.grad((x) => scale.apply(x).pow(3).sum()));
  near(list(second(tensor([[1, 2]]))), [27 * 6, 27 * 6 * 2], 1e-3);
});

test('a weight tells what it is, is read, written, and keeps its shape', () => {
  const scale = new Scale({ start: 3, name: 'told' });
  scale.apply(tensor([[1, 2]]));
  const [factor] = scale.weights;
  assert.ok(factor instanceof mapling.LayerVariable && factor.read() instanceof mapling.Variable);
  assert.equal(factor, scale.factor);
  assert.deepEqual(
    [factor.name, factor.originalName, factor.shape, factor.dtype],
    ['told/factor', 'told/factor', [2], 'float32'],
  );
  assert.deepEqual([factor.trainable, factor.isState], [true, false]);
  assert.ok(Number.isInteger(factor.id));
  const before = factor.snapshot();
  assert.equal(factor.write(tensor([7, 8])), factor);
  assert.deepEqual(
    [list(before), list(factor.read()), list(scale.apply(tensor([[1, 1]])))],
    [
      [3, 3],
      [7, 8],
      [7, 8],
    ],
  );
  assert.throws(() => factor.write(tensor([1])), { code: 'shape' });
  assert.deepEqual(list(factor.read()), [7, 8]);
  factor.read().assign(tensor([1, 2]));
  assert.deepEqual(list(scale.getWeights()[0]), [1, 2]);
});

test('weights that a constructor asks for, and what a layer is that says nothing of itself', () => {
  class Shift extends layers.Layer {
    static className = 'Shift';
    constructor(config) {
      super(config);
      this.by = this.addWeight('by', [1], null, { className: 'Constant', config: { value: 3 } });
    }
    call(inputs) {
      return first(inputs).add(this.by.read());
    }
  }
  const shift = new Shift({ name: 'shift' });
  assert.deepEqual([shift.by.name, shift.by.shape, shift.className], ['shift/by', [1], 'Shift']);
  assert.equal(shift.build([null, 2]), undefined);
  assert.deepEqual(shift.computeOutputShape([null, 2]), [null, 2]);
  assert.deepEqual(list(shift.apply(tensor([[1, 2]]))), [4, 5]);
  const bare = new layers.Layer({ dtype: 'float32' });
  assert.throws(() => bare.call(tensor([1]), {}), {
    code: 'state',
    message: /^Layer: call: a layer of your own needs/,
  });
  assert.deepEqual(
    [bare.weights, bare.countParams(), bare.getConfig()],
    [[], 0, { name: 'layer', trainable: true, dtype: 'float32' }],
  );
});

test('initializers, regularizers and constraints of its weights', async () => {
  class Held extends layers.Layer {
    static className = 'Held';
    build() {
      this.kept = this.addWeight(
        'kept',
        [2],
        'float32',
        'ones',
        { className: 'L2', config: { l2: 0.5 } },
        true,
        'nonNeg',
      );
      this.fixed = this.addWeight(
        'fixed',
        [],
        null,
        { className: 'Constant', config: { value: 4 } },
        null,
        false,
      );
    }
    call(inputs) {
      return first(inputs).mul(this.kept.read()).sum(-1, true).add(this.fixed.read());
    }
    computeOutputShape([batch]) {
      return [batch, 1];
    }
  }
  const held = new Held({ inputShape: [2] });
  const made = sequential({ layers: [held] });
  made.compile({ optimizer: train.sgd(1), loss: 'meanSquaredError' });
  assert.deepEqual([held.trainableWeights, held.nonTrainableWeights], [[held.kept], [held.fixed]]);
  // 1 · 1 + 1 · 2 + 4 = 7; the loss is (7 − 6)² + 0.5 · 2; gradients 2 · x + 1 make both weights negative, then 0.
  near([await made.trainOnBatch([[1, 2]], [[6]])].flat(), [2]);
  assert.deepEqual(made.getWeights().map(list), [[0, 0], [4]]);
  assert.deepEqual(made.getWeights(true).map(list), [[0, 0]]);
});

test('it is told whether it trains, and may change weights of its own while it does', async () => {
  class Counter extends layers.Layer {
    static className = 'Counter';
    build() {
      this.steps = this.addWeight('steps', [], 'float32', 'zeros', undefined, false);
    }
    call(inputs, { training }) {
      if (training) this.steps.write(this.steps.read().add(1));
      return training ? first(inputs).mul(10) : first(inputs);
    }
  }
  const counter = new Counter({ inputShape: [1] });
  const made = sequential({ layers: [counter, ones(1)] });
  made.compile({ optimizer: train.sgd(0), loss: 'meanSquaredError' });
  const { history } = await made.fit([[1], [1], [1]], [[0], [0], [0]], { epochs: 2, batchSize: 1 });
  near(history.loss, [100, 100]);
  near(list(made.evaluate([[1]], [[0]])), [1]);
  assert.deepEqual(list(counter.steps.read()), [6]);
  assert.deepEqual(list(counter.apply(tensor([[2]]), { training: true })), [20]);
  assert.deepEqual(list(counter.apply(tensor([[2]]))), [2]);
});

test('several inputs and outputs', async () => {
  class SumAndProduct extends layers.Layer {
    static className = 'SumAndProduct';
    call([a, b]) {
      return [a.add(b), a.mul(b)];
    }
    computeOutputShape([a]) {
      return [a, a];
    }
  }
  const both = [input({ shape: [2] }), input({ shape: [2] })];
  const [sum, product] = new SumAndProduct().apply(both);
  assert.deepEqual([sum.shape, product.outputTensorIndex], [[null, 2], 1]);
  const made = model({ inputs: both, outputs: [product, ones(1).apply(sum)] });
  const x = [tensor([[1, 2]]), tensor([[3, 4]])];
  assert.deepEqual(made.predict(x).map(list), [[3, 8], [10]]);
  made.compile({ optimizer: train.sgd(0.01), loss: 'meanSquaredError' });
  near(await made.trainOnBatch(x, [tensor([[3, 8]]), tensor([[9]])]), [1, 0, 1]);
  near(list(made.getWeights()[0]), [1 - 0.08, 1 - 0.12]);
});

test('a loss and a metric that are functions, with weights of samples', async () => {
  const made = sequential({
    layers: [layers.dense({ units: 1, kernelInitializer: 'ones', inputShape: [1] })],
  });
  const distance = (yTrue, yPred) => yTrue.sub(yPred).abs().mean(-1);
  function within(yTrue, yPred) {
    return yTrue.sub(yPred).abs().less(0.5).mean(-1);
  }
  made.compile({ optimizer: train.sgd(0.1), loss: distance, metrics: [within, 'mse'] });
  assert.deepEqual(made.metricsNames, ['loss', 'within', 'mse']);
  assert.equal(made.loss, distance);
  const [x, y] = [tensor([[1], [2]]), tensor([[3], [2.2]])];
  near(made.evaluate(x, y).flatMap(list), [1.1, 0.5, 2.02]);
  near([await made.trainOnBatch(x, y, tensor([1, 3]))].flat(), [(2 + 3 * 0.2) / 2, 0.5, 2.02]);
  // Gradients −1 · 1 / 2 and −3 · 2 / 2.
  near(made.getWeights().flatMap(list), [1.35, 0.2]);
  const { history } = await made.fit(x, y, { epochs: 2, validationData: [x, y] });
  assert.deepEqual(Object.keys(history), ['loss', 'within', 'mse', 'val_loss', 'val_within', 'val_mse']);
});

test('a loss that is a function takes the steps that the loss of that name takes', async () => {
  const trained = async (loss) => {
    const made = sequential({
      seed: 4,
      layers: [layers.dense({ units: 2, inputShape: [3], activation: 'tanh' }), layers.dense({ units: 1 })],
    });
    made.compile({ optimizer: train.adam(0.05), loss });
    const x = mapling.randomNormal([32, 3], 0, 1, 'float32', 5);
    await made.fit(x, x.sum(1, true), { epochs: 5, batchSize: 8 });
    return made.getWeights().flatMap(list);
  };
  near(
    await trained((yTrue, yPred) => yTrue.squaredDifference(yPred).mean(-1)),
    await trained('meanSquaredError'),
    1e-5,
  );
});

/** A model whose part throws as long as `mine.value` is set. */
function throwing(mine) {
  const check = () => {
    if ('value' in mine) throw mine.value;
  };
  class Throwing extends layers.Layer {
    static className = 'Throwing';
    call(inputs) {
      if (mine.where === 'call') check();
      return first(inputs).mul(1);
    }
  }
  const part = (where) => (yTrue, yPred) => {
    if (mine.where === where) check();
    return yTrue.sub(yPred).square().mean(-1);
  };
  const made = sequential({ layers: [new Throwing({ inputShape: [1] }), ones(1)] });
  made.compile({ optimizer: train.sgd(0.1), loss: part('loss'), metrics: [part('metric')] });
  return made;
}

test('what a part throws arrives unchanged from every method, and the same model works on', async () => {
  for (const where of ['call', 'loss', 'metric']) {
    for (const value of [new TypeError('mine'), new RangeError('of mine'), 'a text', undefined, null]) {
      const mine = { where };
      const made = throwing(mine);
      await made.trainOnBatch([[1]], [[0]]);
      const before = made.getWeights().flatMap(list);
      mine.value = value;
      const calls = [
        () => made.fit([[1], [2]], [[0], [0]], { batchSize: 1, epochs: 2 }),
        () => made.trainOnBatch([[1]], [[0]]),
        async () => made.evaluate([[1]], [[0]]),
        ...(where === 'call' ? [async () => made.predict([[1]]), async () => made.apply(tensor([[1]]))] : []),
        ...(where === 'call' ? [async () => mapling.grad((x) => made.apply(x))(tensor([[1]]))] : []),
      ];
      for (const call of calls) {
        const thrown = await call().then(
          () => 'nothing',
          (error) => error,
        );
        assert.equal(thrown, value);
      }
      assert.deepEqual(made.getWeights().flatMap(list), before);
      delete mine.value;
      const { history } = await made.fit([[1]], [[0]], { epochs: 1 });
      near(history.loss, [before[0] ** 2]);
      near(list(mapling.add(1, 2)), [3]);
    }
  }
});

test('parts that do what makes no sense are refused by name, and the instance lives on', async () => {
  const layer = (members) => {
    class Odd extends layers.Layer {
      static className = 'Odd';
    }
    Object.assign(Odd.prototype, members);
    const made = sequential({ layers: [new Odd({ inputShape: [2] }), layers.dense({ units: 1 })] });
    made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    return made.fit(mapling.ones([2, 2]), mapling.ones([2, 1]));
  };
  const judged = (part) => {
    const made = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
    made.compile({ optimizer: 'sgd', loss: 'meanSquaredError', ...part });
    return made.fit(mapling.ones([2, 2]), mapling.ones([2, 1]));
  };
  const same = (x) => first(x).mul(1);
  const mistakes = [
    [/^Odd: call: expected a tensor, got undefined$/, () => layer({ call() {} })],
    [/^Odd: call: expected a tensor, got 5$/, () => layer({ call: () => 5 })],
    [/^Odd: call: expected a tensor, got a Promise$/, () => layer({ call: async (x) => same(x) })],
    [/^Odd: call: a layer of your own needs a method/, () => layer({})],
    [/^Odd: call: computeOutputShape tells 1 results, but there are 0$/, () => layer({ call: () => [] })],
    [
      /^Odd: call: computeOutputShape tells \[null,2\], but the result is \[5,7\]$/,
      () => layer({ call: () => mapling.ones([5, 7]) }),
    ],
    [
      /^Odd: call: computeOutputShape tells \[null,2\], but the result is \[2,7\]$/,
      () => layer({ call: () => mapling.ones([2, 7]), computeOutputShape: (shape) => shape }),
    ],
    [
      /^Odd: call: the tensor is disposed$/,
      () =>
        layer({
          call(x) {
            const y = same(x);
            y.dispose();
            return y;
          },
        }),
    ],
    [
      /^Odd: computeOutputShape: expected a shape such as \[null, 3\], got undefined$/,
      () => layer({ call: same, computeOutputShape() {} }),
    ],
    [
      /^Odd: computeOutputShape: expected a shape .* got \[null,-1\]$/,
      () => layer({ call: same, computeOutputShape: () => [null, -1] }),
    ],
    [
      /^Odd: addWeight: name: expected a text, got 5$/,
      () =>
        layer({
          call: same,
          build() {
            this.addWeight(5, [2]);
          },
        }),
    ],
    [
      /^addWeight: `initializer`: initializer `zeroes` is unknown/,
      () =>
        layer({
          call: same,
          build() {
            this.addWeight('w', [2], 'float32', 'zeroes');
          },
        }),
    ],
    [
      /^Odd: addWeight: w: a shape is an array of numbers, got "x"$/,
      () =>
        layer({
          call: same,
          build() {
            this.addWeight('w', 'x');
          },
        }),
    ],
    [
      /^Odd: addWeight: the name "w" is used twice$/,
      () =>
        layer({
          call: same,
          build() {
            this.addWeight('w', [1]);
            this.addWeight('w', [1]);
          },
        }),
    ],
    [
      /^Odd: addWeight: w: dtype: expected float32, got "int32"$/,
      () =>
        layer({
          call: same,
          build() {
            this.addWeight('w', [1], 'int32');
          },
        }),
    ],
    [/^compile: loss: expected a tensor, got undefined$/, () => judged({ loss() {} })],
    [
      /^compile: loss: expected a value for each of 2 samples, or one, got \[7\]$/,
      () => judged({ loss: () => mapling.ones([7]) }),
    ],
    [
      /^compile: loss: bool has no gradient: a loss has to be float32$/,
      () => judged({ loss: (a, b) => a.less(b) }),
    ],
    [/^compile: metrics: expected a tensor, got undefined$/, () => judged({ metrics: [() => {}] })],
    [
      /^compile: metrics: expected a value for each of 2 samples/,
      () => judged({ metrics: [() => mapling.ones([7])] }),
    ],
    [/^compile: loss: expected a name or a function, got 5$/, async () => judged({ loss: 5 })],
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

test('a part cannot use the model that it is at work in, and endless recursion ends', async () => {
  const made = {};
  class Inside extends layers.Layer {
    static className = 'Inside';
    call(inputs) {
      made.use?.(first(inputs), this);
      return first(inputs).mul(1);
    }
  }
  made.model = sequential({ layers: [new Inside({ inputShape: [1] }), ones(1)] });
  made.model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const run = () => made.model.fit([[1]], [[0]]);
  made.use = () => made.model.predict([[1]]);
  await assert.rejects(run, /^Error: a model cannot be used while it is at work/);
  made.use = () => made.model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  await assert.rejects(run, /^Error: compile: the model is being trained/);
  made.use = (x, layer) => layer.apply(x);
  await assert.rejects(run, /^Error: Inside: layers are inside one another more than 32 deep$/);
  // Another model may be used: a frozen one that embeds, say.
  const other = sequential({ layers: [ones(1)] });
  made.use = (x) => other.predict(x);
  const { history } = await run();
  near(history.loss, [1]);
});

test('addLoss in call adds to the loss, in training and in evaluation', async () => {
  class Costly extends layers.Layer {
    static className = 'Costly';
    build() {
      this.w = this.addWeight('w', [], 'float32', 'ones');
    }
    call(x) {
      this.addLoss(this.w.read().square());
      this.addLoss([() => this.w.read().mul(2)]);
      return x.mul(1);
    }
  }
  const made = sequential({ layers: [new Costly({ inputShape: [1] })] });
  made.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
  near(list(made.evaluate([[2]], [[2]])), [3]);
  near([await made.trainOnBatch([[2]], [[2]])].flat(), [3]);
  near(list(made.getWeights()[0]), [1 - 0.4]);
  // Outside of a call there is no loss to add to.
  assert.equal(new Costly().addLoss(tensor(1)), undefined);
  assert.throws(() => new Costly().addLoss(5), /^Error: Costly: addLoss: expected a tensor, got 5$/);
});

test('names of TensorFlow.js around classes of one’s own', async () => {
  class Plain extends serialization.Serializable {
    static className = 'Plain';
  }
  const plain = Plain.fromConfig({});
  assert.deepEqual([plain.getClassName(), plain.getConfig()], ['Plain', {}]);
  const made = sequential({ layers: [ones(1)] });
  made.build([null, 2]);
  assert.equal(made.resetStates(), undefined);
  assert.deepEqual(list(mapling.models.modelFromJSON(made.toJSON()).predict([[1, 2]])), [3]);
  made.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
  const told = [];
  const callback = new mapling.CustomCallback({ onEpochEnd: (epoch) => told.push(epoch) });
  await made.fit([[1, 2]], [[3]], { epochs: 2, callbacks: callback });
  assert.deepEqual(told, [0, 1]);
  assert.throws(
    () => new mapling.CustomCallback({ onEpochEnd: 5 }),
    /^Error: CustomCallback: onEpochEnd: expected a function/,
  );
});
