// Layers of one's own inside wrappers, in several places, with several inputs and outputs; and what cannot hold.
import { Block, names, ones } from './block.mjs';
import { assert, mapling, test } from './mapling.mjs';
import { list, near } from './numbers.mjs';

const { input, layers, model, sequential, serialization, tensor, train } = mapling;

test('a layer that does not belong is refused by one error that names both', async () => {
  const stray = ones(1);
  class Late extends layers.Layer {
    static className = 'Late';
    build() {}
    computeOutputShape([batch]) {
      return [batch, 1];
    }
    call(x) {
      return stray.apply(x);
    }
  }
  const made = sequential({ layers: [new Late({ inputShape: [2] })] });
  made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  await assert.rejects(() => made.trainOnBatch([[1, 2]], [[0]]), {
    code: 'state',
    message:
      /^layer late: call: the layer dense does not belong to late and would not be trained: keep it as a property/,
  });
  // A frozen one may be used: nothing in it is trained.
  stray.apply(tensor([[1, 2]]));
  stray.trainable = false;
  near([await made.trainOnBatch([[1, 2]], [[0]])].flat(), [9]);
  // What is put in the place of a layer after it was built does not belong either.
  const block = new Block({ inputShape: [2] });
  const changed = sequential({ layers: [block] });
  changed.predict([[1, 2]]);
  block.dense = ones(2);
  assert.throws(
    () => changed.predict([[1, 2]]),
    /^Error: layer block: call: the layer dense does not belong/,
  );
});

test('a layer that is called only while training is built in build, or refused; one without weights works', async () => {
  class Sometimes extends layers.Layer {
    static className = 'Sometimes';
    constructor(config = {}) {
      super(config);
      this.extra = config.extra;
      this.drop = layers.dropout({ rate: 0 });
      this.builds = config.builds;
    }
    build(inputShape) {
      if (this.builds) this.extra.build(inputShape);
    }
    call(x, { training }) {
      return training ? this.drop.apply(this.extra.apply(x), { training }) : x.mul(1);
    }
  }
  const trained = (builds) => {
    const made = sequential({ layers: [new Sometimes({ inputShape: [1], extra: ones(1), builds })] });
    made.compile({ optimizer: train.sgd(0.25), loss: 'meanSquaredError' });
    return made;
  };
  const good = trained(true);
  near([await good.trainOnBatch([[1]], [[0]])].flat(), [1]);
  near(list(good.getWeights()[0]), [0.5]);
  const bad = trained(false);
  const message =
    /^layer sometimes: call: the layer dense was not called when sometimes was built, .* build it in the method build$/;
  for (let time = 0; time < 2; time++)
    await assert.rejects(() => bad.trainOnBatch([[1]], [[0]]), { code: 'state', message });
  assert.deepEqual(list(bad.predict([[1]])), [1]);
});

test('circles, the same name twice and what is too deep are refused', () => {
  class Ring extends layers.Layer {
    static className = 'Ring';
    call(x) {
      return this.next ? this.next.apply(x) : x.mul(1);
    }
  }
  const [a, b] = [new Ring({ name: 'a' }), new Ring({ name: 'b' })];
  [a.next, b.next] = [b, a];
  assert.throws(
    () => a.apply(tensor([[1]])),
    /^Error: (layer .: it holds the layer .|Ring: layers are inside)/,
  );
  class Twins extends layers.Layer {
    static className = 'Twins';
    constructor(config) {
      super(config);
      this.all = [ones(1, { name: 'same' }), ones(1, { name: 'same' })];
    }
    call(x) {
      return this.all[1].apply(this.all[0].apply(x));
    }
  }
  assert.throws(
    () => new Twins().apply(tensor([[1]])),
    /^Error: layer twins: layer name `same` is used twice/,
  );
  let deep = new Ring();
  for (let depth = 0; depth < 100; depth++) {
    const next = new Ring();
    next.next = deep;
    deep = next;
  }
  assert.throws(() => deep.apply(tensor([[1]])), /more than 32 deep/);
  assert.deepEqual(list(mapling.add(1, 2)), [3]);
});

test('custom layers inside TimeDistributed and Bidirectional', async () => {
  const block = new Block();
  const steps = layers.timeDistributed({ layer: block, inputShape: [2, 2] });
  const made = sequential({ layers: [steps] });
  assert.deepEqual(names(made), [
    'time_distributed/block/dense/kernel',
    'time_distributed/block/dense_1/kernel',
  ]);
  const x = tensor([
    [
      [1, 2],
      [0, 1],
    ],
  ]);
  assert.deepEqual(list(made.predict(x)), [6, 2]);
  made.compile({ optimizer: train.sgd(0.01), loss: 'meanSquaredError' });
  await made.trainOnBatch(x, tensor([[[5], [2]]]));
  near(list(block.dense.getWeights()[0]), [0.99, 0.99, 0.98, 0.98]);
  const again = await mapling.loadModel(await made.save());
  assert.deepEqual(list(again.predict(x)), list(made.predict(x)));

  /** The running sum of each feature, times a weight. */
  class Sums extends layers.Layer {
    static className = 'Sums';
    constructor(config = {}) {
      super(config);
      this.goBackwards = config.goBackwards ?? false;
    }
    build() {
      this.scale = this.addWeight('scale', [], 'float32', 'ones');
    }
    call(x) {
      const steps = this.goBackwards ? x.reverse(1) : x;
      return steps.cumsum(1).mul(this.scale.read());
    }
    getConfig() {
      return {
        ...super.getConfig(),
        goBackwards: this.goBackwards,
        returnSequences: true,
        returnState: false,
      };
    }
  }
  serialization.registerClass(Sums);
  const both = sequential({
    layers: [layers.bidirectional({ layer: new Sums(), mergeMode: 'concat', inputShape: [2, 1] })],
  });
  const sequence = tensor([[[1], [2]]]);
  assert.deepEqual(list(both.predict(sequence)), [1, 3, 3, 2]);
  assert.deepEqual(names(both), ['bidirectional/forward_sums/scale', 'bidirectional/backward_sums/scale']);
  both.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
  await both.trainOnBatch(
    sequence,
    tensor([
      [
        [0, 3],
        [3, 2],
      ],
    ]),
  );
  near(both.getWeights().flatMap(list), [0.95, 1]);
  const loaded = await mapling.loadModel(await both.save());
  assert.deepEqual(list(loaded.predict(sequence)), list(both.predict(sequence)));
  assert.throws(() => layers.bidirectional({ layer: new Block() }), {
    message: /^Bidirectional: Block: getConfig: expected goBackwards to be true or false, got undefined$/,
  });
});

test('a layer that TimeDistributed is around stays the layer that it is', () => {
  const dense = ones(1);
  const around = layers.timeDistributed({ layer: dense });
  assert.deepEqual(
    list(
      around.apply(
        tensor([
          [
            [1, 2],
            [3, 4],
          ],
        ]),
      ),
    ),
    [3, 7],
  );
  dense.setWeights([tensor([[0], [1]])]);
  assert.deepEqual(
    list(
      around.apply(
        tensor([
          [
            [1, 2],
            [3, 4],
          ],
        ]),
      ),
    ),
    [2, 4],
  );
  around.trainable = false;
  assert.deepEqual([dense.trainable, around.countParams()], [false, 2]);
  // A model, too.
  const net = sequential({ layers: [ones(2, { inputShape: [2] }), ones(1)] });
  const each = layers.timeDistributed({ layer: net });
  assert.deepEqual(list(each.apply(tensor([[[1, 2]]]))), [6]);
  net.setWeights([mapling.zeros([2, 2]), mapling.ones([2, 1])]);
  assert.deepEqual(list(each.apply(tensor([[[1, 2]]]))), [0]);
});

test('a custom layer in two places, with several inputs and outputs', async () => {
  /** Both inputs by one dense layer: their sum and their difference. */
  class Siamese extends layers.Layer {
    static className = 'Siamese';
    constructor(config) {
      super(config);
      this.dense = ones(1);
    }
    call([a, b]) {
      const [left, right] = [this.dense.apply(a), this.dense.apply(b)];
      return [left.add(right), left.sub(right)];
    }
  }
  serialization.registerClass(Siamese);
  const ends = ['x', 'y', 'z'].map((name) => input({ shape: [2], name }));
  const siamese = new Siamese();
  const [sum] = siamese.apply(ends.slice(0, 2));
  const [, difference] = siamese.apply(ends.slice(1));
  const made = model({ inputs: ends, outputs: [sum, difference] });
  assert.deepEqual([sum.shape, difference.shape, made.countParams()], [[null, 1], [null, 1], 2]);
  const x = [tensor([[1, 2]]), tensor([[3, 4]]), tensor([[1, 1]])];
  assert.deepEqual(made.predict(x).map(list), [[10], [5]]);
  made.compile({ optimizer: train.sgd(0.01), loss: 'meanSquaredError' });
  near(await made.trainOnBatch(x, [tensor([[9]]), tensor([[5]])]), [1, 1, 0]);
  // Only the sum is wrong: 2 · (x + y).
  near(list(siamese.getWeights()[0]), [1 - 0.08, 1 - 0.12]);
  const again = await mapling.loadModel(await made.save());
  assert.deepEqual(again.predict(x).map(list), made.predict(x).map(list));
});

test('lengths that are open are found by trying two', () => {
  class Flip extends layers.Layer {
    static className = 'Flip';
    constructor(config) {
      super(config);
      this.dense = ones(3);
    }
    call(x) {
      return this.dense.apply(x);
    }
  }
  const x = input({ shape: [null, 2] });
  const flip = new Flip();
  assert.deepEqual(flip.apply(x).shape, [null, null, 3]);
  assert.deepEqual(flip.computeOutputShape([null, 5, 2]), [null, 5, 3]);
  assert.deepEqual(flip.computeOutputShape([null, null, 2]), [null, null, 3]);
});

test('a model inside TimeDistributed comes back from its file', async () => {
  const net = sequential({ layers: [ones(2, { inputShape: [2] }), new Block()] });
  const made = sequential({ layers: [layers.timeDistributed({ layer: net, inputShape: [3, 2] })] });
  const x = mapling.ones([1, 3, 2]);
  made.compile({ optimizer: train.sgd(0.01), loss: 'meanSquaredError' });
  await made.trainOnBatch(x, mapling.zeros([1, 3, 1]));
  const again = await mapling.loadModel(await made.save());
  assert.deepEqual(names(again), names(made));
  assert.deepEqual(list(again.predict(x)), list(made.predict(x)));
});
