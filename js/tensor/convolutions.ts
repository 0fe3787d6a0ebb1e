/** Convolutions besides `conv2d`: of sequences and volumes, transposed, and channel by channel. */

import { describe, fault, whole } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import { contained } from './contained.js';
import type { Like } from './elementwise.js';
import type { Tensor } from './handle.js';
import {
  channelsLast,
  checkPadding,
  type Edges,
  flag,
  ofRank,
  type Pair,
  pictures,
  samples,
} from './pictures.js';
import { conv2d } from './products.js';
import { pad, reshape, slice } from './rearrange.js';
import { Op, run } from './run.js';
import { checkPair, checkSizes } from './shape.js';

type Triple = number | [number, number, number];

const DEPTHWISE = /* @__PURE__ */ new Op('general', 'depthwiseConv2d');
const CONV2D_TRANSPOSE = /* @__PURE__ */ new Op('general', 'conv2dTranspose');
const CONV3D = /* @__PURE__ */ new Op('general', 'conv3d');
const CONV3D_TRANSPOSE = /* @__PURE__ */ new Op('general', 'conv3dTranspose');

/**
 * Convolves sequences `[n, time, in]` with kernels `[length, in, out]`.
 * @example
 * const x = tensor3d([[[1], [2], [3]]]);
 * conv1d(x, tensor3d([[[1]], [[10]]]), 1, 'valid').dataSync(); // → [21, 32]
 */
export function conv1d<T extends Tensor>(
  x: Like,
  kernel: Like,
  stride: number | [number] = 1,
  padding: Edges = 'valid',
  dataFormat: 'NWC' = 'NWC',
  dilation: number | [number] = 1,
): T {
  return contained(() => {
    const { batch, restore } = samples('conv1d', x, 1, dataFormat, 'NWC');
    const filter = ofRank('conv1d', 'a kernel', kernel, 3);
    const { same, by } = checkPadding('conv1d', padding, 1);
    const [step] = checkSizes('conv1d: stride', stride, 1);
    const [apart] = checkSizes('conv1d: dilation', dilation, 1);
    const padded = by.length > 0 ? pad(batch, by) : batch;
    if (filter.shape[1] !== padded.shape[2])
      throw fault(
        'shape',
        `conv1d: [${padded.shape}] * [${filter.shape}]: ${padded.shape[2]} channels, but the kernel is for ${filter.shape[1]}`,
      );
    // A sequence is a picture one pixel high.
    const [n, time, channels] = padded.shape as [number, number, number];
    const picture = reshape(padded, [n, 1, time, channels]);
    const edges = same ? 'same' : 'valid';
    const y = conv2d(picture, reshape(filter, [1, ...filter.shape]), [1, step!], edges, 'NHWC', [1, apart!]);
    return restore(reshape(y, [n, y.shape[2]!, y.shape[3]!]));
  }) as T;
}

/**
 * Convolves volumes `[n, depth, height, width, in]` with kernels `[depth, height, width, in, out]`.
 * @example
 * const x = range(0, 8).reshape([1, 2, 2, 2, 1]);
 * conv3d(x, ones([2, 2, 2, 1, 1]), 1, 'valid').dataSync(); // → [28]
 */
export function conv3d<T extends Tensor>(
  x: Like,
  kernel: Like,
  strides: Triple = 1,
  padding: Edges = 'valid',
  dataFormat: 'NDHWC' = 'NDHWC',
  dilations: Triple = 1,
): T {
  return contained(() => {
    const { batch, restore } = samples('conv3d', x, 3, dataFormat, 'NDHWC');
    const filter = ofRank('conv3d', 'a kernel', kernel, 5);
    const { same, by } = checkPadding('conv3d', padding, 3);
    const numbers = [
      ...checkSizes('conv3d: strides', strides, 3),
      ...checkSizes('conv3d: dilations', dilations, 3),
    ];
    const padded = by.length > 0 ? pad(batch, by) : batch;
    return restore(run(CONV3D, [padded, filter], [...numbers, flag(same)], 'conv3d'));
  }) as T;
}

/**
 * Convolves each channel with kernels of its own, `[h, w, in, multiplier]`.
 * @example
 * const x = tensor4d([1, 10, 2, 20], [1, 1, 2, 2]);
 * depthwiseConv2d(x, ones([1, 2, 2, 1]), 1, 'valid').dataSync(); // → [3, 30]
 */
export function depthwiseConv2d<T extends Tensor>(
  x: Like,
  kernel: Like,
  strides: Pair = 1,
  padding: Edges = 'valid',
  dataFormat: 'NHWC' | 'NCHW' = 'NHWC',
  dilations: Pair = 1,
): T {
  return contained(() => {
    return depthwise('depthwiseConv2d', x, kernel, strides, padding, dataFormat, dilations);
  }) as T;
}
function depthwise(
  where: string,
  x: Like,
  kernel: Like,
  strides: Pair,
  padding: Edges,
  dataFormat: 'NHWC' | 'NCHW',
  dilations: Pair,
): Tensor {
  const { images, restore } = pictures(where, x, dataFormat);
  const { same, by } = checkPadding(where, channelsLast(padding, dataFormat));
  const numbers = [
    ...checkPair(`${where}: strides`, strides),
    ...checkPair(`${where}: dilations`, dilations ?? 1),
    flag(same),
  ];
  const padded = by.length > 0 ? pad(images, by) : images;
  return restore(run(DEPTHWISE, [padded, ofRank(where, 'a kernel', kernel, 4)], numbers, where));
}

/**
 * A depthwise convolution, then one with kernels `[1, 1, in · multiplier, out]` that mix the channels.
 * @example
 * const x = tensor4d([1, 10], [1, 1, 1, 2]);
 * separableConv2d(x, ones([1, 1, 2, 1]), ones([1, 1, 2, 1]), 1, 'valid').dataSync(); // → [11]
 */
export function separableConv2d<T extends Tensor>(
  x: Like,
  depthwiseFilter: Like,
  pointwiseFilter: Like,
  strides: Pair = 1,
  padding: Edges = 'valid',
  dilation: Pair = 1,
  dataFormat: 'NHWC' | 'NCHW' = 'NHWC',
): T {
  return contained(() => {
    const mixing = ofRank('separableConv2d', 'a pointwise kernel', pointwiseFilter, 4);
    const own = ofRank('separableConv2d', 'a depthwise kernel', depthwiseFilter, 4);
    const channels = own.shape[2]! * own.shape[3]!;
    if (mixing.shape[0] !== 1 || mixing.shape[1] !== 1 || mixing.shape[2] !== channels)
      throw fault(
        'shape',
        `separableConv2d: expected a pointwise kernel [1, 1, ${channels}, out], got [${mixing.shape}]`,
      );
    const y = depthwise('separableConv2d', x, own, strides, padding, dataFormat, dilation);
    return conv2d(y, mixing, 1, 'valid', dataFormat);
  }) as T;
}

/** The lengths of a result, of which the batch and the channels must be these. */
function checkOutput(where: string, shape: unknown, axes: number, batch: number, channels: number): number[] {
  const given: unknown[] = isArray(shape) && shape.length <= axes + 2 ? Array.from(shape) : [];
  const full = given.length === axes + 1 ? [1, ...given] : given;
  if (full.length !== axes + 2)
    throw fault('shape', `${where}: outputShape: expected ${axes + 2} lengths, got ${describe(shape)}`);
  const lengths = full.map((length) => whole(`${where}: outputShape`, length, 0));
  if (lengths[0] !== batch || lengths.at(-1) !== channels)
    throw fault(
      'shape',
      `${where}: outputShape [${lengths}] for ${batch} samples and a kernel that makes ${channels} channels`,
    );
  return lengths.slice(1, -1);
}

/** Only names: what is transposed was padded by a rule. */
function checkRule(where: string, padding: unknown): boolean {
  if (padding === 'same' || padding === 'valid') return padding === 'same';
  throw fault('value', `${where}: pad: expected 'same' or 'valid', got ${describe(padding)}`);
}

/**
 * What the gradient of `conv2d` does to pictures: kernels are `[h, w, out, in]`.
 * @example
 * const x = tensor4d([1, 2], [1, 1, 2, 1]);
 * conv2dTranspose(x, ones([1, 2, 1, 1]), [1, 1, 4, 1], [1, 2], 'valid').dataSync(); // → [1, 1, 2, 2]
 */
export function conv2dTranspose<T extends Tensor>(
  x: Like,
  kernel: Like,
  outputShape: number[],
  strides: Pair = 1,
  padding: Edges = 'valid',
): T {
  return contained(() => {
    const where = 'conv2dTranspose';
    const { images, restore } = pictures(where, x, 'NHWC');
    const filter = ofRank(where, 'a kernel', kernel, 4);
    const size = checkOutput(where, outputShape, 2, images.shape[0]!, filter.shape[2]!);
    const { same, by } = checkPadding(where, padding);
    // What a convolution would have put around the picture comes out too, and is cut off.
    const [, top = [0, 0], left = [0, 0]] = by;
    const h = size[0]! + top[0] + top[1];
    const w = size[1]! + left[0] + left[1];
    const numbers = [h, w, ...checkPair(`${where}: strides`, strides), 1, 1, flag(same)];
    const y = run(CONV2D_TRANSPOSE, [images, filter], numbers, where);
    if (by.length === 0) return restore(y);
    return restore(slice(y, [0, top[0], left[0], 0], [y.shape[0]!, size[0]!, size[1]!, y.shape[3]!]));
  }) as T;
}

/**
 * What the gradient of `conv3d` does to volumes: kernels are `[depth, height, width, out, in]`.
 * @example
 * const x = tensor5d([3], [1, 1, 1, 1, 1]);
 * conv3dTranspose(x, ones([1, 1, 2, 1, 1]), [1, 1, 1, 2, 1], 1, 'valid').dataSync(); // → [3, 3]
 */
export function conv3dTranspose<T extends Tensor>(
  x: Like,
  kernel: Like,
  outputShape: number[],
  strides: Triple = 1,
  padding: 'valid' | 'same' = 'valid',
): T {
  return contained(() => {
    const where = 'conv3dTranspose';
    const { batch, restore } = samples(where, x, 3, 'NDHWC', 'NDHWC');
    const filter = ofRank(where, 'a kernel', kernel, 5);
    const size = checkOutput(where, outputShape, 3, batch.shape[0]!, filter.shape[3]!);
    const numbers = [...size, ...checkSizes(`${where}: strides`, strides, 3), 1, 1, 1];
    return restore(
      run(CONV3D_TRANSPOSE, [batch, filter], [...numbers, flag(checkRule(where, padding))], where),
    );
  }) as T;
}
