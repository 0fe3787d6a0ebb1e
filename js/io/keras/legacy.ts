/**
 * Keras' older HDF5 files: a whole model has the attributes `model_config` and `training_config` and the groups
 * `model_weights` and `optimizer_weights`.
 */
import { fault } from '../../engine/errors.js';
import { isObject } from '../../engine/look.js';
import type { LayersModel } from '../../nn/model.js';
import { readAttributes } from '../hdf5/attribute.js';
import { readHdf5 } from '../hdf5/read.js';
import { type Group, isGroup } from '../hdf5/tree.js';
import { readJson } from '../light.js';
import type { PortableTraining } from '../portable.js';
import { assemble } from './assemble.js';
import { readLegacyWeights, texts } from './legacy-weights.js';
import type { KerasReadOptions } from './read-archive.js';
import { readTraining } from './read-training.js';
import { asWritten, readable } from './readable.js';
import { isKerasObject } from './written.js';

/** An attribute that is written as JSON. Classes of a program's own have their package before their name there. */
function json(where: string, group: Group, name: string): unknown {
  const text = texts(group.attributes, name)?.[0]?.replace(/("class_name"\s*:\s*")[^"\\>]*>/g, '$1');
  return text === undefined ? undefined : readJson(`${where}: the attribute ${name}`, text);
}

/** What the model was compiled with; Keras 2 writes the learning rate as `lr`, and what is compiled by other keys. */
function training(where: string, root: Group): PortableTraining | undefined {
  const config = json(where, root, 'training_config');
  if (!isObject(config)) return undefined;
  const { optimizer_config: optimizer, ...rest } = config as Record<string, unknown>;
  if (!isKerasObject(optimizer)) return readTraining(where, config);
  const settings = { ...optimizer.config };
  for (const key of ['decay', 'is_legacy_optimizer', 'jit_compile', 'lr']) delete settings[key];
  if (optimizer.config.lr !== undefined) settings.learning_rate = optimizer.config.lr;
  return readTraining(where, { ...rest, optimizer: { ...optimizer, config: settings } });
}

/** The model of a legacy file. What its optimizer remembers is left: its form was another in each version. */
export async function readLegacy(
  where: string,
  bytes: Uint8Array,
  { compile = true }: KerasReadOptions,
): Promise<LayersModel> {
  const root = await readHdf5(where, bytes, readAttributes);
  const written = json(where, root, 'model_config');
  if (!isKerasObject(written)) {
    const isWeights = root.members.has('layers') || root.attributes.has('layer_names');
    const how = isWeights ? 'these are weights without a model: model.loadWeights(bytes) reads them' : '';
    throw fault('format', `${where}: expected the attribute model_config of a whole model; ${how}`);
  }
  const version = texts(root.attributes, 'keras_version')?.[0] ?? '2.0.0';
  const architecture = asWritten(readable(`${where}: model_config`, written), version);
  const compiled = compile ? training(`${where}: training_config`, root) : undefined;
  const group = root.members.get('model_weights');
  if (!isGroup(group)) throw fault('format', `${where}: the group model_weights is not in the file`);
  // A number takes two bytes at least.
  return assemble(where, architecture, bytes.length / 2, (own) => ({
    values: readLegacyWeights(where, group, own),
    training: compiled,
  }));
}
