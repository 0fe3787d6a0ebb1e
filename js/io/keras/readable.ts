/** Configurations that Keras wrote, as they are read here: without what is Keras' own bookkeeping. */

import { withoutMasks } from './masks.js';
import { DEEPEST, inner, isModel, type KerasObject, layersOf } from './written.js';

/** A model's configuration without masks and operations that find them; the models inside too. */
export function readable(where: string, model: KerasObject, depth = 0): KerasObject {
  const layers = withoutMasks(where, layersOf(where, model, depth)).map((layer) =>
    readableLayer(where, layer, depth + 1),
  );
  return { ...model, config: { ...model.config, layers } };
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
