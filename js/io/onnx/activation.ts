/** Layers that are activation functions, or arithmetic on elements. */
import { neg, relu } from './formulas.js';
import type { Call } from './layer.js';
import type { Value } from './value.js';

/** `x` if positive, else something that `factor` makes of `−x`. */
const belowZero = (x: Value, factor: Value): Value => relu(x).sub(relu(neg(x)).mul(factor));

/** `x` where it is more than `threshold`, else 0. */
const above = (x: Value, threshold: number): Value => x.is('Greater', threshold).select(x, 0);

function softmax(call: Call): Value {
  const { mask } = call;
  // A mask has the shape of the values, or one that broadcasts to it.
  const x = mask ? mask.select(call.x, -1e9) : call.x;
  const axes = call.axes();
  let y: Value;
  if (axes.length > 1) {
    const all = x.sub(x.reduce('ReduceMax', axes, true)).each('Exp');
    y = all.div(all.reduce('ReduceSum', axes, true));
  } else y = call.g.node('Softmax', [x], x.dims, { axis: axes[0]! });
  return mask ? mask.select(y, 0) : y;
}

function reLU({ config, x, g }: Call): Value {
  const { max_value: most, negative_slope: slope, threshold } = config;
  let y = threshold === 0 ? relu(x) : above(x, threshold);
  if (most !== null) y = y.each('Clip', [0, most]);
  return slope === 0 ? y : y.sub(relu(g.value(threshold).sub(x)).mul(slope));
}

/** An op on elements whose `alpha` is a setting. */
const sloped =
  (op: string, key: string) =>
  ({ x, config }: Call): Value =>
    x.each(op, [], { alpha: config[key] });

export const ACTIVATIONS = {
  Activation: (call: Call): Value => call.activated(call.x),
  ReLU: reLU,
  LeakyReLU: sloped('LeakyRelu', 'negative_slope'),
  ELU: sloped('Elu', 'alpha'),
  PReLU: (call: Call): Value => belowZero(call.x, call.needed('alpha')),
  ThresholdedReLU: ({ x, config }: Call): Value => above(x, config.theta),
  Softmax: softmax,
  Rescaling: ({ x, config }: Call): Value => x.mul(config.scale).add(config.offset),
};
