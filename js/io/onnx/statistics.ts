/** Values by statistics that are given, or were found beforehand: `Normalization`. */
import type { Call } from './layer.js';
import { along } from './normalization.js';
import type { Value } from './value.js';

/** Keras divides by no deviation that is less. */
const LEAST_DEVIATION = 1e-7;

/** By statistics that are given or were found beforehand, place by place of the axes that are kept. */
export function standard(call: Call): Value {
  const { g, config, x } = call;
  const places = call.axes();
  const [mean, deviation] = ['mean', 'variance'].map((key) => {
    const given = config[key] as number | number[] | null;
    const values = Float32Array.from(given === null ? call.needed(key).data! : [given].flat());
    const own = key === 'mean' ? values : values.map((one) => Math.max(Math.sqrt(one), LEAST_DEVIATION));
    if (own.length === 1) return own[0]!;
    return along(g.weight(key, own, [own.length]), x, places);
  }) as [Value | number, Value | number];
  return config.invert ? x.mul(deviation).add(mean) : x.sub(mean).div(deviation);
}
