/** How large weights and gradients are, as one number each. */
import { call } from '../../engine/instance.js';
import type { LayersModel } from '../../nn/model.js';
import { Tensor } from '../../tensor/handle.js';
import { Held, samples } from '../../train/samples.js';
import { batchOf } from './inspect.js';

/** The root of the sum of squares. */
export function sizeOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]! ** 2;
  return Math.sqrt(sum);
}

/** The loss of a batch, and its gradient for each weight by the weight's path; nothing is learned. */
export function gradientsOf(
  model: LayersModel,
  pixels: Float32Array,
  labels: ArrayLike<number>,
): { loss: number; gradients: Map<string, Float32Array> } {
  const network = model.network.get('gradients');
  return Held.use((held) => {
    const y = new Tensor(Int32Array.from(labels), [labels.length], 'int32');
    const all = samples(held, 'gradients', model.ends_(), batchOf(model, pixels), y);
    const [loss, ...found] = call(() => network.lossGradients(all), 'gradients') as [
      number,
      ...[string, Float32Array][],
    ];
    return { loss, gradients: new Map(found) };
  });
}

/** A layer that has weights, with their values at this moment. */
export interface Weighed {
  name: string;
  className: string;
  weights: { name: string; shape: number[]; values: Float32Array }[];
}

/** The layers that have weights, in the model's order. */
export function weighed(model: LayersModel): Weighed[] {
  const all = model.layers.map((layer) => ({
    name: layer.name,
    className: layer.getClassName(),
    weights: layer.weights.map((weight) => ({
      name: weight.name,
      shape: [...weight.shape],
      values: weight.snapshot().dataSync() as Float32Array,
    })),
  }));
  return all.filter(({ weights }) => weights.length > 0);
}
