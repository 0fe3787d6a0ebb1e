/** Configurations that Keras wrote, as they are read here: without what is Keras' own bookkeeping. */

import { isArray, isObject } from '../../engine/look.js';
import { isTaken } from '../../nn/taken-names.js';
import { withoutMasks } from './masks.js';
import { DEEPEST, inner, isKerasObject, isModel, type KerasObject, layersOf } from './written.js';

/** A model's configuration without masks and operations that find them; the models inside too. */
export function readable(where: string, model: KerasObject, depth = 0): KerasObject {
  const layers = withoutMasks(where, layersOf(where, model, depth)).map((layer) =>
    readableLayer(where, layer, depth + 1),
  );
  return { ...model, config: { ...model.config, layers } };
}

function readableLayer(where: string, layer: KerasObject, depth: number): KerasObject {
  if (isModel(layer)) return readable(where, layer, depth);
  // What layers draw follows from the model's seed here, and would be other numbers than Keras' in any case.
  const isSeeded = isTaken(layer.class_name) && typeof layer.config.seed === 'number';
  const config: Record<string, unknown> = isSeeded ? { ...layer.config, seed: null } : { ...layer.config };
  for (const key of ['layer', 'backward_layer', 'cell']) {
    const inside = inner(layer, key);
    if (inside && depth < DEEPEST) config[key] = readableLayer(where, inside, depth + 1);
  }
  if (isArray(config.cells) && depth < DEEPEST)
    config.cells = config.cells.map((cell: unknown) =>
      isObject(cell) && isKerasObject(cell) ? readableLayer(where, cell, depth + 1) : cell,
    );
  return { ...layer, config };
}

/** An architecture with the version of Keras that wrote it: before version 3 some names meant something else. */
export function asWritten(architecture: KerasObject, version: string): KerasObject {
  if (!/^[0-2]\./.test(version)) return architecture;
  const wrapped = { model_config: architecture, keras_version: version, backend: 'tensorflow' };
  return { ...architecture, ...wrapped };
}
