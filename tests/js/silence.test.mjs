// What would go wrong without anybody noticing is refused.
import { assert, mapling, test } from './mapling.mjs';
import { list } from './numbers.mjs';

const { input, layers, model, ones, sequential, tensor, train } = mapling;
const line = (args) => {
  const made = sequential({
    layers: [layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'ones' })],
  });
  made.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError', ...args });
  return made;
};
const pair = () => {
  const inputs = [input({ shape: [1] }), input({ shape: [1] })];
  return model({ inputs, outputs: layers.add().apply(inputs) });
};

test('inputs with different numbers of samples are refused by whatever takes them', async () => {
  const both = pair();
  assert.throws(
    () => both.predict([[[1]], [[1], [2]]]),
    /^Error: predict: x: one input has 1 samples, another 2$/,
  );
  both.compile({ optimizer: 'sgd', loss: 'mse' });
  assert.throws(() => both.evaluate([[[1]], [[1], [2]]], [[1]]), /^Error: evaluate: x: one input has 1/);
});

test('a loss that does not depend on the predictions trains nothing, and says so', async () => {
  for (const loss of [() => tensor([1]), (_, p) => tensor(p.dataSync()).square().mean(), (y) => y.square()]) {
    const one = line({ loss });
    await assert.rejects(
      one.fit([[1]], [[2]]),
      /^Error: compile: loss: the loss does not depend on the predictions/,
    );
    assert.deepEqual(list(one.getWeights()[0]), [1]);
  }
  // Nothing is learned by an evaluation, nor by a model that is frozen.
  const one = line({ loss: (y) => y.square() });
  assert.deepEqual(list(one.evaluate([[1]], [[2]])), [4]);
});

test('classWeight may be a Map', async () => {
  const weighted = async (classWeight) => {
    const one = line();
    await one.fit([[1], [2]], [[0], [1]], { classWeight, batchSize: 2 });
    return list(one.getWeights()[0]);
  };
  assert.deepEqual(await weighted(new Map([[1, 3]])), await weighted({ 1: 3 }));
  assert.ok(`${await weighted(new Map([[1, 3]]))}` !== `${await weighted({})}`);
  for (const odd of [
    new Map([['one', 3]]),
    new Map([[1, 'x']]),
    new Map([[{}, 1]]),
    new Set([1]),
    tensor([1]),
  ])
    await assert.rejects(line().fit([[1]], [[1]], { classWeight: odd }), /^Error: fit: classWeight: /);
});

test('metrics of one name have a log each, called as in Keras', async () => {
  const one = line({
    metrics: ['mae', (y, p) => y.sub(p), (y, p) => p.sub(y), 'mae'],
    weightedMetrics: ['mae', 'mse', 'mae'],
  });
  const names = ['mae', 'metric', 'metric_1', 'mae_1', 'weighted_mae', 'mse', 'weighted_mae_1'];
  assert.deepEqual(one.metricsNames, ['loss', ...names]);
  const { history } = await one.fit([[1], [2]], [[0], [0]], { sampleWeight: [1, 0], batchSize: 2 });
  const values = names.map((name) => history[name][0]);
  assert.deepEqual(values, [1.5, -1.5, 1.5, 1.5, 1, 1, 1]);
  const named = line({
    metrics: [
      function loss(y) {
        return y;
      },
    ],
  });
  assert.deepEqual(named.metricsNames, ['loss', 'loss_1']);
});

test('a layer of one’s own gets what it is called with; the library’s layers refuse what they do not know', () => {
  class Scaled extends layers.Layer {
    static className = 'Scaled';
    call(x, { scale = 1, by, training }) {
      return [x]
        .flat()[0]
        .mul(scale)
        .mul(by ?? 1)
        .add(training ? 100 : 0);
    }
  }
  const own = new Scaled();
  const x = tensor([[1]]);
  assert.deepEqual(list(own.apply(x, { scale: 3 })), [3]);
  assert.deepEqual(list(own.apply(x, { scale: 3, by: tensor([2]), training: true })), [106]);
  assert.deepEqual(list(own.apply(x)), [1]);
  const around = mapling.grad((at) => own.apply(x, { by: at }).sum());
  assert.deepEqual(list(around(tensor([[5]]))), [1]);
  assert.throws(
    () => layers.dropout({ rate: 0.5 }).apply(x, { Training: true }),
    /^Error: Dropout: apply: unknown key "Training"; did you mean "training"\?$/,
  );
  assert.throws(() => line().apply(x, { verbose: 1 }), /apply: unknown key "verbose"/);
  assert.throws(
    () => own.apply(x, { training: 'yes' }),
    /^Error: Scaled: apply: training: expected true or false/,
  );
  assert.throws(
    () => own.apply(input({ shape: [1] }), { by: x }),
    /^Error: Scaled: apply: by: expected a name, a number or a list, got a Tensor$/,
  );
});

test('states are given to recurrent layers as further inputs or by name', () => {
  const lstm = layers.lstm({ units: 1 });
  const [x, h, c] = [ones([1, 2, 1]), tensor([[0.5]]), tensor([[-1]])];
  const wanted = list(lstm.apply([x, h, c]));
  assert.deepEqual(list(lstm.apply(x, { initialState: [h, c] })), wanted);
  assert.ok(`${list(lstm.apply(x))}` !== `${wanted}`);
  for (const odd of [7, [], [h, 'c']])
    assert.throws(
      () => lstm.apply(x, { initialState: odd }),
      /^Error: LSTM: apply: initialState: expected tensors or symbols, got/,
    );
  const inputs = [input({ shape: [2, 1] }), input({ shape: [1] }), input({ shape: [1] })];
  const whole = model({ inputs, outputs: lstm.apply(inputs[0], { initialState: inputs.slice(1) }) });
  assert.deepEqual(list(whole.predict([x, h, c])), wanted);
});

test('a class that extends Loss computes by its own call; one that extends Metric is refused', async () => {
  class Cubed extends mapling.Loss {
    constructor() {
      super('MeanSquaredError');
    }
    call(yTrue, yPred) {
      return yTrue.sub(yPred).pow(3).mean(-1);
    }
  }
  assert.deepEqual(list(line({ loss: new Cubed() }).evaluate([[1]], [[3]])), [8]);
  // A trainer, which takes classes by their names, must not take it for the class of the library.
  assert.equal(typeof line({ loss: [new Cubed()] }).getCompileConfig().loss[0], 'function');
  class Never extends mapling.Metric {
    constructor() {
      super('MeanSquaredError');
    }
    result() {
      return 7;
    }
  }
  assert.throws(
    () => line({ metrics: [new Never()] }),
    /^Error: compile: metrics: a method result of one's own would not be called; give a function/,
  );
});

test('weights of samples by output are those of outputs, and are not read as those of steps', async () => {
  const from = input({ shape: [1] });
  const both = model({
    inputs: from,
    outputs: [layers.dense({ units: 1 }).apply(from), layers.dense({ units: 1 }).apply(from)],
  });
  both.compile({ optimizer: 'sgd', loss: 'mse' });
  const y = [ones([2, 1]), ones([2, 1])];
  for (const sampleWeight of [
    [
      [1, 0],
      [1, 0],
    ],
    [tensor([1, 0]), tensor([1, 0])],
    Object.fromEntries(both.outputNames.map((name) => [name, [1, 0]])),
  ])
    assert.deepEqual(
      both.evaluate(ones([2, 1]), y, { sampleWeight }).map((loss) => loss.dataSync()[0]),
      both.evaluate(ones([2, 1]), y, { sampleWeight: [1, 0] }).map((loss) => loss.dataSync()[0]),
    );
  assert.equal((await both.fit(ones([2, 1]), y, { sampleWeight: [1, 0] })).history.loss.length, 1);
});

test('loadModel takes what modelCheckpoint kept, and says what is missing where only weights were', async () => {
  const one = line();
  const kept = mapling.callbacks.modelCheckpoint();
  const weightsOnly = mapling.callbacks.modelCheckpoint({ saveWeightsOnly: true });
  await one.fit([[1]], [[2]], { callbacks: [kept, weightsOnly] });
  const again = await mapling.loadModel(kept.saved);
  assert.deepEqual(list(again.predict([[1]])), list(one.predict([[1]])));
  await assert.rejects(
    mapling.loadModel(weightsOnly.saved),
    /^Error: loadModel: .*model\.loadWeights\(weights\) takes them$/,
  );
});

test('with a loss of one’s own accuracy is the one that the shapes say, as in Keras', async () => {
  const loss = (y, p) => mapling.losses.sparseCategoricalCrossentropy(y, p);
  const accuracy = (units, y, own) => {
    const one = sequential({
      layers: [layers.dense({ units, inputShape: [units], activation: 'softmax' })],
    });
    one.layers[0].build([null, units]);
    one.layers[0].setWeights([mapling.eye(units), mapling.zeros([units])]);
    one.compile({ optimizer: 'sgd', loss: own, metrics: ['accuracy'] });
    assert.deepEqual(one.metricsNames, ['loss', 'acc']);
    return list(one.evaluate(mapling.eye(units), y)[1])[0];
  };
  const wide = (y, p) => y.sub(p).square().mean(-1);
  const near = (value, wanted) => assert.ok(Math.abs(value - wanted) < 1e-6, `${value}, not ${wanted}`);
  near(accuracy(3, tensor([0, 1, 1]), loss), 2 / 3);
  near(accuracy(3, tensor([[0], [1], [1]]), loss), 2 / 3);
  near(
    accuracy(
      3,
      tensor([
        [1, 0, 0],
        [1, 0, 0],
        [1, 0, 0],
      ]),
      wide,
    ),
    1 / 3,
  );
  const one = line({ loss: wide, metrics: ['accuracy'] });
  near(list(one.evaluate([[1], [0], [1]], [[1], [0], [0]])[1])[0], 2 / 3);
});

test('metrics of each output in a list of lists', async () => {
  const from = input({ shape: [1] });
  const both = model({
    inputs: from,
    outputs: ['a', 'b'].map((name) => layers.dense({ units: 1, name }).apply(from)),
  });
  const compile = (metrics) => both.compile({ optimizer: 'sgd', loss: 'mse', metrics });
  compile([['mae'], ['mse', 'mae']]);
  assert.deepEqual(both.metricsNames.slice(3), ['a_mae', 'b_mse', 'b_mae']);
  compile([null, ['mse']]);
  assert.deepEqual(both.metricsNames.slice(3), ['b_mse']);
  assert.throws(() => compile([['mae']]), /^Error: compile: metrics: there are 2 outputs, but lists for 1$/);
});

test('what is done with the wrong thing says what to do instead', () => {
  const says = (action, message) => assert.throws(action, { name: 'Error', message });
  const dense = layers.dense({ units: 1, inputShape: [1] });
  says(
    () => sequential({ layers: [dense, dense] }),
    /^add: the layer .* is in the model already, and its inputShape/,
  );
  says(
    () => input({ shape: [1] }).add(1),
    /^add: a symbol has no values: call a layer on it, such as layers\.add/,
  );
  says(() => {
    line().weights[1].trainable = false;
  }, /^dense\/bias: set `trainable` of the layer: its weights follow$/);
  says(() => train.sgd({ lr: 1 }), /unknown key "lr"; known: learningRate/);
  says(() => train.sgd(-1), /^SGD: `learningRate` must be at least 0/);
  says(() => mapling.optimizers.Adam({ beta1: 2 }), /^Adam: `beta1` must be/);
  const gone = line();
  gone.dispose();
  says(() => gone.predict([[1]]), /^predict: the model has been disposed of$/);
  says(() => gone.evaluate([[1]], [[1]]), /^evaluate: the model has been disposed of$/);
  says(() => gone.weights, /^weights: the model has been disposed of$/);
  says(() => gone.inputShape, /^inputShape: the model has been disposed of$/);
});

test('gradients are found for the weights of layers, through predict as through apply', async () => {
  const one = line();
  const value = () => one.apply(ones([1, 1])).sum();
  const { grads } = mapling.variableGrads(value, one.trainableWeights.slice(0, 1));
  assert.deepEqual(Object.values(grads).map(list), [[1]]);
  train.sgd(0.5).minimize(value, false, one.trainableWeights.slice(0, 1));
  assert.deepEqual(one.getWeights().map(list), [[0.5], [0]]);
  const asked = [
    () =>
      one
        .predict(ones([3, 1]))
        .square()
        .sum(),
    () =>
      one
        .apply(ones([3, 1]))
        .square()
        .sum(),
  ];
  const [through, as] = asked.map((f) => Object.values(mapling.variableGrads(f).grads).map(list));
  assert.deepEqual(through, as);
  assert.deepEqual(through, [[3], [3]]);
  assert.deepEqual(list(mapling.grad((x) => one.predict(x).sum())(ones([2, 1]))), [0.5, 0.5]);
  // Samples without their last axis of 1, and inputs by name, are taken as ever.
  assert.deepEqual(list(mapling.grad((x) => one.predict(x).sum())(ones([2]))), [0.5, 0.5]);
  const [a, b] = ['a', 'b'].map((name) => input({ shape: [1], name }));
  const product = model({ inputs: [a, b], outputs: layers.multiply().apply([a, b]) });
  const given = { b: mapling.tensor([[5]]), a: mapling.tensor([[7]]) };
  assert.deepEqual(list(mapling.grad((x) => product.predict({ ...given, a: x }).sum())(given.a)), [5]);
  assert.throws(
    () => mapling.grad((x) => product.predict([x]).sum())(given.a),
    /^Error: predict: x: the model has 2 inputs/,
  );
  // A model that is frozen answers in the loss of another and stays as it is.
  const target = line();
  target.trainable = false;
  const before = target.getWeights().map(list);
  train.sgd(0.1).minimize(() =>
    target
      .predict(ones([1, 1]))
      .sub(one.predict(ones([1, 1])))
      .square()
      .sum(),
  );
  assert.deepEqual(target.getWeights().map(list), before);
  assert.notDeepEqual(one.getWeights().map(list), [[0.5], [0]]);
});

test('an output whose loss is null is not trained', async () => {
  const from = input({ shape: [1] });
  const dense = (name) => layers.dense({ units: 1, name, kernelInitializer: 'ones' });
  const [a, b] = [dense('a'), dense('b')];
  const both = model({ inputs: from, outputs: [a.apply(from), b.apply(from)] });
  const compile = (loss) => both.compile({ optimizer: train.sgd(0.1), loss, metrics: ['mae'] });
  for (const loss of [['mse', null], { a: 'mse', b: null }]) {
    compile(loss);
    const before = list(a.getWeights()[0])[0];
    const { history } = await both.fit([[1]], [[[3]], [[3]]]);
    assert.ok(list(a.getWeights()[0])[0] > before);
    assert.deepEqual(b.getWeights().map(list), [[1], [0]]);
    assert.deepEqual([history.loss, history.b_loss, history.b_mae], [history.a_loss, [0], [2]]);
  }
  for (const loss of [null, [null, null]])
    assert.throws(() => compile(loss), /^Error: compile: loss: expected a name or a function, got null$/);
});
