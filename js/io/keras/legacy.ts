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
import type { PortableTraining } from '../portable.js';
import type { KerasReadOptions } from './archive.js';
import { assemble, type WeightPlan } from './assemble.js';
import { asWritten, readable } from './readable.js';
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

/** An array of a layer, by its whole path in the group. */
interface Stored {
  path: string;
  read: (shape: readonly number[]) => Float32Array;
}

/** The arrays of a group of weights, layer by layer; layers without weights are left out. */
function arraysOf(where: string, group: Group): [layer: string, arrays: Stored[]][] {
  const layers = texts(group.attributes, 'layer_names');
  if (!layers) throw fault('format', `${where}: expected the attribute layer_names, as Keras writes it`);
  const all = layers.map((layer): [string, Stored[]] => {
    const inside = group.members.get(layer);
    if (!isGroup(inside)) throw fault('format', `${where}: the group ${describe(layer)} is not in the file`);
    const arrays = (texts(inside.attributes, 'weight_names') ?? []).map((name): Stored => {
      const path = `${layer}/${name}`;
      return { path, read: (shape) => floats(where, path, find(inside, name), shape) };
    });
    return [layer, arrays];
  });
  return all.filter(([, arrays]) => arrays.length > 0);
}

/**
 * The values of a model's weights from a legacy group. Layers are found by their names, or by their places if one name is
 * not there: Keras numbers them anew in each program. Of a layer, or of a model inside, what is trained comes first.
 */
export function readLegacyWeights(where: string, group: Group, own: readonly WeightPlan[]): Float32Array[] {
  const stored = arraysOf(where, group);
  const byLayer = new Map<string, WeightPlan[]>();
  for (const weight of own) {
    const layer = weight.name.split('/')[0]!;
    byLayer.set(layer, [...(byLayer.get(layer) ?? []), weight]);
  }
  if (stored.length !== byLayer.size)
    throw fault(
      'format',
      `${where}: the file has weights of ${stored.length} layers, and the model has ${byLayer.size} with weights: it is one of another model`,
    );
  const named = new Map(stored);
  const isNamed = [...byLayer.keys()].every((layer) => named.has(layer));
  const found = new Map<WeightPlan, Float32Array>();
  for (const [place, [layer, weights]] of [...byLayer].entries()) {
    const arrays = isNamed ? named.get(layer)! : stored[place]![1];
    if (arrays.length !== weights.length)
      throw fault(
        'format',
        `${where}: ${layer} has ${weights.length} weights, but there are ${arrays.length} in the file`,
      );
    const isTrained = ({ trainable, isState }: WeightPlan): boolean => trainable && !isState;
    const ordered = [...weights.filter(isTrained), ...weights.filter((one) => !isTrained(one))];
    for (const [at, weight] of ordered.entries()) found.set(weight, arrays[at]!.read(weight.shape));
  }
  return own.map((weight) => found.get(weight)!);
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
  const version = texts(root.attributes, 'keras_version')?.[0] ?? '2.0.0';
  const architecture = asWritten(readable(where, written), version);
  const compiled = compile ? training(where, root) : undefined;
  const group = root.members.get('model_weights');
  if (!isGroup(group)) throw fault('format', `${where}: the group model_weights is not in the file`);
  // A number takes two bytes at least.
  return assemble(where, architecture, bytes.length / 2, (own) => ({
    values: readLegacyWeights(where, group, own),
    training: compiled,
  }));
}
