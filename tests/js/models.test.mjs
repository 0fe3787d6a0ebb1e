// Sequential models: what they compute, tell, and keep. Numbers are by hand.
import { assert, mapling, test } from './mapling.mjs';

const { layers, sequential, train } = mapling;

/** y = x · [1, 2] + 0.5, compiled for squared errors and steps of 0.1. */
function line() {
  const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
  model.setWeights([mapling.tensor([[1], [2]]), mapling.tensor([0.5])]);
  model.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
  return model;
}
const x = () =>
  mapling.tensor2d([
    [1, 2],
    [3, 4],
  ]);
const y = () => mapling.tensor2d([[5], [12]]);
const near = (got, want, allowed = 1e-6) =>
  assert.ok(
    [...got].length === want.length && want.every((value, at) => Math.abs(got[at] - value) <= allowed),
    `${[...got]}, expected ${want}`,
  );
const weightsOf = (model) => model.getWeights().flatMap((weight) => [...weight.dataSync()]);

test('predict and predictOnBatch give x · kernel + bias, whatever the batches', () => {
  near(line().predict(x()).dataSync(), [5.5, 11.5]);
  near(line().predict(x(), { batchSize: 1 }).dataSync(), [5.5, 11.5]);
  near(line().predictOnBatch(x()).dataSync(), [5.5, 11.5]);
  near(
    line()
      .predict([[1, 1]])
      .dataSync(),
    [3.5],
  );
});

test('evaluate and testOnBatch give the loss, or the loss and the metrics', () => {
  near(line().evaluate(x(), y()).dataSync(), [0.25]);
  near(line().evaluate(x(), y(), { batchSize: 1 }).dataSync(), [0.25]);
  near(line().testOnBatch(x(), y()).dataSync(), [0.25]);
  const model = sequential({ layers: [layers.activation({ activation: 'linear', inputShape: [2] })] });
  model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  assert.deepEqual(model.metricsNames, ['loss', 'acc']);
  const told = model.evaluate(
    [
      [0.25, 0.75],
      [0.5, 0.5],
      [0.9, 0.1],
    ],
    [
      [0, 1],
      [0, 1],
      [0, 1],
    ],
  );
  near(
    told.map((scalar) => scalar.dataSync()[0]),
    [(Math.log(4 / 3) + Math.log(2) + Math.log(10)) / 3, 1 / 3],
  );
});

test('trainOnBatch gives the loss before its step and takes the step', async () => {
  const model = line();
  near([await model.trainOnBatch(x(), y())].flat(), [0.25]);
  // Errors 0.5 and -0.5: the kernel's gradient is [-1, -1], the bias has none.
  near(weightsOf(model), [1.1, 2.1, 0.5]);
});

test('fit takes the same steps and tells the losses', async () => {
  const model = line();
  const { history, epoch, params } = await model.fit(x(), y(), { epochs: 2, batchSize: 2 });
  assert.deepEqual(epoch, [0, 1]);
  assert.equal(params.epochs, 2);
  // After one step the guesses are 5.8 and 12.2.
  near(history.loss, [0.25, (0.8 ** 2 + 0.2 ** 2) / 2]);
});

test('fit looks at data that it does not train on', async () => {
  const model = line();
  const { history } = await model.fit(x(), y(), { batchSize: 2, validationData: [x(), y()] });
  near(history.val_loss, [(0.8 ** 2 + 0.2 ** 2) / 2]);
});

test('weights can be read, set, and are copies', () => {
  const model = line();
  const [kernel] = model.getWeights();
  kernel.dataSync().fill(9);
  near(weightsOf(model), [1, 2, 0.5]);
  model.setWeights([mapling.tensor([[3], [4]]), mapling.tensor([5])]);
  near(weightsOf(model), [3, 4, 5]);
  near(model.predict(x()).dataSync(), [16, 30]);
});

test('infinite weights of a run that diverged can be set again', () => {
  const model = line();
  model.setWeights([mapling.tensor([[Number.POSITIVE_INFINITY], [1]]), mapling.tensor([0])]);
  const diverged = model.getWeights();
  assert.equal(diverged[0].dataSync()[0], Number.POSITIVE_INFINITY);
  model.setWeights(diverged);
  assert.equal(model.getWeights()[0].dataSync()[0], Number.POSITIVE_INFINITY);
});

test('the learning rate can be read and holds from the next step when it is set', async () => {
  const model = line();
  near([model.learningRate], [0.1]);
  model.learningRate = 0;
  near([model.learningRate], [0]);
  await model.trainOnBatch(x(), y());
  near(weightsOf(model), [1, 2, 0.5]);
});

test('a model knows its layers, shapes and number of parameters', () => {
  const model = sequential({ name: 'small' });
  model.add(layers.dense({ units: 3, inputShape: [2], name: 'first' }));
  model.add(layers.dense({ units: 1 }));
  assert.equal(model.name, 'small');
  assert.equal(model.layers.length, 2);
  assert.deepEqual(
    [model.inputShape, model.outputShape],
    [
      [null, 2],
      [null, 1],
    ],
  );
  assert.equal(model.countParams(), 3 * 2 + 3 + 3 + 1);
  assert.equal(model.getLayer('first'), model.layers[0]);
  assert.equal(model.getLayer(undefined, 1), model.layers[1]);
});

test('build makes the weights for samples of a shape, once', () => {
  const model = sequential({ layers: [layers.dense({ units: 2 })] });
  assert.equal(model.built, false);
  model.build([null, 3]);
  assert.equal(model.built, true);
  const before = weightsOf(model);
  assert.equal(before.length, 8);
  assert.deepEqual(
    model.getWeights().map(({ shape }) => shape),
    [[3, 2], [2]],
  );
});

test('equal seeds make equal models, models without a seed differ', () => {
  const fresh = (seed) =>
    weightsOf(sequential({ seed, layers: [layers.dense({ units: 4, inputShape: [3] })] }));
  assert.deepEqual(fresh(5), fresh(5));
  assert.notDeepEqual(fresh(5), fresh(6));
  assert.notDeepEqual(fresh(undefined), fresh(undefined));
});

test('summary names the layers, their shapes and parameters', () => {
  const model = line();
  const lines = [];
  model.summary(undefined, undefined, (text) => lines.push(text));
  const text = lines.join('\n');
  assert.match(text, /dense\w* \(Dense\)/);
  assert.match(text, /\[null, ?1\]/);
  assert.match(text, /Total params: 3\n/);
  assert.match(text, /Trainable params: 3\n/);
  assert.match(text, /Non-trainable params: 0\n/);
});

test('an architecture as JSON makes the same model with new weights', () => {
  const json = line().toJSON();
  const again = mapling.modelFromJSON(json);
  assert.deepEqual([again.outputShape, again.countParams()], [[null, 1], 3]);
  again.setWeights(line().getWeights());
  near(again.predict(x()).dataSync(), [5.5, 11.5]);
});

test('what save gives, loadModel and loadWeights bring back bit for bit', async () => {
  const model = line();
  await model.trainOnBatch(x(), y());
  const saved = await model.save();
  const loaded = await mapling.loadModel(saved);
  assert.deepEqual(weightsOf(loaded), weightsOf(model));
  assert.deepEqual(loaded.predict(x()).dataSync(), model.predict(x()).dataSync());
  const other = line();
  other.loadWeights(saved.weights);
  assert.deepEqual(weightsOf(other), weightsOf(model));
});

test('a model that is disposed leaves others as they are', () => {
  const [model, other] = [line(), line()];
  model.dispose();
  near(other.predict(x()).dataSync(), [5.5, 11.5]);
});

test('models and layers can be asked for by class', () => {
  assert.ok(line() instanceof mapling.Sequential);
  assert.ok(line().layers[0] instanceof mapling.Layer);
  assert.ok(train.sgd(0.1) instanceof mapling.Optimizer);
  assert.ok(mapling.callbacks.earlyStopping() instanceof mapling.Callback);
});

test('a model tells its optimizer, its loss, its settings and its class', () => {
  const model = line();
  assert.deepEqual(
    [model.optimizer.getClassName(), model.loss, model.getClassName()],
    ['SGD', 'meanSquaredError', 'Sequential'],
  );
  assert.equal(model.optimizer.learningRate, model.learningRate);
  const { layers: written } = model.getConfig();
  assert.deepEqual(
    written.map(({ class_name }) => class_name),
    ['Dense'],
  );
  assert.deepEqual(
    [model.inputs[0].shape, model.outputs[0].shape],
    [
      [null, 2],
      [null, 1],
    ],
  );
  assert.deepEqual([model.input, model.output], [model.inputs[0], model.outputs[0]]);
  assert.deepEqual([model.inputNames.length, model.outputNames], [1, [model.layers[0].name]]);
});

test('a layer is taken away again, and another takes its place', () => {
  const model = sequential({
    layers: [layers.dense({ units: 3, inputShape: [2] }), layers.dense({ units: 1 })],
  });
  model.pop();
  assert.deepEqual([model.outputShape, model.layers.length], [[null, 3], 1]);
  model.add(layers.dense({ units: 5 }));
  assert.deepEqual(
    [model.outputShape, model.predict([[1, 2]]).shape],
    [
      [null, 5],
      [1, 5],
    ],
  );
  model.pop();
  model.pop();
  assert.throws(() => model.pop(), { message: 'pop: the model has no layers', code: 'state' });
});

/** y = x · a · b, both 1, whose gradients are alike. */
function factors() {
  const kernel = () => layers.dense({ units: 1, useBias: false, kernelInitializer: 'ones' });
  const [a, b] = [
    layers.dense({ units: 1, useBias: false, kernelInitializer: 'ones', inputShape: [1] }),
    kernel(),
  ];
  const model = sequential({ layers: [a, b] });
  model.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
  return { model, a, b, step: () => model.trainOnBatch([[1]], [[0]]) };
}

test('trainable of a layer holds from the next step, before compile and after it', async () => {
  const { model, a, b, step } = factors();
  a.trainable = false;
  assert.deepEqual([a.trainable, model.trainable, model.trainableWeights.length], [false, true, 1]);
  await step();
  near(weightsOf(model), [1, 0.8]);
  [a.trainable, b.trainable] = [true, false];
  await step();
  // The gradient is 2 · (1 · 0.8) · 0.8.
  near(weightsOf(model), [1 - 0.128, 0.8]);
  b.trainable = true;
  const [first, second] = weightsOf(model);
  await step();
  const now = weightsOf(model);
  assert.ok(now[0] < first && now[1] < second);
});

test('trainable of a model is that of all its layers, in the middle of a run too', async () => {
  const { model, a, b, step } = factors();
  model.trainable = false;
  assert.deepEqual([model.trainable, a.trainable, b.trainable], [false, false, false]);
  assert.deepEqual([model.trainableWeights, model.nonTrainableWeights.length], [[], 2]);
  await step();
  near(weightsOf(model), [1, 1]);
  model.trainable = true;
  const seen = [];
  await model.fit([[1]], [[0]], {
    epochs: 4,
    callbacks: {
      onEpochEnd: (epoch) => {
        seen.push(weightsOf(model)[0]);
        model.trainable = epoch !== 1;
      },
    },
  });
  near([seen[0]], [0.8]);
  assert.ok(seen[1] < seen[0]);
  assert.equal(seen[2], seen[1]);
  assert.ok(seen[3] < seen[2]);
});

test('a frozen model inside another stays as it is', async () => {
  const inner = sequential({
    layers: [layers.dense({ units: 1, useBias: false, kernelInitializer: 'ones', inputShape: [1] })],
  });
  const model = sequential({
    layers: [inner, layers.dense({ units: 1, useBias: false, kernelInitializer: 'ones' })],
  });
  model.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
  inner.trainable = false;
  await model.trainOnBatch([[1]], [[0]]);
  near(weightsOf(model), [1, 0.8]);
});

test('setSeed makes models equal that have no seed of their own, and what they learn', async () => {
  const learned = async () => {
    const model = sequential({
      layers: [
        layers.dense({ units: 3, inputShape: [2] }),
        layers.dropout({ rate: 0.5 }),
        layers.dense({ units: 1 }),
      ],
    });
    model.compile({ optimizer: train.sgd(0.01), loss: 'meanSquaredError' });
    await model.fit(mapling.randomNormal([9, 2]), mapling.randomNormal([9, 1]), { epochs: 2, batchSize: 4 });
    return weightsOf(model);
  };
  mapling.setSeed(7);
  const [first, second] = [await learned(), await learned()];
  assert.notDeepEqual(first, second);
  mapling.setSeed(7);
  assert.deepEqual([await learned(), await learned()], [first, second]);
  mapling.setSeed(8);
  assert.notDeepEqual(await learned(), first);
  assert.throws(() => mapling.setSeed(0.5), { message: /^setSeed: / });
});

test('rows of a list, a list of one tensor, and names stand for one input', async () => {
  const model = line();
  near(model.predict([x()]).dataSync(), [5.5, 11.5]);
  near(model.predict({ [model.inputNames[0]]: x() }).dataSync(), [5.5, 11.5]);
  near(model.evaluate([x()], [y()]).dataSync(), [0.25]);
  near((await model.fit([x()], [y()])).history.loss, [0.25]);
  const single = sequential({
    layers: [layers.dense({ units: 1, kernelInitializer: 'ones', inputShape: [1] })],
  });
  near(single.predict(mapling.tensor1d([1, 2])).dataSync(), [1, 2]);
});

test('samples are weighed in fit, evaluate and trainOnBatch, and evaluate stops after so many steps', async () => {
  // Errors 0.5 and -0.5, then 0.5 and 1.5.
  const [rows, targets, counts] = [x(), mapling.tensor2d([[5], [10]]), mapling.tensor1d([1, 3])];
  near(line().evaluate(rows, targets, { sampleWeight: counts }).dataSync(), [(0.25 + 3 * 2.25) / 2]);
  near([await line().trainOnBatch(rows, targets, counts)].flat(), [(0.25 + 3 * 2.25) / 2]);
  near((await line().fit(rows, targets, { sampleWeight: counts })).history.loss, [(0.25 + 3 * 2.25) / 2]);
  near(line().evaluate(rows, targets, { batchSize: 1, steps: 1 }).dataSync(), [0.25]);
});
