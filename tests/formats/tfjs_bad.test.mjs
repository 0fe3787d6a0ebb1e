// Files of TensorFlow.js' form that are truncated, foreign or hostile: one error with a code that names the place, and
// nothing is changed or left.
import { test } from 'node:test';
import { count } from './mutations.mjs';
import { artifactsOf, assert, mapling } from './tensorflow.mjs';
import { mutated } from './tfjs_mutated.mjs';

const { io, layers, loadLayersModel, sequential } = mapling;
const FILES = count(3000);

test(`${FILES} mutated files are read, or refused by an error with a code, and memory stays bounded`, async () => {
  const { wrong, read } = await mutated(FILES, Number(process.env.FUZZ_SEED ?? 1));
  assert.deepEqual(wrong, []);
  assert.ok(read > FILES / 20, `only ${read} were models`);
});

const two = () =>
  sequential({
    layers: [layers.dense({ units: 3, inputShape: [2], name: 'a' }), layers.dense({ units: 1, name: 'b' })],
  });
const topology = (...rest) => ({ class_name: 'Sequential', config: { name: 'm', layers: rest } });
const dense = (config) => ({
  class_name: 'Dense',
  config: { name: 'a', units: 3, batch_input_shape: [null, 2], ...config },
});

/** What is said of artifacts that are made from those of a model. */
async function refused(change, code, message) {
  const artifacts = await artifactsOf(two(), {});
  const { coreBytes } = mapling.memory();
  await assert.rejects(loadLayersModel(io.fromMemory(change(artifacts))), { code, message });
  assert.ok(mapling.memory().coreBytes <= coreBytes, 'something is left');
}

test('weights that are named and not there are missing, and not drawn anew', async () => {
  const without = ({ weightData: _, ...all }) => all;
  await refused(without, 'format', 'loadLayersModel: there are weightSpecs, but no weightData');
  // An architecture alone is one whose weights are drawn, as in TensorFlow.js.
  const { modelTopology } = await artifactsOf(two(), {});
  assert.equal((await loadLayersModel(io.fromMemory({ modelTopology }))).weights.length, 4);
});

test('weights that are not of the model are named', async () => {
  await refused(
    (all) => ({
      ...all,
      weightSpecs: all.weightSpecs.map((spec) => ({ ...spec, name: spec.name.replace('b/', 'c/') })),
    }),
    'name',
    'loadLayersModel: weights: the model has no weight "c/kernel"; it has a/kernel, a/bias, b/kernel, b/bias',
  );
  await refused(
    (all) => ({
      ...all,
      weightSpecs: [...all.weightSpecs.slice(0, 3), { ...all.weightSpecs[0], shape: [1] }],
    }),
    'format',
    'loadLayersModel: weights: "a/kernel" and "a/kernel" are one weight',
  );
  await refused(
    (all) => ({
      ...all,
      weightSpecs: [{ ...all.weightSpecs[0], shape: [3, 2] }, ...all.weightSpecs.slice(1)],
    }),
    'shape',
    'loadLayersModel: weights: a/kernel is [2,3] in the model, and [3,2] in the file',
  );
  await refused(
    (all) => ({ ...all, weightSpecs: all.weightSpecs.slice(0, 3), weightData: all.weightData.slice(0, 48) }),
    'value',
    'loadLayersModel: the layers have 13 values of weights, and the file 12',
  );
  await refused(
    (all) => ({ ...all, weightData: all.weightData.slice(0, 51) }),
    'format',
    'loadLayersModel: weightData: the data end within b/bias [1]: 52 bytes are expected, and there are 51',
  );
  await refused(
    (all) => ({ ...all, weightData: [all.weightData, new ArrayBuffer(4)] }),
    'format',
    'loadLayersModel: weightData: 56 bytes, of which the weights take 52: files of another model?',
  );
  await refused(
    (all) => ({ ...all, weightSpecs: undefined }),
    'format',
    'loadLayersModel: there is weightData, but no weightSpecs',
  );
});

test('an architecture that declares more than the file has is refused before anything is made', async () => {
  const { wasmBytes } = mapling.memory();
  for (const units of [1e6, 2 ** 24, 1e8])
    await refused(
      (all) => ({ ...all, modelTopology: topology(dense({ units })) }),
      'value',
      new RegExp(`^loadLayersModel: the layers have ${units * 3} values of weights, and the file 13$`),
    );
  const { modelTopology: _, ...rest } = await artifactsOf(two(), {});
  const large = io.fromMemory({ ...rest, modelTopology: topology(dense({ units: 1e8 })) });
  await assert.rejects(loadLayersModel(large, { strict: false }), {
    code: 'value',
    message: /the layers have 300000000 values of weights, and the file 13$/,
  });
  // What is missing begins anew, but no more than a small file's worth: the shape of one that is there is looked at later.
  const wide = io.fromMemory({ ...rest, modelTopology: topology(dense({ units: 1e5 })) });
  await assert.rejects(loadLayersModel(wide, { strict: false }), {
    code: 'value',
    message: /the layers have 300000 values of weights, and the file 13$/,
  });
  const inside = {
    class_name: 'TimeDistributed',
    config: { name: 't', layer: dense({ units: 1e7 }), batch_input_shape: [null, 2, 2] },
  };
  await refused(
    (all) => ({ ...all, modelTopology: topology(inside) }),
    'value',
    /the layers have 30000000 values/,
  );
  const nested = { ...topology(dense({ units: 1e7 })) };
  await refused(
    (all) => ({ ...all, modelTopology: topology(nested) }),
    'value',
    /the layers have 30000000 values/,
  );
  await refused((all) => ({ ...all, modelTopology: topology(dense({ units: 1e300 })) }), 'value', /units/);
  assert.ok(mapling.memory().wasmBytes - wasmBytes < 2 ** 22);
});

test('an architecture that is none is refused by what is wrong with it', async () => {
  const all = async (modelTopology, code, message) =>
    refused((one) => ({ ...one, modelTopology }), code, message);
  await all(
    { node: [], library: {} },
    'name',
    /modelTopology: this is a graph model, which only TensorFlow.js runs/,
  );
  await all({ class_name: 'Dense', config: {} }, 'format', /expected a model's class_name, got "Dense"/);
  await all(
    topology({ class_name: 'Attention4D', config: { name: 'x' } }),
    'name',
    /the layer class "Attention4D" is unknown/,
  );
  await all(topology(dense({ unitz: 3 })), 'name', /unknown key "unitz"/);
  await all(topology(dense({ activation: 'odd' })), 'name', /activation `odd` is unknown/);
  await all(
    { class_name: 'Sequential', config: { layers: 3 } },
    'format',
    /modelTopology: layers: expected a list, got 3/,
  );
  let deep = dense();
  for (let depth = 0; depth < 40; depth++) deep = topology(deep);
  await all(deep, 'value', /nested too deeply/);
  const endless = {};
  endless.model_config = endless;
  await all(endless, 'format', /modelTopology: this is not JSON, or nested too deeply/);
  const call = (...from) => from.map((name) => [[name, 0, 0, {}]]);
  const node = (name, from, more) => ({
    name,
    class_name: 'Dense',
    config: { name, units: 2 },
    inbound_nodes: call(from),
    ...more,
  });
  const graph = (...rest) => ({
    class_name: 'Model',
    config: {
      name: 'g',
      layers: [
        {
          name: 'x',
          class_name: 'InputLayer',
          config: { name: 'x', batch_input_shape: [null, 2] },
          inbound_nodes: [],
        },
        ...rest,
      ],
      input_layers: [['x', 0, 0]],
      output_layers: [['p', 0, 0]],
    },
  });
  await all(graph(node('p', 'q'), node('q', 'p')), 'value', /the graph has a cycle, or a layer is missing/);
  await all(graph(node('p', 'none')), 'value', /the graph has a cycle, or a layer is missing/);
  await all(graph(node('p', 'x'), node('p', 'x')), 'value', /layer name `p` is used twice/);
});

test('what an optimizer remembers of other weights is refused', async () => {
  const model = two();
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  await model.trainOnBatch(mapling.tensor([[1, 2]]), mapling.tensor([[1]]));
  const artifacts = await artifactsOf(model, { includeOptimizer: true });
  const refuse = (change, message) =>
    assert.rejects(loadLayersModel(io.fromMemory({ ...artifacts, ...change(artifacts) })), {
      code: 'format',
      message,
    });
  const without = ({ weightSpecs, weightData }) => ({
    weightSpecs: weightSpecs.slice(0, -1),
    weightData: weightData.slice(0, -4),
  });
  await refuse(without, /optimizer: Adam remembers 2 values of each of 4 weights, but there are 7/);
  await refuse(
    ({ weightSpecs }) => ({
      weightSpecs: weightSpecs.map((one) => (one.name === 'a/bias/m' ? { ...one, shape: [1, 3] } : one)),
    }),
    /optimizer: a\/bias\/m is \[1,3\], and its weight \[3\]/,
  );
  await refuse(
    ({ trainingConfig }) => ({ trainingConfig: { ...trainingConfig, optimizer_config: 3 } }),
    /trainingConfig: optimizer_config: expected \{ class_name, config \}, got 3/,
  );
  const bytes = new Int32Array(artifacts.weightData.slice(0));
  bytes[13] = -5;
  await refuse(() => ({ weightData: bytes.buffer }), /optimizer: expected the number of steps first/);
});

test('layers that TensorFlow.js cannot tell apart, or has no name for, are refused when they are saved', async () => {
  const inside = (name) =>
    sequential({ name, layers: [layers.dense({ units: 2, inputShape: [2], name: 'same' })] });
  const row = sequential({ layers: [inside('one'), inside('two')] });
  await assert.rejects(artifactsOf(row), {
    code: 'name',
    message: /two weights would be called "same\/kernel"/,
  });
  const spaced = sequential({ layers: [layers.dense({ units: 2, inputShape: [2], name: 'my layer' })] });
  await assert.rejects(artifactsOf(spaced), {
    code: 'name',
    message: /"my layer": names of layers have letters/,
  });
  const x = mapling.input({ shape: [3, 2] });
  const seen = layers.multiHeadAttention({ numHeads: 1, keyDim: 2, name: 'heads' }).apply(x, { value: x });
  const attending = mapling.model({ inputs: x, outputs: seen });
  await assert.rejects(artifactsOf(attending), {
    code: 'name',
    message: 'save: heads: TensorFlow.js has no layer MultiHeadAttention',
  });
});
