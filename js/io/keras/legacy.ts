/**
 * Keras' older HDF5 files: a whole model has the attributes `model_config` and `training_config` and the groups
 * `model_weights` and `optimizer_weights`. A group of weights names its layers in the attribute `layer_names`, and each
 * layer its arrays in `weight_names`.
 */
import { describe, fault } from '../../engine/errors.js';
import { isArray, isObject } from '../../engine/look.js';
import type { LayersModel } from '../../nn/model.js';
import { readHdf5 } from '../hdf5/read.js';
import { type Attributes, find, type Group, isGroup } from '../hdf5/tree.js';
import { assemble, type PortableTraining, type PortableWeight, type WeightPlan } from '../portable.js';
import type { KerasReadOptions } from './archive.js';
import { readable } from './readable.js';
import { readTraining } from './training.js';
import { floats } from './values.js';
import { isKerasObject } from './written.js';

/** The texts of an attribute, which Keras cuts into `name0`, `name1`, … where it is long. */
function texts(attributes: Attributes, name: string): string[] | undefined {
  const whole = attributes.get(name)?.values();
  if (isArray(whole)) return whole;
  const all: string[] = [];
  for (let part = 0; ; part++) {
    const more = attributes.get(`${name}${part}`)?.values();
    if (!isArray(more)) return part === 0 ? undefined : all;
    all.push(...more);
  }
}

/** An attribute that is written as JSON. */
function json(where: string, group: Group, name: string): unknown {
  const text = texts(group.attributes, name)?.[0];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw fault('format', `${where}: the attribute ${name} is not JSON`);
  }
}

/** The arrays of a group of weights, layer by layer. */
function arraysOf(
  where: string,
  group: Group,
): { name: string; read: (shape: readonly number[]) => Float32Array }[] {
  const layers = texts(group.attributes, 'layer_names');
  if (!layers) throw fault('format', `${where}: expected the attribute layer_names, as Keras writes it`);
  return layers.flatMap((layer) => {
    const inside = group.members.get(layer);
    if (!isGroup(inside)) throw fault('format', `${where}: the group ${describe(layer)} is not in the file`);
    return (texts(inside.attributes, 'weight_names') ?? []).map((name) => ({
      name: `${layer}/${name}`,
      read: (shape: readonly number[]) => floats(where, `${layer}/${name}`, find(inside, name), shape),
    }));
  });
}

/**
 * The values of a model's weights from a legacy group. Keras writes for each layer those that are trained first, as the
 * order here is, too: so the places agree, and names, which Keras numbers anew in each program, need not.
 */
export function readLegacyWeights(where: string, group: Group, own: readonly WeightPlan[]): Float32Array[] {
  const arrays = arraysOf(where, group);
  if (arrays.length !== own.length)
    throw fault(
      'format',
      `${where}: the file has ${arrays.length} weights, but the model has ${own.length}: it is one of another model`,
    );
  return own.map(({ shape }, at) => arrays[at]!.read(shape));
}

/** What the model was compiled with; Keras 2 writes the learning rate as `lr`, and what is compiled by other keys. */
function training(where: string, root: Group): PortableTraining | undefined {
  const config = json(where, root, 'training_config');
  if (!isObject(config)) return undefined;
  const { optimizer_config: optimizer, ...rest } = config as Record<string, unknown>;
  if (!isObject(optimizer) || !isKerasObject(optimizer)) return readTraining(where, config);
  const settings = { ...optimizer.config };
  for (const key of ['decay', 'is_legacy_optimizer', 'jit_compile', 'lr']) delete settings[key];
  if (optimizer.config.lr !== undefined) settings.learning_rate = optimizer.config.lr;
  return readTraining(where, { ...rest, optimizer: { ...optimizer, config: settings } });
}

/** The model of a legacy file. What its optimizer remembers is left: its form was another in each version. */
export function readLegacy(
  where: string,
  bytes: Uint8Array,
  { compile = true }: KerasReadOptions,
): LayersModel {
  const root = readHdf5(where, bytes);
  const written = json(where, root, 'model_config');
  if (!isObject(written) || !isKerasObject(written)) {
    const isWeights = root.members.has('layers') || root.attributes.has('layer_names');
    const how = isWeights ? 'these are weights without a model: model.loadWeights(bytes) reads them' : '';
    throw fault('format', `${where}: expected the attribute model_config of a whole model; ${how}`);
  }
  const architecture = readable(where, written);
  const compiled = compile ? training(where, root) : undefined;
  const group = root.members.get('model_weights');
  if (!isGroup(group)) throw fault('format', `${where}: the group model_weights is not in the file`);
  return assemble(where, architecture, (own) => {
    const values = readLegacyWeights(where, group, own);
    const weights = own.map((weight, at): PortableWeight => ({ ...weight, values: values[at]! }));
    return { weights, ...(compiled ? { training: compiled } : {}) };
  });
}
