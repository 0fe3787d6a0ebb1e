/** How functions of each value are made, of one tensor and of two. */
import { fault } from '../engine/errors.js';
import { isA } from '../engine/look.js';
import { asTensor, Tensor, valuesOf } from './handle.js';
import { complexOf, isComplex, paired, pairsOf, partOf, toComplex } from './pairs.js';
import { Op, run1, run2, runNumber } from './run.js';
import { recording } from './scope.js';
import type { TensorLike } from './values.js';
import { type Block, zip } from './whole.js';

/** What ops take for a tensor. */
export type Like = Tensor | TensorLike;

export const isFloat = (x: Tensor): boolean => x.dtype === 'float32';

/** Functions of one tensor and of two. Programs may say what kind of tensor comes back, as those for TensorFlow.js do. */
export type Unary = <T extends Tensor>(x: Like) => T;
export type Binary = <T extends Tensor>(a: Like, b: Like) => T;

type Arithmetic = (a: number, b: number) => number;

/** A function of one value; `whole` is what it is of a whole number, where that gives a whole number again. */
export function unary(name: string, whole?: (x: number) => number): Unary {
  const op = new Op('unary', name);
  const action = (x: Like): Tensor => {
    const from = asTensor(name, x);
    if (isFloat(from) || !whole) return run1(op, from, name);
    const values = Int32Array.from(valuesOf(name, from), whole);
    return new Tensor(values, from.shape, 'int32');
  };
  return action as Unary;
}

/** What a plain number stands for beside a tensor: float32, as in TensorFlow.js. */
export const isNumber = (value: unknown): value is number => typeof value === 'number';

/** Whole numbers beyond 2²⁴, which the core's float32 would round before it computes. */
const isLarge = (x: Tensor): boolean =>
  x.dtype === 'int32' && valuesOf('values', x).some((value) => value > 2 ** 24 || value < -(2 ** 24));

/** The values of a tensor with their shape. */
export function blockOf(where: string, x: Like): Block {
  const from = asTensor(where, x);
  return { values: valuesOf(where, from), shape: from.shape };
}

/**
 * A function of two values, with broadcasting. `whole` is what it is of two whole numbers, which wraps as all of int32, and
 * where what a division by 0 gives becomes 0; `mixed` of a large whole number and a float32, rounded once, at its end.
 */
export function binary(name: string, whole?: Arithmetic, mixed?: Arithmetic): Binary {
  const op = new Op('binary', name);
  const action = (a: Like, b: Like): Tensor => {
    if (isNumber(b) && isA(a, Tensor)) {
      const x = asTensor(name, a);
      if (isFloat(x)) return runNumber(op, x, b, false, name);
    } else if (isNumber(a) && isA(b, Tensor)) {
      const x = asTensor(name, b);
      if (isFloat(x)) return runNumber(op, x, a, true, name);
    }
    const x = asTensor(name, a);
    const y = asTensor(name, b);
    if (isFloat(x) && isFloat(y)) return run2(op, x, y, name);
    if (isComplex(x) || isComplex(y)) return complexBinary(name, op, x, y);
    const isMixed = isFloat(x) || isFloat(y);
    const action = isMixed ? mixed : whole;
    if (!action || (isMixed && (recording() || !(isLarge(x) || isLarge(y))))) return run2(op, x, y, name);
    const [left, right] = [x, y].map((one) => blockOf(name, one));
    const { values, shape } = zip(name, left!, right!, isMixed ? 'float32' : 'int32', action);
    return new Tensor(values, shape, isMixed ? 'float32' : 'int32');
  };
  return action as Binary;
}

/** Arithmetic of complex numbers: sums, differences and products. */
function complexBinary(name: string, op: Op, x: Tensor, y: Tensor): Tensor {
  const [a, b] = [toComplex(name, x), toComplex(name, y)];
  if (name === 'add' || name === 'sub') return complexOf(run2(op, pairsOf(name, a), pairsOf(name, b), name));
  if (name !== 'mul') throw fault('type', `${name}: complex64 is not taken here; real(x) and imag(x) are`);
  const part = (one: Tensor, which: 0 | 1): Tensor => partOf(name, one, which);
  const product = (i: 0 | 1, j: 0 | 1): Tensor => run2(op, part(a, i), part(b, j), name);
  return paired(
    name,
    run2(SUB, product(0, 0), product(1, 1), 'sub'),
    run2(ADD, product(0, 1), product(1, 0), 'add'),
  );
}
const ADD = /* @__PURE__ */ new Op('binary', 'add');
const SUB = /* @__PURE__ */ new Op('binary', 'sub');
