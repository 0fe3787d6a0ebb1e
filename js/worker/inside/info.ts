/** What is told of a model once it is there. */
import { call } from '../../engine/instance.js';
import type { LayersModel } from '../../nn/model.js';
import type { ModelInfo } from '../protocol.js';

export function infoOf(model: LayersModel): ModelInfo {
  const lines = call(() => model.network.get('model').layers());
  const layers = lines.map(({ name, className, outputDims, params }) => ({
    name,
    className,
    outputShape: outputDims[0] ?? [],
    params,
  }));
  return { layers, params: layers.reduce((sum, { params }) => sum + params, 0) };
}
