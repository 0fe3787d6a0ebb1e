/** Activation functions, as ops on elements. */
import type { Attributes } from './proto.js';
import type { Value } from './value.js';

type Formula = (x: Value) => Value;

const op =
  (name: string, attributes?: Attributes): Formula =>
  (x) =>
    x.each(name, [], attributes);
/** Along the last axis, as ONNX does if no other is named. */
const along =
  (name: string): Formula =>
  (x) =>
    x.g.node(name, [x], x.dims);

export const relu = op('Relu');
const elu = op('Elu');
const softplus = op('Softplus');
// ONNX: `alpha` is 0.2 if nothing is said, `beta` 0.5, and what shrinks does so below 0.5.
const hardSigmoid = op('HardSigmoid', { alpha: 1 / 6 });
const sparseSigmoid = op('HardSigmoid', { alpha: 0.5 });
const tanh = op('Tanh');
const sigmoid = op('Sigmoid');
const softmax = along('Softmax');
export const neg = op('Neg');

/** `x · half · (1 + bent)` */
const halfOf = (x: Value, bent: Value): Value => x.mul(bent.add(1).mul(0.5));

const FORMULAS: Readonly<Record<string, Formula>> = {
  linear: (x) => x,
  relu,
  sigmoid,
  tanh,
  softmax,
  log_softmax: along('LogSoftmax'),
  elu,
  celu: elu,
  selu: op('Selu'),
  gelu: (x) => halfOf(x, x.mul(Math.SQRT1_2).each('Erf')),
  gelu_new: (x) => {
    const cube = x.mul(x).mul(x).mul(0.044715);
    return halfOf(x, tanh(x.add(cube).mul(Math.sqrt(2 / Math.PI))));
  },
  swish: (x) => x.mul(sigmoid(x)),
  softplus,
  softsign: op('Softsign'),
  hard_sigmoid: hardSigmoid,
  keras2_hard_sigmoid: op('HardSigmoid'),
  exponential: op('Exp'),
  relu6: (x) => x.each('Clip', [0, 6]),
  leaky_relu: op('LeakyRelu', { alpha: 0.2 }),
  hard_silu: (x) => x.mul(hardSigmoid(x)),
  hard_tanh: (x) => x.each('Clip', [-1, 1]),
  hard_shrink: op('Shrink'),
  soft_shrink: op('Shrink', { bias: 0.5 }),
  tanh_shrink: (x) => x.sub(tanh(x)),
  log_sigmoid: (x) => neg(softplus(neg(x))),
  sparse_sigmoid: sparseSigmoid,
  sparse_plus: (x) => {
    const share = sparseSigmoid(x);
    return share.mul(share).add(relu(x.sub(1)));
  },
  squareplus: (x) => x.mul(x).add(4).each('Sqrt').add(x).mul(0.5),
  mish: (x) => x.mul(tanh(softplus(x))),
};

/** What the activation `name` makes of `x`. */
export const activated = (name: string, x: Value): Value => FORMULAS[name]!(x);
