// Weights as bytes, artifacts, handlers and routers: `io`. That TensorFlow.js reads what is written and the other way
// round is tested in tests/formats.
import { assert, mapling, test } from './mapling.mjs';
import { answer, artifactsOf, bytesOf, flat, line, numbers } from './places.mjs';

const { io, layers, loadLayersModel, sequential, tensor } = mapling;

test('CompositeArrayBuffer shows several buffers as one', () => {
  const all = new io.CompositeArrayBuffer([bytesOf(1), bytesOf(2, 3), new ArrayBuffer(0), bytesOf(4)]);
  assert.equal(all.byteLength, 16);
  assert.deepEqual(numbers(all.slice()), [1, 2, 3, 4]);
  assert.deepEqual(numbers(all.slice(4, 12)), [2, 3]);
  assert.deepEqual(numbers(all.slice(8)), [3, 4]);
  assert.deepEqual(
    [all.slice(4, 4), all.slice(99), all.slice(3, 1)].map(({ byteLength }) => byteLength),
    [0, 0, 0],
  );
  assert.deepEqual(
    numbers(io.CompositeArrayBuffer.join([bytesOf(1), new Float32Array([9, 2]).subarray(1)])),
    [1, 2],
  );
  assert.deepEqual(numbers(io.concatenateArrayBuffers([bytesOf(5), bytesOf(6)])), [5, 6]);
  assert.equal(io.CompositeArrayBuffer.join().byteLength, 0);
  assert.throws(() => new io.CompositeArrayBuffer(['text']), {
    code: 'type',
    message: /an ArrayBuffer, got "text"/,
  });
});

test('encodeWeights and decodeWeights are each other’s reverse', async () => {
  const tensors = {
    a: tensor([[1.5, -2]]),
    b: tensor([7], [1], 'int32'),
    c: tensor([true, false], [2], 'bool'),
  };
  const { data, specs } = await io.encodeWeights(tensors, 'optimizer');
  assert.deepEqual(specs, [
    { name: 'a', shape: [1, 2], dtype: 'float32', group: 'optimizer' },
    { name: 'b', shape: [1], dtype: 'int32', group: 'optimizer' },
    { name: 'c', shape: [2], dtype: 'bool', group: 'optimizer' },
  ]);
  assert.equal(data.byteLength, 14);
  const back = io.decodeWeights(data, specs);
  assert.deepEqual(
    Object.entries(back).map(([name, one]) => [name, one.dtype, one.shape, flat(one)]),
    [
      ['a', 'float32', [1, 2], [1.5, -2]],
      ['b', 'int32', [1], [7]],
      ['c', 'bool', [2], [1, 0]],
    ],
  );
  const { specs: listed } = await io.encodeWeights([{ name: 'x', tensor: tensor([1]) }]);
  assert.deepEqual(listed, [{ name: 'x', shape: [1], dtype: 'float32' }]);
  const stream = new Blob([data.slice(0, 5), data.slice(5)]).stream();
  assert.deepEqual(flat((await io.decodeWeightsStream(stream, specs)).b), [7]);
  const quantized = [
    { name: 'q', shape: [3], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
  ];
  assert.deepEqual(flat(io.decodeWeights(Uint8Array.of(0, 2, 255).buffer, quantized).q), [-1, 0, 126.5]);
  assert.throws(() => io.decodeWeights(data.slice(4), specs), {
    code: 'format',
    message: 'decodeWeights: the data end within b [1]: 12 bytes are expected, and there are 10',
  });
  for (const [spec, said] of [
    [{ ...specs[0], shape: [2 ** 40, 2 ** 20] }, /a: the shape .* is larger than any file/],
    [{ ...specs[0], shape: [-1] }, /a: expected a shape of up to six axes, got \[-1\]/],
    [{ ...specs[0], dtype: 'string' }, /a: no weight of a layer is string/],
    [{ ...specs[0], dtype: 'float64' }, /a: expected float32, int32 or bool, got "float64"/],
    [
      { ...quantized[0], quantization: { dtype: 'uint8' } },
      /q: quantization: expected numbers scale and min/,
    ],
    [
      { ...quantized[0], quantization: { dtype: 'int4' } },
      /quantization: expected uint8, uint16 or float16, got "int4"/,
    ],
    [{ shape: [1], dtype: 'float32' }, /number 0: expected a name, got undefined/],
  ])
    assert.throws(() => io.decodeWeights(data, [spec]), { code: 'format', message: said });
});

test('artifacts and model.json tell what the other needs', async () => {
  const { modelTopology, weightSpecs, weightData, result } = await artifactsOf(line());
  const { dateSaved, ...sizes } = result.modelArtifactsInfo;
  assert.ok(Math.abs(Date.now() - dateSaved) < 60_000);
  assert.deepEqual(sizes, {
    modelTopologyType: 'JSON',
    modelTopologyBytes: JSON.stringify(modelTopology).length,
    weightSpecsBytes: JSON.stringify(weightSpecs).length,
    weightDataBytes: 8,
  });
  assert.equal(io.getModelArtifactsInfoForJSON({ weightData: new ArrayBuffer(3) }).weightDataBytes, 3);
  const manifest = [{ paths: ['w.bin'], weights: weightSpecs }];
  const json = {
    modelTopology,
    weightsManifest: manifest,
    format: 'layers-model',
    userDefinedMetadata: { a: 1 },
  };
  assert.deepEqual(io.getWeightSpecs(manifest), weightSpecs);
  const artifacts = await io.getModelArtifactsForJSON(json, async () => [weightSpecs, weightData]);
  assert.deepEqual(artifacts.userDefinedMetadata, { a: 1 });
  assert.deepEqual(io.getModelArtifactsForJSONSync(json, weightSpecs, weightData), artifacts);
  assert.equal(answer(await loadLayersModel(io.fromMemory(artifacts))), 7);
  assert.throws(() => io.getModelArtifactsForJSONSync(json), { code: 'value', message: /no weightSpecs/ });
});

test('models come from memory and go to functions', async () => {
  const artifacts = await artifactsOf(line());
  assert.equal(answer(await loadLayersModel(io.fromMemorySync(artifacts))), 7);
  const { modelTopology, weightSpecs, weightData } = artifacts;
  assert.equal(answer(await loadLayersModel(io.fromMemory(modelTopology, weightSpecs, weightData))), 7);
  let kept;
  const place = io.withSaveHandlerSync((saved) => {
    kept = saved;
    return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(saved) };
  });
  assert.equal((await line().save(place)).modelArtifactsInfo.weightDataBytes, 8);
  assert.deepEqual(kept.weightSpecs, weightSpecs);
  await assert.rejects(line().save({}), { code: 'type', message: /^save: expected a place such as/ });
  await assert.rejects(loadLayersModel({}), {
    code: 'type',
    message: /^loadLayersModel: expected an address/,
  });
  assert.throws(() => io.withSaveHandler(3), { code: 'type' });
});

test('an object of the program’s own goes with the model and comes back', async () => {
  const model = line();
  assert.equal(model.getUserDefinedMetadata(), undefined);
  model.setUserDefinedMetadata({ labels: ['a', 'b'] });
  const back = await loadLayersModel(io.fromMemory(await artifactsOf(model)));
  assert.deepEqual(back.getUserDefinedMetadata(), { labels: ['a', 'b'] });
  assert.throws(() => model.setUserDefinedMetadata([1]), { code: 'type' });
});

test('only what trains is saved where that is asked for, and strict: false loads what is there', async () => {
  const model = sequential({ layers: [layers.batchNormalization({ inputShape: [1], name: 'normal' })] });
  const { weightSpecs, ...rest } = await artifactsOf(model, { trainableOnly: true });
  assert.deepEqual(
    weightSpecs.map(({ name }) => name),
    ['normal/gamma', 'normal/beta'],
  );
  const place = io.fromMemory({ ...rest, weightSpecs });
  await assert.rejects(loadLayersModel(place), {
    code: 'value',
    message: /the layers have 4 values of weights, and the file 2/,
  });
  const loaded = await loadLayersModel(place, { strict: false });
  assert.deepEqual(loaded.getWeights().map(flat), [[1], [0], [0], [1]]);
  await assert.rejects(loadLayersModel(place, { strict: 'no' }), {
    code: 'type',
    message: /strict: expected true or false/,
  });
  await assert.rejects(loadLayersModel(place, { strickt: true }), {
    code: 'name',
    message: /did you mean "strict"/,
  });
  await assert.rejects(loadLayersModel(place, { fromTFHub: true }), {
    code: 'name',
    message: /only graph models/,
  });
});

test('routers decide which place an address means', async () => {
  const artifacts = await artifactsOf(line());
  let saved;
  const save = async (given) => {
    saved = given;
    return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(given) };
  };
  const mine = (url) => (String(url).startsWith('mine://') ? { load: async () => artifacts, save } : null);
  io.registerLoadRouter(mine);
  io.registerSaveRouter(mine);
  assert.equal(answer(await loadLayersModel('mine://a')), 7);
  await line().save('mine://a');
  assert.deepEqual(saved.weightSpecs, artifacts.weightSpecs);
  assert.equal(io.getLoadHandlers('mine://a').length, 1);
  assert.deepEqual(io.getSaveHandlers('other://a'), []);
  assert.equal(io.getSaveHandlers('downloads://a').length, 1);
  assert.deepEqual([io.isHTTPScheme('https://a'), io.isHTTPScheme('file://a')], [true, false]);
  await assert.rejects(line().save('other://a'), {
    code: 'name',
    message: /no place is known for other:\/\/a/,
  });
  await assert.rejects(loadLayersModel('other://a'), {
    code: 'name',
    message: /no place is known for other:\/\/a/,
  });
});

test('weightsLoaderFactory asks for the files of the weights that are wanted alone', async () => {
  const manifest = [
    { paths: ['a'], weights: [{ name: 'x', shape: [2], dtype: 'float32' }] },
    {
      paths: ['b', 'c'],
      weights: [
        { name: 'y', shape: [1], dtype: 'float32' },
        { name: 'z', shape: [2], dtype: 'float32' },
      ],
    },
  ];
  const files = { 'p/a': bytesOf(1, 2), 'p/b': bytesOf(3, 4), 'p/c': bytesOf(5) };
  const asked = [];
  const load = io.weightsLoaderFactory(async (urls) => {
    asked.push(urls);
    return urls.map((url) => files[url]);
  });
  assert.deepEqual(flat((await load(manifest, 'p', ['z'])).z), [4, 5]);
  assert.deepEqual(asked, [['p/b', 'p/c']]);
  assert.deepEqual(Object.keys(await load(manifest, 'p')), ['x', 'y', 'z']);
  await assert.rejects(load(manifest, 'p', ['odd']), {
    code: 'name',
    message: /no weight "odd"; there are x, y, z/,
  });
});

test('what an optimizer remembers is saved where that is asked for, and left out where it is not', async () => {
  const model = line();
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError', metrics: ['mae'] });
  await model.trainOnBatch(tensor([[1]]), tensor([[0]]));
  const plain = await artifactsOf(model);
  assert.deepEqual([plain.trainingConfig, plain.weightSpecs.length], [undefined, 2]);
  const all = await artifactsOf(model, { includeOptimizer: true });
  assert.deepEqual(all.trainingConfig, {
    loss: 'mean_squared_error',
    metrics: ['mae'],
    optimizer_config: {
      class_name: 'Adam',
      config: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    },
  });
  assert.deepEqual(
    all.weightSpecs.slice(2).map(({ name, group }) => [name, group]),
    ['iter', 'line/kernel/m', 'line/bias/m', 'line/kernel/v', 'line/bias/v'].map((name) => [
      name,
      'optimizer',
    ]),
  );
  const back = await loadLayersModel(io.fromMemory(all));
  assert.equal(back.optimizer.iterations, 1);
  assert.deepEqual(back.metricsNames, ['loss', 'mae']);
  const refused = async (args, message) => {
    const other = line();
    other.compile({ optimizer: 'sgd', loss: 'meanSquaredError', ...args });
    await assert.rejects(artifactsOf(other, { includeOptimizer: true }), { message });
  };
  await refused(
    { optimizer: 'nadam' },
    /optimizer: TensorFlow.js cannot save Nadam; includeOptimizer: false/,
  );
  await refused({ loss: 'huber' }, /loss: TensorFlow.js has no loss "huber"/);
  await refused({ loss: (a, b) => a.sub(b).square().mean() }, /a function cannot be written/);
  await refused({ metrics: ['r2Score'] }, /metrics: TensorFlow.js has no metric/);
  await refused({ lossWeights: [2] }, /TensorFlow.js cannot load loss_weights/);
});

test('io.decodeWeights: what no number of the kind can be is refused, and every text is a name', async () => {
  const one = (dtype, quantization) => [{ name: 'q', shape: [2], dtype, quantization }];
  const bytes = Uint8Array.of(0, 7).buffer;
  for (const [dtype, scale] of [
    ['int32', 1e10],
    ['float32', 1e300],
  ])
    assert.throws(() => io.decodeWeights(bytes, one(dtype, { dtype: 'uint8', scale, min: 0 })), {
      code: 'value',
      message: `decodeWeights: q: ${7 * scale} at place 1 is no ${dtype}`,
    });
  const { data, specs } = await io.encodeWeights([{ name: '__proto__', tensor: tensor([3]) }]);
  const found = io.decodeWeights(data, specs);
  assert.deepEqual(Object.keys(found), ['__proto__']);
  const load = io.weightsLoaderFactory(async () => [data]);
  assert.deepEqual(Object.keys(await load([{ paths: ['w.bin'], weights: specs }])), ['__proto__']);
});

test('model.save: sums of gradients that no learning rate leads back to are not written as infinite', async () => {
  const trained = mapling.sequential({ layers: [mapling.layers.dense({ units: 1, inputShape: [2] })] });
  trained.compile({ optimizer: mapling.train.momentum(0.1, 0.9), loss: 'meanSquaredError' });
  await trained.fit(tensor([[1, 2]]), tensor([[3]]));
  trained.optimizer.setLearningRate(0);
  const place = io.withSaveHandler(() => assert.fail('nothing is to be saved'));
  await assert.rejects(trained.save(place, { includeOptimizer: true }), {
    code: 'value',
    message: /^save: optimizer: TensorFlow.js divides momentum by the learning rate, which is too small/,
  });
});
