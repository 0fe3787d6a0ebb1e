/** An architecture that TensorFlow.js or its converter wrote, as the core reads it. */
import { brief, describe, fault } from '../../engine/errors.js';
import { isArray, isObject } from '../../engine/look.js';
import type { Written } from '../portable.js';
import { isModel, settingsOf } from './classes.js';

type Config = Record<string, unknown>;
interface Read {
  where: string;
  /** Whether TensorFlow.js wrote it, and did not only read what Keras wrote. */
  isTensorflows: boolean;
  /** Whether it was written for Keras 3, whose hard sigmoid is another function. */
  isKeras3: boolean;
  /** The shapes of the weights in the file, by their names. */
  shapes: ReadonlyMap<string, readonly number[]>;
}

/** Classes that TensorFlow of old wrote under other names. */
const CLASSES: Readonly<Record<string, string>> = {
  BatchNormalizationV1: 'BatchNormalization',
  BatchNormalizationV2: 'BatchNormalization',
  UnifiedGRU: 'GRU',
  UnifiedLSTM: 'LSTM',
};

/** Settings of old that say how something is computed, or what is known otherwise. */
const IGNORED = new Set(
  (
    'implementation input_length input_dtype virtual_batch_size fused adjustment rank num_constants ' +
    'synchronized renorm_clipping renorm_momentum build_config'
  ).split(' '),
);
/** Settings of old that must have this value. */
const ONLY: Config = { time_major: false, ragged: false, sparse: false };

const OF_RNN = new Set([
  ...settingsOf('RNN')!,
  'name',
  'trainable',
  'batch_input_shape',
  'zero_output_for_mask',
]);

/** What TensorFlow.js takes where a file says nothing, and Keras 3 does not. */
function defaults(className: string, { isKeras3 }: Read): Config {
  if (isKeras3) return {};
  const isGated = /^(LSTM|GRU|ConvLSTM2D)(Cell)?$/.test(className);
  return {
    ...(isGated && { recurrent_activation: 'hard_sigmoid' }),
    ...(className.startsWith('GRU') && { reset_after: false }),
  };
}

const objectAt = (where: string, value: unknown): Config => {
  if (isObject(value) && !isArray(value)) return value as Config;
  throw fault('format', `${where}: expected an object, got ${describe(value)}`);
};

function activation(read: Read, value: unknown): unknown {
  if (value === null) return 'linear';
  return value === 'hard_sigmoid' && !read.isKeras3 ? 'keras2_hard_sigmoid' : value;
}

/** The settings of a layer. */
function configIn(read: Read, label: string, className: string, given: Config, depth: number): Config {
  const config: Config = {};
  if (read.isTensorflows && className === 'UpSampling2D' && given.interpolation === 'bilinear')
    throw fault('value', `${label}: TensorFlow.js scales bilinearly by other places than are offered here`);
  if (className === 'SeparableConv2D' && !('depth_multiplier' in given)) {
    // TensorFlow.js forgets to write it down.
    const multiplier = read.shapes.get(`${given.name}/depthwise_kernel`)?.[3];
    if (multiplier !== undefined) config.depth_multiplier = multiplier;
  }
  for (const [key, value] of Object.entries({ ...defaults(className, read), ...given })) {
    if (IGNORED.has(key) || (value === null && key !== 'merge_mode' && !key.endsWith('activation'))) continue;
    // TensorFlow.js writes the settings of a cell beside the cell.
    if (className === 'RNN' && !OF_RNN.has(key)) continue;
    const wanted = ONLY[key];
    if (wanted !== undefined && value === wanted) continue;
    if (wanted !== undefined) throw fault('value', `${label}: ${key}: ${describe(value)} is not offered`);
    // TensorFlow.js writes this layer's regularizer where its constraint should stand.
    if (key === 'depthwise_constraint' && (value as Written).class_name === 'L1L2') continue;
    // It writes this one down and computes without it.
    if (read.isTensorflows && className === 'DepthwiseConv2D' && key === 'dilation_rate') continue;
    if (key.endsWith('activation')) config[key] = activation(read, value);
    else if (className === 'LeakyReLU' && key === 'alpha') config.negative_slope = value;
    else if (key === 'layer' || key === 'backward_layer' || key === 'cell')
      config[key] = layerIn(read, value, depth + 1);
    else if (key === 'cells' && isArray(value))
      config.cells = value.map((cell) => layerIn(read, cell, depth + 1));
    else config[key] = value;
  }
  return config;
}

function layerIn(read: Read, given: unknown, depth: number): Written {
  const layer = objectAt(`${read.where}: a layer`, given);
  const { class_name, config, name } = layer;
  if (typeof class_name !== 'string')
    throw fault('format', `${read.where}: a layer without class_name, ${describe(class_name)}`);
  if (depth > 32) throw fault('value', `${read.where}: layers are nested too deeply`);
  if (isModel(class_name)) return { ...layer, ...modelIn(read, layer as unknown as Written, depth) };
  const className = CLASSES[class_name] ?? class_name;
  const own = config === undefined || config === null ? {} : config;
  const label = `${read.where}: ${brief(String(name ?? (own as Config).name ?? className), 60)}`;
  return {
    ...layer,
    class_name: className,
    config: configIn(read, label, className, objectAt(`${label}: config`, own), depth),
  };
}

/** The places `[layer, node, tensor]` in what a call is given. */
function places(value: unknown, change: (place: unknown[]) => unknown[], depth = 0): unknown {
  if (depth > 16 || !isObject(value)) return value;
  if (isArray(value)) {
    const list = value as unknown[];
    if (typeof list[0] === 'string' && typeof list[1] === 'number') return change(list);
    return list.map((one) => places(one, change, depth + 1));
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, places(one, change, depth + 1)]));
}

/**
 * Models were called for the first time when they were made, so that in most files their calls are numbered from 1:
 * here they are numbered from 0.
 */
function renumbered(layers: Config[], ends: Config): { layers: Config[]; ends: Config } {
  const counts = new Map<unknown, number>();
  for (const { name, class_name, inbound_nodes } of layers)
    if (isModel(class_name)) counts.set(name, isArray(inbound_nodes) ? inbound_nodes.length : 0);
  if (counts.size === 0) return { layers, ends };
  const greatest = new Map<unknown, number>();
  const note = (place: unknown[]): unknown[] => {
    if (counts.has(place[0]))
      greatest.set(place[0], Math.max(greatest.get(place[0]) ?? 0, place[1] as number));
    return place;
  };
  const nodes = layers.map(({ inbound_nodes }) => inbound_nodes);
  places([nodes, ends], note);
  const change = (place: unknown[]): unknown[] => {
    const [name, node, ...rest] = place;
    const isFromOne = counts.has(name) && greatest.get(name) === counts.get(name);
    return isFromOne ? [name, (node as number) - 1, ...rest] : place;
  };
  return {
    layers: layers.map((layer, at) => ({ ...layer, inbound_nodes: places(nodes[at], change) })),
    ends: places(ends, change) as Config,
  };
}

function modelIn(read: Read, given: Written, depth: number): Written {
  // Rows were lists once.
  const config = isArray(given.config) ? { layers: given.config } : given.config;
  const { layers, input_layers, output_layers, ...rest } = objectAt(`${read.where}: config`, config);
  if (!isArray(layers))
    throw fault('format', `${read.where}: layers: expected a list, got ${describe(layers)}`);
  const all = layers.map((layer: unknown) => ({ ...layerIn(read, layer, depth + 1) }) as unknown as Config);
  const { name, trainable } = rest;
  const kept = {
    ...(typeof name === 'string' && { name }),
    ...(trainable === false && { trainable }),
  };
  // Embeddings say of what shape batches are wherever they stand.
  for (const [at, { class_name, config }] of all.entries()) {
    if (class_name === 'InputLayer' || (at === 0 && given.class_name === 'Sequential')) continue;
    delete (config as Config).batch_input_shape;
  }
  if (given.class_name === 'Sequential')
    return { class_name: 'Sequential', config: { ...kept, layers: all } };
  const named = all.map((layer) => ({
    ...layer,
    name: layer.name ?? (layer.config as Config | undefined)?.name,
  }));
  const graph = renumbered(named, { input_layers, output_layers });
  return { class_name: 'Functional', config: { ...kept, layers: graph.layers, ...graph.ends } };
}

/** The architecture in `modelTopology`: that itself, or what a converter wrote, with the architecture inside. */
export function architectureIn(
  where: string,
  topology: unknown,
  shapes: ReadonlyMap<string, readonly number[]> = new Map(),
): Written {
  const label = `${where}: modelTopology`;
  let copy: unknown;
  try {
    copy = JSON.parse(JSON.stringify(topology) ?? 'null');
  } catch {
    throw fault('format', `${label}: this is not JSON, or nested too deeply`);
  }
  const whole = objectAt(label, copy);
  const model = objectAt(label, whole.model_config ?? whole);
  if (whole.node ?? whole.library)
    throw fault('name', `${label}: this is a graph model, which only TensorFlow.js runs`);
  if (!isModel(model.class_name))
    throw fault('format', `${label}: expected a model's class_name, got ${describe(model.class_name)}`);
  const version = String(whole.keras_version ?? model.keras_version ?? '');
  const isKeras3 = /^([3-9]|\d\d)\./.test(version);
  const isTensorflows = (whole.backend ?? model.backend) === 'TensorFlow.js';
  return modelIn({ where: label, isKeras3, isTensorflows, shapes }, model as unknown as Written, 0);
}
