/** What is on the pad lights up the network's picture: how strongly each unit or filter of a layer answers. */
import type { LayerInside } from 'mapling/trainer';

/** How far a silent unit still shows, of 1. */
export const DIM = 0.16;

/** The strongest answer of each unit or filter, as a share of the layer's strongest: from 0, silent, to 1. */
export function lightOf({ shape, values }: LayerInside): Float32Array {
  const units = shape.at(-1) ?? 1;
  const light = new Float32Array(units);
  for (let at = 0; at < values.length; at++)
    light[at % units] = Math.max(light[at % units]!, Math.abs(values[at]!));
  const full = light.reduce((most, one) => Math.max(most, one), 0) || 1;
  return light.map((one) => one / full);
}
