// The trainer, which trains in a worker: data go there, and answers come back.
import { assert, mapling, test, unrecorded } from './mapling.mjs';
import { line, linear, refused, withTrainer } from './trainer_here.mjs';

const { layers, model, input, sequential, train } = mapling;

test('a model of the page trains in the worker as it would in the page, to the same numbers', async () => {
  await withTrainer(async (trainer) => {
    const here = linear();
    const info = await trainer.setModel(here);
    assert.deepEqual(info.layers, [
      { name: here.layers[0].name, className: 'Dense', outputShape: [1], params: 3 },
    ]);
    const { x, y } = line();
    const [xs, ys] = [mapling.tensor(x.values.slice(), x.shape), mapling.tensor(y.values.slice(), y.shape)];
    const there = await trainer.fit(x, y, { epochs: 20, batchSize: 8, shuffle: false });
    const history = await here.fit(xs, ys, { epochs: 20, batchSize: 8, shuffle: false });
    assert.deepEqual(there.history, history.history);
    assert.equal(there.history.loss.length, 20);
    assert.ok(there.history.loss.at(-1) < 0.1 * there.history.loss[0]);
    const point = mapling.tensor([[0.5, -0.25]]);
    const answer = await trainer.predict(point);
    assert.deepEqual([...answer.values], [...here.predict(point).dataSync()]);
    assert.deepEqual(answer.shape, [1, 1]);
    const [kernel, bias] = await trainer.weights();
    const own = here.getWeights().map((tensor) => [...tensor.dataSync()]);
    assert.deepEqual([[...kernel.values], [...bias.values]], own);
  });
});

test('typed arrays move: whoever gave one has it no longer, and a tensor stays', async () => {
  await withTrainer(async (trainer) => {
    await trainer.setModel(linear());
    const { x, y } = line();
    const targets = mapling.tensor(y.values, y.shape);
    await trainer.setData('train', x, targets);
    assert.equal(x.values.length, 0);
    assert.equal(targets.dataSync().length, 64);
  });
});

test('several inputs and outputs, by name and in lists', async () => {
  await withTrainer(async (trainer) => {
    const [a, b] = [input({ shape: [2], name: 'a' }), input({ shape: [1], name: 'b' })];
    const both = layers.concatenate().apply([a, b]);
    const outputs = [
      layers.dense({ units: 1, name: 'sum' }).apply(both),
      layers.dense({ units: 2, activation: 'softmax', name: 'kind' }).apply(both),
    ];
    const made = model({ inputs: [a, b], outputs });
    made.compile({
      optimizer: 'sgd',
      loss: { sum: 'meanSquaredError', kind: 'sparseCategoricalCrossentropy' },
      lossWeights: [1, 0.5],
    });
    await trainer.setModel(made);
    const x = { a: mapling.ones([8, 2]), b: mapling.zeros([8, 1]) };
    const y = [mapling.ones([8, 1]), mapling.zeros([8], 'int32')];
    const { history } = await trainer.fit(x, y, { epochs: 2, validationData: [x, y] });
    assert.deepEqual(Object.keys(history).sort(), [
      'kind_loss',
      'loss',
      'sum_loss',
      'val_kind_loss',
      'val_loss',
      'val_sum_loss',
    ]);
    const answers = await trainer.predict([x.a, x.b]);
    const here = await made.fit(x, y, { epochs: 2 }).then(() => made.predict([x.a, x.b]));
    assert.deepEqual(
      answers.map(({ values }) => [...values]),
      here.map((tensor) => [...tensor.dataSync()]),
    );
  });
});

test('a set is tested while training, and of classes it is told what was taken for what', async () => {
  await withTrainer(async (trainer) => {
    const made = sequential({
      seed: 1,
      layers: [layers.dense({ units: 2, activation: 'softmax', inputShape: [1] })],
    });
    made.compile({ optimizer: train.sgd(0.5), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    await trainer.setModel(made);
    const values = Float32Array.from({ length: 40 }, (_, i) => (i % 2 ? 1 : -1));
    const classes = Int32Array.from({ length: 40 }, (_, i) => i % 2);
    await trainer.setData('train', { values: values.slice(), shape: [40, 1] }, classes.slice());
    await trainer.setData('test', { values, shape: [40, 1] }, classes);
    const tests = [];
    trainer.subscribe((event) => event.type === 'evaluated' && tests.push(event));
    const ended = new Promise((resolve) => {
      trainer.subscribe(
        (event) => event.type === 'state' && event.state.status === 'done' && resolve(event.state),
      );
    });
    await trainer.start({ epochs: 10, batchSize: 10, evaluateOn: 'test', evaluateEvery: 3 });
    const last = await ended;
    // After batches 3, 6, … 39, and after each epoch of 4 batches.
    assert.equal(tests.length, 20);
    assert.equal(last.tested.acc, 1);
    const { classes: found, logs, data } = tests.at(-1);
    assert.equal(data, 'test');
    assert.equal(logs.acc, 1);
    assert.deepEqual([...found.confusion], [20, 0, 0, 20]);
    assert.deepEqual([found.correct, found.total, found.mistakes.length], [40, 40, 0]);
    assert.deepEqual((await trainer.evaluate('test')).logs, logs);
  });
});

test('class weights count, an optimizer goes on where it was, and logs are called as in the page', async () => {
  await withTrainer(async (trainer) => {
    const classifier = () => {
      const made = sequential({
        seed: 2,
        layers: [layers.dense({ units: 3, activation: 'softmax', inputShape: [2] })],
      });
      const metrics = [unrecorded.metrics.sparseCategoricalAccuracy];
      made.compile({ optimizer: train.adam(0.1), loss: 'sparseCategoricalCrossentropy', metrics });
      return made;
    };
    const here = classifier();
    const x = mapling.randomNormal([30, 2], 0, 1, 'float32', 4);
    const y = mapling.tensor(
      Array.from({ length: 30 }, (_, i) => i % 3),
      [30],
      'int32',
    );
    const args = { epochs: 3, shuffle: false, classWeight: { 1: 5 }, validationSplit: 0.2 };
    await here.fit(x, y, args);
    await trainer.setModel(here);
    const there = await trainer.fit(x, y, args);
    const onward = await here.fit(x, y, args);
    assert.deepEqual(there.history, onward.history);
    await trainer.setModel(classifier());
    const plain = await trainer.fit(x, y, { ...args, classWeight: undefined });
    assert.notEqual(plain.history.loss[0], there.history.loss[0]);
    const watching = {
      setModel(model) {
        this.model = model;
      },
      onEpochEnd() {
        return this.model.learningRate;
      },
    };
    await assert.rejects(trainer.fit(x, y, { callbacks: watching }), {
      code: 'state',
      message: /learningRate: the model is in the worker; `callbacks.learningRateScheduler` sets it/,
    });
  });
});

test('what fit and predict refuse they have not taken, nor what they take', async () => {
  await withTrainer(async (trainer) => {
    const { x, y } = line();
    await refused(trainer.fit(x, y), 'state', /there is no model yet/);
    await refused(trainer.predict(x), 'state', /there is no model yet/);
    await trainer.setModel(linear());
    await refused(trainer.fit(x, y, { epochs: -1 }), 'value', /epochs/);
    await trainer.fit(x, y);
    await trainer.predict(x);
    assert.deepEqual([x.values.length, y.values.length], [128, 64]);
  });
});

test('fit and predict move typed arrays on request, and leave tensors and what is refused', async () => {
  await withTrainer(async (trainer) => {
    await trainer.setModel(linear());
    const [copied, { x, y }] = [line(), line()];
    const options = { epochs: 3, batchSize: 8, shuffle: false };
    await assert.rejects(trainer.fit(x, y, { ...options, transfer: 1 }), {
      code: 'type',
      message: /^fit: transfer/,
    });
    assert.equal(x.values.length, 128);
    const moved = await trainer.fit(x, y, { ...options, transfer: true });
    assert.deepEqual([x.values.length, y.values.length], [0, 0]);
    await trainer.setModel(linear());
    assert.deepEqual(await trainer.fit(copied.x, copied.y, options), moved);
    assert.equal(copied.x.values.length, 128);
    const tensor = mapling.tensor(copied.x.values, copied.x.shape);
    const answers = [
      await trainer.predict(copied.x),
      await trainer.predict(tensor, { transfer: true }),
      await trainer.predict(copied.x, { transfer: true }),
    ];
    assert.deepEqual(answers[1], answers[0]);
    assert.deepEqual(answers[2], answers[0]);
    assert.deepEqual([copied.x.values.length, tensor.dataSync().length], [0, 128]);
    await assert.rejects(trainer.predict(tensor, { transfers: true }), {
      message: /did you mean "transfer"/,
    });
  });
});
