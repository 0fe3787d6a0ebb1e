// Layers inside layers of one's own: what a layer holds belongs to it, as in Keras.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Block, names, ones } from './block.mjs';
import { assert, mapling, test } from './mapling.mjs';
import { list, near } from './numbers.mjs';

const { layers, sequential, tensor, train } = mapling;

test('layers that a layer holds belong to it: paths, counts, and steps along their gradients', async () => {
  const block = new Block({ inputShape: [2] });
  const made = sequential({ layers: [block] });
  assert.deepEqual(names(made), ['block/dense/kernel', 'block/dense_1/kernel']);
  assert.deepEqual([block.built, block.dense.built, block.countParams()], [true, true, 6]);
  assert.deepEqual(
    names(block.dense).map((name) => name.split('/').at(-1)),
    ['kernel'],
  );
  assert.deepEqual(made.outputShape, [null, 1]);
  assert.deepEqual(list(made.predict([[1, 2]])), [6]);
  made.compile({ optimizer: train.sgd(0.01), loss: 'meanSquaredError' });
  near([await made.trainOnBatch([[1, 2]], [[5]])].flat(), [1]);
  // The gradient is 2 · 1 at the output, then x at the first kernel and 3 at the second.
  near(list(block.dense.getWeights()[0]), [0.98, 0.98, 0.96, 0.96]);
  near(list(block.more[0].last.getWeights()[0]), [0.94, 0.94]);
  assert.deepEqual(block.getWeights().map(list), made.getWeights().map(list));
});

test('they freeze with it and each for itself, from the next step on', async () => {
  const block = new Block({ inputShape: [2] });
  const made = sequential({ layers: [block, ones(1)] });
  made.compile({ optimizer: train.sgd(0.01), loss: 'meanSquaredError' });
  const moved = async () => {
    const before = made.getWeights().map(list);
    await made.trainOnBatch([[1, 2]], [[0]]);
    return made.getWeights().map((one, at) => `${list(one)}` !== `${before[at]}`);
  };
  block.trainable = false;
  assert.deepEqual([block.dense.trainable, made.trainableWeights.length], [false, 1]);
  assert.deepEqual(await moved(), [false, false, true]);
  block.trainable = true;
  block.dense.trainable = false;
  assert.deepEqual(await moved(), [false, true, true]);
  // A layer that is frozen before it is built freezes what it holds.
  const frozen = new Block({ trainable: false });
  frozen.apply(tensor([[1, 2]]));
  assert.deepEqual([frozen.trainableWeights, frozen.nonTrainableWeights.length], [[], 2]);
});

test('saved and loaded with their weights', async () => {
  const made = sequential({
    seed: 5,
    layers: [new Block({ units: 3, inputShape: [2] }), layers.dense({ units: 2 })],
  });
  made.compile({ optimizer: train.adam(0.1), loss: 'meanSquaredError' });
  await made.fit(mapling.ones([8, 2]), mapling.zeros([8, 2]), { epochs: 2 });
  const x = tensor([[1, 2]]);
  const again = await mapling.loadModel(await made.save());
  assert.deepEqual(list(again.predict(x)), list(made.predict(x)));
  const alike = mapling.modelFromJSON(made.toJSON());
  alike.setWeights(made.getWeights());
  assert.deepEqual(list(alike.predict(x)), list(made.predict(x)));
  const byPath = Object.fromEntries(made.weights.map((weight) => [weight.name, weight.read()]));
  const third = mapling.modelFromJSON(made.toJSON());
  third.loadWeights(byPath);
  assert.deepEqual(list(third.predict(x)), list(made.predict(x)));
});

test('weights follow from the model’s seed', () => {
  class Random extends layers.Layer {
    static className = 'Random';
    constructor(config) {
      super(config);
      this.inner = layers.dense({ units: 4 });
    }
    call(x) {
      return this.inner.apply(x);
    }
  }
  const weights = (seed) =>
    sequential({ seed, layers: [new Random({ inputShape: [3] }), layers.dense({ units: 1 })] })
      .getWeights()
      .flatMap(list);
  assert.deepEqual(weights(7), weights(7));
  assert.notDeepEqual(weights(7), weights(8));
});

test('regularizers of the layers inside add to the loss, of weights and of outputs', async () => {
  class Held extends layers.Layer {
    static className = 'Held';
    constructor(config) {
      super(config);
      this.dense = ones(2, {
        kernelRegularizer: { className: 'L2', config: { l2: 0.5 } },
        activityRegularizer: { className: 'L1', config: { l1: 0.25 } },
      });
    }
    call(x) {
      return this.dense.apply(x);
    }
  }
  const made = sequential({ layers: [new Held({ inputShape: [1] })] });
  made.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
  // Outputs 3, 3; the loss is (1 + 1) / 2 + 0.5 · 2 + 0.25 · 6, in evaluation too.
  near(list(made.evaluate([[3]], [[2, 2]])), [3.5]);
  near([await made.trainOnBatch([[3]], [[2, 2]])].flat(), [3.5]);
  // Gradients: (3 − 2) · x + 2 · 0.5 · 1 + 0.25 · x.
  near(list(made.getWeights()[0]), [1 - 0.475, 1 - 0.475]);
});

test('batch normalisation inside: its state after a step is Keras’, and training reaches it', async () => {
  class Normal extends layers.Layer {
    static className = 'Normal';
    constructor(config) {
      super(config);
      this.norm = layers.batchNormalization({ momentum: 0.5 });
    }
    call(x, { training }) {
      // Twice: the second call goes on from what the first one leaves.
      this.norm.apply(x, { training });
      return this.norm.apply(x, { training });
    }
  }
  const layer = new Normal({ inputShape: [1] });
  const made = sequential({ layers: [layer] });
  made.compile({ optimizer: train.sgd(0), loss: 'meanSquaredError' });
  const x = tensor([[0], [4]]);
  const state = () => layer.norm.weights.slice(2).map((weight) => list(weight.read())[0]);
  assert.deepEqual(state(), [0, 1]);
  made.evaluate(x, x);
  assert.deepEqual(state(), [0, 1]);
  await made.trainOnBatch(x, x);
  // Mean 2 and variance 4: two times halfway.
  near(state(), [1.5, 3.25]);
  layer.trainable = false;
  await made.trainOnBatch(x, x);
  near(state(), [1.5, 3.25]);
  layer.trainable = true;
  assert.deepEqual(layer.apply(x, { training: true }).shape, [2, 1]);
  near(state(), [1.875, 3.8125]);
});

test('dropout inside draws from the model’s seed, and only while training', async () => {
  class Noisy extends layers.Layer {
    static className = 'Noisy';
    constructor(config) {
      super(config);
      this.drop = layers.dropout({ rate: 0.5 });
    }
    call(x, { training }) {
      return this.drop.apply(x, { training });
    }
  }
  const losses = async (seed) => {
    const made = sequential({ seed, layers: [new Noisy({ inputShape: [16] })] });
    made.compile({ optimizer: train.sgd(0), loss: 'meanSquaredError' });
    const x = mapling.ones([4, 16]);
    const { history } = await made.fit(x, mapling.zeros([4, 16]), { epochs: 3, batchSize: 4 });
    return [...history.loss, ...list(made.evaluate(x, x))];
  };
  const first = await losses(1);
  assert.deepEqual(await losses(1), first);
  assert.notDeepEqual(await losses(2), first);
  assert.ok(first[0] > 0 && new Set(first.slice(0, 3)).size > 1);
  assert.equal(first[3], 0);
});

test('layers that are made inside call, and those in private fields, are found and built with the layer', async () => {
  class Lazy extends layers.Layer {
    static className = 'Lazy';
    computeOutputShape([batch]) {
      return [batch, 1];
    }
    call(x) {
      this.late ??= ones(1);
      return this.late.apply(x);
    }
  }
  class Private extends layers.Layer {
    static className = 'Private';
    #dense = ones(1);
    call(x) {
      return this.#dense.apply(x);
    }
  }
  for (const layer of [new Lazy({ inputShape: [2] }), new Private({ inputShape: [2] })]) {
    const made = sequential({ layers: [layer] });
    assert.deepEqual(names(made), [`${layer.name}/dense/kernel`]);
    made.compile({ optimizer: train.sgd(0.5), loss: 'meanSquaredError' });
    await made.trainOnBatch([[1, 0]], [[0]]);
    near(list(made.getWeights()[0]), [0, 1]);
  }
});

test('a class’ own build may build what it holds, and says so as TensorFlow.js’ programs do', () => {
  class Built extends layers.Layer {
    static className = 'Built';
    constructor(config) {
      super(config);
      this.inner = new Block();
    }
    build(inputShape) {
      this.scale = this.addWeight('scale', [], 'float32', 'ones');
      this.inner.build(inputShape);
      super.build(inputShape);
      this.built = true;
    }
    call(x) {
      return this.inner.apply(x).mul(this.scale.read());
    }
    computeOutputShape([batch]) {
      return [batch, 1];
    }
  }
  const built = new Built();
  built.build([null, 2]);
  assert.deepEqual(names(built), ['built/scale', 'built/block/dense/kernel', 'built/block/dense_1/kernel']);
  assert.deepEqual(list(built.apply(tensor([[1, 2]]))), [6]);
  assert.equal(built.countParams(), 7);
});

test('models inside, layers inside layers inside, and one that is reached in two ways counts once', async () => {
  class Outer extends layers.Layer {
    static className = 'Outer';
    constructor(config) {
      super(config);
      this.first = new Block();
      this.again = this.first.dense;
      this.net = sequential({ layers: [ones(2, { inputShape: [1] }), ones(1)] });
    }
    call(x) {
      return this.net.apply(this.first.apply(x));
    }
  }
  const outer = new Outer({ inputShape: [2] });
  const made = sequential({ layers: [outer] });
  assert.deepEqual(names(made), [
    'outer/block/dense/kernel',
    'outer/block/dense_1/kernel',
    'outer/sequential/dense/kernel',
    'outer/sequential/dense_1/kernel',
  ]);
  made.compile({ optimizer: train.sgd(0.001), loss: 'meanSquaredError' });
  assert.deepEqual(list(made.predict([[1, 2]])), [12]);
  await made.trainOnBatch([[1, 2]], [[11]]);
  // 2 at the output, times what the other layers make of it.
  near(list(outer.net.getWeights()[0]), [1 - 0.012, 1 - 0.012]);
  near(list(outer.first.dense.getWeights()[0]), [0.996, 0.996, 0.992, 0.992]);
  // Two blocks that share a layer: its weights are there once, and its gradients add up.
  const shared = ones(1);
  class Sharing extends layers.Layer {
    static className = 'Sharing';
    constructor(config) {
      super(config);
      this.dense = shared;
    }
    call(x) {
      return this.dense.apply(x);
    }
  }
  class Pair extends layers.Layer {
    static className = 'Pair';
    constructor(config) {
      super(config);
      this.both = [new Sharing(), new Sharing()];
    }
    call(x) {
      return this.both[0].apply(x).add(this.both[1].apply(x));
    }
  }
  const pair = new Pair({ inputShape: [1] });
  const paired = sequential({ layers: [pair] });
  assert.deepEqual([pair.weights.length, paired.countParams()], [1, 1]);
  paired.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
  await paired.trainOnBatch([[1]], [[1]]);
  near(list(shared.getWeights()[0]), [1 - 0.4]);
});

test('gradients in JavaScript reach the weights of layers inside, by any of their names', () => {
  const block = new Block();
  const made = sequential({ layers: [block] });
  const x = tensor([[1, 2]]);
  made.predict(x);
  const { grads } = mapling.variableGrads(() => made.apply(x).sum());
  assert.deepEqual(Object.values(grads).map(list), [
    [1, 1, 2, 2],
    [3, 3],
  ]);
  for (const weights of [
    block.weights,
    made.weights,
    [...block.dense.weights, ...block.more[0].last.weights],
  ]) {
    for (const f of [() => made.apply(x).sum(), () => block.apply(x).sum()]) {
      const found = mapling.variableGrads(
        f,
        weights.map(({ val }) => val),
      );
      assert.deepEqual(Object.values(found.grads).map(list), [
        [1, 1, 2, 2],
        [3, 3],
      ]);
    }
  }
  const optimizer = train.sgd(0.1);
  optimizer.minimize(() => block.apply(x).sum());
  near(list(block.dense.getWeights()[0]), [0.9, 0.9, 0.8, 0.8]);
});

test('training with layers inside leaves nothing behind', async () => {
  const made = sequential({ layers: [new Block({ inputShape: [2] }), ones(1)] });
  made.compile({ optimizer: train.adam(0.001), loss: 'meanSquaredError' });
  const [x, y] = [mapling.ones([8, 2]), mapling.zeros([8, 1])];
  const after = async (epochs) => {
    await made.fit(x, y, { epochs, batchSize: 8 });
    const { numTensors, coreBytes } = mapling.memory();
    return [numTensors, coreBytes];
  };
  const [tensors, bytes] = await after(2);
  const [tensorsLater, bytesLater] = await after(50);
  // The collector may free what other tests have left meanwhile.
  assert.ok(tensorsLater <= tensors && bytesLater <= bytes, `${tensorsLater} tensors, ${bytesLater} bytes`);
  const before = mapling.memory().coreBytes;
  made.dispose();
  assert.ok(mapling.memory().coreBytes < before);
});

test('long tables and arrays with holes among a layer’s properties are looked through', () => {
  const block = new Block({ units: 2 });
  block.table = new Array(200_000).fill(0);
  block.sparse = [];
  block.sparse[2 ** 28] = 1;
  assert.equal(block.apply(tensor([[1, 2]])).rank, 2);
});

test('many blocks are made and dropped in one loop: their weights move out and back', () => {
  const kept = new Block({ units: 3 });
  const x = tensor([[1, 2]]);
  const first = list(kept.apply(x));
  for (let round = 0; round < 1500; round++) new Block({ units: 3 }).apply(x);
  assert.deepEqual(list(kept.apply(x)), first);
});

test('layers of one’s own that nobody refers to are collected, though the core calls them', async () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  const held = (() => {
    const made = Array.from({ length: 50 }, () => {
      const block = new Block({ inputShape: [2] });
      sequential({ layers: [block] }).predict([[1, 2]]);
      return block;
    });
    return made.map((block) => new WeakRef(block));
  })();
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((done) => setTimeout(done, 5));
    gc();
  }
  const alive = held.filter((one) => one.deref()).length;
  assert.ok(alive <= 2, `${alive} of 50 are alive`);
});

test('weights of layers inside that are more than the budget stay in place while they are at work', async () => {
  const size = 2200;
  class Wide extends layers.Layer {
    static className = 'Wide';
    constructor(config) {
      super(config);
      const mean = { className: 'Constant', config: { value: 1 / size } };
      this.both = [0, 1].map(() => ones(size, { kernelInitializer: mean }));
    }
    call(x) {
      return this.both[1].apply(this.both[0].apply(x));
    }
  }
  const made = sequential({ layers: [new Wide({ inputShape: [size] }), new Wide()] });
  const x = mapling.ones([4, size]);
  const { budgetBytes } = mapling.memory();
  assert.ok(made.countParams() * 4 > budgetBytes / 2);
  const right = () => {
    near([made.predict(x, { batchSize: 1 }).sub(1).abs().max().dataSync()[0]], [0], 1e-4);
    near([made.apply(x).sub(1).abs().max().dataSync()[0]], [0], 1e-4);
  };
  right();
  made.compile({ optimizer: train.sgd(0), loss: 'meanSquaredError' });
  near(list(made.evaluate(x, x, { batchSize: 1 })), [0], 1e-6);
  await made.fit(x, x, { batchSize: 2 });
  right();
  // Drawn from the model's seed, wherever the first draft lies.
  class Drawn extends layers.Layer {
    static className = 'Drawn';
    constructor(config) {
      super(config);
      this.all = [0, 1].map(() =>
        layers.dense({ units: 2900, useBias: false, kernelInitializer: 'randomUniform' }),
      );
    }
    call(x) {
      return this.all.reduce((y, layer) => layer.apply(y), x);
    }
  }
  const drawn = () => {
    const one = sequential({ seed: 3, layers: [new Drawn({ inputShape: [2900] })] });
    const first = one.weights.map((weight) => list(weight.read().slice([0, 0], [1, 3])));
    one.dispose();
    return first;
  };
  assert.deepEqual(drawn(), drawn());
});
