/** Values by statistics that are given, or were found beforehand: `Normalization`. */
import type { Value } from './graph.js';
import { axesOf, type Call, needed, x } from './layer.js';

/** Keras divides by no deviation that is less. */
const LEAST_DEVIATION = 1e-7;

/** By statistics that are given or were found beforehand, place by place of the axes that are kept. */
export function standard(call: Call): Value {
  const { g, config } = call;
  const places = axesOf(call);
  const [mean, variance] = ['mean', 'variance'].map((key) => {
    const given = config[key] as number | number[] | null;
    const held = given === null ? needed(call, key) : undefined;
    const values = Float32Array.from(held?.data ?? [given ?? 0].flat());
    const own = key === 'mean' ? values : values.map((one) => Math.max(Math.sqrt(one), LEAST_DEVIATION));
    if (own.length === 1) return g.number(own[0]!);
    const { dims } = x(call);
    const lengths = dims
      .slice(places[0]!)
      .map((length, at) => (places.includes(places[0]! + at) ? length : 1));
    return g.weight(key, own, lengths as number[]);
  });
  if (config.invert) return g.add(g.mul(x(call), variance!), mean!);
  return g.div(g.sub(x(call), mean!), variance!);
}
