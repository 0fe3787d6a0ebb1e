/**
 * Operations between the layers of Keras' graphs: `a + b`, `2 * x`, `ops.relu(x)`. Keras keeps them among the layers; here
 * each becomes the layer that computes the same. Those for which there is none are refused by name.
 */
import { fault } from '../../engine/errors.js';
import { isArray, isObject } from '../../engine/look.js';
import { classNamed } from '../../nn/registry.js';
import { isTaken } from '../../nn/taken-names.js';
import { isComputed } from './operation-layer.js';
import { isKerasObject, isModel, type KerasObject, nameOf } from './written.js';

/**
 * Whether this is an operation and no layer. Legacy files name no modules; there operations are what has not the settings
 * of all layers. Some have the names of layers: `Multiply` of Keras 3, whose calls are objects.
 */
export function isOperation(one: KerasObject): boolean {
  const { module, class_name: className, config, inbound_nodes: nodes } = one;
  if (module !== undefined && module !== null) return /^keras\.(src\.)?ops\b/.test(module);
  const isLayer = 'trainable' in config || 'dtype' in config || 'registered_name' in one;
  if (isLayer || isModel(one) || classNamed(className)) return false;
  return !isTaken(className) || (isArray(nodes) && nodes.some((node) => isObject(node) && !isArray(node)));
}

interface Tensor {
  class_name: string;
  config: { shape?: (number | null)[]; keras_history: unknown };
}
const isTensor = (value: unknown): value is Tensor =>
  isKerasObject(value) && value.class_name === '__keras_tensor__';

/** A layer, and the tensors that it is called with instead. */
interface Instead {
  className: string;
  config: Record<string, unknown>;
  tensors?: unknown[];
}
/** What an operation is given by place, and its settings and what it is given by name. */
interface Call {
  args: unknown[];
  given: Record<string, unknown>;
}
type Rewrite = (call: Call) => Instead | undefined;

const activation =
  (name: string): Rewrite =>
  ({ args }) => ({ className: 'Activation', config: { activation: name }, tensors: args.slice(0, 1) });

/** `scale · x + offset`, with a single number beside the tensor, or two tensors. */
const arithmetic =
  (merge: string | undefined, right: (c: number) => [number, number] | undefined, left = right): Rewrite =>
  ({ args, given }) => {
    const [a, b] = [args[0] ?? given.x1, args[1] ?? given.x2];
    if (isTensor(a) && isTensor(b))
      return merge === undefined ? undefined : { className: merge, config: {}, tensors: [a, b] };
    const line =
      isTensor(a) && typeof b === 'number'
        ? right(b)
        : typeof a === 'number' && isTensor(b)
          ? left(a)
          : undefined;
    if (!line) return undefined;
    const [scale, offset] = line;
    return { className: 'Rescaling', config: { scale, offset }, tensors: [isTensor(a) ? a : b] };
  };

const shapeOf = ([tensor]: unknown[]): (number | null)[] =>
  isTensor(tensor) && isArray(tensor.config.shape) ? tensor.config.shape : [];

const reshape = (target: (number | null)[], args: unknown[]): Instead | undefined =>
  target.filter((length) => length === null).length > 1
    ? undefined
    : {
        className: 'Reshape',
        config: { target_shape: target.map((length) => length ?? -1) },
        tensors: args.slice(0, 1),
      };

const whole = (shape: (number | null)[]): number =>
  shape.reduce((all: number, one) => all * (one ?? Number.NaN), 1);

/** An axis counted from the front. */
const front = (axis: unknown, rank: number): number => (axis as number) + ((axis as number) < 0 ? rank : 0);

const globally =
  (kind: string): Rewrite =>
  ({ args, given }) => {
    const rank = shapeOf(args).length;
    const axes = [given.axis].flat().map((axis) => front(axis, rank));
    const isSpace = rank > 2 && axes.length === rank - 2 && axes.sort().every((axis, at) => axis === at + 1);
    const config = { keepdims: given.keepdims === true };
    return isSpace
      ? { className: `Global${kind}Pooling${rank - 2}D`, config, tensors: args.slice(0, 1) }
      : undefined;
  };

const divide = arithmetic(
  undefined,
  (c) => [1 / c, 0],
  () => undefined,
);

const OPERATIONS: Readonly<Record<string, Rewrite>> = {
  Add: arithmetic('Add', (c) => [1, c]),
  Subtract: arithmetic(
    'Subtract',
    (c) => [1, -c],
    (c) => [-1, c],
  ),
  Multiply: arithmetic('Multiply', (c) => [c, 0]),
  TrueDivide: divide,
  Divide: divide,
  Maximum: arithmetic('Maximum', () => undefined),
  Minimum: arithmetic('Minimum', () => undefined),
  Negative: ({ args }) => ({ className: 'Rescaling', config: { scale: -1 }, tensors: args }),
  Concatenate: ({ args, given }) => ({
    className: 'Concatenate',
    config: { axis: given.axis ?? 0 },
    tensors: isArray(args[0]) ? args[0] : [],
  }),
  Relu: activation('relu'),
  Relu6: activation('relu6'),
  Sigmoid: activation('sigmoid'),
  Tanh: activation('tanh'),
  Softplus: activation('softplus'),
  Softsign: activation('softsign'),
  Silu: activation('silu'),
  Selu: activation('selu'),
  Exp: activation('exponential'),
  HardSigmoid: activation('hard_sigmoid'),
  HardSilu: activation('hard_silu'),
  LogSoftmax: (call) =>
    [undefined, -1].includes(call.given.axis as number) ? activation('log_softmax')(call) : undefined,
  Gelu: (call) => activation(call.given.approximate === false ? 'gelu' : 'gelu_new')(call),
  Softmax: ({ args, given }) => ({
    className: 'Softmax',
    config: { axis: given.axis ?? -1 },
    tensors: args.slice(0, 1),
  }),
  LeakyRelu: ({ args, given }) => ({
    className: 'LeakyReLU',
    config: { negative_slope: given.negative_slope ?? 0.2 },
    tensors: args.slice(0, 1),
  }),
  Elu: ({ args, given }) => ({
    className: 'ELU',
    config: { alpha: given.alpha ?? 1 },
    tensors: args.slice(0, 1),
  }),
  Reshape: ({ args, given }) => {
    const [batch, ...target] = (isArray(given.newshape) ? given.newshape : []) as number[];
    const before = whole(shapeOf(args).slice(1));
    // The batch axis stays: the other lengths must hold all values of a sample.
    const stays = (batch === -1 && whole(target) === before) || batch === null;
    return stays ? reshape(target, args) : undefined;
  },
  Transpose: ({ args, given }) => {
    const [batch, ...dims] = (isArray(given.axes) ? given.axes : []) as number[];
    return batch === 0 ? { className: 'Permute', config: { dims }, tensors: args.slice(0, 1) } : undefined;
  },
  ExpandDims: ({ args, given }) => {
    const shape = shapeOf(args);
    const axis = front(given.axis, shape.length + 1);
    return axis > 0 ? reshape([...shape.slice(1, axis), 1, ...shape.slice(axis)], args) : undefined;
  },
  Squeeze: ({ args, given }) => {
    const shape = shapeOf(args);
    const axis = typeof given.axis === 'number' ? front(given.axis, shape.length) : 0;
    return axis > 0 ? reshape([...shape.slice(1, axis), ...shape.slice(axis + 1)], args) : undefined;
  },
  Matmul: ({ args, given }) => {
    const both = [args[0] ?? given.x1, args[1] ?? given.x2];
    const isRows = both.every((one) => shapeOf([one]).length === 3);
    return isRows ? { className: 'Dot', config: { axes: [2, 1] }, tensors: both } : undefined;
  },
  Mean: globally('Average'),
  Max: globally('Max'),
};

/** A call with its tensors taken out: each becomes its place among them. */
function taken(value: unknown, tensors: unknown[]): unknown {
  if (isTensor(value)) return { input: tensors.push(value) - 1 };
  if (isKerasObject(value) && /^__(numpy|tensor)__$/.test(value.class_name)) return value.config.value;
  return isArray(value) ? value.map((one: unknown) => taken(one, tensors)) : value;
}

/** The layer that computes what an operation does; masks end there, and layers of the library would pass them on. */
export function asLayer(where: string, operation: KerasObject, hasMasks: boolean): KerasObject {
  const { class_name: name, inbound_nodes: nodes = [] } = operation;
  const calls = nodes.map((node) => {
    const { args = [], kwargs = {} } = (isObject(node) ? node : {}) as { args?: unknown[]; kwargs?: object };
    const given: Record<string, unknown> = { ...operation.config, ...kwargs };
    const found = args.length > 0 ? args : [given.x ?? given.xs ?? given.inputs ?? given.x1];
    const isLayer = Object.hasOwn(OPERATIONS, name) && !(hasMasks && isComputed(name));
    const instead = isLayer ? OPERATIONS[name]!({ args: found, given }) : undefined;
    if (instead?.tensors?.length && instead.tensors.every(isTensor)) return instead as Required<Instead>;
    const tensors: unknown[] = [];
    const call = { args: taken(found, tensors), settings: given };
    if (isComputed(name) && tensors.length > 0)
      return {
        className: 'KerasOperation',
        config: { operation: name, given: JSON.stringify(call) },
        tensors,
      };
    throw fault(
      'name',
      `${where}: ${nameOf(operation)}: the operation ${name} in a graph cannot be read: put it into a layer of your own`,
    );
  });
  const [first] = calls;
  const settings = JSON.stringify([first?.className, first?.config]);
  if (!first || calls.some(({ className, config }) => JSON.stringify([className, config]) !== settings))
    throw fault(
      'name',
      `${where}: ${nameOf(operation)}: the operation ${name} in a graph cannot be read: its calls differ`,
    );
  return {
    module: 'keras.layers',
    class_name: first.className,
    config: { ...first.config, name: nameOf(operation) },
    name: nameOf(operation),
    inbound_nodes: calls.map(({ tensors }) => ({
      args: tensors.length === 1 ? tensors : [tensors],
      kwargs: {},
    })),
  };
}
