/** Layers that make one tensor of several. */
import { type Call, type Flow, fromFront } from './layer.js';
import { unit } from './normalization.js';
import { span, type Value } from './value.js';

/** The tensors with as many axes each, new ones behind the batch axis. */
function aligned({ inputs }: Call): Flow[] {
  const rank = Math.max(...inputs.map(({ value }) => value.rank));
  return inputs.map(({ value, mask }) => {
    const missing = rank - value.rank;
    return { value: missing > 0 ? value.expand(...span(missing, 1)) : value, mask };
  });
}

/** A step counts if it does in any input, or in all where one input has no mask. */
const anyMask = (masks: readonly (Value | undefined)[]): Value | undefined =>
  masks.reduce((all, mask) => mask && all?.each('Or', [mask]));

/** `value` where its step counts, else `other`. */
const counted = ({ value, mask }: Flow, other: Value | number): Value =>
  mask ? mask.widened(value).select(value, other) : value;

/** Keras: a value whose step is masked counts as 1. */
const product = (inputs: Flow[]): Value =>
  inputs.map((input) => counted(input, 1)).reduce((all, one) => all.mul(one));

/** Keras: of two values one of whose steps is masked the other is taken. */
const extreme =
  (op: string) =>
  (inputs: Flow[]): Value =>
    inputs.reduce((all, one) => {
      const x = counted(one, all.value);
      return { value: counted(all, x).each(op, [x]), mask: anyMask([all.mask, one.mask]) };
    }).value;

/** All at once: ONNX' ops take any number of tensors. */
const together =
  (op: string) =>
  (inputs: Flow[]): Value => {
    const [first, ...rest] = inputs.map(({ value }) => value);
    return first!.each(op, rest);
  };

const merged =
  (of: (inputs: Flow[]) => Value) =>
  (call: Call): Flow[] => [{ value: of(aligned(call)), mask: anyMask(call.inputs.map(({ mask }) => mask)) }];

function concatenate({ g, inputs, config, x }: Call): Flow[] {
  const axis = fromFront(config.axis, x);
  const value = g.concat(
    inputs.map((one) => one.value),
    axis,
  );
  if (inputs.every(({ mask }) => !mask)) return [{ value }];
  // The mask of each value goes where the value goes; a step counts if one of its values does.
  const wide = inputs.map(({ value, mask }) =>
    g.filled(value.lengths(), 1).mul(mask?.widened(value).cast('float')),
  );
  return [
    {
      value,
      mask: g
        .concat(wide, axis)
        .reduce('ReduceMax', [value.rank - 1])
        .cast('bool'),
    },
  ];
}

/** Keras divides by no smaller square of a norm. */
const LEAST_SQUARE = 1e-14;

function dot({ config, inputs }: Call): Value {
  const axes = [config.axes].flat() as number[];
  const [a, b] = inputs.map(({ value }, which) => {
    const axis = fromFront(axes[which] ?? axes[0]!, value);
    const last = value.turn([...value.axes().filter((other) => other !== axis), axis]);
    // `[batch, others, axis]`
    const flat = last.rank === 3 ? last : last.reshape([[last, 0], -1, [last, last.rank - 1]]);
    return {
      flat: config.normalize ? unit(flat, [2], LEAST_SQUARE) : flat,
      left: last.lengths(1).slice(0, -1),
    };
  });
  const y = a!.flat.matmul(b!.flat.turn([0, 2, 1]));
  const left = [...a!.left, ...b!.left];
  return y.reshape([[y, 0], ...(left.length > 0 ? left : [1])]);
}

export const MERGE = {
  Add: merged(together('Sum')),
  Subtract: merged(together('Sub')),
  Average: merged(together('Mean')),
  Multiply: merged(product),
  Maximum: merged(extreme('Max')),
  Minimum: merged(extreme('Min')),
  Concatenate: concatenate,
  Dot: dot,
};
