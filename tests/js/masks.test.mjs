// Masks: from layer to layer, through layers of one's own, and as an argument of a call.
import { assert, mapling, test } from './mapling.mjs';
import { list, near } from './numbers.mjs';

const { input, layers, model, sequential, serialization, tensor, train } = mapling;

/** The sum over the steps that count, as a layer of one's own that takes a mask. */
class MaskedSum extends layers.Layer {
  static className = 'MaskedSum';
  call(x, { mask }) {
    this.told = mask && [mask.dtype, list(mask)];
    return mask ? x.mul(mask.asType('float32').expandDims(-1)).sum(1) : x.sum(1);
  }
  computeOutputShape([batch, , features]) {
    return [batch, features];
  }
}
/** What passes masks on. */
class Twice extends layers.Layer {
  static className = 'Twice';
  constructor(config) {
    super(config);
    this.supportsMasking = true;
  }
  call(x) {
    return x.mul(2);
  }
}
for (const one of [MaskedSum, Twice]) serialization.registerClass(one);

const masking = (more) => layers.masking({ maskValue: 0, ...more });
const x = tensor([
  [[1], [0], [3]],
  [[0], [5], [0]],
]);

test('a layer of one’s own gets the mask of its input, which counts where it must', async () => {
  const sum = new MaskedSum();
  const made = sequential({
    layers: [
      masking({ inputShape: [3, 1] }),
      layers.simpleRNN({
        units: 1,
        returnSequences: true,
        useBias: false,
        activation: 'linear',
        kernelInitializer: 'ones',
        recurrentInitializer: 'ones',
      }),
      sum,
    ],
  });
  // The running sums, 1, 1, 4 and 0, 5, 5; steps that do not count are left out.
  near(list(made.predict(x)), [5, 5]);
  assert.equal(sum.told[0], 'bool');
  made.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
  near(list(made.evaluate(x, [[5], [5]])), [0]);
  const again = await mapling.loadModel(await made.save());
  near(list(again.predict(x)), [5, 5]);
});

test('who supports masks passes them on; who does not loses them, and that is said once', () => {
  const warnings = [];
  const { warn } = console;
  console.warn = (text) => warnings.push(text);
  try {
    const passing = sequential({ layers: [masking({ inputShape: [3, 1] }), new Twice(), new MaskedSum()] });
    const told = passing.layers[2];
    assert.deepEqual(list(passing.predict(x)), [8, 10]);
    assert.deepEqual(told.told[1], [1, 0, 1, 0, 1, 0]);
    class Losing extends layers.Layer {
      static className = 'Losing';
      call(x) {
        return x.mul(2);
      }
    }
    const losing = sequential({ layers: [masking({ inputShape: [3, 1] }), new Losing(), new MaskedSum()] });
    losing.predict(x);
    losing.predict(x);
    assert.equal(losing.layers[2].told, undefined);
    assert.equal(
      warnings.filter((text) => /^layer losing: its input has a mask, which is lost/.test(text)).length,
      1,
    );
  } finally {
    console.warn = warn;
  }
});

test('computeMask makes masks: of inputs that have none, too', () => {
  class Positive extends layers.Layer {
    static className = 'Positive';
    constructor(config) {
      super(config);
      this.supportsMasking = true;
    }
    call(x) {
      return x.mul(1);
    }
    computeMask(inputs, mask) {
      this.given = mask;
      return inputs.max(-1).greater(2);
    }
  }
  const positive = new Positive({ inputShape: [3, 1] });
  const made = sequential({ layers: [positive, new MaskedSum()] });
  assert.deepEqual(list(made.predict(x)), [3, 5]);
  assert.equal(positive.given, null);
  assert.deepEqual(list(positive.computeMask(x)), [0, 0, 1, 0, 1, 0]);
  // The base's: that of the input, where the layer supports masks.
  const mask = tensor([[1, 0]], [1, 2], 'bool');
  assert.equal(new Twice().computeMask(x, mask), mask);
  assert.equal(new MaskedSum().computeMask(x, mask), null);
  assert.equal(new Twice().supportsMasking, true);
  assert.deepEqual(list(masking().computeMask(x)), [1, 0, 1, 0, 1, 0]);
  assert.equal(layers.dense({ units: 1 }).computeMask(tensor([[1]])), null);
});

test('mask is an argument of a call, and results carry their masks to the next layer', () => {
  const mask = tensor(
    [
      [1, 1, 0],
      [0, 1, 1],
    ],
    [2, 3],
    'bool',
  );
  assert.deepEqual(list(new MaskedSum().apply(x, { mask })), [1, 5]);
  assert.deepEqual(list(new MaskedSum().apply(masking().apply(x))), [4, 5]);
  const rnn = layers.simpleRNN({
    units: 1,
    activation: 'linear',
    useBias: false,
    kernelInitializer: 'ones',
    recurrentInitializer: 'ones',
  });
  const ones = mapling.ones([2, 3, 1]);
  assert.deepEqual(list(rnn.apply(ones)), [3, 3]);
  assert.deepEqual(list(rnn.apply(ones, { mask })), [2, 2]);
  assert.deepEqual(list(rnn.apply(masking().apply(x))), [4, 5]);
  const net = sequential({ layers: [masking({ inputShape: [3, 1] }), new Twice()] });
  assert.deepEqual(list(new MaskedSum().apply(net.apply(x))), [8, 10]);
  assert.throws(
    () => rnn.apply(ones, { mask: [mask, mask] }),
    /^Error: SimpleRNN: apply: mask: there are 1 inputs, but 2 masks$/,
  );
  assert.throws(
    () => rnn.apply(ones, { mask: 5 }),
    /^Error: SimpleRNN: apply: mask: expected a tensor or null, got 5$/,
  );
});

test('inside a layer of one’s own masks go from layer to layer, and out of it', async () => {
  class Reader extends layers.Layer {
    static className = 'Reader';
    constructor(config) {
      super(config);
      this.embedding = layers.embedding({
        inputDim: 4,
        outputDim: 1,
        maskZero: true,
        embeddingsInitializer: 'ones',
      });
      this.rnn = layers.simpleRNN({
        units: 1,
        activation: 'linear',
        useBias: false,
        returnSequences: true,
        kernelInitializer: 'ones',
        recurrentInitializer: 'ones',
      });
    }
    call(ids) {
      return this.rnn.apply(this.embedding.apply(ids));
    }
  }
  const made = sequential({ layers: [new Reader({ inputShape: [3] }), new MaskedSum()] });
  const ids = tensor([
    [1, 2, 0],
    [0, 3, 0],
  ]);
  // Running sums of ones where a step counts: 1 + 2, and 1.
  assert.deepEqual(list(made.predict(ids)), [3, 1]);
  made.compile({ optimizer: train.sgd(0), loss: 'meanSquaredError' });
  const target = tensor([[3], [1]]);
  const after = async (epochs) => {
    await made.fit(ids, target, { epochs });
    const { numTensors, coreBytes } = mapling.memory();
    return [numTensors, coreBytes];
  };
  const early = await after(2);
  const late = await after(20);
  // Less is there if the collector has come meanwhile: what earlier tests made goes.
  for (const [at, count] of late.entries()) assert.ok(count <= early[at], `${late}, ${early} before`);
});

test('several inputs have several masks', () => {
  class Both extends layers.Layer {
    static className = 'Both';
    constructor(config) {
      super(config);
      this.supportsMasking = true;
    }
    call([a, b], { mask }) {
      this.told = mask?.map((one) => (one ? Array.from(one.dataSync()) : null));
      return a.add(b);
    }
    computeMask(_, masks) {
      return masks[0];
    }
  }
  const ends = [input({ shape: [3, 1] }), input({ shape: [3, 1] })];
  const both = new Both();
  const sum = new MaskedSum();
  const made = model({ inputs: ends, outputs: sum.apply(both.apply([masking().apply(ends[0]), ends[1]])) });
  both.call = Both.prototype.call;
  assert.deepEqual(list(made.predict([x, x])), [8, 10]);
  assert.deepEqual(both.told, [[1, 0, 1, 0, 1, 0], null]);
});

test('steps that a mask leaves out count in no metric, in training and in evaluate', async () => {
  const dense = layers.dense({ units: 1, kernelInitializer: 'ones' });
  const made = sequential({ layers: [layers.masking({ maskValue: 0, inputShape: [3, 1] }), dense] });
  const metrics = ['mae', 'accuracy', (yTrue, yPred) => yPred.sub(yTrue).abs().max(-1)];
  made.compile({ optimizer: train.sgd(0), loss: 'meanSquaredError', metrics });
  // The steps that count are off by 1, 2 and 0, the others by 9.
  const given = tensor([
    [[1], [2], [0]],
    [[1], [0], [0]],
  ]);
  const truth = tensor([
    [[0], [0], [9]],
    [[1], [9], [9]],
  ]);
  const third = Math.fround(1 / 3);
  const [loss, ...told] = (await made.evaluate(given, truth)).map((one) => one.dataSync()[0]);
  near([loss], [5 / 3]);
  assert.deepEqual(told.slice(0, 2), [1, third]);
  const { history } = await made.fit(given, truth, { epochs: 1, validationData: [given, truth] });
  assert.deepEqual([history.mae, history.val_mae], [[1], [1]]);
  assert.deepEqual((await made.trainOnBatch(given, truth)).slice(1), told);
});
