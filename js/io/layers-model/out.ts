/** An architecture of Keras 3 as TensorFlow.js reads it, in the form of Keras 2. */
import { brief, describe, fault } from '../../engine/errors.js';
import { isArray, isObject } from '../../engine/look.js';
import { classNamed } from '../../nn/registry.js';
import type { Written } from '../portable.js';
import { isModel, MEANINGLESS, settingsOf } from './classes.js';
import { partOut } from './parts.js';

/** A layer in a model's list. */
export interface LayerJson extends Written {
  name?: string;
  inbound_nodes?: unknown[];
}
type Config = Record<string, unknown>;

/** The tensors of a call: result `tensor` of call `node` of the layer `name`. */
export type Place = [name: string, node: number, tensor: number, options?: Config];

export const nameOf = (layer: LayerJson): string => String(layer.name ?? layer.config.name ?? '');
export const layersOf = (model: Written): LayerJson[] => model.config.layers as LayerJson[];

const isNeutral = (key: string, value: unknown): boolean => {
  const neutral = MEANINGLESS[key];
  if (value === null || neutral === 'any') return true;
  const all: unknown[] = isArray(value) ? value : [value];
  return neutral !== undefined && all.every((one) => one === neutral);
};

/** What every layer has. `first` says of what shape its batches are, where a model's row begins with it. */
function common(where: string, config: Config): Config {
  const { name, trainable = true, input_shape, batch_input_shape, batch_shape } = config;
  // TensorFlow.js makes weights' names of those of layers, and refuses others than these.
  if (typeof name !== 'string' || !/^[A-Za-z0-9][-A-Za-z0-9._/]*$/.test(name))
    throw fault(
      'name',
      `${where}: ${describe(name)}: names of layers have letters, digits, - . _ in TensorFlow.js`,
    );
  const batch = batch_input_shape ?? batch_shape ?? (input_shape && [null, ...(input_shape as unknown[])]);
  return { name, trainable, ...(batch ? { batch_input_shape: batch } : {}), dtype: 'float32' };
}

const COMMON = ['name', 'trainable', 'input_shape', 'batch_input_shape', 'batch_shape', 'build_config'];

/** Without what tells the two directions of a pair of layers apart. */
const undirected = ({ config: { name: _, go_backwards: __, seed: ___, ...rest } }: Written): string =>
  JSON.stringify(rest);

/** Settings that have another name there, and layers inside others. */
function renamed(where: string, className: string, config: Config, depth: number): Config {
  const { negative_slope, backward_layer, ...rest } = config;
  if (className === 'LeakyReLU') return { ...rest, alpha: negative_slope };
  if (className === 'RNN') return { ...config, cell: layerOut(where, config.cell as Written, depth + 1) };
  if (className === 'StackedRNNCells')
    return { ...config, cells: (config.cells as Written[]).map((cell) => layerOut(where, cell, depth + 1)) };
  if (className === 'TimeDistributed')
    return { ...config, layer: layerOut(where, config.layer as Written, depth + 1) };
  if (className !== 'Bidirectional') return config;
  const forward = config.layer as Written;
  const back = backward_layer as Written | undefined | null;
  if (
    back &&
    (undirected(back) !== undirected(forward) || back.config.go_backwards === forward.config.go_backwards)
  )
    throw fault('value', `${where}: TensorFlow.js has no backward_layer with settings of its own`);
  const layer = layerOut(where, forward, depth + 1);
  // It puts `forward_` in front itself.
  const name = String(layer.config.name).replace(/^forward_/, '');
  return { ...rest, layer: { ...layer, config: { ...layer.config, name } } };
}

/** A layer as TensorFlow.js reads it. */
export function layerOut(where: string, layer: Written, depth = 0): Written {
  const { class_name: className, config } = layer;
  if (isModel(className)) return modelOut(where, layer, depth + 1);
  const label = `${where}: ${brief(String(config?.name ?? className), 80)}`;
  // A class of the user's is theirs to have in both.
  if (classNamed(className)) return { class_name: className, config };
  const keys = settingsOf(className);
  if (!keys) throw fault('name', `${label}: TensorFlow.js has no layer ${className}`);
  if (config.reset_after === true)
    throw fault(
      'value',
      `${label}: TensorFlow.js has no GRU with resetAfter: true; make it with resetAfter: false`,
    );
  const known = { ...renamed(label, className, config, depth) };
  const out = common(label, known);
  Object.assign(known, checkMeaning(label, className, known));
  for (const [key, value] of Object.entries(known)) {
    if (COMMON.includes(key)) continue;
    if (keys.includes(key)) out[key] = isPart(key) ? partOut(label, key, value) : value;
    else if (!isNeutral(key, value))
      throw fault('value', `${label}: TensorFlow.js has no setting ${key} for ${className}`);
  }
  return { class_name: className, config: className === 'InputLayer' ? { ...out, sparse: false } : out };
}

/** Refuses what TensorFlow.js reads and computes otherwise, or not at all. */
function checkMeaning(label: string, className: string, config: Config): Config {
  const { padding, interpolation, axis, dilation_rate, activity_regularizer, alpha } = config;
  if (activity_regularizer) throw fault('value', `${label}: TensorFlow.js computes no activity_regularizer`);
  if (className === 'ELU' && alpha !== undefined && alpha !== 1)
    throw fault('value', `${label}: TensorFlow.js computes ELU with an alpha of 1 only`);
  if (className === 'Resizing') throw fault('name', `${label}: TensorFlow.js' Resizing runs in no model`);
  if (className === 'DepthwiseConv2D' && !isNeutral('dilation_rate', dilation_rate))
    throw fault('value', `${label}: TensorFlow.js computes DepthwiseConv2D without dilation_rate`);
  if (padding === 'causal') throw fault('value', `${label}: TensorFlow.js computes no causal convolutions`);
  if (className === 'UpSampling2D' && interpolation === 'bilinear')
    throw fault('value', `${label}: TensorFlow.js scales bilinearly by other places than Keras 3`);
  // Weights of several axes have these in their order in TensorFlow.js, and in that of the input here.
  const axes = isArray(axis) && className === 'LayerNormalization' ? (axis as number[]) : [];
  return axes.every((one) => one >= 0) && axes.length > 0 ? { axis: axes.toSorted((a, b) => a - b) } : {};
}

const isPart = (key: string): boolean => /(activation|initializer|regularizer|constraint)$/.test(key);

/** The tensors that stand in a value of Keras 3's, in order. */
function tensorsIn(value: unknown, found: Place[] = []): Place[] {
  if (isArray(value)) for (const one of value) tensorsIn(one, found);
  else if (isObject(value)) {
    const { class_name, config } = value as unknown as Written;
    if (class_name === '__keras_tensor__') found.push(config.keras_history as Place);
  }
  return found;
}

/** A call, `{ args, kwargs }`, as the places of its tensors. */
export function callOut(where: string, call: unknown): Place[] {
  const { args, kwargs } = call as { args: unknown[]; kwargs: Config };
  const places = tensorsIn(args);
  for (const [key, value] of Object.entries(kwargs ?? {})) {
    const tensors = tensorsIn(value);
    if (key === 'initial_state' && tensors.length > 0) places.push(...tensors);
    else if (value !== null && key !== 'training')
      throw fault('value', `${where}: TensorFlow.js' files have no calls with ${key}`);
  }
  return places;
}

/** Models are called for the first time when they are made: their calls are numbered from 1. */
const numbered = (models: ReadonlySet<string>, [name, node, tensor]: Place): Place => [
  name,
  models.has(name) ? node + 1 : node,
  tensor,
];

/** A model as TensorFlow.js reads it. */
export function modelOut(where: string, model: Written, depth = 0): Written {
  if (depth > 32) throw fault('value', `${where}: models are nested too deeply`);
  const { name } = model.config;
  const layers = layersOf(model);
  if (model.class_name === 'Sequential')
    return {
      class_name: 'Sequential',
      config: { name, layers: layers.map((layer) => layerOut(where, layer, depth)) },
    };
  const models = new Set(layers.filter(({ class_name }) => isModel(class_name)).map(nameOf));
  const out = layers.map((layer) => {
    const title = nameOf(layer);
    const written = layerOut(where, withShape(layer), depth);
    const calls = (layer.inbound_nodes ?? []).map((call) =>
      callOut(`${where}: ${title}`, call).map((place) => [...numbered(models, place), {}]),
    );
    const config = isModel(layer.class_name) ? { ...written.config, name: title } : written.config;
    return { name: title, class_name: written.class_name, config, inbound_nodes: calls };
  });
  const ends = (key: string) =>
    Object.values(model.config[key] as Place[]).map((place) => numbered(models, place));
  return {
    class_name: 'Model',
    config: {
      name,
      layers: out,
      input_layers: ends('input_layers'),
      output_layers: ends('output_layers'),
    },
  };
}

/** A row inside a graph says of what shape its samples are, which TensorFlow.js wants to know when it reads it. */
function withShape(layer: LayerJson): LayerJson {
  if (layer.class_name !== 'Sequential') return layer;
  const [first, ...rest] = layersOf(layer);
  const [call] = (layer.inbound_nodes ?? []) as { args: unknown[] }[];
  const shape = shapeIn(call?.args);
  if (!first || isModel(first.class_name) || !shape || COMMON.slice(2, 5).some((key) => first.config[key]))
    return layer;
  const config = { ...first.config, batch_input_shape: shape };
  return { ...layer, config: { ...layer.config, layers: [{ ...first, config }, ...rest] } };
}

/** The shape of the first tensor of a call. */
function shapeIn(value: unknown): unknown {
  if (isArray(value)) return shapeIn(value[0]);
  return isObject(value) ? (value as unknown as Written).config?.shape : undefined;
}
