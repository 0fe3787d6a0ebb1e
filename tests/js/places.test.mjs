// Places of models: folders, servers, files that were chosen, a browser's storage, downloads; `loadLayersModel` and
// `model.save(place)`.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { assert, entry, mapling, test } from './mapling.mjs';
import { answer, artifactsOf, flat, having, inFolder, line, numbers, storage } from './places.mjs';

const { io, layers, loadLayersModel, sequential, tensor } = mapling;

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
    const back = await loadLayersModel(`${place}/model.json`, {
      onProgress: (fraction) => done.push(fraction),
    });
    assert.deepEqual(done, [0.5, 1]);
    assert.deepEqual(back.getWeights().map(flat), large.getWeights().map(flat));
    // A path without a scheme, and the folder alone.
    await line().save(`file://${folder}`);
    assert.equal(answer(await loadLayersModel(folder)), 7);
    assert.equal(answer(await loadLayersModel(new URL(`file://${folder}/model.json`))), 7);
    await assert.rejects(loadLayersModel(join(folder, 'none')), {
      code: 'name',
      message: /there is no such file/,
    });
    rmSync(join(folder, 'group1-shard1of1.bin'));
    await assert.rejects(loadLayersModel(folder), {
      code: 'name',
      message: /group1-shard1of1.bin: there is no such file/,
    });
    writeFileSync(join(folder, 'group1-shard1of1.bin'), Buffer.alloc(4));
    await assert.rejects(loadLayersModel(folder), {
      code: 'format',
      message:
        /^loadLayersModel: .*weightData: the data end within line\/bias \[1\]: 8 bytes are expected, and there are 4/,
    });
    const json = readFileSync(join(folder, 'model.json'), 'utf8');
    for (const path of [
      '../../etc/passwd',
      '/etc/passwd',
      'a/../../b',
      'file:///etc/passwd',
      'a\\..\\b',
      // In an address these are the folder above, too.
      '%2e%2E/b',
      '.%2e',
      '..?b',
      'a/..#b',
      '.\t./b',
      '\n../b',
    ]) {
      writeFileSync(
        join(folder, 'model.json'),
        json.replace('group1-shard1of1.bin', JSON.stringify(path).slice(1, -1)),
      );
      await assert.rejects(loadLayersModel(folder), {
        code: 'format',
        message: /does not stay in the folder of model.json/,
      });
    }
    writeFileSync(join(folder, 'model.json'), json.slice(0, -9));
    await assert.rejects(loadLayersModel(folder), {
      code: 'format',
      message: /model.json: this is not JSON/,
    });
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
    const loaded = await io.loadWeights([{ paths: ['w1', 'w2'], weights: weightSpecs }], `${origin}/other`, [
      'line/bias',
    ]);
    assert.deepEqual(
      Object.entries(loaded).map(([name, one]) => [name, flat(one)]),
      [['line/bias', [1]]],
    );
    const saved = await line().save(
      io.http(`${origin}/save`, { requestInit: { method: 'PUT', headers: { 'x-key': 'k' } } }),
    );
    assert.equal(await saved.responses[0].text(), 'kept');
    const [[method, key, body]] = received;
    assert.deepEqual([method, key], ['PUT', 'k']);
    assert.match(
      body,
      /name="model.json"; filename="model.json"[\s\S]*"weightsManifest":\[{"paths":\["\.\/model\.weights\.bin"\]/,
    );
    assert.match(
      body,
      /name="model.weights.bin"; filename="model.weights.bin"\r\nContent-Type: application\/octet-stream/,
    );
    await assert.rejects(loadLayersModel(`${origin}/none`), {
      code: 'state',
      message: /none: the server answers 404/,
    });
    await assert.rejects(loadLayersModel(`${origin}/page`), {
      code: 'format',
      message: /page: this is not JSON/,
    });
    await assert.rejects(loadLayersModel(address, { requestInit: { body: 'x' } }), {
      code: 'value',
      message: /requestInit: a body/,
    });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await assert.rejects(loadLayersModel(`${origin}/none`), { code: 'state', message: /cannot be reached/ });
});

test('files that a user chose are one model', async () => {
  const { modelTopology, weightSpecs, weightData } = await artifactsOf(line());
  const json = (paths) =>
    new File(
      [JSON.stringify({ modelTopology, weightsManifest: [{ paths, weights: weightSpecs }] })],
      'model.json',
    );
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

test('what an input has chosen is taken as it comes: a list that is no array, in whatever order', async () => {
  const { modelTopology, weightSpecs, weightData } = await artifactsOf(line());
  const manifest = [{ paths: ['group1-shard1of1.bin'], weights: weightSpecs }];
  const json = new File([JSON.stringify({ modelTopology, weightsManifest: manifest })], 'model.json');
  const weights = new File([weightData], 'group1-shard1of1.bin');
  const list = (...files) => ({ ...files, length: files.length, [Symbol.toStringTag]: 'FileList' });
  assert.equal(answer(await loadLayersModel(list(weights, json))), 7);
  assert.equal(answer(await loadLayersModel(io.browserFiles(list(weights, json)))), 7);
  assert.deepEqual(io.browserFiles([weights, json]).files, [json, weights]);
  const none = { code: 'type', message: /: expected a list of files, got none$/ };
  await assert.rejects(loadLayersModel(list()), none);
  await assert.rejects(loadLayersModel([]), none);
  assert.throws(() => io.browserFiles(list()), none);
});

test('bytes of a file are taken as a buffer too', async () => {
  const model = line();
  const buffer = (bytes) => bytes.slice().buffer;
  assert.equal(answer(await io.fromKeras(buffer(await io.toKeras(model)))), 7);
  const other = line({ name: 'other' });
  const { weights } = await model.save();
  other.setWeights([tensor([[0]]), tensor([0])]);
  other.loadWeights(buffer(weights));
  assert.equal(answer(other), 7);
  const gone = buffer(weights);
  structuredClone(gone, { transfer: [gone] });
  assert.throws(() => other.loadWeights(gone), { code: 'format', message: /not a safetensors file/ });
  assert.equal(answer(other), 7);
});

test('an ending that means a format is never the name of a folder with other files', () =>
  inFolder(async (folder) => {
    const place = (name) => `file://${join(folder, name)}`;
    await line().save(place('m.onnx'));
    assert.deepEqual(new Uint8Array(readFileSync(join(folder, 'm.onnx'))), await io.toOnnx(line()));
    await assert.rejects(line().save(place('n.onnx'), { includeOptimizer: true }), {
      code: 'value',
      message: /^save: includeOptimizer: an ONNX file/,
    });
    await assert.rejects(loadLayersModel(place('m.onnx')), { code: 'name', message: /not read from .onnx/ });
    await assert.rejects(line().save(place('m.h5')), { code: 'name', message: /not written as .h5/ });
    for (const ask of [
      line().save(place('m.safetensors')),
      loadLayersModel([new File(['x'], 'm.safetensors')]),
    ])
      await assert.rejects(ask, { code: 'name', message: /hold weights without a model: io.toSafetensors/ });
    assert.deepEqual(readdirSync(folder), ['m.onnx']);
  }));

test('copying and moving say that it was they that failed', () =>
  having({ localStorage: storage() }, async () => {
    for (const name of ['copyModel', 'moveModel'])
      await assert.rejects(io[name]('localstorage://none', 'localstorage://b'), {
        code: 'name',
        message: `${name}: localstorage://none: there is no such model`,
      });
  }));

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
    assert.equal(
      store.kept.get('tensorflowjs_models/a/b/weight_data'),
      Buffer.from(Float32Array.of(2, 1).buffer).toString('base64'),
    );
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
    await assert.rejects(loadLayersModel('localstorage://d'), {
      code: 'format',
      message: /d: weight_data: this is not base64/,
    });
    store.kept.delete('tensorflowjs_models/d/weight_specs');
    await assert.rejects(loadLayersModel('localstorage://d'), {
      code: 'format',
      message: /weight_specs: this part is missing/,
    });
  });
  assert.deepEqual(await io.listModels(), {});
  await assert.rejects(line().save('localstorage://a'), {
    code: 'state',
    message: /there is no local storage here/,
  });
  await assert.rejects(line().save('indexeddb://a'), {
    code: 'state',
    message: /there is no IndexedDB here/,
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
  assert.deepEqual(
    handed.map(([name]) => name),
    ['mine.json', 'mine.weights.bin', 'model.json', 'model.weights.bin'],
  );
  const json = JSON.parse(await urls[0].text());
  assert.deepEqual(json.weightsManifest[0].paths, ['./mine.weights.bin']);
  assert.deepEqual(numbers(await urls[1].arrayBuffer()), [2, 1]);
  await assert.rejects(line().save('downloads://a'), { code: 'state', message: /downloads in pages only/ });
});

test('the ending of a name chooses a format that holds a model in one file', () =>
  inFolder(async (folder) => {
    const { FORMATS } = await import(new URL('./io/formats.js', entry).href);
    FORMATS.odd = async () => ({
      write: async (where, model, options) =>
        new TextEncoder().encode(JSON.stringify([where, model.name, options])),
      read: async (_, bytes) => line({ name: JSON.parse(new TextDecoder().decode(bytes))[1] }),
    });
    FORMATS.closed = async () => ({});
    try {
      const file = join(folder, 'a.b', 'm.odd');
      const { modelArtifactsInfo } = await line({ name: 'mine' }).save(`file://${file}`, {
        includeOptimizer: false,
      });
      const written = '["save","mine",{"includeOptimizer":false}]';
      assert.equal(readFileSync(file, 'utf8'), written);
      assert.equal(modelArtifactsInfo.weightDataBytes, written.length);
      assert.equal((await loadLayersModel(`file://${file}`)).name, 'mine');
      assert.equal((await loadLayersModel(file)).name, 'mine');
      assert.equal((await loadLayersModel([new File([written], 'x.ODD')])).name, 'mine');
      assert.equal((await loadLayersModel(io.browserFiles([new File([written], 'x.odd')]))).name, 'mine');
      await assert.rejects(loadLayersModel(file, { strict: false }), {
        code: 'value',
        message: /m.odd: strict: a model in one file, .odd, is read whole/,
      });
      const fetchFunc = async () => new Response(written);
      assert.equal((await loadLayersModel('http://a/m.odd?v=1', { fetchFunc })).name, 'mine');
      await assert.rejects(line().save('file://x.closed'), {
        code: 'name',
        message: /not written as .closed/,
      });
      await assert.rejects(loadLayersModel([new File([], 'x.closed')]), {
        code: 'name',
        message: /not read from .closed/,
      });
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
