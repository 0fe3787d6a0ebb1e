/**
 * The ops as methods of tensors: `x.add(y)` is `add(x, y)`. One table: all functions of `unary.ts` and `binary.ts`, and the
 * functions that are named here.
 */
import { listOf } from '../engine/look.js';
import * as aliases from './aliases.js';
import * as binary from './binary.js';
import * as blocks from './blocks.js';
import { bufferOf, type TensorBuffer } from './buffer.js';
import * as convolutions from './convolutions.js';
import { oneHot, onesLike, zerosLike } from './create.js';
import * as elementwise from './elementwise.js';
import { asTensor, Tensor } from './handle.js';
import { resizeBilinear, resizeNearestNeighbor } from './image.js';
import { unsortedSegmentSum } from './indexing.js';
import * as join from './join.js';
import { variable } from './make-variable.js';
import { batchNorm } from './normalize.js';
import * as pooling from './pooling.js';
import * as products from './products.js';
import type { Rank } from './rank.js';
import * as rearrange from './rearrange.js';
import * as reduce from './reduce.js';
import { unique } from './search.js';
import { fft, ifft, irfft, rfft } from './spectral.js';
import { stridedSlice } from './strided.js';
import * as unary from './unary.js';
import type { DataType } from './values.js';

type Like = elementwise.Like;

/** What a tensor is put together with. A list with holes ends at the first of them. */
const behind = (where: string, others: Like | readonly Like[]): Tensor[] =>
  Array.from(listOf<unknown>(others), (one) => asTensor(where, one as Like));

const table = {
  ...unary,
  ...binary,
  abs: elementwise.abs,
  logSigmoid: elementwise.logSigmoid,
  step: elementwise.step,
  leakyRelu: elementwise.leakyRelu,
  prelu: elementwise.prelu,
  clone: elementwise.clone,
  floorDiv: elementwise.floorDiv,
  clipByValue: elementwise.clipByValue,
  cast: elementwise.cast,
  asType: (x: Like, dtype: DataType): Tensor => elementwise.castFor('asType', x, dtype),
  toInt: (x: Like): Tensor => elementwise.castFor('toInt', x, 'int32'),
  toFloat: (x: Like): Tensor => elementwise.castFor('toFloat', x, 'float32'),
  toBool: (x: Like): Tensor => elementwise.castFor('toBool', x, 'bool'),
  equal: elementwise.equal,
  notEqual: elementwise.notEqual,
  greater: elementwise.greater,
  greaterEqual: elementwise.greaterEqual,
  less: elementwise.less,
  lessEqual: elementwise.lessEqual,
  logicalAnd: elementwise.logicalAnd,
  logicalOr: elementwise.logicalOr,
  logicalXor: elementwise.logicalXor,
  logicalNot: elementwise.logicalNot,
  isNaN: elementwise.isNaN,
  isInf: elementwise.isInf,
  isFinite: elementwise.isFinite,
  /** This where `condition` is true, else `other`. */
  where: (x: Like, condition: Like, other: Like): Tensor => elementwise.where(condition, x, other),
  sum: reduce.sum,
  mean: reduce.mean,
  max: reduce.max,
  min: reduce.min,
  prod: reduce.prod,
  any: reduce.any,
  all: reduce.all,
  argMax: reduce.argMax,
  argMin: reduce.argMin,
  cumprod: reduce.cumprod,
  cumsum: reduce.cumsum,
  softmax: reduce.softmax,
  logSoftmax: reduce.logSoftmax,
  logSumExp: reduce.logSumExp,
  norm: reduce.norm,
  topk: reduce.topk,
  reshape: rearrange.reshape,
  reshapeAs: rearrange.reshapeAs,
  flatten: rearrange.flatten,
  as1D: rearrange.flatten,
  asScalar: (x: Like): Tensor => rearrange.reshapeFor('asScalar', x, []),
  as2D: (x: Like, rows: number, columns: number): Tensor => rearrange.reshapeFor('as2D', x, [rows, columns]),
  as3D: (x: Like, a: number, b: number, c: number): Tensor => rearrange.reshapeFor('as3D', x, [a, b, c]),
  as4D: (x: Like, a: number, b: number, c: number, d: number): Tensor =>
    rearrange.reshapeFor('as4D', x, [a, b, c, d]),
  as5D: (x: Like, a: number, b: number, c: number, d: number, e: number): Tensor =>
    rearrange.reshapeFor('as5D', x, [a, b, c, d, e]),
  expandDims: rearrange.expandDims,
  squeeze: rearrange.squeeze,
  transpose: rearrange.transpose,
  broadcastTo: rearrange.broadcastTo,
  slice: rearrange.slice,
  stridedSlice,
  unsortedSegmentSum,
  unique,
  batchNorm,
  oneHot,
  onesLike,
  zerosLike,
  gather: rearrange.gather,
  reverse: rearrange.reverse,
  concat: (x: Like, others: Like | Like[], axis?: number): Tensor =>
    join.concat([x, ...behind('concat', others)], axis),
  stack: (x: Like, others: Like | Like[], axis?: number): Tensor =>
    join.stack([x, ...behind('stack', others)], axis),
  unstack: join.unstack,
  split: join.split,
  tile: join.tile,
  pad: rearrange.pad,
  mirrorPad: rearrange.mirrorPad,
  matMul: products.matMul,
  dot: products.dot,
  conv2d: products.conv2d,
  conv1d: convolutions.conv1d,
  conv2dTranspose: convolutions.conv2dTranspose,
  depthwiseConv2d: convolutions.depthwiseConv2d,
  separableConv2d: convolutions.separableConv2d,
  pool: pooling.pool,
  dilation2d: pooling.dilation2d,
  localResponseNormalization: pooling.localResponseNormalization,
  depthToSpace: blocks.depthToSpace,
  spaceToBatchND: blocks.spaceToBatchND,
  batchToSpaceND: blocks.batchToSpaceND,
  maxPool: products.maxPool,
  avgPool: products.avgPool,
  outerProduct: products.outerProduct,
  resizeBilinear,
  resizeNearestNeighbor,
  fft,
  ifft,
  rfft: (x: Like): Tensor => rfft(x),
  irfft,
  euclideanNorm: aliases.euclideanNorm,
  /** A variable that begins with these values. */
  variable: (x: Tensor, trainable?: boolean, name?: string, dtype?: DataType) =>
    variable(x, trainable, name, dtype),
  /** A copy of the values that can be written to. */
  bufferSync: (x: Tensor): TensorBuffer => bufferOf(x),
  buffer: async (x: Tensor): Promise<TensorBuffer> => bufferOf(x),
  throwIfDisposed: (x: Tensor): void => void asTensor('throwIfDisposed', x),
};

/** What a method gives where a program names the type, or the number of axes, as those for TensorFlow.js may. */
type Named<T> = T extends Rank ? Tensor<T> : T extends Tensor ? T : Tensor;

type Method<F> = F extends (x: never, ...rest: infer Rest) => infer Result
  ? Result extends Tensor
    ? <T extends Tensor | Rank = Tensor>(...rest: Rest) => Named<T>
    : (...rest: Rest) => Result
  : never;
export type Methods = { [Name in keyof typeof table]: Method<(typeof table)[Name]> };

declare module './handle.js' {
  interface Tensor<R extends Rank = Rank> extends Methods {}
}

for (const [name, action] of Object.entries(table)) {
  const method = function (this: Tensor, ...rest: unknown[]): unknown {
    return (action as (x: Tensor, ...rest: unknown[]) => unknown)(this, ...rest);
  };
  Object.defineProperty(Tensor.prototype, name, { value: method, writable: true, configurable: true });
}
