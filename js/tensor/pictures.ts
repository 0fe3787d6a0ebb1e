/** What convolutions and poolings share: pictures in either order of axes, and how edges are treated. */

import { describe, fault, whole } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import { castFor, type Like } from './elementwise.js';
import { asTensor, type Padding, type Tensor } from './handle.js';
import { expandDims, reshape, transpose } from './rearrange.js';

export type Pair = number | [number, number];
/** How a convolution or a pooling treats the edges: by name, or by so many values around. */
export type Edges = Padding | number | [number, number][];

/** Pictures `[n, h, w, c]` from one picture or several, in either order of axes, and the way back for results. */
export function pictures(
  where: string,
  x: Like,
  format: unknown,
): { images: Tensor; restore: (y: Tensor) => Tensor } {
  if (format !== 'NHWC' && format !== 'NCHW')
    throw fault('value', `${where}: dataFormat: expected 'NHWC' or 'NCHW', got ${describe(format)}`);
  const from = asTensor(where, x);
  if (from.rank !== 3 && from.rank !== 4)
    throw fault('shape', `${where}: expected pictures with 3 or 4 axes, got [${from.shape}]`);
  const single = from.rank === 3;
  const batch = castFor(where, single ? expandDims(from, 0) : from, 'float32');
  const first = format === 'NCHW';
  const restore = (y: Tensor): Tensor => {
    const result = first ? transpose(y, [0, 3, 1, 2]) : y;
    return single ? reshape(result, result.shape.slice(1)) : result;
  };
  return { images: first ? transpose(batch, [0, 2, 3, 1]) : batch, restore };
}

/** Explicit paddings in the order of `NHWC`: those of `NCHW` are given channels first, as pictures are. */
export const channelsLast = (padding: unknown, format: unknown): unknown =>
  format === 'NCHW' && isArray(padding) && padding.length === 4
    ? [padding[0], padding[2], padding[3], padding[1]]
    : padding;

/** `'same'`, or `'valid'` after padding by so much on each side. */
export function checkPadding(
  where: string,
  padding: unknown,
  axes = 2,
): { same: boolean; by: [number, number][] } {
  const none: [number, number] = [0, 0];
  if (padding === 'same' || padding === 'valid') return { same: padding === 'same', by: [] };
  if (typeof padding === 'number') {
    const each = whole(`${where}: pad`, padding, 0);
    const around = new Array<[number, number]>(axes).fill([each, each]);
    return { same: false, by: [none, ...around, none] };
  }
  if (isArray(padding) && padding.length === axes + 2) {
    const pairs = padding.map((pair: unknown) => {
      if (!isArray(pair) || pair.length !== 2)
        throw fault('value', `${where}: pad: expected pairs of lengths, got ${describe(pair)}`);
      return pair.map((length) => whole(`${where}: pad`, length, 0)) as [number, number];
    });
    return { same: false, by: pairs };
  }
  throw fault('value', `${where}: pad: expected 'same', 'valid' or a number, got ${describe(padding)}`);
}

export const flag = (yes: boolean): number => (yes ? 1 : 0);

/** Values with `axes` axes between batch and channels, from one sample or several, and the way back for results. */
export function samples(
  where: string,
  x: Like,
  axes: number,
  format: unknown,
  known: string,
): { batch: Tensor; restore: (y: Tensor) => Tensor } {
  if (format !== known)
    throw fault('value', `${where}: dataFormat: expected '${known}', got ${describe(format)}`);
  const from = asTensor(where, x);
  if (from.rank !== axes + 1 && from.rank !== axes + 2)
    throw fault('shape', `${where}: expected ${axes + 1} or ${axes + 2} axes, got [${from.shape}]`);
  const single = from.rank === axes + 1;
  const batch = castFor(where, single ? expandDims(from, 0) : from, 'float32');
  return { batch, restore: (y) => (single ? reshape(y, y.shape.slice(1)) : y) };
}

/** A tensor with so many axes; `what` says what it holds. */
export function ofRank(where: string, what: string, x: Like, rank: number): Tensor {
  const from = asTensor(where, x);
  if (from.rank === rank) return castFor(where, from, 'float32');
  throw fault('shape', `${where}: expected ${what} with ${rank} axes, got [${from.shape}]`);
}
