/** Places that move between batch, space and channels: only the order changes. */

import { describe, fault, whole } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import { contained } from './contained.js';
import type { Like } from './elementwise.js';
import { asTensor, type Tensor } from './handle.js';
import { padFor, reshapeFor, sliced, transpose } from './rearrange.js';
import { sizeOf } from './shape.js';

/**
 * Channels laid out in space: `[n, h, w, c · b²] → [n, h · b, w · b, c]`.
 * @example depthToSpace(tensor4d([1, 2, 3, 4], [1, 1, 1, 4]), 2).reshape([2, 2]); // → [[1, 2], [3, 4]]
 */
export function depthToSpace(x: Like, blockSize: number, dataFormat: 'NHWC' | 'NCHW' = 'NHWC'): Tensor {
  return contained(() => {
    const where = 'depthToSpace';
    if (dataFormat !== 'NHWC' && dataFormat !== 'NCHW')
      throw fault('value', `${where}: dataFormat: expected 'NHWC' or 'NCHW', got ${describe(dataFormat)}`);
    const from = asTensor(where, x);
    if (from.rank !== 4) throw fault('shape', `${where}: expected 4 axes, got [${from.shape}]`);
    const block = whole(`${where}: blockSize`, blockSize, 2);
    const first = dataFormat === 'NCHW';
    const [n, h, w, c] = (first ? transpose(from, [0, 2, 3, 1]) : from).shape as [
      number,
      number,
      number,
      number,
    ];
    if (c % block ** 2 !== 0)
      throw fault('shape', `${where}: ${c} channels do not divide by ${block}² = ${block ** 2}`);
    const images = first ? transpose(from, [0, 2, 3, 1]) : from;
    const inner = c / block ** 2;
    const apart = transpose(reshapeFor(where, images, [n, h, w, block, block, inner]), [0, 1, 3, 2, 4, 5]);
    const y = reshapeFor(where, apart, [n, h * block, w * block, inner]);
    return first ? transpose(y, [0, 3, 1, 2]) : y;
  });
}

/** The lengths of blocks along the axes behind the first, and a pair of lengths for each. */
function checkBlocks(
  where: string,
  from: Tensor,
  blockShape: unknown,
  pairs: unknown,
  what: string,
): { blocks: number[]; around: [number, number][] } {
  if (!isArray(blockShape) || blockShape.length === 0 || blockShape.length >= from.rank)
    throw fault('shape', `${where}: blockShape ${describe(blockShape)} for [${from.shape}]`);
  const blocks = Array.from(blockShape, (length) => whole(`${where}: blockShape`, length, 1));
  if (!isArray(pairs) || pairs.length !== blocks.length)
    throw fault('shape', `${where}: expected ${blocks.length} pairs of ${what}, got ${describe(pairs)}`);
  const around = Array.from(pairs, (pair: unknown): [number, number] => {
    if (!isArray(pair) || pair.length !== 2)
      throw fault('shape', `${where}: expected a pair of ${what}, got ${describe(pair)}`);
    return [whole(`${where}: ${what}`, pair[0], 0), whole(`${where}: ${what}`, pair[1], 0)];
  });
  return { blocks, around };
}

/**
 * Every place of a block becomes a sample: `[n, h, w, c] → [b₁ · b₂ · n, h / b₁, w / b₂, c]`, after padding.
 * @example spaceToBatchND(tensor4d([1, 2, 3, 4], [1, 2, 2, 1]), [2, 2], [[0, 0], [0, 0]]).dataSync(); // → [1, 2, 3, 4]
 */
export function spaceToBatchND<T extends Tensor>(
  x: Like,
  blockShape: number[],
  paddings: [number, number][],
): T {
  return contained(() => {
    const where = 'spaceToBatchND';
    const from = asTensor(where, x);
    const { blocks, around } = checkBlocks(where, from, blockShape, paddings, 'paddings');
    const none = from.shape.slice(blocks.length + 1).map((): [number, number] => [0, 0]);
    let y = padFor(where, from, [[0, 0], ...around, ...none]);
    const odd = blocks.findIndex((block, at) => y.shape[at + 1]! % block !== 0);
    if (odd >= 0)
      throw fault('shape', `${where}: ${y.shape[odd + 1]} places do not divide by blocks of ${blocks[odd]}`);
    // The last block first, so that the first one's place counts most.
    for (let axis = blocks.length; axis > 0; axis--) {
      const [block, { shape }] = [blocks[axis - 1]!, y];
      const [before, length] = [sizeOf(shape.slice(0, axis)), shape[axis]! / block];
      const split = reshapeFor(where, y, [before, length, block, sizeOf(shape.slice(axis + 1))]);
      const next = shape.map((old, at) => (at === 0 ? old * block : at === axis ? length : old));
      y = reshapeFor(where, transpose(split, [2, 0, 1, 3]), next);
    }
    return y;
  }) as T;
}

/**
 * The way back of `spaceToBatchND`: samples become places, of which so many are cut off at the edges.
 * @example batchToSpaceND(tensor4d([1, 2, 3, 4], [4, 1, 1, 1]), [2, 2], [[0, 0], [0, 0]]).reshape([2, 2]); // → [[1, 2], [3, 4]]
 */
export function batchToSpaceND<T extends Tensor>(
  x: Like,
  blockShape: number[],
  crops: [number, number][],
): T {
  return contained(() => {
    const where = 'batchToSpaceND';
    const from = asTensor(where, x);
    const { blocks, around } = checkBlocks(where, from, blockShape, crops, 'crops');
    if (from.shape[0]! % sizeOf(blocks) !== 0)
      throw fault('shape', `${where}: ${from.shape[0]} samples do not divide by blocks of [${blocks}]`);
    let y = from;
    for (let axis = 1; axis <= blocks.length; axis++) {
      const [block, { shape }] = [blocks[axis - 1]!, y];
      const before = sizeOf(shape.slice(0, axis)) / block;
      const split = reshapeFor(where, y, [block, before, shape[axis]!, sizeOf(shape.slice(axis + 1))]);
      const next = shape.map((old, at) => (at === 0 ? old / block : at === axis ? old * block : old));
      y = reshapeFor(where, transpose(split, [1, 2, 0, 3]), next);
    }
    const begin = around.map(([first]) => first);
    const size = around.map(([first, last], at) => y.shape[at + 1]! - first - last);
    if (size.some((length) => length < 0))
      throw fault('shape', `${where}: crops ${describe(crops)} take more than [${y.shape}] has`);
    return sliced(where, y, [0, ...begin], [-1, ...size]);
  }) as T;
}
