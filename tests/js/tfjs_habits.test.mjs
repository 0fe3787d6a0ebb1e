// What programs for TensorFlow.js write that looks odd, and works there: each was met in one of its public examples.
import { assert, mapling, test } from './mapling.mjs';
import { near } from './numbers.mjs';

const { layers, sequential, ones, tensor, train } = mapling;

/** The call is refused, at once or later, with this code and these words. */
const refused = (call, code, message) =>
  assert.rejects(async () => call(), { name: 'Error', ...(code && { code }), message });

const line = (more = {}) =>
  sequential({
    seed: 1,
    layers: [layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'ones', ...more })],
  });

test('a TensorBuffer is made of a shape alone: zeros, of whichever kind', async () => {
  const made = new mapling.TensorBuffer([2, 2]);
  made.set(3, 1, 0);
  assert.deepEqual(made.toTensor().arraySync(), [
    [0, 0],
    [3, 0],
  ]);
  const whole = new mapling.TensorBuffer([2], 'int32');
  whole.set(2.5, 1);
  assert.deepEqual([whole.dtype, ...whole.values], ['int32', 0, 2]);
  const given = new mapling.TensorBuffer([2], 'float32', Float32Array.of(1, 2));
  assert.deepEqual([...given.toTensor().dataSync()], [1, 2]);
  await refused(
    () => new mapling.TensorBuffer([3], 'float32', Float32Array.of(1)),
    'shape',
    /holds 3 values/,
  );
  await refused(() => new mapling.TensorBuffer([3], 'half'), 'type', /unknown dtype/);
  await refused(() => new mapling.TensorBuffer('wide'), 'shape', /TensorBuffer/);
});

test('a model is called on whatever its layers can take, as a layer is', async () => {
  const inner = sequential({
    seed: 1,
    layers: [
      layers.dense({ units: 4, inputShape: [3], kernelInitializer: 'ones' }),
      layers.reshape({ targetShape: [2, 2] }),
    ],
  });
  const embedded = layers.embedding({ inputDim: 10, outputDim: 3 }).apply(mapling.input({ shape: [1] }));
  const product = layers.multiply().apply([mapling.input({ shape: [3] }), embedded]);
  assert.deepEqual(inner.apply(product).shape, [null, 2, 2]);
  near(inner.apply(ones([2, 1, 3])).dataSync(), new Array(8).fill(3));
  const pictures = sequential({
    seed: 1,
    layers: [layers.conv2d({ filters: 1, kernelSize: 3, inputShape: [8, 8, 1], kernelInitializer: 'ones' })],
  });
  assert.deepEqual(pictures.apply(ones([1, 10, 12, 1])).shape, [1, 8, 10, 1]);
  near(pictures.apply(ones([1, 3, 3, 1])).dataSync(), [9]);
  // Samples stay what they are, and so do channels.
  await refused(() => pictures.predict(ones([1, 10, 12, 1])), 'shape', /samples of shape \[8, 8, 1\]/);
  await refused(() => pictures.apply(ones([1, 8, 8, 2])), 'shape', /samples of shape \[8, 8, 1\]/);
});

test('what is undefined among options is not given; what else nobody knows is refused', async () => {
  const model = line();
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', classWeight: undefined, elsewhere: undefined });
  assert.deepEqual(model.metricsNames, ['loss']);
  await refused(
    () => model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', elsewhere: 1 }),
    'name',
    /unknown key "elsewhere"/,
  );
});

test('class weights that a model is compiled with count where fit says nothing of them', async () => {
  const [x, y] = [tensor([[1], [2], [3]]), tensor([[0], [1], [1]])];
  const trained = async (compiled, fitted) => {
    const model = line({ activation: 'sigmoid' });
    model.compile({ optimizer: train.sgd(0.1), loss: 'binaryCrossentropy', ...compiled });
    await model.fit(x, y, { epochs: 2, shuffle: false, verbose: 0, ...fitted });
    return [...model.getWeights()[0].dataSync()];
  };
  const [early, late] = [{ classWeight: { 0: 5, 1: 1 } }, { classWeight: { 0: 1, 1: 3 } }];
  assert.deepEqual(await trained(early, {}), await trained({}, early));
  assert.deepEqual(await trained(early, late), await trained({}, late));
  assert.notDeepEqual(await trained(early, {}), await trained({}, {}));
  const model = line({ activation: 'sigmoid' });
  model.compile({ optimizer: train.sgd(0.1), loss: 'binaryCrossentropy', classWeight: 5 });
  await refused(() => model.fit(x, y), undefined, /classWeight/);
});

test('a number in the place of options is the batch size', async () => {
  const model = line();
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  near([model.evaluate(tensor([[1], [2]]), tensor([[1], [4]]), 14).dataSync()[0]], [2]);
  near(model.predict(tensor([[1], [2]]), 1).dataSync(), [1, 2]);
  await refused(() => model.predict(tensor([[1]]), 0.5), 'value', /batchSize/);
});

test('the backend tells what is added to keep away from zero, and how wide numbers are', () => {
  assert.equal(mapling.backend().epsilon(), 1e-7);
  assert.equal(mapling.backend().floatPrecision(), 32);
});

test('gradients of two networks with layers of one name are applied by name', async () => {
  const [actor, critic, x] = [line(), line(), ones([4, 1])];
  const { grads } = mapling.variableGrads(() => actor.apply(x).mean().add(critic.apply(x).square().mean()));
  for (const name of Object.keys(grads)) grads[name] = grads[name].clipByValue(-0.5, 0.5);
  train.sgd(1).applyGradients(grads);
  near(
    [actor, critic].flatMap((model) => [...model.getWeights()[0].dataSync()]),
    [0.5, 0.5],
  );
  // A network that takes the place of one that nobody has disposed of.
  const fresh = line();
  const again = mapling.variableGrads(() => fresh.apply(x).mean()).grads;
  const scaled = Object.fromEntries(Object.entries(again).map(([name, one]) => [name, one.mul(2)]));
  train.sgd(0.25).applyGradients(scaled);
  near(fresh.getWeights()[0].dataSync(), [0.5]);
  near(actor.getWeights()[0].dataSync(), [0.5]);
  // Where two wait under one name nobody can tell which is meant.
  const [one, other] = [line(), line()];
  const first = mapling.variableGrads(() => one.apply(x).mean()).grads;
  const second = mapling.variableGrads(() => other.apply(x).mean()).grads;
  await refused(
    () => train.sgd(1).applyGradients({ 'dense/kernel': first['dense/kernel'].add(second['dense/kernel']) }),
    'name',
    /variables have the name "dense\/kernel"/,
  );
});

test('the input layer of a sequential model names its input', async () => {
  const model = sequential({ seed: 1 });
  model.add(layers.inputLayer({ inputShape: [1], name: 'given' }));
  model.add(layers.dense({ units: 1, kernelInitializer: 'ones' }));
  assert.deepEqual(model.inputNames, ['given']);
  model.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
  await model.fit({ given: tensor([[1]]) }, tensor([[2]]), { verbose: 0 });
  near(model.getWeights()[0].dataSync(), [1.2]);
  const read = await mapling.models.modelFromJSON({
    class_name: 'Sequential',
    config: {
      layers: [
        { class_name: 'InputLayer', config: { batch_input_shape: [null, 1], name: 'dense_input' } },
        { class_name: 'Dense', config: { units: 1 } },
      ],
    },
  });
  assert.deepEqual(read.inputNames, ['dense_input']);
  assert.deepEqual(line().inputNames, ['input_layer']);
});

test('lists of typed arrays have the kind of these', () => {
  assert.equal(mapling.tensor2d([Uint8Array.of(1, 2)]).dtype, 'int32');
  assert.equal(mapling.tensor2d([Int32Array.of(1, 2), Int32Array.of(3, 4)]).dtype, 'int32');
  assert.equal(mapling.tensor2d([Float32Array.of(1, 2)]).dtype, 'float32');
  assert.equal(mapling.tensor2d([[1, 2]]).dtype, 'float32');
});

test('inputDim and inputDType are older names of settings', async () => {
  const model = sequential({
    layers: [layers.dense({ units: 1, inputDim: 3, inputDType: 'float32', kernelInitializer: 'ones' })],
  });
  near(model.predict(tensor([[1, 2, 3]])).dataSync(), [6]);
  await refused(() => layers.flatten({ inputDim: 3 }), 'name', /inputDim/);
  await refused(() => layers.dense({ units: 1, inputDType: 'half' }), 'value', /dtype/);
});

test('callbacks may leave hooks empty, and objects of classes have fields of their own', async () => {
  class Counting {
    constructor() {
      this.count = 0;
    }
    onEpochEnd() {
      this.count += 1;
    }
  }
  const counting = new Counting();
  const model = line();
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const data = [ones([2, 1]), ones([2, 1])];
  await model.fit(...data, { epochs: 2, verbose: 0, callbacks: [counting, { onBatchEnd: null }] });
  assert.equal(counting.count, 2);
  await refused(() => model.fit(...data, { callbacks: { onEpochEndd() {} } }), 'name', /did you mean/);
});

test('what callbacks write into the logs of an epoch stands in the history', async () => {
  const model = line();
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const onEpochEnd = (epoch, logs) => {
    logs.rate = epoch / 10;
    logs.loss += 1;
  };
  const { history } = await model.fit(ones([2, 1]), ones([2, 1]), {
    epochs: 3,
    verbose: 0,
    callbacks: { onEpochEnd },
  });
  near(history.rate, [0, 0.1, 0.2]);
  near(history.loss, [1, 1, 1]);
});

test('a model takes another name; a layer says where it is given one', async () => {
  const model = line();
  model.name = 'slope';
  assert.equal(model.name, 'slope');
  await refused(
    () => {
      model.name = 3;
    },
    'type',
    /name: expected a text/,
  );
  await refused(
    () => {
      model.layers[0].name = 'other';
    },
    'state',
    /given its name where it is made/,
  );
});
