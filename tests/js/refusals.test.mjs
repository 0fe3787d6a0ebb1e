// Kinds of mistakes that a fuzzer or a reader has found, each once, with what is said of it.
import { assert, unrecorded as mapling, test } from './mapling.mjs';
import { model } from './refused.mjs';

const { layers, ones, tensor } = mapling;

/** The call is refused, at once or later, with this code and these words. */
const refused = (call, code, message) =>
  assert.rejects(async () => call(), { name: 'Error', code, message }, String(message));

const revoked = (target = {}) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};

test('a proxy that was revoked is refused by name wherever it stands', async () => {
  await refused(() => tensor(revoked([])), 'type', /^tensor: expected numbers/);
  await refused(() => mapling.sin(revoked()), 'type', /^sin: /);
  await refused(() => mapling.sum(tensor([1]), revoked([])), 'shape', /^sum: axis/);
  await refused(() => layers.dense(revoked()), 'type', /^Dense: expected an object of settings/);
  await refused(
    () => layers.dense({ units: 1, kernelInitializer: revoked() }),
    'type',
    /^Dense: kernelInitializer: /,
  );
  await refused(() => mapling.sequential(revoked()), 'type', /^sequential: expected an object of options/);
  await refused(() => model().fit(revoked(), ones([1, 1])), 'type', /^fit: x: /);
  await refused(() => mapling.dispose(revoked()) ?? mapling.keep(revoked()), 'type', /^keep: /);
});

test('settings that contain themselves, or say that they are endless, are refused at once', async () => {
  const twice = [];
  twice.push(twice, twice);
  await refused(() => layers.dense({ units: twice }), 'value', /^Dense: units: .*contains itself/);
  await refused(
    () => layers.permute({ dims: new Array(2 ** 32 - 1) }),
    'value',
    /^Permute: dims: there are too many/,
  );
  await refused(() => layers.dense({ units: { toCore: () => 5n } }), 'type', /^Dense: units: .*got 5n/);
  const augment = {};
  augment.rotation = augment;
  const data = [ones([2, 3]), ones([2, 1])];
  await refused(
    () => model().fit(...data, { augment }),
    'value',
    /^fit: augment: rotation: .*contains itself/,
  );
  await refused(
    () => model().fit(...data, { augment: { zoom: 5n } }),
    'type',
    /^fit: augment: zoom: .*got 5n/,
  );
  await refused(() => model().fit(...data, { finalRate: 5n }), 'type', /^fit: finalRate: .*got 5n/);
  await refused(
    () => layers.minimum().build(new Array(2 ** 32 - 1)),
    'type',
    /^Minimum: build: expected a shape/,
  );
});

test('what makes no sense for one reason or another says its name', async () => {
  await refused(() => new mapling.Tensor(), 'type', /^Tensor: tensor\(…\) makes them/);
  await refused(() => new mapling.TensorBuffer(), 'shape', /^TensorBuffer: a shape is an array of numbers/);
  await refused(
    () => layers.dense({ units: 1, batchInputShape: 5 }),
    'type',
    /^Dense: batchInputShape: expected a shape, got 5/,
  );
  await refused(
    () => layers.dense({ units: 1, inputShape: 5.5 }),
    'type',
    /^Dense: inputShape: expected a shape, got 5.5/,
  );
  await refused(() => layers.inputLayer({ batchInputShape: 5 }), 'type', /shape: expected a shape/);
  await refused(
    () => layers.dense({ units: 1 }).getInputAt('__proto__'),
    'value',
    /getInputAt: there are 0 calls/,
  );
  await refused(
    () => layers.dense({ units: 1 }).apply(ones([1, 2]), 5),
    'type',
    /^Dense: apply: expected an object of options/,
  );
  await refused(
    () => mapling.util.shuffle(Object.freeze([1, 2])),
    'value',
    /^util.shuffle: the array is frozen/,
  );
  await refused(() => mapling.env().get({ toString: null }), 'type', /^env: a flag is named by a string/);
  await refused(
    () => mapling.callbacks.earlyStopping().onEpochEnd(0),
    'type',
    /^earlyStopping: expected logs/,
  );
  await refused(() => mapling.callbacks.csvLogger().onEpochEnd(0), 'type', /^csvLogger: expected logs/);
  await refused(
    () => mapling.callbacks.terminateOnNaN().onBatchEnd(0),
    'type',
    /^terminateOnNaN: expected logs/,
  );
  const layer = layers.dense({ units: 1, inputShape: [2] });
  mapling.sequential({ layers: [layer] }).build();
  await refused(() => layer.weights[0].write('text'), 'type', /kernel/);
});

test('arrays that contain themselves are refused by util.flatten, others are flattened', async () => {
  const cycle = [1];
  cycle.push(cycle);
  await refused(() => mapling.util.flatten(cycle), 'value', /^util.flatten: .*contain themselves/);
  const same = [1, 2];
  assert.deepEqual(mapling.util.flatten([same, [[same]], 3]), [1, 2, 1, 2, 3]);
});

test('JSON of a tensor is its kind, its shape and its values', () => {
  const x = tensor([[1, 2]]).add(1);
  assert.equal(JSON.stringify({ x }), '{"x":{"dtype":"float32","shape":[1,2],"values":[2,3]}}');
});

test('a promise that is refused ends no process when it fails', async () => {
  let stray;
  const hear = (reason) => {
    stray = reason;
  };
  process.on('unhandledRejection', hear);
  const failing = async () => {
    throw new Error('mine');
  };
  await refused(() => layers.flatten().addLoss(failing), 'type', /addLoss: expected a tensor, got a Promise/);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', hear);
  assert.equal(stray, undefined);
});

test('a mask has the first axes of what it masks', async () => {
  const x = ones([2, 3, 4]);
  const all = {
    pooling: layers.globalAveragePooling1d(),
    dense: layers.dense({ units: 2 }),
    wrapper: layers.timeDistributed({ layer: layers.dense({ units: 2 }) }),
  };
  for (const [name, layer] of Object.entries(all)) {
    for (const shape of [[3], [2, 1], [1, 3], [2, 4], [6], []])
      await refused(
        () => layer.apply(x, { mask: ones(shape) }),
        'shape',
        /mask: expected \[2,3\] for values \[2,3,4\], got/,
      );
    assert.equal(layer.apply(x, { mask: ones([2, 3]) }).shape[0], 2, name);
  }
});

test('computeMask of a layer of one’s own is heeded, as in Keras, unless it says that it supports no masks', () => {
  class Shifted extends mapling.Layer {
    static className = 'Shifted';
    call(x) {
      return x.mul(1);
    }
    computeMask(_, mask) {
      return mask && mapling.sub(1, mask.toFloat()).toBool();
    }
  }
  const x = tensor([[[1], [2]]]);
  const pooled = (layer) => {
    const first = layers.masking({ maskValue: 1 }).apply(x);
    return layers.globalAveragePooling1d().apply(layer.apply(first)).dataSync()[0];
  };
  assert.equal(pooled(new Shifted()), 0);
  const deaf = Object.assign(new Shifted(), { supportsMasking: false });
  const { warn } = console;
  console.warn = () => {};
  assert.equal(pooled(deaf), 1);
  console.warn = warn;
});

test('parts of one’s own that give whole numbers are refused by name', async () => {
  const step = (settings) => {
    const made = mapling.sequential({ layers: [layers.dense({ units: 1, inputShape: [3], ...settings })] });
    made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    return made.trainOnBatch(ones([2, 3]), ones([2, 1]));
  };
  for (const kind of ['int32', 'bool']) {
    const message = (key) => new RegExp(`^Dense: ${key}: expected float32 values, got ${kind}$`);
    await refused(
      () => step({ kernelRegularizer: (w) => w.sum().cast(kind) }),
      'type',
      message('kernelRegularizer'),
    );
    await refused(() => step({ kernelConstraint: (w) => w.cast(kind) }), 'type', message('kernelConstraint'));
    await refused(
      () => step({ biasInitializer: (shape) => ones(shape, kind) }),
      'type',
      message('biasInitializer'),
    );
  }
});

test('what does not fit a model is refused by the function that was called', async () => {
  const [x, y] = [ones([2, 4]), ones([2, 1])];
  const words = 'the model takes samples of shape \\[3\\], but these are \\[4\\]';
  await refused(() => model().predict(x), 'shape', new RegExp(`^predict: ${words}`));
  await refused(() => model().fit(x, y), 'shape', new RegExp(`^fit: ${words}`));
  await refused(() => model().evaluate(x, y), 'shape', new RegExp(`^evaluate: ${words}`));
  await refused(() => model().trainOnBatch(x, y), 'shape', new RegExp(`^trainOnBatch: ${words}`));
  await refused(() => model().predict(tensor([[1, Number.NaN, 2]])), 'value', /^predict: x: value 1 is NaN/);
  const [a, b] = [mapling.input({ shape: [1], name: 'left' }), mapling.input({ shape: [1], name: 'right' })];
  const two = mapling.model({ inputs: [a, b], outputs: layers.add().apply([a, b]) });
  await refused(
    () => two.predict([ones([1, 1]), tensor([[Number.NaN]])]),
    'value',
    /^predict: x: right: value 0 is NaN/,
  );
});

test('a key or a name that is not known has the code `name`, whoever finds out', async () => {
  await refused(() => layers.dense({ unit: 1 }), 'name', /unknown key "unit"/);
  await refused(() => mapling.train.adam({ lr: 1 }), 'name', /unknown key "lr"/);
  await refused(() => model().fit(ones([1, 3]), ones([1, 1]), { epoch: 1 }), 'name', /unknown key "epoch"/);
  await refused(() => layers.dense({ units: 1, activation: 'rely' }), 'name', /`rely` is unknown/);
  await refused(() => model().compile({ optimizer: 'sgd', loss: 'mes' }), 'name', /is unknown/);
});

test('schedules count further than 32 bits, and rates beyond all numbers are refused', async () => {
  const { schedules } = mapling;
  const halves = schedules.exponentialDecay({ initialLearningRate: 1, decaySteps: 1e10, decayRate: 0.5 });
  assert.equal(halves.call(1e10), 0.5);
  const endless = () => schedules.oneCycle({ maxLearningRate: 1, totalSteps: 10, divFactor: 1e-300 }).call(0);
  await refused(endless, 'value', /OneCycle: after 0 steps the rate would be infinite/);
  const slow = { initialLearningRate: 1, firstDecaySteps: 1, tMul: 1 + 1e-15 };
  assert.ok(schedules.cosineDecayRestarts(slow).call(2 ** 52) <= 1);
});

test('an instance that is started anew while a model trains ends the run with an error that says so', async () => {
  const made = model();
  const run = made.fit(ones([64, 3]), ones([64, 1]), { epochs: 1e6 });
  run.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 30));
  await mapling.init({ restart: true });
  await refused(() => run, 'state', /^fit: it was started anew meanwhile|lost with the instance/);
});

test('samples count for each output by weights of its own, in a list or by name', async () => {
  const x = mapling.input({ shape: [1] });
  const head = (name, value) =>
    layers.dense({
      units: 1,
      name,
      useBias: false,
      kernelInitializer: { className: 'Constant', config: { value } },
    });
  const made = mapling.model({ inputs: x, outputs: [head('left', 1).apply(x), head('right', 2).apply(x)] });
  made.compile({ optimizer: 'sgd', loss: 'meanSquaredError', weightedMetrics: ['mae'] });
  const [xs, zeros] = [tensor([[1], [2]]), mapling.zeros([2, 1])];
  const [left, right] = [tensor([1, 0]), tensor([0, 3])];
  const losses = (sampleWeight) =>
    made.evaluate(xs, [zeros, zeros], { sampleWeight }).map((value) => value.dataSync()[0]);
  // Squared errors are 1 and 4 at the left, 4 and 16 at the right; errors 1, 2 and 2, 4.
  assert.deepEqual(losses([left, right]), [24.5, 0.5, 24, 1, 4]);
  assert.deepEqual(losses({ right, left }), [24.5, 0.5, 24, 1, 4]);
  assert.deepEqual(losses([left, null]), [10.5, 0.5, 10, 1, 3]);
  assert.deepEqual(losses({ left }), [10.5, 0.5, 10, 1, 3]);
  assert.deepEqual(losses([[1, 0], [0, 3]]), [24.5, 0.5, 24, 1, 4]); // biome-ignore format: short
  const y = [zeros, zeros];
  await refused(
    () => made.fit(xs, y, { sampleWeight: { middle: left } }),
    'name',
    /^fit: sampleWeight: there is no "middle"/,
  );
  await refused(
    () => made.fit(xs, y, { sampleWeight: [left, left, left] }),
    'shape',
    /^fit: sampleWeight: .*weights for 3/,
  );
  await refused(
    () => made.fit(xs, y, { sampleWeight: [left, ones([3])] }),
    'shape',
    /^fit: sampleWeight: expected \[2\]/,
  );
  // What counts nothing moves nothing.
  const before = made.getWeights().map((weight) => weight.dataSync()[0]);
  await made.trainOnBatch(xs, y, { left, right: tensor([0, 0]) });
  const after = made.getWeights().map((weight) => weight.dataSync()[0]);
  assert.deepEqual([after[0] !== before[0], after[1] === before[1]], [true, true]);
});

test('what only asks what a value is takes a proxy that was revoked, and other functions refuse it by name', async () => {
  const { util, browser } = mapling;
  assert.equal(util.isPromise(revoked()), false);
  assert.equal(util.isString(revoked([])), false);
  await refused(
    () => mapling.multiRNNCell(revoked(() => 1)),
    'type',
    /^multiRNNCell: lstmCells: expected a list/,
  );
  await refused(() => new mapling.RNN(revoked([])), 'type', /^RNN: expected an object of settings/);
  await refused(() => layers.lstm({ units: 2 }).resetStates(revoked()), 'type', /^LSTM: resetStates: /);
  await refused(
    () => browser.fromPixels(revoked()),
    'type',
    /^fromPixels: there are no pixels: expected an ImageData/,
  );
  await refused(() => new mapling.data.FileDataSource(revoked()), 'type', /^FileDataSource: expected a File/);
  await refused(() => layers.dense({ units: 1, dtype: { config: revoked() } }), 'value', /^Dense: dtype: /);
  const kernelInitializer = { className: 'Zeros', config: revoked() };
  await refused(
    () => layers.dense({ units: 1, kernelInitializer }),
    'type',
    /^Dense: kernelInitializer: config: expected settings/,
  );
  await refused(() => util.fetch('nowhere', revoked()), 'type', /^util.fetch: expected an object of options/);
});

test('lists with holes, or of billions of them, are refused at the first hole', async () => {
  const endless = () => new Array(2 ** 32 - 1);
  const x = tensor([1, 2]);
  const holes = [layers.lstmCell({ units: 1 })];
  holes[2] = layers.lstmCell({ units: 1 });
  for (const [cells, place] of [
    [new Array(1000), 0],
    [endless(), 0],
    [holes, 1],
  ])
    await refused(
      () => layers.stackedRNNCells({ cells }),
      'type',
      new RegExp(`^StackedRNNCells: cells: expected a list of cells, got undefined at place ${place}`),
    );
  await refused(
    () => mapling.util.inferFromImplicitShape([2], endless()),
    'value',
    /: size: expected a whole/,
  );
  await refused(() => mapling.util.inferFromImplicitShape(endless(), 2), 'shape', /at most 6 axes/);
  await refused(() => layers.minimum().call(endless()), 'type', /^Minimum: apply: /);
  await refused(() => mapling.model({ inputs: endless(), outputs: [] }), 'type', /^model: inputs: /);
  await refused(() => mapling.addN(endless()), 'type', /^addN: /);
  await refused(() => mapling.split(x, endless()), 'value', /^split: length: /);
  await refused(() => mapling.eye(2, 2, endless()), 'shape', /^eye: batchShape: /);
  await refused(
    () => mapling.batchToSpaceND(ones([4, 2]), endless(), []),
    'shape',
    /^batchToSpaceND: blockShape/,
  );
  await refused(() => x.concat(endless()), 'type', /^concat: /);
  await refused(() => x.stack(endless()), 'type', /^stack: /);
  await refused(
    () => model().compile({ optimizer: 'sgd', loss: endless() }),
    'value',
    /^compile: loss: .*too many/,
  );
  assert.equal(mapling.tensor_util.isTensorInList(x, endless()), false);
});

test('however long what is given is, a message stays short', async () => {
  const long = 'a'.repeat(100_000);
  const short = (error) => error.message.length < 500;
  await assert.rejects(async () => (await new mapling.data.CSVDataset(long).iterator()).next(), short);
  assert.throws(() => layers.dense({ units: 1, name: long }).setWeights([tensor([1])]), short);
  assert.throws(() => new mapling.layers.Layer({}, long), short);
});

test('a function in the place of an iterator has to give { value, done }: elements alone would never end', async () => {
  const endless = mapling.data.func((x) => [x]);
  await refused(() => endless.skip().toArray(), 'type', /next: expected \{ value, done \}/);
  const wrong = { iterator: async () => ({ next: async () => undefined }) };
  await refused(
    () => model().evaluateDataset(wrong, { batches: 1 }),
    'type',
    /^evaluateDataset: next: expected \{ value, done \}/,
  );
});
