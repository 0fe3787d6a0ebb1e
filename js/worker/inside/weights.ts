/** Weights as they leave the worker: by their names. */
import { fault, whole } from '../../engine/errors.js';
import type { LayersModel } from '../../nn/model.js';

export interface NamedWeight {
  name: string;
  shape: number[];
  values: Float32Array;
}

/** Those of a layer, or of all. */
export function weightsOf(model: LayersModel, layer?: number): NamedWeight[] {
  const all = model.layers;
  if (layer !== undefined) whole('weights: layer', layer, 0);
  if (layer !== undefined && layer >= all.length)
    throw fault('value', `weights: layer: there are ${all.length} layers, got ${layer}`);
  const own = layer === undefined ? model.weights : all[layer]!.weights;
  return own.map((weight) => ({
    name: weight.name,
    shape: [...weight.shape],
    values: weight.snapshot().dataSync() as Float32Array,
  }));
}
