/** Products with what often follows them: a bias and an activation. */

import { describe, fault, onlyKeys } from '../engine/errors.js';
import { namespace } from '../engine/namespace.js';
import { allContained } from './contained.js';
import { depthwiseConv2d } from './convolutions.js';
import { add, elu, type Like, leakyRelu, prelu, relu, relu6, sigmoid } from './elementwise.js';
import { asTensor, type Tensor } from './handle.js';
import type { Edges } from './pictures.js';
import { conv2d, matMul } from './products.js';
import { reshape } from './rearrange.js';

/** What follows a product. */
interface Fused {
  bias?: Like | null;
  activation?: 'linear' | 'relu' | 'relu6' | 'elu' | 'sigmoid' | 'prelu' | 'leakyrelu';
  /** The slopes of `prelu` below 0. */
  preluActivationWeights?: Like | null;
  /** The slope of `leakyrelu` below 0. Default: 0.2. */
  leakyreluAlpha?: number;
}

export interface FusedMatMulArgs extends Fused {
  a: Like;
  b: Like;
  transposeA?: boolean;
  transposeB?: boolean;
}

export interface FusedConv2DArgs extends Fused {
  x: Like;
  filter: Like;
  strides: number | [number, number];
  pad: Edges;
  dataFormat?: 'NHWC' | 'NCHW';
  dilations?: number | [number, number];
}

const FUSED = ['bias', 'activation', 'preluActivationWeights', 'leakyreluAlpha'];

const ACTIVATIONS: Readonly<Record<string, (x: Tensor, how: Fused, where: string) => Tensor>> = {
  linear: (x) => x,
  relu,
  relu6,
  elu,
  sigmoid,
  leakyrelu: (x, { leakyreluAlpha }) => leakyRelu(x, leakyreluAlpha),
  prelu: (x, { preluActivationWeights: slopes }, where) => {
    if (slopes === undefined || slopes === null)
      throw fault('value', `${where}: prelu needs preluActivationWeights`);
    return prelu(x, slopes);
  },
};

function finished(where: string, product: Tensor, how: Fused): Tensor {
  const { bias, activation = 'linear' } = how;
  const biased = bias === undefined || bias === null ? product : add(product, bias);
  return activationOf(where, activation)(biased, how, where);
}

function activationOf(where: string, name: unknown): (x: Tensor, how: Fused, where: string) => Tensor {
  const known = typeof name === 'string' && Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name] : undefined;
  if (known) return known;
  const names = Object.keys(ACTIVATIONS).join(', ');
  throw fault('name', `${where}: activation: expected one of ${names}, got ${describe(name)}`);
}

/** What a convolution gives, with what follows. */
function convolved(where: string, convolve: typeof conv2d, args: FusedConv2DArgs): Tensor {
  onlyKeys(where, args ?? null, ['x', 'filter', 'strides', 'pad', 'dataFormat', 'dilations', ...FUSED]);
  activationOf(where, args.activation ?? 'linear');
  const { x, filter, strides, pad, dataFormat, dilations, bias } = args;
  const product = convolve(x, filter, strides, pad, dataFormat, dilations);
  if (dataFormat !== 'NCHW' || bias === undefined || bias === null) return finished(where, product, args);
  // One value for each channel, behind which come the rows and columns.
  const row = asTensor(where, bias);
  return finished(where, product, { ...args, bias: row.rank === 1 ? reshape(row, [row.size, 1, 1]) : row });
}

export const fused = /* @__PURE__ */ namespace(
  'fused',
  /* @__PURE__ */ allContained({
    /**
     * The product of matrices with a bias and an activation.
     * @example fused.matMul({ a: [[1, 2]], b: [[3], [4]], bias: [1], activation: 'relu' }); // → [[12]]
     */
    matMul(args: FusedMatMulArgs): Tensor {
      const where = 'fused.matMul';
      onlyKeys(where, args ?? null, ['a', 'b', 'transposeA', 'transposeB', ...FUSED]);
      activationOf(where, args.activation ?? 'linear');
      return finished(
        where,
        matMul(args.a, args.b, args.transposeA === true, args.transposeB === true),
        args,
      );
    },
    /**
     * A convolution with a bias and an activation.
     * @example
     * const [x, filter] = [tensor4d([1, 2, 3, 4], [1, 2, 2, 1]), ones([2, 2, 1, 1])];
     * fused.conv2d({ x, filter, strides: 1, pad: 'valid', bias: [-4], activation: 'relu' }).dataSync(); // → [6]
     */
    conv2d: <T extends Tensor>(args: FusedConv2DArgs): T => convolved('fused.conv2d', conv2d, args) as T,
    /**
     * A convolution of each channel by itself, with a bias and an activation.
     * @example
     * const [x, filter] = [tensor4d([1, 10, 2, 20], [1, 1, 2, 2]), ones([1, 2, 2, 1])];
     * fused.depthwiseConv2d({ x, filter, strides: 1, pad: 'valid', activation: 'relu' }).dataSync(); // → [3, 30]
     */
    depthwiseConv2d: <T extends Tensor>(args: FusedConv2DArgs): T =>
      convolved('fused.depthwiseConv2d', depthwiseConv2d, args) as T,
  }),
);
