/** Layers that make one tensor of several. */
import { type Graph, lengthsFrom, span, type Value } from './graph.js';
import { type Call, type Flow, flows, fromFront, widened } from './layer.js';
import { unit } from './normalization.js';
import { BOOL, FLOAT } from './proto.js';

/** The tensors with as many axes each, new ones behind the batch axis. */
function aligned({ g, inputs }: Call): Flow[] {
  const rank = Math.max(...inputs.map(({ value }) => value.dims.length));
  return inputs.map(({ value, mask }) => {
    const missing = rank - value.dims.length;
    if (missing === 0) return { value, mask };
    return { value: g.expand(value, span(missing, 1)), mask };
  });
}

/** A step counts if it does in any input, or in all where one input has no mask. */
function anyMask(g: Graph, masks: readonly (Value | undefined)[]): Value | undefined {
  if (masks.includes(undefined)) return undefined;
  return (masks as Value[]).reduce((all, mask) => g.each('Or', [all, mask]));
}

/** Keras: a value whose step is masked counts as 1. */
const counted = (g: Graph, { value, mask }: Flow): Value =>
  mask ? g.select(widened(g, mask, value), value, g.number(1)) : value;

/** Keras: of two values one of whose steps is masked the other is taken. */
function extreme(g: Graph, op: string, inputs: readonly Flow[]): Value {
  const [first, ...rest] = inputs as [Flow, ...Flow[]];
  return rest.reduce((all, { value, mask }) => {
    const x = mask ? g.select(widened(g, mask, value), value, all.value) : value;
    const before = all.mask ? g.select(widened(g, all.mask, all.value), all.value, x) : all.value;
    return { value: g.each(op, [before, x]), mask: anyMask(g, [all.mask, mask]) };
  }, first).value;
}

const merged =
  (of: (g: Graph, inputs: Flow[]) => Value) =>
  (call: Call): Flow[] => {
    const masks = call.inputs.map(({ mask }) => mask);
    return flows([of(call.g, aligned(call))], anyMask(call.g, masks));
  };
/** All at once: ONNX' ops take any number of tensors. */
const together = (op: string): ((call: Call) => Flow[]) =>
  merged((g, inputs) =>
    g.each(
      op,
      inputs.map(({ value }) => value),
    ),
  );

function concatenate(call: Call): Flow[] {
  const { g, inputs, config } = call;
  const values = inputs.map(({ value }) => value);
  const axis = fromFront(config.axis, values[0]!.dims.length);
  const value = g.concat(values, axis);
  if (inputs.every(({ mask }) => !mask)) return [{ value }];
  // The mask of each value goes where the value goes; a step counts if one of its values does.
  const wide = inputs.map(({ value, mask }) => {
    return g.mul(g.filled(lengthsFrom(value), 1), mask && g.cast(widened(g, mask, value), FLOAT));
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
    const others = span(rank).filter((other) => other !== axis);
    const last = g.straight(g.turn(value, [...others, axis]));
    // `[batch, others, axis]`
    const flat = rank === 3 ? last : g.reshape(last, [[last, 0], -1, [last, rank - 1]]);
    const left = lengthsFrom(last, 1).slice(0, -1);
    return { flat: config.normalize ? unit(g, flat, [2], LEAST_SQUARE) : flat, left };
  });
  const y = g.matmul(a!.flat, g.turn(b!.flat, [0, 2, 1]));
  const left = [...a!.left, ...b!.left];
  return g.reshape(y, [[y, 0], ...(left.length > 0 ? left : [1])]);
}

export const MERGE = {
  Add: together('Sum'),
  Subtract: together('Sub'),
  Average: together('Mean'),
  Multiply: merged((g, inputs) =>
    inputs.map((input) => counted(g, input)).reduce((all, one) => g.mul(all, one)),
  ),
  Maximum: merged((g, inputs) => extreme(g, 'Max', inputs)),
  Minimum: merged((g, inputs) => extreme(g, 'Min', inputs)),
  Concatenate: concatenate,
  Dot: dot,
};
