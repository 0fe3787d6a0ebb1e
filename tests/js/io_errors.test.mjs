// Every function of files and places names itself where it refuses: whoever reads an error finds the call.
import { readdirSync } from 'node:fs';
import { assert, unrecorded as mapling, recording, test } from './mapling.mjs';

recording.on = false;

const { io, layers, loadLayersModel, models, sequential, tensor } = mapling;

const row = (...all) => sequential({ layers: all });
const made = row(layers.dense({ units: 1, inputShape: [2] }));
const [keras, safetensors] = [await io.toKeras(made), await io.toSafetensors(made)];
const checkpoint = new Uint8Array([...'mapling'].map((letter) => letter.charCodeAt(0)));
const { data, specs } = await io.encodeWeights({ a: tensor([1, 2]) });
const manifest = [{ paths: ['w.bin'], weights: specs }];
const long = [{ ...specs[0], shape: [9] }];
const weighted = { modelTopology: {}, weightsManifest: manifest };
const none = { name: 'own', shape: [2], dtype: 'text' };
const nobody = 'https://example.org/model.json';

/** What refuses for each function, by itself and in what it gives; null for those that no input is wrong for. */
const CALLS = {
  CompositeArrayBuffer: [() => new io.CompositeArrayBuffer(3), () => io.CompositeArrayBuffer.join([3])],
  browserDownloads: [() => io.browserDownloads(3)],
  browserFiles: [() => io.browserFiles([]), () => io.browserFiles([3])],
  browserHTTPRequest: [() => io.browserHTTPRequest(3), () => io.browserHTTPRequest(nobody, { bad: 1 })],
  concatenateArrayBuffers: [() => io.concatenateArrayBuffers(3), () => io.concatenateArrayBuffers([data, 3])],
  copyModel: [
    () => io.copyModel(3, 'localstorage://a'),
    () => io.copyModel('localstorage://no', 'localstorage://a'),
    () => io.copyModel('odd://no', 'localstorage://a'),
  ],
  decodeWeights: [
    () => io.decodeWeights(data, 3),
    () => io.decodeWeights(3, specs),
    () => io.decodeWeights(data, long),
    () => io.decodeWeights(data, [none]),
  ],
  decodeWeightsStream: [
    () => io.decodeWeightsStream(3, specs),
    () => io.decodeWeightsStream(new Blob([data]).stream(), 3),
    () => io.decodeWeightsStream(new Blob([data]).stream(), long),
    () => io.decodeWeightsStream(new Blob([data]).stream(), [none]),
  ],
  encodeWeights: [() => io.encodeWeights(3), () => io.encodeWeights({ a: 'x' }), () => io.encodeWeights([3])],
  fromCheckpoint: [
    () => io.fromCheckpoint(3),
    () => io.fromCheckpoint(checkpoint),
    () => io.fromCheckpoint(keras, { bad: 1 }),
  ],
  fromKeras: [
    () => io.fromKeras(3),
    () => io.fromKeras(checkpoint),
    () => io.fromKeras(keras.subarray(0, 99)),
    () => io.fromKeras(keras, { compile: 3 }),
    () => io.fromKeras(keras, { bad: 1 }),
  ],
  fromMemory: [() => io.fromMemory(3)],
  fromMemorySync: [() => io.fromMemorySync(3)],
  fromSafetensors: [() => io.fromSafetensors(3), () => io.fromSafetensors(checkpoint)],
  getLoadHandlers: [() => io.getLoadHandlers(nobody, 3), () => io.getLoadHandlers(nobody, { bad: 1 })],
  getModelArtifactsForJSON: [
    () => io.getModelArtifactsForJSON(3),
    () => io.getModelArtifactsForJSON(weighted),
    () => io.getModelArtifactsForJSON(weighted, () => 3),
    () => io.getModelArtifactsForJSON(weighted, () => [specs]),
  ],
  getModelArtifactsForJSONSync: [
    () => io.getModelArtifactsForJSONSync(3),
    () => io.getModelArtifactsForJSONSync(weighted),
    () => io.getModelArtifactsForJSONSync(weighted, specs),
  ],
  getModelArtifactsInfoForJSON: [
    () => io.getModelArtifactsInfoForJSON(3),
    () => io.getModelArtifactsInfoForJSON({ modelTopology: data }),
    () => io.getModelArtifactsInfoForJSON({ modelTopology: {}, weightData: 3 }),
  ],
  getSaveHandlers: null,
  getWeightSpecs: [() => io.getWeightSpecs(3), () => io.getWeightSpecs([3])],
  http: [() => io.http(3), () => io.http([]), () => io.http(nobody, { bad: 1 })],
  isHTTPScheme: null,
  listModels: null,
  loadWeights: [
    () => io.loadWeights(3),
    () => io.loadWeights(manifest, 3),
    () => io.loadWeights(manifest, '', 3),
    () => io.loadWeights(manifest, '', ['b']),
  ],
  moveModel: [
    () => io.moveModel(3, 'localstorage://a'),
    () => io.moveModel('localstorage://no', 'localstorage://a'),
    () => io.moveModel('odd://no', 'localstorage://a'),
  ],
  registerLoadRouter: [() => io.registerLoadRouter(3)],
  registerSaveRouter: [() => io.registerSaveRouter(3)],
  removeModel: [() => io.removeModel(3), () => io.removeModel('localstorage://no')],
  toCheckpoint: [() => io.toCheckpoint(3)],
  toKeras: [() => io.toKeras(3), () => io.toKeras(made, { bad: 1 })],
  toOnnx: [() => io.toOnnx(3), () => io.toOnnx(made, { bad: 1 })],
  toSafetensors: [
    () => io.toSafetensors(3),
    () => io.toSafetensors({ a: 3 }),
    () => io.toSafetensors(made, { bad: 1 }),
    () => io.toSafetensors({}, { metadata: { a: 1 } }),
  ],
  weightsLoaderFactory: [
    () => io.weightsLoaderFactory(3),
    () => io.weightsLoaderFactory(() => 3)(manifest),
    () => io.weightsLoaderFactory(() => [])(manifest),
    () => io.weightsLoaderFactory(() => [3])(manifest),
    () => io.weightsLoaderFactory(() => [new ArrayBuffer(2)])(manifest),
  ],
  withSaveHandler: [() => io.withSaveHandler(3)],
  withSaveHandlerSync: [() => io.withSaveHandlerSync(3)],
};

/** The call is refused with a code, by an error that begins with the function's name. */
async function refused(name, call) {
  const label = `${name}, ${call}`;
  const error = await (async () => call())().then(
    () => assert.fail(`${label}: it is not refused`),
    (thrown) => thrown,
  );
  assert.match(error.message, new RegExp(`^${name}: `), label);
  assert.match(String(error.code), /^(shape|value|type|state|memory|name|format)$/, label);
}

test('each function of io says its name in its errors', async () => {
  assert.deepEqual(Object.keys(CALLS).sort(), Object.keys(io).sort());
  for (const [name, calls] of Object.entries(CALLS))
    for (const call of calls ?? []) await refused(name, call);
});

/** Models that cannot be built, or are no more. */
const gone = row(layers.dense({ units: 1, inputShape: [2] }));
gone.dispose();
const unable = {
  'of no known shape': () => row(layers.dense({ units: 1 })),
  'too large': () => row(layers.dense({ units: 2 ** 20, inputShape: [2 ** 20] })),
  'disposed of': () => gone,
};

const there = io.withSaveHandler(() => assert.fail('nothing is to be saved'));
const SAVED = {
  save: [(one) => one.save(), (one) => one.save(there), (one) => one.save('file://unable/model.keras')],
  loadWeights: [
    (one) => one.loadWeights(keras),
    (one) => one.loadWeights(safetensors),
    (one) => one.loadWeights({ 'dense/bias': tensor([1]) }),
  ],
  toKeras: [(one) => io.toKeras(one)],
  toOnnx: [(one) => io.toOnnx(one)],
  toSafetensors: [(one) => io.toSafetensors(one)],
  toCheckpoint: [(one) => io.toCheckpoint(one)],
  getWeights: [(one) => one.getWeights()],
  setWeights: [(one) => one.setWeights([tensor([1])])],
  countParams: [(one) => one.countParams()],
};

for (const [what, make] of Object.entries(unable))
  test(`a model that is ${what}: what was called is said, whatever had to be made for it`, async () => {
    for (const [name, calls] of Object.entries(SAVED))
      for (const call of calls) await refused(name, () => call(make()));
    assert.ok(!readdirSync('.').includes('unable'));
  });

test('methods of models, and what makes models, say their names', async () => {
  for (const [name, ...calls] of [
    ['save', () => made.save(3), () => made.save('odd://a'), () => made.save('file://a/b.keras', { bad: 1 })],
    [
      'loadWeights',
      () => made.loadWeights(3),
      () => made.loadWeights(checkpoint),
      () => made.loadWeights({}),
    ],
    ['loadWeights', () => made.loadWeights(keras.subarray(0, 99)), () => made.loadWeights({ a: tensor(1) })],
    ['setUserDefinedMetadata', () => made.setUserDefinedMetadata(3)],
    ['loadLayersModel', () => loadLayersModel(3), () => loadLayersModel(nobody, { bad: 1 })],
    ['loadLayersModel', () => loadLayersModel({ load: () => 3 }), () => loadLayersModel('odd://a')],
    ['loadLayersModel', () => loadLayersModel({ load: () => ({ modelTopology: {}, weightData: 3 }) })],
    ['modelFromJSON', () => models.modelFromJSON(3), () => models.modelFromJSON({ modelTopology: {} })],
    ['toJSON', () => gone.toJSON()],
  ])
    for (const call of calls) await refused(name, call);
});
