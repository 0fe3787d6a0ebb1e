/** Activation functions, as ops on elements. */

import type { Graph, Value } from './graph.js';
import { axesOf, type Call, x as inputOf } from './layer.js';
import { BOOL } from './proto.js';

type Formula = (g: Graph, x: Value) => Value;

const op =
  (name: string, floats: Record<string, number> = {}): Formula =>
  (g, x) =>
    g.each(name, [x], Object.fromEntries(Object.entries(floats).map(([key, float]) => [key, { float }])));

/** `x` kept within `least` and `most`. */
export const clipped = (g: Graph, x: Value, least: number | undefined, most: number | undefined): Value => {
  const bound = (value: number | undefined): Value[] => (value === undefined ? [] : [g.number(value)]);
  if (least === undefined) return g.each('Min', [x, ...bound(most)]);
  return g.each(most === undefined ? 'Max' : 'Clip', [x, ...bound(least), ...bound(most)]);
};
const relu = op('Relu');
const elu = op('Elu');
const softplus = op('Softplus');
const hardSigmoid = op('HardSigmoid', { alpha: 1 / 6, beta: 0.5 });
const sparseSigmoid = op('HardSigmoid', { alpha: 0.5, beta: 0.5 });
const tanh = op('Tanh');
const sigmoid = op('Sigmoid');
const neg = op('Neg');
const along =
  (name: string): Formula =>
  (g, x) =>
    g.node(name, [x], x.dims, { axis: -1 });

/** `x · half · (1 + bent)` */
const halfOf = (g: Graph, x: Value, bent: Value): Value =>
  g.mul(x, g.mul(g.add(bent, g.number(1)), g.number(0.5)));

const FORMULAS: Readonly<Record<string, Formula>> = {
  linear: (_, x) => x,
  relu,
  sigmoid,
  tanh,
  softmax: along('Softmax'),
  log_softmax: along('LogSoftmax'),
  elu,
  celu: elu,
  selu: op('Selu'),
  gelu: (g, x) => halfOf(g, x, op('Erf')(g, g.mul(x, g.number(Math.SQRT1_2)))),
  gelu_new: (g, x) => {
    const cube = g.mul(g.mul(g.mul(x, x), x), g.number(0.044715));
    return halfOf(g, x, tanh(g, g.mul(g.add(x, cube), g.number(Math.sqrt(2 / Math.PI)))));
  },
  swish: (g, x) => g.mul(x, sigmoid(g, x)),
  softplus,
  softsign: op('Softsign'),
  hard_sigmoid: hardSigmoid,
  keras2_hard_sigmoid: op('HardSigmoid', { alpha: 0.2, beta: 0.5 }),
  exponential: op('Exp'),
  relu6: (g, x) => clipped(g, x, 0, 6),
  leaky_relu: op('LeakyRelu', { alpha: 0.2 }),
  hard_silu: (g, x) => g.mul(x, hardSigmoid(g, x)),
  hard_tanh: (g, x) => clipped(g, x, -1, 1),
  hard_shrink: op('Shrink', { lambd: 0.5 }),
  soft_shrink: op('Shrink', { lambd: 0.5, bias: 0.5 }),
  tanh_shrink: (g, x) => g.sub(x, tanh(g, x)),
  log_sigmoid: (g, x) => neg(g, softplus(g, neg(g, x))),
  sparse_sigmoid: sparseSigmoid,
  sparse_plus: (g, x) => {
    const share = sparseSigmoid(g, x);
    return g.add(g.mul(share, share), relu(g, g.sub(x, g.number(1))));
  },
  squareplus: (g, x) => {
    const root = op('Sqrt')(g, g.add(g.mul(x, x), g.number(4)));
    return g.mul(g.add(x, root), g.number(0.5));
  },
  mish: (g, x) => g.mul(x, tanh(g, softplus(g, x))),
};

/** What the activation `name` makes of `x`. */
export const activated = ({ g }: Call, name: string, x: Value): Value => FORMULAS[name]!(g, x);

/** `x` if positive, else something that `factor` makes of `−x`. */
function belowZero(g: Graph, x: Value, factor: Value): Value {
  return g.sub(relu(g, x), g.mul(relu(g, neg(g, x)), factor));
}

/** `x` where it is more than `threshold`, else 0. */
const above = (g: Graph, x: Value, threshold: number): Value => {
  return g.select(g.each('Greater', [x, g.number(threshold)], undefined, BOOL), x, g.number(0));
};

function softmax(call: Call): Value {
  const { g, inputs } = call;
  const { mask, value } = inputs[0]!;
  // A mask has the shape of the values, or one that broadcasts to it.
  const x = mask ? g.select(mask, value, g.number(-1e9)) : value;
  const axes = axesOf(call);
  const exp = (): Value => g.each('Exp', [g.sub(x, g.reduce('ReduceMax', x, axes, true))]);
  const shares = (all: Value): Value => g.div(all, g.reduce('ReduceSum', all, axes, true));
  const y = axes.length > 1 ? shares(exp()) : g.node('Softmax', [x], x.dims, { axis: axes[0]! });
  return mask ? g.select(mask, y, g.number(0)) : y;
}

function reLU(call: Call): Value {
  const { g, config } = call;
  const { max_value: most, negative_slope: slope, threshold } = config;
  const given = inputOf(call);
  let y = threshold === 0 ? relu(g, given) : above(g, given, threshold);
  if (most !== null) y = clipped(g, y, 0, most);
  if (slope === 0) return y;
  const below = relu(g, g.sub(g.number(threshold), given));
  return g.sub(y, g.mul(below, g.number(slope)));
}

export const ACTIVATIONS = {
  Activation: (call: Call): Value => activated(call, call.config.activation, inputOf(call)),
  ReLU: reLU,
  LeakyReLU: (call: Call): Value =>
    op('LeakyRelu', { alpha: call.config.negative_slope })(call.g, inputOf(call)),
  ELU: (call: Call): Value => op('Elu', { alpha: call.config.alpha })(call.g, inputOf(call)),
  PReLU: (call: Call): Value => belowZero(call.g, inputOf(call), call.weight('alpha')!),
  ThresholdedReLU: (call: Call): Value => above(call.g, inputOf(call), call.config.theta),
  Softmax: softmax,
  Rescaling: ({ g, config, inputs }: Call): Value =>
    g.add(g.mul(inputs[0]!.value, g.number(config.scale)), g.number(config.offset)),
};
