/** Layers that make one tensor of several. */
import type { Graph, Value } from './graph.js';
import { type Call, type Flow, fromFront, widened } from './layer.js';
import { unit } from './normalization.js';
import { BOOL, FLOAT } from './proto.js';

/** The tensors with as many axes each, new ones behind the batch axis. */
function aligned({ g, inputs }: Call): Flow[] {
  const rank = Math.max(...inputs.map(({ value }) => value.dims.length));
  return inputs.map(({ value, mask }) => {
    const missing = rank - value.dims.length;
    if (missing === 0) return { value, mask };
    return { value: g.expand(value, Array.from({ length: missing }, (_, at) => at + 1)), mask };
  });
}

/** A step counts if it does in any input, or in all where one input has no mask. */
function anyMask(g: Graph, masks: readonly (Value | undefined)[]): Value | undefined {
  if (masks.includes(undefined)) return undefined;
  return (masks as Value[]).reduce((all, mask) => g.each('Or', [all, mask]));
}

/** Keras: a value whose step is masked counts as 1. */
const counted = (g: Graph, { value, mask }: Flow): Value =>
  mask ? g.where(widened(g, mask, value), value, g.number(1)) : value;

/** Keras: of two values one of whose steps is masked the other is taken. */
function extreme(g: Graph, op: string, inputs: readonly Flow[]): Value {
  const [first, ...rest] = inputs as [Flow, ...Flow[]];
  return rest.reduce((all, { value, mask }) => {
    const x = mask ? g.where(widened(g, mask, value), value, all.value) : value;
    const before = all.mask ? g.where(widened(g, all.mask, all.value), all.value, x) : all.value;
    return { value: g.each(op, [before, x]), mask: anyMask(g, [all.mask, mask]) };
  }, first).value;
}

const merged =
  (of: (g: Graph, inputs: Flow[]) => Value) =>
  (call: Call): Flow[] => {
    const value = of(call.g, aligned(call));
    return [
      {
        value,
        mask: anyMask(
          call.g,
          call.inputs.map(({ mask }) => mask),
        ),
      },
    ];
  };
const folded = (op: string): ((call: Call) => Flow[]) =>
  merged((g, inputs) => inputs.map(({ value }) => value).reduce((all, one) => g.each(op, [all, one])));

function concatenate(call: Call): Flow[] {
  const { g, inputs, config } = call;
  const values = inputs.map(({ value }) => value);
  const axis = fromFront(config.axis, values[0]!.dims.length);
  const value = g.concat(values, axis);
  if (inputs.every(({ mask }) => !mask)) return [{ value }];
  // The mask of each value goes where the value goes; a step counts if one of its values does.
  const wide = inputs.map(({ value, mask }) => {
    const ones = g.filled(
      value.dims.map((_, at) => [value, at] as const),
      1,
    );
    return mask ? g.mul(g.cast(widened(g, mask, value), FLOAT), ones) : ones;
  });
  const last = value.dims.length - 1;
  return [{ value, mask: g.cast(g.reduce('ReduceMax', g.concat(wide, axis), [last]), BOOL) }];
}

/** Keras divides by no smaller square of a norm. */
const LEAST_SQUARE = 1e-14;

function dot({ g, config, inputs }: Call): Value {
  const axes = [config.axes].flat() as number[];
  const [a, b] = [0, 1].map((which) => {
    const value = inputs[which]!.value;
    const rank = value.dims.length;
    const axis = fromFront(axes[which] ?? axes[0]!, rank);
    const others = [...value.dims.keys()].filter((other) => other !== axis);
    const last = g.straight(g.turn(value, [...others, axis]));
    // `[batch, others, axis]`
    const flat = rank === 3 ? last : g.reshape(last, [[last, 0], -1, [last, rank - 1]]);
    const left = others.slice(1).map((_, at) => [last, at + 1] as const);
    return { flat: config.normalize ? unit(g, flat, [2], LEAST_SQUARE) : flat, left };
  });
  const y = g.matmul(a!.flat, g.turn(b!.flat, [0, 2, 1]));
  const left = [...a!.left, ...b!.left];
  return g.reshape(y, [[y, 0], ...(left.length > 0 ? left : [1])]);
}

export const MERGE = {
  Add: folded('Add'),
  Subtract: folded('Sub'),
  Multiply: merged((g, inputs) =>
    inputs.map((input) => counted(g, input)).reduce((all, one) => g.mul(all, one)),
  ),
  Average: merged((g, inputs) => {
    const sum = inputs.map(({ value }) => value).reduce((all, one) => g.add(all, one));
    return g.mul(sum, g.number(1 / inputs.length));
  }),
  Maximum: merged((g, inputs) => extreme(g, 'Max', inputs)),
  Minimum: merged((g, inputs) => extreme(g, 'Min', inputs)),
  Concatenate: concatenate,
  Dot: dot,
};
