// Keras' numbers for single parts (tests/oracle/keras-1.json), driven as a program would: every layer forward and
// backward, every optimizer, loss and metric that is offered, within 1e-5 of their scale. What is to come is listed by
// name, and the lists are compared exactly: whoever adds one takes it off its list.
import { layerClasses } from '../../scripts/layer-lists.mjs';
import { closeNumbers, close as closeTo, isOffered, readOracle, settings, tensorOf } from './keras.mjs';
import { assert, mapling, test } from './mapling.mjs';

const { grads, layers, sequential, tensor, train, variable, variableGrads } = mapling;
const oracle = readOracle('keras-1.json');

const close = (what, ours, keras) => closeTo(what, ours, keras, 1e-5);
const LAYERS_TO_COME = [];

/** A class that a file names and the package does not offer; `part` is what the list names it by. */
const toCome = { layers: new Set(), optimizers: new Set(), losses: new Set(), metrics: new Set() };
const sortedNames = (names) => [...names].sort();

/** The function of a layer's class: `Conv2D` is `layers.conv2d`, `ReLU` is `layers.reLU`. */
const makerOf = (className) =>
  Object.keys(layers).find((name) => name.toLowerCase() === className.toLowerCase());

/** The last part of a weight's path, which is its name in the layer. */
const lastName = ({ name }) => name.split('/').at(-1);

/** Everything that the oracle knows of one layer. */
function checkLayer(one) {
  const { training } = one;
  const layer = layers[makerOf(one.layer)](settings(one.config));
  const x = tensorOf(one.x);
  const start = one.weights.map(tensorOf);
  layer.build(one.x.shape.map((length, at) => (at === 0 ? null : length)));
  assert.deepEqual(
    layer.weights.map(lastName),
    one.weights.map(({ name }) => name),
  );
  assert.deepEqual(layer.trainableWeights.map(lastName), one.trainable);
  layer.setWeights(start);

  // Moving statistics change with each call in training, so every call begins with the same weights.
  const y = layer.apply(x, { training });
  close('y', y, one.y);
  assert.deepEqual(layer.computeOutputShape([null, ...one.x.shape.slice(1)]), [
    null,
    ...one.y.shape.slice(1),
  ]);
  one.weights_after.forEach((keras, at) => {
    close(`${keras.name} after the call`, layer.getWeights()[at], keras);
  });

  const dy = tensorOf(one.dy);
  // Whole numbers that pick rows have no gradient.
  if (one.dx !== null) {
    layer.setWeights(start);
    const [dx] = grads((input) => layer.apply(input, { training }).mul(dy).sum())([x]);
    close('dx', dx, one.dx);
    // The same as one product of the incoming gradient.
    layer.setWeights(start);
    close('dx for dy', grads((input) => layer.apply(input, { training }))([x], dy)[0], one.dx);
  }
  if (one.dweights.length > 0) {
    layer.setWeights(start);
    const found = variableGrads(() => layer.apply(x, { training }).mul(dy).sum());
    const names = layer.trainableWeights.map(({ name }) => name);
    assert.deepEqual(sortedNames(Object.keys(found.grads)), sortedNames(names));
    for (const keras of one.dweights) {
      const weight = layer.weights.find((weight) => lastName(weight) === keras.name);
      close(`d${keras.name}`, found.grads[weight.name], keras);
    }
  }

  if (training) return;
  close('y by call', layer.call(x, {}), one.y);
  // The same layer in a model.
  layer.setWeights(start);
  const model = sequential();
  model.add(layer);
  close('y of a model', model.predict(x), one.y);
}

const more = ['preprocessing.json', 'convolutions.json'].flatMap((file) => readOracle(file).layers);
for (const one of [...oracle.layers, ...more]) {
  if (makerOf(one.layer) === undefined) toCome.layers.add(one.layer);
  else test(`${one.layer}, ${one.name}: value, gradients and weights as Keras'`, () => checkLayer(one));
}

test('every class of the core has a function', () => {
  assert.deepEqual(
    layerClasses().filter((name) => makerOf(name) === undefined),
    [],
  );
  const { cropping2d, globalMaxPooling1d, globalMaxPool1d, elu, softmax } = layers;
  const x = tensor([
    [[1], [5]],
    [[3], [4]],
  ]);
  const values = (layer) => Array.from(layer.apply(x).dataSync());
  assert.deepEqual(values(globalMaxPooling1d()), [5, 4]);
  assert.deepEqual(values(globalMaxPool1d()), [5, 4]);
  assert.deepEqual(values(elu({ alpha: 2 })), [1, 5, 3, 4]);
  assert.deepEqual(values(softmax()), [1, 1, 1, 1]);
  const cut = cropping2d({
    cropping: [
      [1, 0],
      [0, 1],
    ],
  });
  assert.deepEqual(Array.from(cut.apply(x.expandDims(0)).dataSync()), [3]);
  const slopes = [{ alpha: 0.5 }, { negativeSlope: 0.5 }].map((settings) =>
    values(layers.leakyReLU(settings)),
  );
  assert.deepEqual(slopes[0], slopes[1]);
});

test('a layer that nobody has named is called as Keras calls its class, and so are its weights', () => {
  for (const [name, expected] of [
    ['lstm', 'lstm'],
    ['simpleRNN', 'simple_rnn'],
    ['maxPooling2d', 'max_pooling2d'],
    ['reLU', 're_lu'],
  ]) {
    assert.equal(layers[name](name === 'maxPooling2d' || name === 'reLU' ? {} : { units: 2 }).name, expected);
  }
  const layer = layers.dense({ units: 2 });
  layer.build([null, 3]);
  assert.deepEqual(
    layer.weights.map(({ name, shape }) => [name, shape]),
    [
      ['dense/kernel', [3, 2]],
      ['dense/bias', [2]],
    ],
  );
});

test('build and computeOutputShape take shapes with a batch axis, and refuse what is none', () => {
  const layer = layers.conv2d({ filters: 3, kernelSize: 2 });
  assert.deepEqual(layer.computeOutputShape([7, 5, 6, 2]), [7, 4, 5, 3]);
  assert.deepEqual(
    layers.concatenate().computeOutputShape([
      [null, 2],
      [null, 3],
    ]),
    [null, 5],
  );
  assert.deepEqual(layers.dense({ units: 3 }).computeOutputShape([null, null, 2]), [null, null, 3]);
  const state = layers.lstm({ units: 3, returnState: true }).computeOutputShape([null, 4, 2]);
  assert.deepEqual(state, [
    [null, 3],
    [null, 3],
    [null, 3],
  ]);
  assert.throws(() => layer.build(), { code: 'type', message: /^Conv2D: build: expected a shape such as/ });
  assert.throws(() => layer.build([null, 3]), { code: 'shape' });
  assert.throws(() => layer.computeOutputShape('a'), {
    code: 'type',
    message: /computeOutputShape: expected/,
  });
  const model = sequential({ layers: [layers.dense({ units: 4 }), layers.dense({ units: 2 })] });
  assert.deepEqual(model.computeOutputShape([null, 3]), [null, 2]);
});

/** Settings that the function for an optimizer takes by position, in this order. */
const ARGUMENTS = {
  SGD: {
    plain: [train.sgd, ['learning_rate']],
    momentum: [train.momentum, ['learning_rate', 'momentum', 'nesterov']],
  },
  Adam: { plain: [train.adam, ['learning_rate', 'beta_1', 'beta_2', 'epsilon']] },
};

/** An optimizer as `train.…` makes it, by position where there are only such settings, or else by name. */
function optimizerOf({ optimizer, config }) {
  const known = ARGUMENTS[optimizer]?.['momentum' in config ? 'momentum' : 'plain'];
  if (known && Object.keys(config).every((name) => known[1].includes(name)))
    return known[0](...known[1].map((name) => config[name]));
  return train[optimizer.toLowerCase()](settings(config));
}

const identity = (units) =>
  sequential({ layers: [layers.activation({ activation: 'linear', inputShape: [units] })] });

for (const one of oracle.optimizers) {
  const { optimizer: className, config, name, start } = one;
  const spec = { className, config: settings(config) };
  if (!isOffered(() => identity(1).compile({ optimizer: spec, loss: 'meanSquaredError' }))) {
    toCome.optimizers.add(name);
    continue;
  }
  test(`${name}: applyGradients on a variable takes Keras' steps`, () => {
    const w = variable(tensor(start), true, 'w');
    const optimizer = optimizerOf(one);
    one.gradients.forEach((gradient, step) => {
      optimizer.applyGradients(
        step % 2 === 0 ? { w: tensor(gradient) } : [{ name: 'w', tensor: tensor(gradient) }],
      );
      closeNumbers(`step ${step}`, w.dataSync(), one.weights[step], 1e-5);
    });
    assert.equal(optimizer.iterations, one.gradients.length);
    w.dispose();
  });
  test(`${name}: minimize finds the gradient itself`, () => {
    const w = variable(tensor(start));
    const optimizer = optimizerOf(one);
    one.gradients.forEach((gradient, step) => {
      optimizer.minimize(() => w.mul(tensor(gradient)).sum(), false, [w]);
      closeNumbers(`step ${step}`, w.dataSync(), one.weights[step], 1e-5);
    });
  });
  test(`${name}: a model that is compiled with its name and settings takes Keras' steps`, async () => {
    // The gradient of the mean of x · w is x.
    const layer = layers.dense({ units: 1, useBias: false, inputShape: [start.length] });
    const model = sequential({ layers: [layer] });
    model.compile({ optimizer: spec, loss: (_, predicted) => predicted.mean() });
    model.setWeights([tensor(start, [start.length, 1])]);
    for (const [step, gradient] of one.gradients.entries()) {
      await model.trainOnBatch(tensor([gradient]), tensor([[0]]));
      closeNumbers(`step ${step}`, model.getWeights()[0].dataSync(), one.weights[step], 1e-5);
    }
  });
}

/** A layer whose result is its weight: its gradient is that of a loss with respect to the prediction. */
class Prediction extends layers.Layer {
  static className = 'Prediction';
  constructor(start) {
    super({});
    this.start = start;
  }
  build() {
    const start = { apply: () => this.start };
    this.prediction = this.addWeight('prediction', this.start.shape, 'float32', start);
  }
  call(inputs) {
    return inputs.mul(0).add(this.prediction.read());
  }
}

for (const one of oracle.losses) {
  const loss = { className: one.loss, config: settings(one.config) };
  if (!isOffered(() => identity(1).compile({ optimizer: 'sgd', loss }))) {
    toCome.losses.add(one.loss);
    continue;
  }
  const [units] = one.y_pred.shape.slice(-1);
  test(`${one.name}: evaluate gives Keras' loss`, () => {
    const model = identity(units);
    model.compile({ optimizer: 'sgd', loss });
    const value = model.evaluate(tensorOf(one.y_pred), tensorOf(one.y_true));
    closeNumbers('value', value.dataSync(), [one.value], 1e-5);
  });
  test(`${one.name}: a step goes along Keras' gradient`, async () => {
    // The step is long, so that the rounding of the weights does not matter; a power of two loses no digits.
    const rate = 2 ** 10;
    const start = tensorOf(one.y_pred);
    const model = sequential();
    model.add(layers.inputLayer({ inputShape: one.y_pred.shape.slice(1) }));
    model.add(new Prediction(start));
    model.compile({ optimizer: train.sgd(rate), loss });
    const told = await model.trainOnBatch(start, tensorOf(one.y_true));
    closeNumbers('value', [told], [one.value], 1e-5);
    close('gradient', start.sub(model.getWeights()[0]).div(rate), one.dy_pred);
  });
}

for (const one of oracle.metrics) {
  const isSparse = one.metric.startsWith('Sparse');
  const loss = isSparse ? 'sparseCategoricalCrossentropy' : 'meanSquaredError';
  const [units] = one.y_pred.shape.slice(-1);
  const metric = { className: one.metric, config: settings(one.config) };
  const name = one.metric === 'AUC' ? 'auc' : one.metric[0].toLowerCase() + one.metric.slice(1);
  const model = identity(units);
  if (!isOffered(() => model.compile({ optimizer: 'sgd', loss, metrics: [metric] }))) {
    toCome.metrics.add(one.metric);
    continue;
  }
  test(`${one.name}: evaluate gives Keras' metric`, () => {
    const [x, y] = [tensorOf(one.y_pred), tensorOf(one.y_true)];
    for (const batchSize of [1, 4, 32]) {
      const [, score] = model.evaluate(x, y, { batchSize });
      closeNumbers(`batches of ${batchSize}`, score.dataSync(), [one.value], 1e-5);
    }
    assert.deepEqual(model.metricsNames, ['loss', name]);
  });
}

test('what is to come is listed', () => {
  assert.deepEqual(sortedNames(toCome.layers), LAYERS_TO_COME);
  assert.deepEqual(sortedNames(toCome.optimizers), []);
  assert.deepEqual(sortedNames(toCome.losses), []);
  assert.deepEqual(sortedNames(toCome.metrics), []);
});
