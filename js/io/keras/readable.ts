/** Configurations that Keras wrote, as they are read here: without what is Keras' own bookkeeping. */

import { fault } from '../../engine/errors.js';
import { isArray, isObject } from '../../engine/look.js';
import { moveEnds } from '../../nn/model-ends.js';
import { classNamed } from '../../nn/registry.js';
import { dtypeIn } from '../dtypes.js';
import { hasMasks, withMasksEnded, withoutMasks } from './masks.js';
import { asLayer, isOperation } from './operations.js';
import { DEEPEST, isKerasObject, isModel, type KerasObject, layersOf, nameOf } from './written.js';

/** A model's configuration without masks and operations that find them, others as layers; the models inside too. */
export function readable(where: string, { module, ...model }: KerasObject, depth = 0): KerasObject {
  const given = layersOf(where, model, depth);
  const plain = withoutMasks(typeof module === 'string' ? withMasksEnded(given) : given);
  const written = plain.map((layer) => (isOperation(layer) ? asLayer(where, layer, hasMasks(given)) : layer));
  const layers = written.map((layer) => readableLayer(where, layer, depth + 1));
  const config: Record<string, unknown> = { ...model.config, layers };
  // Keras 3 names the module of each class.
  const isKeras3 = model.class_name !== 'Sequential' && typeof module === 'string';
  for (const key of ['input_layers', 'output_layers'])
    if (key in config) config[key] = moveEnds(written, config[key], isKeras3 ? -1 : 0);
  return { ...model, config };
}

function readableLayer(where: string, layer: KerasObject, depth: number): KerasObject {
  if (isModel(layer)) return readable(where, layer, depth);
  const label = `${where}: ${nameOf(layer) || layer.class_name}`;
  if (layer.class_name === 'Lambda' && !classNamed('Lambda'))
    throw fault(
      'name',
      `${label}: a Lambda layer holds Python code, which cannot be read: make it a class of your own, here and there`,
    );
  const entries = Object.entries(layer.config).map(([key, value]) => [
    key,
    setting(label, key, value, depth),
  ]);
  return { ...layer, config: Object.fromEntries(entries) };
}

/** A setting of a layer as it is read here. */
function setting(label: string, key: string, value: unknown, depth: number): unknown {
  if (key === 'dtype') return dtypeIn(label, value);
  if (depth > DEEPEST) return value;
  if (key === 'cells' && isArray(value))
    return value.map((one: unknown) => (isKerasObject(one) ? readableLayer(label, one, depth + 1) : one));
  if (!isObject(value) || !isKerasObject(value)) return value;
  if (/^(layer|backward_layer|cell)$/.test(key)) return readableLayer(label, value, depth + 1);
  return key.endsWith('_initializer') ? initializer(value) : value;
}

/** What the weights of a file began with, which are all replaced: a generator is its seed, and a whole array zeros. */
function initializer(written: KerasObject): KerasObject {
  const { class_name: className, config } = written;
  if (className === 'Constant' && isObject(config.value))
    return { ...written, class_name: 'Zeros', config: {} };
  const { seed } = config;
  const isGenerator = isObject(seed) && isKerasObject(seed) && seed.class_name === 'SeedGenerator';
  return isGenerator ? { ...written, config: { ...config, seed: seed.config.seed } } : written;
}

/** An architecture with the version of Keras that wrote it: before version 3 some names meant something else. */
export function asWritten(architecture: KerasObject, version: string): KerasObject {
  if (!/^[0-2]\./.test(version)) return architecture;
  const wrapped = { model_config: architecture, keras_version: version, backend: 'tensorflow' };
  return { ...architecture, ...wrapped };
}
