// Models that are graphs: many inputs and outputs, shared layers, models in models. Numbers are by hand.
import { pathToFileURL } from 'node:url';
import { at } from '../../scripts/run.mjs';
import { branches, left, right, times } from './branches.mjs';
import { assert, mapling, test } from './mapling.mjs';
import { list, near } from './numbers.mjs';

const { input, layers, model, sequential, tensor, train } = mapling;

test('many inputs and outputs, in lists or by their names', () => {
  const made = branches();
  assert.ok(made instanceof mapling.LayersModel && made instanceof mapling.Layer);
  assert.deepEqual(
    [made.name, made.inputNames, made.outputNames],
    ['branches', ['left', 'right'], ['sum', 'part']],
  );
  assert.deepEqual(made.inputShape, [
    [null, 3],
    [null, 2],
  ]);
  assert.deepEqual(made.outputShape, [
    [null, 1],
    [null, 2],
  ]);
  const want = [
    [54, 6],
    [12, 12, 2, 2],
  ];
  assert.deepEqual(made.predict([left(), right()]).map(list), want);
  assert.deepEqual(made.predict({ right: right(), left: left() }).map(list), want);
  assert.deepEqual(made.predict([left(), right()], { batchSize: 1 }).map(list), want);
  assert.deepEqual(made.predictOnBatch([left(), right()]).map(list), want);
  assert.deepEqual(made.apply([left(), right()]).map(list), want);
});

test('a symbol tells its shape, kind, name, and what it comes from', () => {
  const x = input({ shape: [null, 3], name: 'steps', dtype: 'int32' });
  const dense = layers.dense({ units: 2, name: 'each' });
  const y = dense.apply(x);
  assert.ok(x instanceof mapling.SymbolicTensor && y instanceof mapling.SymbolicTensor);
  assert.deepEqual([x.shape, x.rank, x.dtype, x.name], [[null, null, 3], 3, 'int32', 'steps']);
  assert.deepEqual([y.shape, y.rank, y.dtype, y.outputTensorIndex], [[null, null, 2], 3, 'float32', 0]);
  assert.equal(y.sourceLayer, dense);
  assert.deepEqual([y.inputs, x.inputs], [[x], []]);
  assert.notEqual(x.id, y.id);
  assert.equal(x.sourceLayer.getClassName(), 'InputLayer');
  assert.deepEqual(x.sourceLayer.batchInputShape, [null, null, 3]);
});

test('a layer knows what it was called on, and a model what it goes from and to', () => {
  const x = input({ shape: [2] });
  const dense = layers.dense({ units: 2 });
  const y = dense.apply(x);
  assert.equal(dense.input, x);
  assert.equal(dense.output, y);
  assert.deepEqual(dense.outputShape, [null, 2]);
  const z = dense.apply(y);
  assert.equal(dense.getInputAt(1), y);
  assert.equal(dense.getOutputAt(0), y);
  assert.equal(dense.getOutputAt(1), z);
  const [one, many] = [model({ inputs: x, outputs: z }), branches()];
  assert.equal(one.input, x);
  assert.equal(one.output, z);
  assert.deepEqual([one.inputs, one.outputs], [[x], [z]]);
  assert.deepEqual([many.input, many.output], [many.inputs, many.outputs]);
  assert.equal(many.getLayer('double').output, many.getLayer('part').input);
  assert.deepEqual(many.getLayer('both').input[1].name, 'right');
});

test('the layers of a sequential model know theirs too', () => {
  const [first, second] = [layers.dense({ units: 3, inputShape: [2] }), layers.dense({ units: 1 })];
  const row = sequential({ layers: [first, second] });
  assert.equal(first.output, second.input);
  assert.equal(row.outputs[0], second.output);
  assert.equal(row.inputs[0], first.input);
  // A part of it is a model of its own, with the same weights.
  const part = model({ inputs: row.inputs, outputs: first.output });
  assert.deepEqual(list(part.predict([[1, 2]])), list(first.apply(tensor([[1, 2]]))));
});

test('layers in Keras’ order, by name and by place', () => {
  const made = branches();
  assert.deepEqual(
    made.layers.map(({ name }) => name),
    ['left', 'double', 'right', 'both', 'sum', 'part'],
  );
  assert.equal(made.getLayer('double'), made.layers[1]);
  assert.equal(made.getLayer(0).name, 'left');
  assert.equal(made.getLayer(undefined, 4).name, 'sum');
  assert.equal(made.countParams(), 8);
  assert.equal(made.getLayer('double').className, 'Dense');
});

test('a loss for each output, in a list or by name, and how much each counts', async () => {
  // Errors: sum 54 − 50 and 6 − 5, part 12 − 10 and 2 − 2.
  const targets = () => [
    tensor([[50], [5]]),
    tensor([
      [10, 10],
      [2, 2],
    ]),
  ];
  for (const loss of [
    'meanSquaredError',
    ['meanSquaredError', 'meanSquaredError'],
    { part: 'meanSquaredError', sum: 'meanSquaredError' },
  ]) {
    const made = branches();
    made.compile({ optimizer: train.sgd(0), loss, lossWeights: [1, 0.5], metrics: { part: 'mse' } });
    assert.deepEqual(made.metricsNames, ['loss', 'sum_loss', 'part_loss', 'part_mse']);
    const want = [8.5 + 0.5 * 2, 8.5, 2, 2];
    near(made.evaluate([left(), right()], targets()).flatMap(list), want);
    near(await made.trainOnBatch([left(), right()], targets()), want);
    const byName = { sum: targets()[0], part: targets()[1] };
    near(made.evaluate({ left: left(), right: right() }, byName, { batchSize: 1 }).flatMap(list), want);
    const { history } = await made.fit({ left: left(), right: right() }, byName, { epochs: 2, batchSize: 2 });
    assert.deepEqual(Object.keys(history), ['loss', 'sum_loss', 'part_loss', 'part_mse']);
    near(history.part_loss, [2, 2]);
    const { history: validated } = await made.fit([left(), right()], targets(), { validationSplit: 0.5 });
    near(validated.val_sum_loss, [1]);
    assert.deepEqual(made.loss, loss);
  }
});

test('evaluate weighs samples, and looks at so many batches', () => {
  const made = branches();
  made.compile({ optimizer: 'sgd', loss: ['meanSquaredError', 'meanSquaredError'] });
  const targets = [
    tensor([[50], [5]]),
    tensor([
      [10, 10],
      [2, 2],
    ]),
  ];
  const told = (args) => made.evaluate([left(), right()], targets, args).flatMap(list);
  near(told({ sampleWeight: tensor([1, 3]) }), [(16 + 3) / 2 + 2, (16 + 3) / 2, 2]);
  near(told({ batchSize: 1, steps: 1 }), [16 + 4, 16, 4]);
});

test('a shared layer is one layer: its gradients add up, and a step changes both of its uses', async () => {
  const [a, b] = [input({ shape: [1], name: 'a' }), input({ shape: [1], name: 'b' })];
  const shared = times(2, 1, 'shared');
  const made = model({ inputs: [a, b], outputs: layers.add().apply([shared.apply(a), shared.apply(b)]) });
  assert.equal(made.countParams(), 1);
  const { grads } = mapling.variableGrads(() => made.apply([tensor([[3]]), tensor([[5]])]).sum());
  assert.deepEqual(Object.values(grads).map(list), [[8]]);
  made.compile({ optimizer: train.sgd(0.01), loss: 'meanSquaredError' });
  // The answer is 16, the error 1: a gradient of 2 · 1 · 8.
  near([await made.trainOnBatch([tensor([[3]]), tensor([[5]])], tensor([[15]]))].flat(), [1]);
  near(list(shared.getWeights()[0]), [2 - 0.01 * 16]);
});

test('a model is a layer of another, functional or sequential, at any place', async () => {
  const inner = sequential({ name: 'inner', layers: [times(2, 2, 'twice'), times(3, 1, 'thrice')] });
  const x = input({ shape: [2] });
  const outer = model({ inputs: x, outputs: times(1, 1, 'last').apply(inner.apply(x)) });
  assert.deepEqual(list(outer.predict([[1, 2]])), [3 * (6 + 6)]);
  assert.equal(outer.getLayer('inner'), inner);
  const row = sequential({ layers: [sequential({ layers: [times(2, 2, 'first')] }), times(1, 1, 'second')] });
  row.build([null, 2]);
  assert.deepEqual(list(row.predict([[1, 2]])), [12]);
  const known = sequential({ layers: [layers.dense({ units: 1, useBias: false, inputShape: [2] })] });
  const front = sequential({ layers: [known, layers.dense({ units: 1 })] });
  assert.deepEqual([front.inputShape, front.outputShape, front.countParams()], [[null, 2], [null, 1], 4]);
  // The weights are the same ones: what the outer model learns, the inner one knows.
  outer.compile({ optimizer: train.sgd(0.001), loss: 'meanSquaredError' });
  const before = list(inner.getWeights()[0]);
  await outer.trainOnBatch([[1, 2]], [[0]]);
  assert.notDeepEqual(list(inner.getWeights()[0]), before);
  assert.deepEqual(list(outer.getWeights()[0]), list(inner.getWeights()[0]));
});

test('layers and models are called on tensors, and gradients go through them', () => {
  const dense = times(2, 2, 'direct');
  assert.deepEqual(list(dense.apply(tensor([[1, 2]]))), [6, 6]);
  assert.equal(dense.built, true);
  const slope = mapling.grad((x) => dense.apply(x).square().sum());
  assert.deepEqual(list(slope(tensor([[1, 2]]))), [48, 48]);
  const made = branches();
  const { value, grads } = mapling.variableGrads(
    () => made.apply([left(), right()])[1].sum(),
    made.trainableWeights.map((weight) => weight.read()),
  );
  assert.equal(value.dataSync()[0], 28);
  // The second output does not depend on the last kernel.
  assert.deepEqual(Object.keys(grads), ['double/kernel']);
  assert.deepEqual(list(grads['double/kernel']), [1, 1, 2, 2, 4, 4]);
});

test('a step of an optimizer on a model’s weights', () => {
  const dense = times(1, 1, 'stepped');
  const made = model({ inputs: dense.apply(input({ shape: [1] })).inputs, outputs: dense.output });
  const optimizer = train.sgd(0.1);
  const cost = optimizer.minimize(
    () =>
      made
        .apply(tensor([[3]]))
        .square()
        .sum(),
    true,
  );
  assert.equal(cost.dataSync()[0], 9);
  near(list(dense.getWeights()[0]), [1 - 0.1 * 18]);
  const { value, grads } = optimizer.computeGradients(() => made.apply(tensor([[1]])).sum());
  near(list(value), [-0.8]);
  assert.deepEqual(Object.keys(grads), ['stepped/kernel']);
  optimizer.applyGradients(grads);
  near(list(dense.getWeights()[0]), [-0.9]);
  assert.equal(optimizer.iterations, 2);
});

test('summary shows what each layer receives', () => {
  const lines = [];
  branches().summary(undefined, undefined, (line) => lines.push(line));
  const text = lines.join('\n');
  assert.match(text, /^Model: "branches"\n/);
  assert.match(text, /Layer \(type\).*Output shape.*Param #.*Receives inputs/i);
  assert.match(text, /double \(Dense\) +\[null, ?2\] +6 +left\[0\]\[0\]/);
  assert.match(text, /both \(Add\) +\[null, ?2\] +0 +double\[0\]\[0\]\n +right\[0\]\[0\]/);
  assert.match(text, /Total params: 8\n/);
  const narrow = [];
  branches().summary(40, [0.5, 0.7, 0.8, 1], (line) => narrow.push(line));
  assert.ok(narrow.every((line) => line.length <= 40));
});

test('toJSON is Keras’ form, from which the same model comes', async () => {
  const made = branches();
  const told = made.toJSON(undefined, false);
  assert.equal(told.class_name, 'Functional');
  assert.deepEqual(told.config.input_layers, [
    ['left', 0, 0],
    ['right', 0, 0],
  ]);
  assert.deepEqual(JSON.parse(made.toJSON()), told);
  assert.deepEqual(made.getConfig(), told.config);
  assert.equal(made.getClassName(), 'Functional');
  for (const again of [
    mapling.modelFromJSON(told),
    mapling.modelFromJSON(made.toJSON()),
    await mapling.loadModel(await made.save()),
  ]) {
    again.setWeights(made.getWeights());
    assert.deepEqual(again.predict([left(), right()]).map(list), made.predict([left(), right()]).map(list));
    assert.deepEqual([again.name, again.getLayer('both').input[0].name], ['branches', 'double']);
    assert.equal(again.toJSON(), made.toJSON());
  }
});

test('sequences of any length go in', () => {
  const x = input({ shape: [null, 1] });
  const made = model({ inputs: x, outputs: times(1, 1).apply(layers.globalAveragePooling1d().apply(x)) });
  assert.deepEqual(
    [made.inputShape, made.outputShape],
    [
      [null, null, 1],
      [null, 1],
    ],
  );
  assert.deepEqual(list(made.predict(tensor([[[1], [2], [3]]]))), [2]);
  assert.deepEqual(list(made.predict(tensor([[[1], [4]]]))), [2.5]);
});

test('the JSON of a graph around graphs is read to the same numbers with and without the readers of Keras’ files', async () => {
  const x = input({ shape: [3] });
  const inside = model({ inputs: x, outputs: layers.dense({ units: 3 }).apply(x) });
  const y = input({ shape: [3] });
  const around = model({
    inputs: y,
    outputs: [inside.apply(inside.apply(y)), inside.apply(y)],
    name: 'around',
  });
  const told = around.toJSON(undefined, false);
  assert.deepEqual([told.module, told.registered_name], ['keras.src.models.functional', 'Functional']);
  assert.equal(told.config.name, 'around');
  const { toldByKeras } = await import(pathToFileURL(at('dist/npm/nn/keras-json.js')).href);
  const written = around.written_('toJSON');
  assert.deepEqual(toldByKeras(told).config.output_layers, written.config.output_layers);
  // What has another form is left to what reads the model.
  for (const output_layers of [[null], [5], 'none', [['dense', 'first', 0]]]) {
    const odd = { class_name: 'Functional', config: { layers: [null, 3], output_layers } };
    assert.deepEqual(toldByKeras(odd), odd);
  }
  const again = mapling.modelFromJSON(told);
  again.setWeights(around.getWeights());
  const given = mapling.tensor([[1, -2, 3]]);
  assert.deepEqual(
    again.predict(given).map((one) => [...one.dataSync()]),
    around.predict(given).map((one) => [...one.dataSync()]),
  );
});

/** As Keras writes `Model({'z': first, 'a': second}, {'out': d, 'more': e})`: its module, and ends by their names. */
function named() {
  const [first, second] = [input({ shape: [2], name: 'first' }), input({ shape: [3], name: 'second' })];
  const [d, e] = [layers.dense({ units: 1, name: 'd' }), layers.dense({ units: 2, name: 'e' })];
  const made = model({ inputs: [second, first], outputs: [e.apply(second), d.apply(first)], name: 'named' });
  const json = made.toJSON(null, false);
  json.config.input_layers = { z: ['first', 0, 0], a: ['second', 0, 0] };
  json.config.output_layers = { out: ['d', 0, 0], more: ['e', 0, 0] };
  return json;
}

test('names that Keras gives inputs and outputs hold for data, losses, logs and what is written again', async () => {
  const made = mapling.modelFromJSON(named());
  // In the order in which Keras takes them.
  assert.deepEqual(
    [made.inputNames, made.outputNames],
    [
      ['a', 'z'],
      ['more', 'out'],
    ],
  );
  made.setWeights(made.getWeights().map((weight) => mapling.ones(weight.shape)));
  const x = { z: tensor([[1, 2]]), a: tensor([[1, 1, 1]]) };
  assert.deepEqual(made.predict(x).map(list), [[4, 4], [4]]);
  made.compile({ optimizer: train.sgd(0), loss: { out: 'meanSquaredError', more: 'meanAbsoluteError' } });
  const y = { out: tensor([[1]]), more: tensor([[1, 1]]) };
  const { history } = await made.fit(x, y);
  assert.deepEqual([history.out_loss, history.more_loss, history.loss], [[9], [3], [12]]);
  assert.throws(
    () => made.compile({ optimizer: 'sgd', loss: { d: 'meanSquaredError' } }),
    /more, out|`d`|"d"/,
  );
  const { config } = JSON.parse(made.toJSON());
  assert.deepEqual(config.output_layers, { more: ['e', 0, 0], out: ['d', 0, 0] });
  const copy = await mapling.io.fromKeras(await mapling.io.toKeras(made));
  assert.deepEqual(
    [copy.inputNames, copy.outputNames],
    [
      ['a', 'z'],
      ['more', 'out'],
    ],
  );
  assert.deepEqual((await copy.fit(x, y)).history.loss, [12]);
  const checkpoint = await mapling.io.fromCheckpoint(await mapling.io.toCheckpoint(made));
  assert.deepEqual(checkpoint.outputNames, ['more', 'out']);
});

test('two outputs of one layer are told apart by their names', async () => {
  const [a, b] = [input({ shape: [1] }), input({ shape: [1] })];
  const shared = layers.dense({ units: 1, name: 'd', kernelInitializer: 'ones' });
  const made = model({ inputs: [a, b], outputs: [shared.apply(a), shared.apply(b)] });
  assert.deepEqual(made.outputNames, ['d', 'd_1']);
  made.compile({ optimizer: train.sgd(0), loss: 'meanSquaredError', metrics: ['mae'] });
  const { history } = await made.fit([tensor([[1]]), tensor([[2]])], [tensor([[0]]), tensor([[0]])]);
  assert.deepEqual([history.d_loss, history.d_1_loss], [[1], [4]]);
  assert.deepEqual([history.d_mae, history.d_1_mae], [[1], [2]]);
});

test('a layer is asked for by its name or its place', () => {
  const made = sequential({ layers: [layers.dense({ units: 2, inputShape: [3], name: 'first' })] });
  assert.equal(made.getLayer('first'), made.getLayer(0));
  assert.equal(made.getLayer(null, 0), made.getLayer(undefined, 0));
  for (const odd of [null, undefined, {}, [0]])
    assert.throws(() => made.getLayer(odd), {
      code: 'type',
      message: /^getLayer: expected a name or a place, got /,
    });
  assert.throws(
    () => made.getLayer('second'),
    /^Error: getLayer: there is no layer "second"; there are first/,
  );
});
