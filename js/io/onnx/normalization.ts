/** Layers that normalise. In inference each of them is arithmetic on elements and means. */
import type { Graph, Value } from './graph.js';
import { type Call, dataOf, fromFront, needed, x } from './layer.js';

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

/** `y · factor + shift`, both along axes of `y`, where they are there. */
function affine(
  call: Call,
  y: Value,
  places: readonly number[],
  [factor, shift]: readonly [string, string],
): Value {
  const { g } = call;
  const [gamma, beta] = [call.weight(factor), call.weight(shift)];
  const multiplied = gamma ? g.mul(y, along(g, gamma, y, places)) : y;
  return beta ? g.add(multiplied, along(g, beta, y, places)) : multiplied;
}

const PARTS = ['gamma', 'beta'] as const;

/** The axes that a setting names, in order. */
const axesOf = (call: Call): number[] => {
  const rank = x(call).dims.length;
  const axes = [call.config.axis].flat() as number[];
  return axes.map((axis) => fromFront(axis, rank)).sort((a, b) => a - b);
};

/** The moving statistics, and what the layer has learned, are one factor and one shift for each channel. */
function batch(call: Call): Value {
  const { g, config } = call;
  const [mean, variance] = ['moving_mean', 'moving_variance'].map((name) => dataOf(needed(call, name)));
  const [gamma, beta] = PARTS.map((name) => call.weight(name)?.data);
  const factor = new Float32Array(mean!.length);
  const shift = new Float32Array(mean!.length);
  for (let at = 0; at < factor.length; at++) {
    const exact = (gamma?.[at] ?? 1) / Math.sqrt(variance![at]! + config.epsilon);
    factor[at] = exact;
    shift[at] = (beta?.[at] ?? 0) - mean![at]! * exact;
  }
  const [axis] = axesOf(call) as [number];
  const row = (name: string, data: Float32Array): Value => {
    const after = x(call).dims.length - 1 - axis;
    return g.weight(`${call.path}${name}`, data, [data.length, ...Array<number>(after).fill(1)]);
  };
  return g.add(g.mul(x(call), row('factor', factor)), row('shift', shift));
}

function layer(call: Call): Value {
  const { g, config } = call;
  const axes = axesOf(call);
  const centred = apart(g, x(call), axes);
  const kept = config.rms_scaling ? x(call) : centred;
  return affine(call, scaled(g, kept, centred, axes, config.epsilon), axes, PARTS);
}

function rms(call: Call): Value {
  const axes = axesOf(call);
  const y = scaled(call.g, x(call), x(call), axes, call.config.epsilon);
  return affine(call, y, axes, ['scale', '']);
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
  const axes = [...given.dims.keys()];
  const last = [...axes.filter((other) => other !== axis), axis];
  const moved = g.straight(g.turn(given, last));
  const channels = given.dims[axis] as number;
  const groups = config.groups === -1 ? channels : config.groups;
  // Channels of a group at all places are normalised together.
  const parted = g.reshape(moved, [[moved, 0], -1, groups, channels / groups]);
  const centred = apart(g, parted, [1, 3]);
  const y = scaled(g, centred, centred, [1, 3], config.epsilon);
  const whole = g.reshape(
    y,
    moved.dims.map((_, at) => [moved, at] as const),
  );
  const back = g.turn(whole, axes.map((other) => last.indexOf(other)));
  return affine(call, back, [axis], PARTS);
}

export const NORMALIZATION = {
  BatchNormalization: batch,
  GroupNormalization: group,
  LayerNormalization: layer,
  RMSNormalization: rms,
  UnitNormalization: (call: Call): Value => unit(call.g, x(call), axesOf(call)),
};
