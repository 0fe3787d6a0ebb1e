// Mutated files of Keras, read by the package: `node tests/formats/keras_mutated.mjs 100000 [seed [begin]]`. Each is read as
// a model, or into one, or refused by one error with a code.
import { fromCommandLine, readMany } from '../fuzz/read_many.mjs';
import { inside, mapling } from './mapling.mjs';
import { wholeModels } from './models.mjs';
import { places } from './mutations.mjs';
import { otherBytes } from './other_bytes.mjs';

const { io } = mapling;
const { readZip } = await inside('io/zip/read.js');
const { writeZip } = await inside('io/zip/write.js');
const { writeHdf5 } = await inside('io/hdf5/write.js');
const { giveUp } = await inside('nn/give-up.js');

const MEMBERS = ['metadata.json', 'config.json', 'model.weights.h5'];
const decoder = new TextDecoder();
const encode = (value) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

const texts = (...values) => ({ shape: [values.length], values: () => values });
const text = (value) => ({ shape: [], values: () => [value] });

/** What writes the legacy file of a model, as Keras 2 laid it out, with these texts for its configurations. */
function legacyOf(model) {
  const byLayer = new Map();
  for (const weight of model.weights) {
    const layer = weight.name.split('/')[0];
    byLayer.set(layer, [...(byLayer.get(layer) ?? []), weight]);
  }
  const layers = new Map();
  for (const [layer, weights] of byLayer) {
    const members = new Map();
    for (const [at, weight] of weights.entries()) {
      const values = weight.read().dataSync();
      members.set(`${at}:0`, { shape: weight.shape, values: () => values, attributes: new Map() });
    }
    layers.set(layer, { members, attributes: new Map([['weight_names', texts(...members.keys())]]) });
  }
  const groups = new Map([
    ['model_weights', { members: layers, attributes: new Map([['layer_names', texts(...layers.keys())]]) }],
  ]);
  return (architecture, training) => {
    const attributes = new Map([
      ['model_config', text(architecture)],
      ['training_config', text(training)],
      ['keras_version', text('3.15.1')],
    ]);
    return writeHdf5({ members: groups, attributes });
  };
}

/** Files that are mutated: those of whole models, small as they are, with what their optimizers remember. */
async function sources() {
  const found = [];
  for (const make of Object.values(wholeModels)) {
    const { made, compile, xs, ys } = make();
    const single = (all) => (all.length === 1 ? all[0] : all);
    made.compile(compile);
    await made.trainOnBatch(single(xs), single(ys));
    const file = await io.toKeras(made);
    const { members } = await readZip('', file, MEMBERS);
    const config = JSON.parse(decoder.decode(members.get('config.json')));
    const { compile_config: training, ...architecture } = config;
    const writeLegacy = legacyOf(made);
    const legacy = writeLegacy(...[architecture, training].map((one) => JSON.stringify(one)));
    found.push({ made, file, members, config, legacy, architecture, training, writeLegacy });
  }
  return found;
}

/** What may stand anywhere. */
// biome-ignore format: a list
const ODD = [null, true, 0, 1, -1, 0.5, 7, 1e9, 2 ** 53, 1e308, '', 'x', '../x', 'Dense', 'LSTM', 'Functional', 'Adam',
  'NotEqual', '__keras_tensor__', '__proto__', [], [[]], {}, [null], [1e9, 1e9], [null, 1e6, 1e6],
  { class_name: 'Dense', config: { units: 1e8 } }, { class_name: 'function', config: 'f' }];

/** Another configuration, as text. */
function otherJson(json, { pick, below, chance }) {
  const copy = structuredClone(json);
  for (let count = 1 + below(3); count > 0; count--) {
    const all = places(copy);
    const [[owner, key], [other, otherKey]] = [pick(all), pick(all)];
    const kind = below(6);
    if (kind === 0) Array.isArray(owner) ? owner.splice(Number(key), 1) : delete owner[key];
    else if (kind === 1) owner[key] = structuredClone(other[otherKey]);
    else if (kind === 2 && Array.isArray(owner)) owner.push(structuredClone(pick(owner)));
    else if (kind === 3 && typeof owner[key] === 'number') owner[key] += pick([1, -1, 0.5, 1e6, -1e6]);
    else if (kind === 4 && typeof owner[key] === 'string')
      owner[key] = chance(0.5) ? `${owner[key]}_1` : owner[key].slice(1);
    else owner[key] = structuredClone(pick(ODD));
  }
  const whole = JSON.stringify(copy);
  if (chance(0.03)) return whole.slice(0, below(whole.length));
  if (chance(0.01)) return `${'{"class_name":"Sequential","config":{"layers":['.repeat(1 + below(5000))}`;
  return whole;
}

/** A file that is another than one of these; what is packed has the right checksum, so that it is looked at. */
function otherFile({ file, members, config, legacy }, chosen) {
  const kind = chosen.below(6);
  if (kind === 0) return otherBytes(file, chosen);
  if (kind === 1) return otherBytes(legacy, chosen);
  const changed = new Map(members);
  if (kind !== 2) changed.set('config.json', encode(otherJson(config, chosen)));
  if (kind !== 3) changed.set('model.weights.h5', otherBytes(members.get('model.weights.h5'), chosen));
  if (chosen.chance(0.02)) changed.delete(chosen.pick(MEMBERS));
  return writeZip('', changed, new Date(2026, 0, 1));
}

/** A legacy file with other bytes, or with other configurations in a file that is whole. */
function otherLegacy({ legacy, architecture, training, writeLegacy }, chosen) {
  if (chosen.chance(0.5)) return otherBytes(legacy, chosen);
  const isTraining = chosen.chance(0.3);
  return writeLegacy(
    isTraining ? JSON.stringify(architecture) : otherJson(architecture, chosen),
    isTraining ? otherJson(training, chosen) : JSON.stringify(training),
  );
}

/** An archive with other bytes, or one that is whole and holds other weights. */
function otherArchive({ file, members }, chosen) {
  if (chosen.chance(0.3)) return otherBytes(file, chosen);
  const inside = otherBytes(members.get('model.weights.h5'), chosen);
  return writeZip('', new Map(members).set('model.weights.h5', inside), new Date(2026, 0, 1));
}

/** Mutated files that become models, or are refused. */
const models = (files, other) => async (count, seed, begin) => {
  const from = await files();
  // As they are they are read; what the core takes once it has taken then.
  for (const one of from) giveUp(await io.fromKeras(one.file));
  const make = (chosen) => {
    const bytes = other(chosen.pick(from), chosen);
    return { bytes, read: () => io.fromKeras(bytes), after: giveUp, where: /^fromKeras/ };
  };
  return readMany({ memory: mapling.memory, make, count, seed, begin });
};

/** Mutated files of weights, which go into a model that is there: all of them or, where the file is refused, none. */
const weights =
  (fileOf, other = (one, chosen) => otherBytes(one.file, chosen)) =>
  async (count, seed, begin) => {
    const from = (await sources()).map((one) => ({ ...one, file: fileOf(one) }));
    const valuesOf = ({ made }) => made.weights.map((weight) => weight.read().dataSync());
    for (const one of from) {
      await one.made.loadWeights(one.file);
      one.before = valuesOf(one);
    }
    const make = (chosen) => {
      const one = chosen.pick(from);
      const bytes = other(one, chosen);
      const read = async () => {
        try {
          await one.made.loadWeights(bytes);
        } catch (error) {
          // What is refused has changed nothing.
          const now = valuesOf(one);
          if (one.before.some((values, at) => Buffer.compare(bytesOf(values), bytesOf(now[at])) !== 0))
            throw new Error(`the weights were changed, and then: ${error.stack}`);
          throw error;
        }
      };
      return { bytes, read, after: () => one.made.loadWeights(one.file), where: /^loadWeights: / };
    };
    return readMany({ memory: mapling.memory, make, count, seed, begin });
  };
const bytesOf = ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength);

/** What is read of Keras' files: each reads so many mutated ones. */
export const readers = {
  '.keras': models(sources, otherFile),
  'legacy .h5': models(
    async () => (await sources()).map((one) => ({ ...one, file: one.legacy })),
    otherLegacy,
  ),
  '.weights.h5': weights(({ members }) => members.get('model.weights.h5')),
  'weights of a legacy .h5': weights(({ legacy }) => legacy),
  'weights of a .keras': weights(({ file }) => file, otherArchive),
};

await fromCommandLine(import.meta.url, readers);
