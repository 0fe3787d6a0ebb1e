/** Layers that normalise. In inference each of them is arithmetic on elements and means. */
import type { Call } from './layer.js';
import type { Value } from './value.js';

/** `x` less its mean along the axes. */
const apart = (x: Value, axes: readonly number[]): Value => x.sub(x.reduce('ReduceMean', axes, true));

/** `x` divided by the root of the mean square of `of`, with the layer's `epsilon` added to it. */
const scaled = (x: Value, of: Value, axes: readonly number[], { config }: Call): Value =>
  x.div(of.mul(of).reduce('ReduceMean', axes, true).add(config.epsilon).each('Sqrt'));

/** A weight whose axes are those of `x` at `places`, so that it goes along them. */
export function along(weight: Value, x: Value, places: readonly number[]): Value {
  const axes = x.axes(Math.min(...places));
  const dims = axes.map((axis) => (places.includes(axis) ? x.dims[axis]! : 1));
  return weight.laid(weight.axes(), dims);
}

/** What the layer has learned as a factor, and as a shift, where it learns these. */
function learned(call: Call): [Value | undefined, Value | undefined] {
  const { scale, center, rms_scaling: isRms } = call.config;
  return [call.weight('gamma', scale || isRms), call.weight('beta', center && !isRms)];
}

/** `y · gamma + beta` along axes of `y`. */
function affine(y: Value, places: readonly number[], weights: readonly (Value | undefined)[]): Value {
  const [gamma, beta] = weights.map((weight) => weight && along(weight, y, places));
  return y.mul(gamma).add(beta);
}

/** ONNX has an op for it, whose channels come behind the samples. */
function batch(call: Call): Value {
  const { g, config, x } = call;
  const [axis] = call.axes() as [number];
  const order = [0, axis, ...x.axes(1).filter((other) => other !== axis)];
  const first = x.turn(order);
  const [mean, variance] = ['moving_mean', 'moving_variance'].map((name) => call.needed(name));
  const [gamma, beta] = learned(call).map((weight, at) => {
    const { dims } = mean!;
    return weight ?? g.weight('filled', new Float32Array(dims[0]!).fill(1 - at), dims);
  });
  const all = [first, gamma, beta, mean, variance];
  return g.node('BatchNormalization', all, first.dims, { epsilon: config.epsilon }).turnBack(order);
}

function layer(call: Call): Value {
  const { config, x } = call;
  const axes = call.axes();
  const centred = apart(x, axes);
  const y = scaled(config.rms_scaling ? x : centred, centred, axes, call);
  return affine(y, axes, learned(call));
}

/** In Keras a mask ends before it, unlike before the others. */
export function rms(call: Call): Value {
  const axes = call.axes();
  return affine(scaled(call.x, call.x, axes, call), axes, [call.needed('scale')]);
}

/** Keras divides by no less than the root of this. */
const LEAST_SQUARE = 1e-24;

/** `x` divided by its norm along the axes, if that is not almost 0. */
export const unit = (x: Value, axes: readonly number[], least = LEAST_SQUARE): Value =>
  x.div(x.mul(x).reduce('ReduceSum', axes, true).each('Max', [least]).each('Sqrt'));

function group(call: Call): Value {
  const { config, x } = call;
  const [axis] = call.axes() as [number];
  const order = [...x.axes().filter((other) => other !== axis), axis];
  const last = x.turn(order);
  const channels = x.dims[axis]!;
  const groups = config.groups === -1 ? channels : config.groups;
  // Channels of a group at all places are normalised together.
  const centred = apart(last.reshape([[last, 0], -1, groups, channels / groups]), [1, 3]);
  const y = scaled(centred, centred, [1, 3], call).reshape(last.lengths()).turnBack(order);
  return affine(y, [axis], learned(call));
}

export const NORMALIZATION = {
  BatchNormalization: batch,
  GroupNormalization: group,
  LayerNormalization: layer,
  UnitNormalization: (call: Call): Value => unit(call.x, call.axes()),
};
