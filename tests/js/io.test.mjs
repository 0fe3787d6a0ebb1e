// Files and places of models: `io`, `loadLayersModel`, `model.save(place)`. That TensorFlow.js reads what is written and
// the other way round is tested in tests/formats.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, entry, mapling, test } from './mapling.mjs';

const { io, layers, loadLayersModel, sequential, tensor } = mapling;
const flat = (one) => Array.from(one.dataSync());

/** A model of one layer, y = 2x + 1. */
function line(config = {}) {
  const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1], name: 'line' })], ...config });
  model.setWeights([tensor([[2]]), tensor([1])]);
  return model;
}
/** What a model answers to 3. */
const answer = (model) => flat(model.predict(tensor([[3]])))[0];
const bytesOf = (...values) => Float32Array.from(values).buffer;
const numbers = (buffer) => Array.from(new Float32Array(buffer));

/** The artifacts that a model saves. */
async function artifactsOf(model, config) {
  let saved;
  const result = await model.save(
    io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) };
    }),
    config,
  );
  return { ...saved, result };
}

/** Does `work` in a folder that is taken away after it. */
async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'mapling-io-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Does `work` with globals that a browser has. */
async function having(globals, work) {
  const before = Object.keys(globals).map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  try {
    await work();
  } finally {
    Object.keys(globals).forEach((name, at) => {
      if (before[at]) Object.defineProperty(globalThis, name, before[at]);
      else delete globalThis[name];
    });
  }
}

/** Local storage, which may be full. */
function storage({ most = Number.POSITIVE_INFINITY } = {}) {
  const kept = new Map();
  const size = () => [...kept.values()].reduce((sum, text) => sum + text.length, 0);
  return {
    kept,
    get length() {
      return kept.size;
    },
    key: (at) => [...kept.keys()][at] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    removeItem: (key) => void kept.delete(key),
    setItem(key, text) {
      if (size() - (kept.get(key)?.length ?? 0) + text.length > most)
        throw Object.assign(new Error('the quota has been exceeded'), { name: 'QuotaExceededError' });
      kept.set(key, text);
    },
  };
}

test('CompositeArrayBuffer shows several buffers as one', () => {
  const all = new io.CompositeArrayBuffer([bytesOf(1), bytesOf(2, 3), new ArrayBuffer(0), bytesOf(4)]);
  assert.equal(all.byteLength, 16);
  assert.deepEqual(numbers(all.slice()), [1, 2, 3, 4]);
  assert.deepEqual(numbers(all.slice(4, 12)), [2, 3]);
  assert.deepEqual(numbers(all.slice(8)), [3, 4]);
  assert.deepEqual([all.slice(4, 4), all.slice(99), all.slice(3, 1)].map(({ byteLength }) => byteLength), [0, 0, 0]);
  assert.deepEqual(numbers(io.CompositeArrayBuffer.join([bytesOf(1), new Float32Array([9, 2]).subarray(1)])), [1, 2]);
  assert.deepEqual(numbers(io.concatenateArrayBuffers([bytesOf(5), bytesOf(6)])), [5, 6]);
  assert.equal(io.CompositeArrayBuffer.join().byteLength, 0);
  assert.throws(() => new io.CompositeArrayBuffer(['text']), { code: 'type', message: /an ArrayBuffer, got "text"/ });
});

test('encodeWeights and decodeWeights are each other’s reverse', async () => {
  const tensors = { a: tensor([[1.5, -2]]), b: tensor([7], [1], 'int32'), c: tensor([true, false], [2], 'bool') };
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
  const quantized = [{ name: 'q', shape: [3], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } }];
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
    [{ ...quantized[0], quantization: { dtype: 'uint8' } }, /q: quantization: expected numbers scale and min/],
    [{ ...quantized[0], quantization: { dtype: 'int4' } }, /quantization: expected uint8, uint16 or float16, got "int4"/],
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
  const manifest = [{ paths: ['w.bin'], weights: weightSpecs }];
  const json = { modelTopology, weightsManifest: manifest, format: 'layers-model', userDefinedMetadata: { a: 1 } };
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
  await assert.rejects(loadLayersModel({}), { code: 'type', message: /^loadLayersModel: expected an address/ });
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
  assert.deepEqual(weightSpecs.map(({ name }) => name), ['normal/gamma', 'normal/beta']);
  const place = io.fromMemory({ ...rest, weightSpecs });
  await assert.rejects(loadLayersModel(place), { code: 'value', message: /the layers have 4 values of weights, and the file 2/ });
  const loaded = await loadLayersModel(place, { strict: false });
  assert.deepEqual(loaded.getWeights().map(flat), [[1], [0], [0], [1]]);
  await assert.rejects(loadLayersModel(place, { strict: 'no' }), { code: 'type', message: /strict: expected true or false/ });
  await assert.rejects(loadLayersModel(place, { strickt: true }), { code: 'name', message: /did you mean "strict"/ });
  await assert.rejects(loadLayersModel(place, { fromTFHub: true }), { code: 'name', message: /only graph models/ });
});

test('routers decide which place an address means', async () => {
  const artifacts = await artifactsOf(line());
  let saved;
  const mine = (url) =>
    typeof url === 'string' && url.startsWith('mine://')
      ? { load: async () => artifacts, save: async (given) => ({ modelArtifactsInfo: (saved = given) }) }
      : null;
  io.registerLoadRouter(mine);
  io.registerSaveRouter(mine);
  assert.equal(answer(await loadLayersModel('mine://a')), 7);
  await line().save('mine://a');
  assert.deepEqual(saved.weightSpecs, artifacts.weightSpecs);
  assert.equal(io.getLoadHandlers('mine://a').length, 1);
  assert.deepEqual(io.getSaveHandlers('other://a'), []);
  assert.equal(io.getSaveHandlers('downloads://a').length, 1);
  assert.deepEqual([io.isHTTPScheme('https://a'), io.isHTTPScheme('file://a')], [true, false]);
  await assert.rejects(line().save('other://a'), { code: 'name', message: /no place is known for other:\/\/a/ });
  await assert.rejects(loadLayersModel('other://a'), { code: 'name', message: /no place is known for other:\/\/a/ });
});

test('a folder holds model.json and weights in files of 4 MB', () =>
  inFolder(async (folder) => {
    const place = `file://${join(folder, 'a', 'model')}`;
    const large = sequential({ layers: [layers.dense({ units: 1100, inputShape: [1000], name: 'wide' })] });
    const { modelArtifactsInfo } = await large.save(place);
    assert.equal(modelArtifactsInfo.weightDataBytes, 4 * 1100 * 1001);
    assert.deepEqual(readdirSync(join(folder, 'a', 'model')).sort(), [
      'group1-shard1of2.bin',
      'group1-shard2of2.bin',
      'model.json',
    ]);
    const done = [];
    const back = await loadLayersModel(`${place}/model.json`, { onProgress: (fraction) => done.push(fraction) });
    assert.deepEqual(done, [0.5, 1]);
    assert.deepEqual(back.getWeights().map(flat), large.getWeights().map(flat));
    // A path without a scheme, and the folder alone.
    await line().save(`file://${folder}`);
    assert.equal(answer(await loadLayersModel(folder)), 7);
    assert.equal(answer(await loadLayersModel(new URL(`file://${folder}/model.json`))), 7);
    await assert.rejects(loadLayersModel(join(folder, 'none')), { code: 'name', message: /there is no such file/ });
    rmSync(join(folder, 'group1-shard1of1.bin'));
    await assert.rejects(loadLayersModel(folder), { code: 'name', message: /group1-shard1of1.bin: there is no such file/ });
    writeFileSync(join(folder, 'group1-shard1of1.bin'), Buffer.alloc(4));
    await assert.rejects(loadLayersModel(folder), {
      code: 'format',
      message: /^loadLayersModel: .*weightData: the data end within line\/bias \[1\]: 8 bytes are expected, and there are 4/,
    });
    const json = readFileSync(join(folder, 'model.json'), 'utf8');
    for (const path of ['../../etc/passwd', '/etc/passwd', 'a/../../b', 'file:///etc/passwd', 'a\\..\\b']) {
      writeFileSync(join(folder, 'model.json'), json.replace('group1-shard1of1.bin', path.replaceAll('\\', '\\\\')));
      await assert.rejects(loadLayersModel(folder), { code: 'format', message: /does not stay in the folder of model.json/ });
    }
    writeFileSync(join(folder, 'model.json'), json.slice(0, -9));
    await assert.rejects(loadLayersModel(folder), { code: 'format', message: /model.json: this is not JSON/ });
    writeFileSync(join(folder, 'file'), '');
    await assert.rejects(line().save(`file://${join(folder, 'file', 'model')}`), { code: 'state' });
  }));

test('a server gives model.json and its weights, and takes both', async () => {
  const { modelTopology, weightSpecs, weightData } = await artifactsOf(line());
  const json = { modelTopology, weightsManifest: [{ paths: ['w1', 'w2'], weights: weightSpecs }] };
  const files = {
    '/m/model.json?v=1': JSON.stringify(json),
    '/m/w1?v=1': Buffer.from(weightData, 0, 3),
    '/m/w2?v=1': Buffer.from(weightData, 3),
    '/other/w1': Buffer.from(weightData, 0, 3),
    '/other/w2': Buffer.from(weightData, 3),
    '/page': '<html>',
  };
  const received = [];
  const server = createServer(async (request, response) => {
    if (request.method !== 'GET') {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      received.push([request.method, request.headers['x-key'], Buffer.concat(chunks).toString('latin1')]);
      response.end('kept');
      return;
    }
    const file = files[request.url];
    response.writeHead(file ? 200 : 404).end(file);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  try {
    const address = `${origin}/m/model.json?v=1`;
    const done = [];
    assert.equal(answer(await loadLayersModel(address, { onProgress: (part) => done.push(part) })), 7);
    assert.deepEqual(done, [0.5, 1]);
    assert.equal(answer(await loadLayersModel(io.http(address, { weightPathPrefix: `${origin}/m` }))), 7);
    const converter = { weightUrlConverter: async (name) => `${origin}/other/${name}` };
    assert.equal(answer(await loadLayersModel(io.browserHTTPRequest(address, converter))), 7);
    const asked = [];
    const fetchFunc = (url, init) => {
      asked.push(init.headers['x-key']);
      return fetch(url, init);
    };
    const requestInit = { headers: { 'x-key': 'k' }, method: 'GET' };
    assert.equal(answer(await loadLayersModel(address, { fetchFunc, requestInit })), 7);
    assert.deepEqual(asked, ['k', 'k', 'k']);
    const loaded = await io.loadWeights(
      [{ paths: ['w1', 'w2'], weights: weightSpecs }],
      `${origin}/other`,
      ['line/bias'],
    );
    assert.deepEqual(Object.entries(loaded).map(([name, one]) => [name, flat(one)]), [['line/bias', [1]]]);
    const saved = await line().save(io.http(`${origin}/save`, { requestInit: { method: 'PUT', headers: { 'x-key': 'k' } } }));
    assert.equal(await saved.responses[0].text(), 'kept');
    const [[method, key, body]] = received;
    assert.deepEqual([method, key], ['PUT', 'k']);
    assert.match(body, /name="model.json"; filename="model.json"[^]*"weightsManifest":\[{"paths":\["\.\/model\.weights\.bin"\]/);
    assert.match(body, /name="model.weights.bin"; filename="model.weights.bin"\r\nContent-Type: application\/octet-stream/);
    await assert.rejects(loadLayersModel(`${origin}/none`), { code: 'state', message: /none: the server answers 404/ });
    await assert.rejects(loadLayersModel(`${origin}/page`), { code: 'format', message: /page: this is not JSON/ });
    await assert.rejects(loadLayersModel(address, { requestInit: { body: 'x' } }), { code: 'value', message: /requestInit: a body/ });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await assert.rejects(loadLayersModel(`${origin}/none`), { code: 'state', message: /cannot be reached/ });
});

test('weightsLoaderFactory asks for the files of the weights that are wanted alone', async () => {
  const manifest = [
    { paths: ['a'], weights: [{ name: 'x', shape: [2], dtype: 'float32' }] },
    { paths: ['b', 'c'], weights: [{ name: 'y', shape: [1], dtype: 'float32' }, { name: 'z', shape: [2], dtype: 'float32' }] },
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
  await assert.rejects(load(manifest, 'p', ['odd']), { code: 'name', message: /no weight "odd"; there are x, y, z/ });
});

test('files that a user chose are one model', async () => {
  const { modelTopology, weightSpecs, weightData } = await artifactsOf(line());
  const json = (paths) =>
    new File([JSON.stringify({ modelTopology, weightsManifest: [{ paths, weights: weightSpecs }] })], 'model.json');
  const shards = [new File([weightData.slice(0, 3)], 'w1'), new File([weightData.slice(3)], 'w2')];
  const files = [json(['x/w1', 'x/w2']), shards[1], shards[0]];
  assert.equal(answer(await loadLayersModel(io.browserFiles(files))), 7);
  assert.equal(answer(await loadLayersModel(files)), 7);
  // Swapped files give other weights of the same sizes only where the files are of one size: here nothing fits.
  const alone = await loadLayersModel(io.browserFiles([json(['w1'])]));
  assert.equal(alone.countParams(), 2);
  const refused = (given, message) =>
    assert.rejects(async () => loadLayersModel(io.browserFiles(given)), { message });
  await refused([json(['w1', 'w2']), shards[0]], /model.json: the file "w2" is not among those given/);
  await refused([json(['w1']), ...shards], /the file "w2" belongs to another model/);
  await refused([json(['w1', 'w1']), shards[0]], /"w1" is named twice/);
  await refused([new File(['[]'], 'model.json'), shards[0]], /expected model.json, with modelTopology/);
  assert.throws(() => io.browserFiles([]), { code: 'type' });
});

test('local storage keeps models under TensorFlow.js’ keys: they are listed, copied, moved, taken away', async () => {
  const store = storage();
  await having({ localStorage: store }, async () => {
    await line().save('localstorage://a/b');
    assert.deepEqual(
      [...store.kept.keys()].sort(),
      ['info', 'model_metadata', 'model_topology', 'weight_data', 'weight_specs'].map(
        (part) => `tensorflowjs_models/a/b/${part}`,
      ),
    );
    assert.equal(store.kept.get('tensorflowjs_models/a/b/weight_data'), Buffer.from(Float32Array.of(2, 1).buffer).toString('base64'));
    assert.equal(answer(await loadLayersModel('localstorage://a/b')), 7);
    const info = await io.copyModel('localstorage://a/b', 'localstorage://c');
    assert.equal(info.weightDataBytes, 8);
    assert.deepEqual(Object.keys(await io.listModels()), ['localstorage://a/b', 'localstorage://c']);
    await io.moveModel('localstorage://c', 'localstorage://d');
    assert.equal((await io.removeModel('localstorage://a/b')).weightDataBytes, 8);
    assert.deepEqual(Object.keys(await io.listModels()), ['localstorage://d']);
    assert.equal(answer(await loadLayersModel('localstorage://d')), 7);
    const none = { code: 'name', message: /there is no such model/ };
    await assert.rejects(io.removeModel('localstorage://c'), none);
    await assert.rejects(loadLayersModel('localstorage://c'), none);
    await assert.rejects(io.copyModel('localstorage://d', 'localstorage://d'), { code: 'value' });
    await assert.rejects(io.moveModel('file://a', 'localstorage://d'), { code: 'name' });
    store.kept.set('tensorflowjs_models/d/weight_data', '*');
    await assert.rejects(loadLayersModel('localstorage://d'), { code: 'format', message: /d: weight_data: this is not base64/ });
    store.kept.delete('tensorflowjs_models/d/weight_specs');
    await assert.rejects(loadLayersModel('localstorage://d'), { code: 'format', message: /weight_specs: this part is missing/ });
  });
  assert.deepEqual(await io.listModels(), {});
  await assert.rejects(line().save('localstorage://a'), { code: 'state', message: /there is no local storage here/ });
  await assert.rejects(line().save('indexeddb://a'), { code: 'state', message: /there is no IndexedDB here/ });
});

test('a storage that is full says so, and keeps what it had', async () => {
  const store = storage({ most: 2500 });
  await having({ localStorage: store }, async () => {
    await line().save('localstorage://a');
    const before = new Map(store.kept);
    const large = sequential({ layers: [layers.dense({ units: 30, inputShape: [30] })] });
    const full = { code: 'memory', message: /local storage, for localstorage:\/\/a, is full, and nothing was saved/ };
    await assert.rejects(large.save('localstorage://a'), full);
    assert.deepEqual(store.kept, before);
    assert.equal(answer(await loadLayersModel('localstorage://a')), 7);
  });
});

test('downloads hand out two files', async () => {
  const handed = [];
  const document = {
    createElement: () => ({
      dispatchEvent() {
        handed.push([this.download, this.href]);
      },
    }),
  };
  const urls = [];
  const createObjectURL = (blob) => `blob:${urls.push(blob) - 1}`;
  const before = URL.createObjectURL;
  URL.createObjectURL = createObjectURL;
  try {
    await having({ document, MouseEvent: class {} }, async () => {
      await line().save('downloads://mine');
      await line().save(io.browserDownloads());
    });
  } finally {
    URL.createObjectURL = before;
  }
  assert.deepEqual(handed.map(([name]) => name), ['mine.json', 'mine.weights.bin', 'model.json', 'model.weights.bin']);
  const json = JSON.parse(await urls[0].text());
  assert.deepEqual(json.weightsManifest[0].paths, ['./mine.weights.bin']);
  assert.deepEqual(numbers(await urls[1].arrayBuffer()), [2, 1]);
  await assert.rejects(line().save('downloads://a'), { code: 'state', message: /downloads in pages only/ });
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
    ['iter', 'line/kernel/m', 'line/bias/m', 'line/kernel/v', 'line/bias/v'].map((name) => [name, 'optimizer']),
  );
  const back = await loadLayersModel(io.fromMemory(all));
  assert.equal(back.optimizer.iterations, 1);
  assert.deepEqual(back.metricsNames, ['loss', 'mae']);
  const refused = async (args, message) => {
    const other = line();
    other.compile({ optimizer: 'sgd', loss: 'meanSquaredError', ...args });
    await assert.rejects(artifactsOf(other, { includeOptimizer: true }), { message });
  };
  await refused({ optimizer: 'nadam' }, /optimizer: TensorFlow.js cannot save Nadam; includeOptimizer: false/);
  await refused({ loss: 'huber' }, /loss: TensorFlow.js has no loss "huber"/);
  await refused({ loss: (a, b) => a.sub(b).square().mean() }, /a function cannot be written/);
  await refused({ metrics: ['r2Score'] }, /metrics: TensorFlow.js has no metric/);
  await refused({ lossWeights: [2] }, /TensorFlow.js cannot load loss_weights/);
});

test('the ending of a name chooses a format that holds a model in one file', () =>
  inFolder(async (folder) => {
    const { FORMATS } = await import(new URL('./io/formats.js', entry).href);
    FORMATS.odd = async () => ({
      write: async (where, model, options) => new TextEncoder().encode(JSON.stringify([where, model.name, options])),
      read: async (_, bytes) => line({ name: JSON.parse(new TextDecoder().decode(bytes))[1] }),
    });
    FORMATS.closed = async () => ({});
    try {
      const file = join(folder, 'a.b', 'm.odd');
      const { modelArtifactsInfo } = await line({ name: 'mine' }).save(`file://${file}`, { includeOptimizer: false });
      const written = '["save","mine",{"includeOptimizer":false}]';
      assert.equal(readFileSync(file, 'utf8'), written);
      assert.equal(modelArtifactsInfo.weightDataBytes, written.length);
      assert.equal((await loadLayersModel(`file://${file}`)).name, 'mine');
      assert.equal((await loadLayersModel(file)).name, 'mine');
      assert.equal((await loadLayersModel([new File([written], 'x.ODD')])).name, 'mine');
      assert.equal((await loadLayersModel(io.browserFiles([new File([written], 'x.odd')]))).name, 'mine');
      const fetchFunc = async () => new Response(written);
      assert.equal((await loadLayersModel('http://a/m.odd?v=1', { fetchFunc })).name, 'mine');
      await assert.rejects(line().save('file://x.closed'), { code: 'name', message: /not written as .closed/ });
      await assert.rejects(loadLayersModel([new File([], 'x.closed')]), { code: 'name', message: /not read from .closed/ });
      // Where a program keeps models by name, an ending is part of the name.
      await having({ localStorage: storage() }, async () => {
        await line().save('localstorage://m.odd');
        assert.equal(answer(await loadLayersModel('localstorage://m.odd')), 7);
      });
    } finally {
      delete FORMATS.odd;
      delete FORMATS.closed;
    }
  }));

test('modelCheckpoint saves in places, under names of epochs and logs', () =>
  inFolder(async (folder) => {
    const model = line();
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const [x, y] = [tensor([[1], [2]]), tensor([[3], [5]])];
    const fit = (filepath, more) =>
      model.fit(x, y, { epochs: 2, callbacks: mapling.callbacks.modelCheckpoint({ filepath, monitor: 'loss', ...more }) });
    await fit(`file://${folder}/{epoch:02d}-{loss:.1f}`);
    assert.deepEqual(readdirSync(folder).sort(), ['01-0.0', '02-0.0']);
    assert.equal(answer(await loadLayersModel(join(folder, '02-0.0'))), 7);
    const kept = [];
    await fit(io.withSaveHandler(async (artifacts) => kept.push(artifacts.weightSpecs.length)), { saveBestOnly: true });
    assert.deepEqual(kept, [2]);
    await assert.rejects(fit(`file://${folder}/{odd}`), { code: 'name', message: /there is no log "odd"; there are epoch, loss/ });
    assert.throws(() => fit(3), { code: 'type', message: /filepath: expected an address or a place, got 3/ });
    assert.throws(() => fit('a', { saveWeightsOnly: true }), { code: 'value' });
  }));
