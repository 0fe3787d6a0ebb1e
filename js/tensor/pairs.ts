/**
 * Complex tensors. Their values lie as pairs, real and imaginary part by turns: the cell of a complex tensor is that of a
 * float32 tensor with one more axis, of length 2. So whatever the core computes of such pairs is recorded as usual, and
 * gradients flow through complex tensors without being complex themselves.
 */
import { fault } from '../engine/errors.js';
import { fill, Tensor } from './handle.js';
import { Op, run } from './run.js';
import { recording } from './scope.js';
import { checkShape, type Shape } from './shape.js';

const RESHAPE = /* @__PURE__ */ new Op('general', 'reshape');
const SLICE = /* @__PURE__ */ new Op('general', 'slice');
const CONCAT = /* @__PURE__ */ new Op('general', 'concat');

export const isComplex = (x: Tensor): boolean => x.dtype === 'complex64';

/** A complex tensor's values as float32: another handle to the same cell. */
export const pairsOf = (where: string, x: Tensor): Tensor =>
  new Tensor(x._cell, checkShape(where, [...x.shape, 2]), 'float32');

/** The complex tensor of pairs, which lie along the last axis. */
export const complexOf = (pairs: Tensor): Tensor =>
  new Tensor(pairs._cell, pairs.shape.slice(0, -1), 'complex64');

const shaped = (where: string, x: Tensor, shape: Shape): Tensor =>
  recording() ? run(RESHAPE, [x], shape, where) : x._view(shape);

/** The real parts (0) or the imaginary parts (1) of a complex tensor. */
export function partOf(where: string, x: Tensor, which: 0 | 1): Tensor {
  const pairs = pairsOf(where, x);
  const begin = x.shape.map(() => 0);
  return shaped(where, run(SLICE, [pairs], [...begin, which, ...x.shape, 1], where), [...x.shape]);
}

/** A complex tensor of parts of one shape, both float32. */
export function paired(where: string, re: Tensor, im: Tensor): Tensor {
  checkShape(where, [...re.shape, 2]);
  const columns = [re, im].map((part) => shaped(where, part, [...part.shape, 1]));
  return complexOf(run(CONCAT, columns, [re.rank], where));
}

/** The tensor as a complex one: itself, or the real part of one. */
export function toComplex(where: string, x: Tensor): Tensor {
  if (isComplex(x)) return x;
  if (x.dtype !== 'float32') throw fault('type', `${where}: expected complex64 or float32, got ${x.dtype}`);
  return paired(where, x, fill(where, [...x.shape], 0, 'float32'));
}
