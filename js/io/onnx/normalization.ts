/** Layers that normalise. In inference each of them is arithmetic on elements and means. */
import { type Graph, lengthsFrom, span, type Value } from './graph.js';
import { axesOf, type Call, needed, x } from './layer.js';

/** `x` less its mean along the axes, or as it is. */
const apart = (g: Graph, x: Value, axes: readonly number[]): Value =>
  g.sub(x, g.reduce('ReduceMean', x, axes, true));

/** `x` divided by the root of the mean square of `of`, with `epsilon` added to it. */
function scaled(g: Graph, x: Value, of: Value, axes: readonly number[], epsilon: number): Value {
  const square = g.reduce('ReduceMean', g.mul(of, of), axes, true);
  return g.div(x, g.each('Sqrt', [g.add(square, g.number(epsilon))]));
}

/** A weight whose axes are those of `x` at `places`, so that it goes along them. */
function along(g: Graph, weight: Value, x: Value, places: readonly number[]): Value {
  const from = Math.min(...places);
  const dims = x.dims.slice(from).map((length, at) => (places.includes(from + at) ? (length as number) : 1));
  return g.laid(weight, [...weight.dims.keys()], dims);
}

/** What the layer has learned as a factor, and as a shift, where it learns these. */
function learned(call: Call): [Value | undefined, Value | undefined] {
  const { scale, center, rms_scaling: isRms } = call.config;
  return [call.weight('gamma', scale || isRms), call.weight('beta', center && !isRms)];
}

/** `y · gamma + beta` along axes of `y`. */
function affine(
  { g }: Call,
  y: Value,
  places: readonly number[],
  weights: readonly (Value | undefined)[],
): Value {
  const [gamma, beta] = weights.map((weight) => weight && along(g, weight, y, places));
  return g.add(g.mul(y, gamma), beta);
}

/** ONNX has an op for it, whose channels come behind the samples. */
function batch(call: Call): Value {
  const { g, config } = call;
  const [axis] = axesOf(call) as [number];
  const others = span(x(call).dims.length).filter((other) => other > 0 && other !== axis);
  const order = [0, axis, ...others];
  const first = g.turn(x(call), order);
  const [mean, variance] = ['moving_mean', 'moving_variance'].map((name) => needed(call, name));
  const [gamma, beta] = learned(call).map((weight, at) => {
    const filled = new Float32Array(mean!.dims[0] as number).fill(1 - at);
    return weight ?? g.weight('filled', filled, mean!.dims as number[]);
  });
  const all = [first, gamma, beta, mean, variance];
  const y = g.node('BatchNormalization', all, first.dims, { epsilon: { float: config.epsilon } });
  return g.turn(
    y,
    span(order.length).map((place) => order.indexOf(place)),
  );
}

function layer(call: Call): Value {
  const { g, config } = call;
  const axes = axesOf(call);
  const centred = apart(g, x(call), axes);
  const kept = config.rms_scaling ? x(call) : centred;
  return affine(call, scaled(g, kept, centred, axes, config.epsilon), axes, learned(call));
}

function rms(call: Call): Value {
  const axes = axesOf(call);
  const y = scaled(call.g, x(call), x(call), axes, call.config.epsilon);
  return affine(call, y, axes, [needed(call, 'scale')]);
}

/** Keras divides by no less than the root of this. */
const LEAST_SQUARE = 1e-24;

/** `x` divided by its norm along the axes, if that is not almost 0. */
export function unit(g: Graph, x: Value, axes: readonly number[], least = LEAST_SQUARE): Value {
  const square = g.reduce('ReduceSum', g.mul(x, x), axes, true);
  return g.div(x, g.each('Sqrt', [g.each('Max', [square, g.number(least)])]));
}

function group(call: Call): Value {
  const { g, config } = call;
  const given = x(call);
  const [axis] = axesOf(call) as [number];
  const axes = span(given.dims.length);
  const last = [...axes.filter((other) => other !== axis), axis];
  const moved = g.straight(g.turn(given, last));
  const channels = given.dims[axis] as number;
  const groups = config.groups === -1 ? channels : config.groups;
  // Channels of a group at all places are normalised together.
  const parted = g.reshape(moved, [[moved, 0], -1, groups, channels / groups]);
  const centred = apart(g, parted, [1, 3]);
  const y = scaled(g, centred, centred, [1, 3], config.epsilon);
  const whole = g.reshape(y, lengthsFrom(moved));
  const back = g.turn(
    whole,
    axes.map((other) => last.indexOf(other)),
  );
  return affine(call, back, [axis], learned(call));
}

export const NORMALIZATION = {
  BatchNormalization: batch,
  GroupNormalization: group,
  LayerNormalization: layer,
  RMSNormalization: rms,
  UnitNormalization: (call: Call): Value => unit(call.g, x(call), axesOf(call)),
};
