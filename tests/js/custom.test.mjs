// Parts of a user's own: layers, losses and metrics written in JavaScript. They train in the same loop, are saved and
// loaded, and what they throw arrives as it is.
import { assert, mapling, test } from './mapling.mjs';
import { list, near } from './numbers.mjs';

const { input, layers, model, sequential, serialization, tensor, train } = mapling;

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
  const late = await after(50);
  // Less is there if the collector has come meanwhile: what earlier tests made goes.
  for (const [at, count] of late.entries()) assert.ok(count <= early[at], `${late}, ${early} before`);
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
  assert.deepEqual(list((await mapling.models.modelFromJSON(made.toJSON())).predict([[1, 2]])), [3]);
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

test('fromConfig of one’s own takes the settings alone, or the class before them, and hands them on either way', async () => {
  class Plus extends layers.Layer {
    static className = 'PlusOfTest';
    constructor(config) {
      super(config ?? {});
      this.by = config.by;
    }
    call(inputs) {
      return first(inputs).add(this.by);
    }
    getConfig() {
      return { ...super.getConfig(), by: this.by };
    }
    static fromConfig(cls, config) {
      // biome-ignore lint/complexity/noThisInStatic: TensorFlow.js' programs write it so
      return super.fromConfig(cls, config);
    }
  }
  class Alone extends Plus {
    static className = 'AloneOfTest';
    static fromConfig(config) {
      return new Alone(config);
    }
  }
  for (const Class of [Plus, Alone]) {
    serialization.registerClass(Class);
    const model = sequential({ layers: [new Class({ by: 3, inputShape: [2] })] });
    const again = await mapling.loadModel(await model.save());
    assert.deepEqual(list(again.predict([[1, 2]])), [4, 5]);
    assert.ok(again.layers[0] instanceof Class);
  }
  assert.equal(Plus.fromConfig(Plus, { by: 4 }).by, 4);
});

test('classes that extend the library’s are registered, whatever methods they have', () => {
  const { Serializable } = serialization;
  class Bag extends Serializable {
    static className = 'BagOfTest';
    constructor(config) {
      super();
      this.held = config?.held;
    }
    getConfig() {
      return { held: this.held };
    }
  }
  assert.equal(serialization.registerClass(Bag), Bag);
  assert.equal(Bag.fromConfig({ held: 3 }).held, 3);
  assert.equal(Bag.fromConfig(Bag, { held: 4 }).held, 4);
  assert.throws(() => serialization.registerClass(class extends Serializable {}), /needs a name/);
  const written = {
    class_name: 'Sequential',
    config: { layers: [{ class_name: 'EinsumDense', config: {} }] },
  };
  assert.throws(
    () => mapling.modelFromJSON(written),
    /the layer class "EinsumDense" is unknown; .*; mapling itself has no layer of this name$/,
  );
  assert.throws(
    () => layers.einsumDense({}),
    /^Error: layers\.einsumDense: not in mapling; the nearest is dense over the last axis/,
  );
});

test('in a model a layer of one’s own keeps the number of samples, on tensors it need not', () => {
  class Halved extends layers.Layer {
    static className = 'Halved';
    call(x) {
      return x.slice([0, 0], [x.shape[0] / 2, x.shape[1]]);
    }
    computeOutputShape(shape) {
      return shape;
    }
  }
  assert.deepEqual(new Halved({}).apply(mapling.ones([4, 2])).shape, [2, 2]);
  const made = mapling.sequential({ layers: [new Halved({ inputShape: [2], name: 'half' })] });
  assert.throws(
    () => made.predict(mapling.ones([4, 2])),
    /half: in a model a layer keeps the number of samples, but of 4 samples it made \[2, 2\]/,
  );
});
