// Mutated files of Keras, read by the package: `node tests/formats/keras_mutated.mjs 100000 [seed [begin]]`. Each is read as
// a model, or refused by one error with a code; nothing else is thrown, nothing hangs, memory stays bounded.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMain } from '../../scripts/run.mjs';
import { random } from '../fuzz/random.mjs';
import { inside, mapling } from './mapling.mjs';
import { wholeModels } from './models.mjs';
import { places } from './mutations.mjs';

const { io } = mapling;
const { readZip } = await inside('io/zip/read.js');
const { writeZip } = await inside('io/zip/write.js');
const { readHdf5 } = await inside('io/hdf5/read.js');
const { writeHdf5 } = await inside('io/hdf5/write.js');
const { giveUp } = await inside('io/portable.js');

const CODES = ['shape', 'value', 'type', 'state', 'memory', 'name', 'format'];
/** A file must be read or refused within so many milliseconds; the slowest waits for the collector. */
const LONGEST = 5000;
const MEMBERS = ['metadata.json', 'config.json', 'model.weights.h5'];
const decoder = new TextDecoder();
const encode = (value) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

const texts = (...values) => ({ shape: [values.length], values: () => values });
const text = (value) => ({ shape: [], values: () => [value] });

/** The legacy file of a model, as Keras 2 laid it out. */
function legacyOf(model, config) {
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
  const { compile_config, ...architecture } = config;
  const attributes = new Map([
    ['model_config', text(JSON.stringify(architecture))],
    ['training_config', text(JSON.stringify(compile_config))],
    ['keras_version', text('3.15.1')],
  ]);
  return writeHdf5({ members: groups, attributes });
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
    const { members } = readZip('', file, MEMBERS);
    const config = JSON.parse(decoder.decode(members.get('config.json')));
    found.push({ file, members, config, legacy: legacyOf(made, config) });
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

/** Other bytes: bits that flip, words that become lengths and addresses, parts that are missing or stand elsewhere. */
export function otherBytes(bytes, { pick, below, chance }) {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (let count = 1 + below(4); count > 0; count--) {
    // Structures lie close together: what a mutation hits is most often a number of one.
    const at = chance(0.5) ? below(copy.length) : 4 * below(copy.length / 4);
    const kind = below(6);
    if (kind === 0) copy[at] ^= 1 << below(8);
    else if (kind === 1) copy[at] = pick([0, 1, 2, 3, 16, 127, 255]);
    else if (kind === 2 && at + 8 <= copy.length)
      view.setBigUint64(at, BigInt(8 * below(copy.length / 8)), true);
    else if (kind === 3 && at + 4 <= copy.length)
      view.setUint32(at, pick([0, 1, 8, 2 ** 16, 2 ** 31, 2 ** 32 - 1]), true);
    else if (kind === 4) copy.copyWithin(at, below(copy.length), below(copy.length));
    else copy.fill(0, at, at + below(32));
  }
  return chance(0.1) ? copy.subarray(0, below(copy.length)) : copy;
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
  return writeZip(changed, new Date(2026, 0, 1));
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

/** The bytes that the core holds once the collector has been through. */
async function settled() {
  for (let turn = 0; turn < 3; turn++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return mapling.memory().coreBytes;
}

/** Reads all values of a tree of groups. */
function readAll(node) {
  for (const data of node.attributes.values()) data.values();
  if (node.members) for (const member of node.members.values()) readAll(member);
  else node.values();
}

/** Reads so many mutated HDF5 files: what went wrong. */
export function mutatedHdf5(files, count, seed) {
  const wrong = [];
  let read = 0;
  for (let call = 0; call < count; call++) {
    const chosen = random(seed, call);
    const file = otherBytes(chosen.pick(files), chosen);
    const start = performance.now();
    const before = process.memoryUsage().arrayBuffers;
    try {
      readAll(readHdf5('file', file));
      read++;
    } catch (error) {
      if (!(error instanceof Error && error.code === 'format' && error.message.startsWith('file: ')))
        wrong.push(`${call}: ${error?.stack ?? error}`);
    }
    const made = process.memoryUsage().arrayBuffers - before;
    if (made > 4 * file.length + 2 ** 20) wrong.push(`${call}: ${made} bytes for ${file.length}`);
    const took = performance.now() - start;
    if (took > LONGEST) wrong.push(`${call}: took ${Math.round(took)} ms`);
  }
  return { wrong, read };
}

/** Reads so many mutated files of models: what went wrong, and how many were read as a model. */
export async function mutated(count, seed, begin = 0) {
  const from = await sources();
  // As they are they are read; what the core takes once it has taken then.
  for (const { file, legacy } of from) {
    for (const one of [file, legacy]) {
      const model = await io.fromKeras(one);
      giveUp(model);
    }
  }
  const begun = await settled();
  const wrong = [];
  let [read, slowest] = [0, 0];
  for (let call = begin; call < begin + count; call++) {
    const chosen = random(seed, call);
    const file = otherFile(chosen.pick(from), chosen);
    const before = mapling.memory();
    const buffers = process.memoryUsage().arrayBuffers;
    const start = performance.now();
    try {
      const model = await io.fromKeras(file);
      read++;
      giveUp(model);
    } catch (error) {
      const isOurs = error instanceof Error && CODES.includes(error.code) && /^fromKeras/.test(error.message);
      if (!isOurs) wrong.push(`${call}: ${error?.stack ?? error}`);
    }
    const took = performance.now() - start;
    slowest = Math.max(slowest, took);
    if (took > LONGEST) wrong.push(`${call}: took ${Math.round(took)} ms`);
    const made = process.memoryUsage().arrayBuffers - buffers;
    if (made > 4 * file.length + 2 ** 20) wrong.push(`${call}: ${made} bytes for ${file.length}`);
    // The core's memory grows by half of what it has at once.
    const after = mapling.memory();
    if (after.wasmBytes - before.wasmBytes > 4 * file.length + after.wasmBytes / 2)
      wrong.push(`${call}: the core grew by ${after.wasmBytes - before.wasmBytes} bytes for ${file.length}`);
  }
  const left = (await settled()) - begun;
  if (process.env.SHOW) console.log(`${left} bytes are left in the core`);
  if (left > 2 ** 16) wrong.push(`${left} bytes are left behind in the core`);
  return { wrong, read, slowest };
}

if (isMain(import.meta.url)) {
  const [count = '100000', seed = '1', begin = '0'] = process.argv.slice(2);
  const { wrong, read, slowest } = await mutated(Number(count), Number(seed), Number(begin));
  console.log(
    `${count} files, ${read} of them models, the slowest in ${slowest.toFixed(0)} ms; ${wrong.length} mistakes`,
  );
  const files = (await sources()).flatMap(({ members, legacy }) => [members.get('model.weights.h5'), legacy]);
  const raw = mutatedHdf5(files, Number(count), Number(seed));
  console.log(`${count} HDF5 files, ${raw.read} of them read; ${raw.wrong.length} mistakes`);
  for (const one of [...wrong.slice(0, 20), ...raw.wrong.slice(0, 20)]) console.log(one);
  process.exitCode = wrong.length + raw.wrong.length > 0 ? 1 : 0;
}
