// The trainer, which trains in a worker. Here the worker's side lies in this process, at the other end of a channel; that
// real workers do the same, and what happens when they die, is tested in browsers (tests/worker).
import { File } from 'node:buffer';
import { pathToFileURL } from 'node:url';
import { at } from '../../scripts/run.mjs';
import { assert, mapling, test, unrecorded } from './mapling.mjs';

const inPackage = (file) => pathToFileURL(at(`dist/npm/worker/${file}`)).href;
const { createTrainer } = await import(inPackage('trainer.js'));
const { serve } = await import(inPackage('inside/service.js'));
const { layers, model, input, sequential, train } = mapling;

/** A trainer whose worker is here. */
async function started(options = {}) {
  const trainer = await createTrainer({
    ...options,
    worker: () => {
      const { port1, port2 } = new MessageChannel();
      serve(port2);
      return Object.assign(port1, { terminate: () => port1.close() });
    },
  });
  return trainer;
}

async function withTrainer(body, options) {
  const trainer = await started(options);
  try {
    await body(trainer);
  } finally {
    trainer.terminate();
  }
}

/** y = 2 a + b − 1 of 64 points, the same each time. */
function line() {
  const x = Float32Array.from({ length: 128 }, (_, i) => ((i * 37) % 64) / 32 - 1);
  const y = Float32Array.from({ length: 64 }, (_, i) => 2 * x[2 * i] + x[2 * i + 1] - 1);
  return { x: { values: x, shape: [64, 2] }, y: { values: y, shape: [64, 1] } };
}

const linear = () => {
  const made = sequential({ seed: 3, layers: [layers.dense({ units: 1, inputShape: [2] })] });
  made.compile({ optimizer: train.adam(0.05), loss: unrecorded.losses.meanSquaredError, metrics: ['mse'] });
  return made;
};

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

test('a run is paused, stepped, resumed and stopped, and events say so', async () => {
  await withTrainer(async (trainer) => {
    await trainer.setModel(linear());
    const { x, y } = line();
    await trainer.setData('train', x, y);
    const states = [];
    trainer.subscribe((event) => event.type === 'state' && states.push(event.state));
    await trainer.start({ epochs: 1000, batchSize: 8, paused: true });
    assert.equal((await trainer.step()).step, 1);
    assert.equal((await trainer.step(3)).step, 4);
    assert.equal((await trainer.pause()).status, 'paused');
    await trainer.resume();
    while ((states.at(-1)?.step ?? 0) < 50) await new Promise((resolve) => setTimeout(resolve, 5));
    const { status, step, logs } = await trainer.pause();
    assert.equal(status, 'paused');
    assert.ok(step >= 50 && Number.isFinite(logs.loss) && Number.isFinite(logs.mse), JSON.stringify(logs));
    assert.equal((await trainer.step()).step, step + 1);
    await trainer.stop();
    assert.equal(states.at(-1).status, 'ready');
    await assert.rejects(trainer.step(), /step: there is no training under way/);
    for (const odd of [5, [], 'fast']) {
      const expected = { code: 'type', message: /^(fit|start): expected an object of options, got / };
      await assert.rejects(trainer.fit(x, y, odd), expected);
      await assert.rejects(trainer.start(odd), expected);
    }
    const noFile = { code: 'type', message: /^read: expected files, got .* at 0$/ };
    for (const odd of [5, null, { name: 'model.json' }]) await assert.rejects(trainer.read([odd]), noFile);
    await assert.rejects(trainer.resume(), /resume: training is not paused/);
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

test('callbacks stay in the page: each is waited for, can stop training, and what it throws comes out as it was', async () => {
  await withTrainer(async (trainer) => {
    await trainer.setModel(linear());
    const told = [];
    let { x, y } = line();
    const { epoch } = await trainer.fit(x, y, {
      epochs: 3,
      batchSize: 32,
      callbacks: {
        onEpochBegin: (epoch) => told.push(`begin ${epoch}`),
        onBatchEnd: async (batch, { size }) => told.push(`batch ${batch} of ${size}`),
        onEpochEnd: (epoch, logs) => told.push(`end ${epoch} ${Object.keys(logs)}`),
      },
    });
    assert.deepEqual(epoch, [0, 1, 2]);
    assert.deepEqual(told.slice(0, 4), ['begin 0', 'batch 0 of 32', 'batch 1 of 32', 'end 0 loss,mse']);
    assert.equal(told.length, 12);
    class Stop {
      setModel(model) {
        this.model = model;
      }
      onEpochEnd() {
        this.model.stopTraining = true;
      }
    }
    ({ x, y } = line());
    assert.deepEqual((await trainer.fit(x, y, { epochs: 9, callbacks: new Stop() })).epoch, [0]);
    class Own extends Error {}
    const own = new Own('mine');
    ({ x, y } = line());
    const failing = trainer.fit(x, y, {
      callbacks: {
        onEpochEnd() {
          throw own;
        },
      },
    });
    await assert.rejects(failing, (failure) => failure === own);
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

test('ready-made callbacks work beside the model in the worker, and the page sees what they found', async () => {
  await withTrainer(async (trainer) => {
    const { callbacks } = mapling;
    await trainer.setModel(linear());
    const rates = [];
    const lines = [];
    const checkpoint = callbacks.modelCheckpoint({ monitor: 'loss', saveBestOnly: true });
    let { x, y } = line();
    const { history, epoch } = await trainer.fit(x, y, {
      epochs: 50,
      batchSize: 8,
      callbacks: [
        callbacks.earlyStopping({ monitor: 'loss', minDelta: 1e9, patience: 2, restoreBestWeights: true }),
        callbacks.learningRateScheduler((epoch, rate) => {
          rates.push(rate);
          return 0.5 / (epoch + 1);
        }),
        callbacks.csvLogger({ write: (line) => lines.push(line) }),
        checkpoint,
      ],
    });
    // The first epoch is the best, since no other is better by a thousand million.
    assert.deepEqual(epoch, [0, 1, 2]);
    assert.equal(history.loss.length, 3);
    assert.deepEqual(rates, [0.05, 0.5, 0.25]);
    assert.match(lines[0], /^epoch,.*loss/);
    assert.equal(lines.length, 4);
    assert.ok(
      checkpoint.saved.weights.length > 0 && checkpoint.saved.logs.loss === Math.min(...history.loss),
    );
    const [kernel] = await trainer.weights();
    ({ x, y } = line());
    await trainer.setModel(linear());
    await trainer.fit(x, y, {
      epochs: 1,
      batchSize: 8,
      callbacks: callbacks.learningRateScheduler(() => 0.5),
    });
    assert.deepEqual([...(await trainer.weights())[0].values], [...kernel.values], 'the first epoch’s');
  });
});

test('what is saved goes on where it was: weights, optimizer and steps, and the page reads it too', async () => {
  await withTrainer(async (trainer) => {
    await trainer.setModel(linear());
    const run = { epochs: 3, batchSize: 8, shuffle: false };
    const both = async () => {
      const { x, y } = line();
      return (await trainer.fit(x, y, run)).history.loss;
    };
    await both();
    const saved = await trainer.save();
    assert.equal(saved.step, 24);
    assert.equal(saved.optimizerState.steps, 24);
    const onward = await both();
    await trainer.setModel(saved);
    assert.deepEqual(await both(), onward);
    const here = await mapling.loadModel({ json: saved.json, weights: saved.weights });
    await trainer.setModel(saved);
    const point = mapling.tensor([[1, 2]]);
    assert.deepEqual([...(await trainer.predict(point)).values], [...here.predict(point).dataSync()]);
  });
});

const refused = (work, code, message) =>
  assert.rejects(work, (failure) => {
    assert.equal(failure.code, code, failure.message);
    assert.match(failure.message, message);
    return true;
  });

test('mistakes are told by name, with a code, and change nothing', async () => {
  await withTrainer(async (trainer) => {
    await refused(trainer.predict([[1, 2]]), 'state', /predict: there is no model yet/);
    await trainer.setModel(linear());
    await refused(trainer.start(), 'name', /start: data: there is no data set "train"; there are none yet/);
    const { x, y } = line();
    await trainer.setData('train', x, y);
    await refused(trainer.start({ epochs: -1 }), 'value', /^start: epochs: expected a whole number/);
    await refused(trainer.start({ epoch: 3 }), 'name', /unknown key "epoch"; did you mean "epochs"/);
    await refused(trainer.start({ evaluateEvery: 2 }), 'value', /evaluateEvery: needs evaluateOn/);
    await refused(
      trainer.start({ evaluateOn: 'tset' }),
      'name',
      /there is no data set "tset"; there are train/,
    );
    await refused(trainer.setModel({ json: 'nonsense' }), 'format', /setModel: this is not JSON/);
    await refused(trainer.setModel(null), 'type', /setModel: expected a model/);
    await refused(trainer.setData('a', 'text'), 'type', /setData: x: expected a tensor/);
    const some = new Float32Array(4);
    await refused(trainer.setData('a', { values: some, shape: [-2, -2] }), 'shape', /whole numbers/);
    await refused(trainer.predict({ values: some, shape: [2, 2], dtype: 'bytes' }), 'type', /dtype/);
    await refused(trainer.predict(some, { sginal: 1 }), 'name', /did you mean "signal"/);
    await refused(trainer.fit(x, y, { epochs: () => 1 }), 'type', /fit: epochs/);
    await refused(trainer.fit(some, some, { callbacks: { onEpochEndd() {} } }), 'name', /onEpochEndd/);
    await refused(trainer.setModel({ json: '{}', foo: 1 }), 'name', /setModel: unknown key "foo"/);
    await refused(trainer.digits.read(5), 'type', /digits.read/);
    await refused(createTrainer({ modules: 5 }), 'type', /createTrainer: modules/);
    await refused(
      trainer.setData('a', { values: new Float32Array(3), shape: [2, 2] }),
      'shape',
      /3 values do not make up shape \[2,2\]/,
    );
    const own = linear();
    own.compile({ optimizer: 'sgd', loss: (truth, guess) => truth.sub(guess).square() });
    await refused(trainer.setModel(own), 'type', /setModel: loss: a function stays in this page/);
    // The model and the data are those of before.
    assert.equal((await trainer.evaluate('train')).data, 'train');
    await trainer.start({ epochs: 100_000 });
    await refused(trainer.start(), 'state', /start: the model is being trained; stop that first/);
    await refused(trainer.setModel(linear()), 'state', /setModel: the model is being trained/);
    await refused(trainer.evaluate(x, y), 'type', /evaluate: expected the name of a data set/);
    await refused(trainer.digits.read([[[0, 0]]]), 'shape', /the model takes \[2\]/);
    assert.equal((await trainer.pause()).status, 'paused');
  });
});

test('an answer that nobody waits for is dropped, and what is pending when the trainer ends is refused', async () => {
  await withTrainer(async (trainer) => {
    await trainer.setModel(linear());
    const many = { values: new Float32Array(400_000), shape: [200_000, 2] };
    const abort = new AbortController();
    const asked = trainer.predict(many, { signal: abort.signal });
    abort.abort();
    await assert.rejects(asked, { name: 'AbortError' });
    // The worker does not go on with it: the next answer is quick.
    assert.equal((await trainer.predict([[0, 0]])).values.length, 1);
    const pending = trainer.predict({ values: new Float32Array(400_000), shape: [200_000, 2] });
    trainer.terminate();
    await assert.rejects(pending, /the trainer was terminated/);
    await assert.rejects(trainer.save(), /the trainer was terminated/);
  });
});

test('a callback may stop the run that waits for it, and what would wait for ever is refused', async () => {
  await withTrainer(async (trainer) => {
    await trainer.setModel(linear());
    let { x, y } = line();
    const refusals = [];
    const { epoch } = await trainer.fit(x, y, {
      epochs: 50,
      callbacks: {
        async onEpochEnd() {
          for (const ask of [() => trainer.step(2), () => trainer.evaluate('train'), () => trainer.start()])
            await ask().catch(({ message }) => refusals.push(message));
          await trainer.stop();
        },
      },
    });
    assert.deepEqual(epoch, [0]);
    assert.match(refusals[0], /step: training waits for a callback/);
    assert.match(refusals[1], /evaluate: training waits for a callback/);
    assert.match(refusals[2], /start: the model is being trained/);
    ({ x, y } = line());
    assert.equal((await trainer.fit(x, y)).history.loss.length, 1);
  });
});

test('two runs at once: the second is refused, and the first goes on with its own data', async () => {
  await withTrainer(async (trainer) => {
    await trainer.setModel(linear());
    const [first, second] = [line(), line()];
    const running = trainer.fit(first.x, first.y, { epochs: 20 });
    await assert.rejects(trainer.fit(second.x, second.y), { code: 'state', message: /being trained/ });
    const { params, epoch } = await running;
    assert.deepEqual([params.samples, epoch.length], [64, 20]);
    // A signal that was raised before ends no run of others.
    const { x, y } = line();
    await trainer.setData('train', x, y);
    await trainer.start({ epochs: 100_000 });
    const late = trainer.fit(line().x, line().y, { signal: AbortSignal.abort() });
    await assert.rejects(late, { name: 'AbortError' });
    assert.equal((await trainer.pause()).status, 'paused');
  });
});

test('a test that fails while training ends the run with its error', async () => {
  await withTrainer(async (trainer) => {
    await trainer.setModel(linear());
    const { x, y } = line();
    await trainer.setData('train', x, y);
    await trainer.setData('other', new Float32Array(6), new Float32Array(6));
    await assert.rejects(trainer.start({ evaluateOn: 'other' }), { code: 'shape' });
    await trainer.setData('test', line().x, line().y);
    const failed = new Promise((resolve) => {
      trainer.subscribe((event) => event.type === 'error' && resolve(event));
    });
    await trainer.start({ epochs: 100_000, evaluateOn: 'test' });
    await trainer.setData('test', new Float32Array(6), new Float32Array(6));
    assert.equal((await failed).code, 'shape');
  });
});

test('what an optimizer remembers is taken whole or not at all', async () => {
  const made = linear();
  await made.fit(mapling.ones([4, 2]), mapling.ones([4, 1]));
  const saved = { ...(await made.save()), compile: { optimizer: 'adam', loss: 'mse' }, seed: 1 };
  const [kernel, bias] = made.optimizerState_().values;
  assert.deepEqual([kernel.length, bias.length], [4, 2]);
  const read = await mapling.loadModel({ ...saved, optimizerState: { steps: 3, values: [kernel, bias] } });
  assert.equal(read.optimizer.iterations, 3);
  for (const optimizerState of [
    5,
    {},
    { steps: 1, values: [kernel] },
    { steps: 1, values: [kernel.subarray(1), bias] },
    { steps: 1, values: [kernel, 'x'] },
    { steps: 1.5, values: [kernel, bias] },
    { steps: Number.NaN, values: [kernel, bias] },
  ])
    await assert.rejects(mapling.loadModel({ ...saved, optimizerState }), /loadModel: optimizerState/);
});

test('layers, losses and metrics of one’s own train in the worker when their module is named', async () => {
  const module = new URL('./trainer_module.mjs', import.meta.url);
  await withTrainer(
    async (trainer) => {
      await trainer.setModel({
        json: {
          class_name: 'Sequential',
          config: {
            layers: [{ class_name: 'Scale', config: { name: 'scale', batch_input_shape: [null, 2] } }],
          },
        },
        compile: {
          optimizer: { className: 'SGD', config: { learningRate: 0.1 } },
          loss: 'halfSquares',
          metrics: ['most'],
        },
        inputShape: [2],
        seed: 1,
      });
      const x = mapling.ones([4, 2]);
      const y = mapling.fill([4, 2], 3);
      const { history } = await trainer.fit(x, y, { epochs: 1, batchSize: 4 });
      // By hand: the factor is 1, the loss (1 − 3)² / 2 = 2, its gradient −2 a value and −1 for their mean.
      assert.deepEqual(history.loss, [2]);
      assert.deepEqual(history.most, [2]);
      assert.ok(Math.abs((await trainer.weights())[0].values[0] - 1.2) < 1e-6);
      // A model of the page that names the same functions by what they are.
      const { halfSquares } = (await import(module)).default(unrecorded);
      const page = linear();
      page.compile({ optimizer: 'sgd', loss: halfSquares });
      await trainer.setModel(page);
      await trainer.fit(x, mapling.ones([4, 1]), { epochs: 1 });
      const saved = await trainer.save();
      await assert.rejects(mapling.loadModel(saved), /halfSquares/);
      const read = await mapling.loadModel(saved, { compile: false });
      assert.equal(read.optimizer, undefined);
    },
    { modules: [module] },
  );
  await assert.rejects(
    started({ modules: ['file:///nowhere/at/all.mjs'] }),
    /modules: ".*" could not be loaded/,
  );
});

test('digits: generated ones train, a drawing is read, and pictures come back', async () => {
  await withTrainer(async (trainer) => {
    const info = await trainer.digits.load({ kind: 'digits', seed: 1, count: 600 });
    assert.deepEqual(info, { name: 'generated', train: 600, test: 100, imageShape: [28, 28], classes: 10 });
    await trainer.setModel({
      json: {
        class_name: 'Sequential',
        config: {
          layers: [
            { class_name: 'Flatten', config: {} },
            { class_name: 'Dense', config: { units: 10, activation: 'softmax' } },
          ],
        },
      },
      compile: { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] },
      inputShape: [28, 28, 1],
      seed: 1,
    });
    const before = (await trainer.evaluate('test')).logs.acc;
    const done = new Promise((resolve) => {
      trainer.subscribe((event) => event.type === 'state' && event.state.status === 'done' && resolve());
    });
    await trainer.start({ epochs: 5, batchSize: 32 });
    await done;
    const { logs, classes } = await trainer.evaluate('test');
    assert.ok(logs.acc > before + 0.3, `${before} → ${logs.acc}`);
    assert.equal(classes.confusion.length, 100);
    const reading = await trainer.digits.read([
      [
        [1, 0],
        [1, 10],
      ],
    ]);
    assert.equal(reading.pixels.length, 784);
    assert.ok(Math.abs(reading.probabilities.reduce((sum, p) => sum + p) - 1) < 1e-5);
    assert.equal(await trainer.digits.read([]), null);
    const { pixels, labels } = await trainer.digits.images([0, 5], 'test');
    assert.deepEqual([pixels.length, labels.length], [1568, 2]);
    const file = new File([new Uint8Array(3)], 'x-images');
    await assert.rejects(trainer.digits.load({ kind: 'files', files: [file] }), /files|x-images/);
    // Files that are refused leave the digits that were there.
    assert.equal((await trainer.evaluate('test')).logs.acc, logs.acc);
  });
});

test('a worker that never begins, or whose module never ends loading, is given up after a while', async () => {
  const silent = () => {
    const { port1 } = new MessageChannel();
    return Object.assign(port1, { terminate: () => port1.close() });
  };
  const begun = performance.now();
  await refused(
    createTrainer({ worker: silent, patience: 100 }),
    'state',
    /^createTrainer: the worker has not begun within 0.1 s/,
  );
  const endless = 'data:text/javascript,await new Promise(() => {})';
  await refused(
    started({ modules: [endless], patience: 300 }),
    'state',
    /^createTrainer: the worker has not begun within 0.3 s/,
  );
  assert.ok(performance.now() - begun < 20_000);
  await refused(createTrainer({ worker: silent, patience: -1 }), 'value', /^createTrainer: patience/);
});

test('a callback that never ends does not keep a run that is stopped', async () => {
  await withTrainer(async (trainer) => {
    await trainer.setModel(linear());
    const { x, y } = line();
    let told;
    const isTold = new Promise((resolve) => {
      told = resolve;
    });
    const onEpochEnd = () => {
      told();
      return new Promise(() => {});
    };
    const run = trainer.fit(x, y, { epochs: 3, callbacks: { onEpochEnd } });
    await isTold;
    await trainer.stop();
    assert.equal((await run).epoch.length, 1);
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

test('a checkpoint in the middle of an epoch goes on in another worker, and in the page, to the same bits', async () => {
  const { io, callbacks, tensor } = unrecorded;
  const made = () => {
    const net = unrecorded.sequential({
      seed: 3,
      layers: [
        layers.dense({ units: 6, activation: 'tanh', inputShape: [2] }),
        layers.dropout({ rate: 0.3 }),
        layers.dense({ units: 1 }),
      ],
    });
    net.compile({ optimizer: train.adam(0.05), loss: 'meanSquaredError', metrics: ['mae'] });
    return net;
  };
  const run = () => ({
    epochs: 5,
    batchSize: 8,
    validation: 'other',
    callbacks: [
      callbacks.earlyStopping({ monitor: 'loss', patience: 4, restoreBestWeights: true }),
      callbacks.reduceLROnPlateau({ monitor: 'loss', patience: 1, minDelta: 0.4 }),
    ],
  });
  const give = async (trainer) => {
    const { x, y } = line();
    const [a, b] = [x.values.slice(0, 32), y.values.slice(0, 16)];
    await trainer.setData('train', x, y);
    await trainer.setData('other', { values: a, shape: [16, 2] }, { values: b, shape: [16, 1] });
  };
  const done = (trainer) =>
    new Promise((resolve) =>
      trainer.subscribe(({ type, state }) => type === 'state' && state.status === 'done' && resolve(state)),
    );
  let straight;
  await withTrainer(async (trainer) => {
    await trainer.setModel(made());
    await give(trainer);
    const ended = done(trainer);
    await trainer.start(run());
    await ended;
    straight = await trainer.checkpoint();
  });
  let file;
  await withTrainer(async (trainer) => {
    await trainer.setModel(made());
    await give(trainer);
    await trainer.start({ ...run(), paused: true });
    const { step, epoch, batch } = await trainer.step(21);
    assert.deepEqual([step, epoch, batch], [21, 2, 5]);
    file = await trainer.checkpoint();
  });
  await withTrainer(async (trainer) => {
    await trainer.setModel(file);
    await give(trainer);
    await assert.rejects(trainer.start({ ...run(), batchSize: 4, resume: true }), {
      message: 'start: resume: batchSize: the run had 8, now it is 4',
    });
    const ended = done(trainer);
    await trainer.start({ ...run(), resume: true });
    const state = await ended;
    assert.equal(state.step, 40);
    const there = await trainer.checkpoint();
    assert.equal(Buffer.compare(Buffer.from(there), Buffer.from(straight)), 0);
    await assert.rejects(trainer.setModel(file.slice(0, 99)), {
      message: /^setModel: the file has 99 bytes/,
    });
  });
  const here = await io.fromCheckpoint(file);
  const { x, y } = line();
  const [xs, ys] = [tensor(x.values, x.shape), tensor(y.values, y.shape)];
  const { validation: _, ...rest } = run();
  const validationData = [xs.slice([0, 0], [16, 2]), ys.slice([0, 0], [16, 1])];
  await here.fit(xs, ys, { ...rest, validationData, resume: true });
  const there = await io.fromCheckpoint(straight);
  assert.deepEqual(
    here.getWeights().map((weight) => weight.dataSync()),
    there.getWeights().map((weight) => weight.dataSync()),
  );
});

test('in Node a trainer has a thread, which takes the module from an address or as bytes', async () => {
  const file = pathToFileURL(at('dist/npm/wasm/mapling_bg.wasm'));
  const { readFile } = await import('node:fs/promises');
  const bytes = await readFile(file);
  for (const wasm of [undefined, file, file.href, bytes, await WebAssembly.compile(bytes)]) {
    const trainer = await createTrainer({ wasm });
    assert.deepEqual((await trainer.backend()).threads, 1);
    trainer.terminate();
  }
});

test('workers and modules that cannot be are refused before anything is started', async () => {
  const said = (options) =>
    createTrainer(options).then(
      (trainer) => {
        trainer.terminate();
        return 'no error';
      },
      ({ code, message }) => `${code} ${message}`,
    );
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  for (const [options, message] of [
    [{ worker: 7 }, /^type createTrainer: worker: expected an address or a function, got 7/],
    [{ worker: proxy }, /^type createTrainer: worker: expected an address or a function/],
    [{ worker: './worker.js' }, /^state createTrainer: there are no web workers here/],
    [{ wasm: 7 }, /^type createTrainer: wasm: expected an address, bytes or a WebAssembly.Module, got 7/],
    [{ wasm: proxy }, /^type createTrainer: wasm: expected an address/],
    [{ wasm: 'not an address' }, /^value createTrainer: wasm: expected an address, got "not an address"/],
    [{ wasm: 'file:///nowhere.wasm' }, /^state init: the WebAssembly module could not be loaded \(ENOENT/],
    [{ wasm: Uint8Array.of(1, 2, 3) }, /^state init: the WebAssembly module could not be loaded/],
    [{ wsm: 7 }, /^name createTrainer: unknown key "wsm"; did you mean "wasm"\?/],
  ])
    assert.match(await said(options), message);
});
