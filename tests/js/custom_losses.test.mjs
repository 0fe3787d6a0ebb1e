// Losses and metrics that are functions of a user's own, and what parts of one's own do wrong: what they throw arrives as
// it is, and the model works on.
import { assert, mapling, test } from './mapling.mjs';
import { list, near } from './numbers.mjs';

const { layers, sequential, tensor, train } = mapling;

const first = (inputs) => (Array.isArray(inputs) ? inputs[0] : inputs);

const ones = (units) => layers.dense({ units, useBias: false, kernelInitializer: 'ones' });

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
