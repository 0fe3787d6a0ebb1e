// Mutated files of TensorFlow.js' form, read by the package: `node tests/formats/tfjs_mutated.mjs 100000 [seed [begin]]`. Each
// is read as a model, or refused by one error with a code.
import { fromCommandLine, readMany } from '../fuzz/read_many.mjs';
import { places } from './mutations.mjs';
import { artifactsOf, mapling } from './tensorflow.mjs';

const { layers, input, model, sequential, tensor, train } = mapling;
/** Models whose files are mutated: rows, graphs, wrappers, cells, models inside, an optimizer's memory. */
async function sources() {
  const a = input({ shape: [4] });
  const inside = sequential({
    name: 'inside',
    layers: [layers.dense({ units: 3, inputShape: [4], name: 'first' })],
  });
  const both = layers.add().apply([inside.apply(a), layers.dense({ units: 3, activation: 'relu' }).apply(a)]);
  const graph = model({ inputs: a, outputs: [layers.dense({ units: 2 }).apply(both), both] });
  graph.compile({
    optimizer: train.adam(0.01),
    loss: ['meanSquaredError', 'meanAbsoluteError'],
    metrics: ['mae'],
  });
  await graph.trainOnBatch(tensor([[1, 2, 3, 4]]), [tensor([[1, 2]]), tensor([[1, 2, 3]])]);
  const recurrent = sequential({
    layers: [
      layers.embedding({ inputDim: 5, outputDim: 3, inputShape: [4] }),
      layers.bidirectional({ layer: layers.lstm({ units: 2, returnSequences: true }) }),
      layers.timeDistributed({ layer: layers.dense({ units: 2 }) }),
      layers.rnn({ cell: [layers.lstmCell({ units: 2 }), layers.simpleRNNCell({ units: 2 })] }),
    ],
  });
  recurrent.compile({ optimizer: train.rmsprop(0.01), loss: 'meanSquaredError' });
  await recurrent.trainOnBatch(tensor([[1, 2, 3, 4]]), tensor([[1, 2]]));
  const pictures = sequential({
    layers: [
      layers.conv2d({ filters: 2, kernelSize: 2, inputShape: [4, 4, 1], kernelRegularizer: 'l2' }),
      layers.batchNormalization(),
      layers.separableConv2d({ filters: 2, kernelSize: 2, depthMultiplier: 2 }),
      layers.flatten(),
      layers.dense({ units: 1, kernelConstraint: 'nonNeg' }),
    ],
  });
  const saved = [];
  for (const one of [graph, recurrent, pictures])
    saved.push(await artifactsOf(one, { includeOptimizer: true }));
  return saved.map(({ weightSpecs, weightData, ...head }) => {
    const half = Math.floor(weightData.byteLength / 8) * 4;
    return {
      json: { ...head, weightsManifest: [{ paths: ['w1', 'w2'], weights: weightSpecs }] },
      files: [new Uint8Array(weightData, 0, half), new Uint8Array(weightData, half)],
    };
  });
}

/** What may stand anywhere. */
const ODD = [
  null,
  true,
  false,
  0,
  1,
  -1,
  2,
  0.5,
  7,
  1e7,
  1e9,
  2 ** 31,
  2 ** 53,
  1e308,
  '',
  'x',
  '../x',
  'dense',
  'Dense',
  'LSTM',
  'Functional',
  'Sequential',
  'hard_sigmoid',
  'float16',
  [],
  [[]],
  {},
  [null],
  [0],
  [1e9, 1e9],
  [null, 1e6, 1e6],
  { class_name: 'Dense', config: {} },
  { class_name: 'Dense', config: { units: 1e8 } },
  { class_name: 'Sequential', config: [] },
  { dtype: 'uint8', scale: 1, min: 0 },
  '__proto__',
  'constructor',
];

function mutateJson(json, { pick, below, chance }) {
  const copy = structuredClone(json);
  for (let count = 1 + below(3); count > 0; count--) {
    const all = places(copy);
    const [owner, key] = pick(all);
    const [other, otherKey] = pick(all);
    const kind = below(7);
    if (kind === 0) Array.isArray(owner) ? owner.splice(Number(key), 1) : delete owner[key];
    else if (kind === 1) owner[key] = structuredClone(other[otherKey]);
    else if (kind === 2)
      [owner[key], other[otherKey]] = [other[otherKey], owner[key]].map((one) => structuredClone(one));
    else if (kind === 3 && Array.isArray(owner)) owner.push(structuredClone(pick(owner)));
    else if (kind === 4 && typeof owner[key] === 'number') owner[key] += pick([1, -1, 0.5, 1e6, -1e6]);
    else if (kind === 5 && typeof owner[key] === 'string')
      owner[key] = chance(0.5) ? `${owner[key]}_1` : owner[key].slice(1);
    else owner[key] = structuredClone(pick(ODD));
  }
  let text = JSON.stringify(copy);
  if (chance(0.03)) text = text.slice(0, below(text.length));
  if (chance(0.02)) text = text.replace('"config":{', `"config":${'['.repeat(below(3000))}{`);
  if (chance(0.02)) {
    const at = below(text.length);
    text = text.slice(0, at) + pick(['{', '}', '[', ']', '"', ',', '9', '\u0000', '\\']) + text.slice(at + 1);
  }
  if (chance(0.01)) {
    const depth = 1 + below(20_000);
    text = `${'{"modelTopology":'.repeat(depth)}1${'}'.repeat(depth)}`;
  }
  return text;
}

function mutateFiles(files, { below, chance, pick }) {
  const copies = files.map((one) => one.slice());
  const one = below(copies.length);
  const kind = below(6);
  if (kind === 0) copies[one] = copies[one].subarray(0, below(copies[one].length));
  else if (kind === 1) copies.reverse();
  else if (kind === 2) copies[one] = new Uint8Array([...copies[one], ...copies[pick([0, 1])]]);
  else if (kind === 3) copies.splice(one, 1);
  else if (copies[one].length > 0) copies[one][below(copies[one].length)] ^= 1 << below(8);
  if (chance(0.1)) copies.push(new Uint8Array(below(64)));
  return copies;
}

/** Disposes of a model, and of those inside it, which a model leaves to whoever made them. */
function letGo(one) {
  const inside = one.layers.filter((layer) => layer instanceof mapling.LayersModel);
  one.optimizer?.dispose();
  one.dispose();
  for (const each of inside) letGo(each);
}

/** The files as a user chooses them. */
const chosenFiles = (text, files) => [
  new File([text], 'model.json'),
  ...files.map((one, at) => new File([one], `w${at + 1}`)),
];

/** Reads so many mutated files. */
export async function mutated(count, seed, begin) {
  const from = await sources();
  // As they are they are read; what the core takes once it has taken then.
  for (const { json, files } of from)
    letGo(await mapling.loadLayersModel(chosenFiles(JSON.stringify(json), files)));
  const make = (chosen) => {
    const { json, files } = chosen.pick(from);
    const kind = chosen.below(4);
    const text = kind > 0 ? mutateJson(json, chosen) : JSON.stringify(json);
    const bytes = kind === 0 || kind === 3 ? mutateFiles(files, chosen) : files;
    const given = chosenFiles(text, bytes);
    const size = text.length + bytes.reduce((sum, one) => sum + one.length, 0);
    const strict = chosen.chance(0.9);
    const read = () => mapling.loadLayersModel(given, { strict });
    return { size, read, after: letGo, where: /^loadLayersModel/ };
  };
  return readMany({ memory: mapling.memory, make, count, seed, begin });
}

await fromCommandLine(import.meta.url, { 'TensorFlow.js': mutated });
