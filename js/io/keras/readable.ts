/** Configurations that Keras wrote, as they are read here: without what is Keras' own bookkeeping. */

import { endsIn } from './ends.js';
import { hasMasks, withMasksEnded, withoutMasks } from './masks.js';
import { asLayer, isOperation } from './operations.js';
import { DEEPEST, inner, isModel, type KerasObject, layersOf } from './written.js';

/** A model's configuration without masks and operations that find them, others as layers; the models inside too. */
export function readable(where: string, { module, ...model }: KerasObject, depth = 0): KerasObject {
  const given = layersOf(where, model, depth);
  const plain = withoutMasks(typeof module === 'string' ? withMasksEnded(given) : given);
  const written = plain.map((layer) => (isOperation(layer) ? asLayer(where, layer, hasMasks(given)) : layer));
  const layers = written.map((layer) => readableLayer(where, layer, depth + 1));
  const config = { ...model.config, layers };
  // Keras 3 names the module of each class.
  if (model.class_name === 'Sequential' || typeof module !== 'string') return { ...model, config };
  const { input_layers: inputs, output_layers: outputs } = model.config;
  return {
    ...model,
    config: { ...config, input_layers: endsIn(written, inputs), output_layers: endsIn(written, outputs) },
  };
}

function readableLayer(where: string, layer: KerasObject, depth: number): KerasObject {
  if (isModel(layer)) return readable(where, layer, depth);
  const config: Record<string, unknown> = { ...layer.config };
  for (const key of ['layer', 'backward_layer']) {
    const inside = inner(layer, key);
    if (inside && depth < DEEPEST) config[key] = readableLayer(where, inside, depth + 1);
  }
  return { ...layer, config };
}

/** An architecture with the version of Keras that wrote it: before version 3 some names meant something else. */
export function asWritten(architecture: KerasObject, version: string): KerasObject {
  if (!/^[0-2]\./.test(version)) return architecture;
  const wrapped = { model_config: architecture, keras_version: version, backend: 'tensorflow' };
  return { ...architecture, ...wrapped };
}
