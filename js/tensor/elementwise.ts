/** Functions of each value, of one tensor or of two. */

import { describe, fault } from '../engine/errors.js';
import { isA, isArray } from '../engine/look.js';
import { asTensor, Tensor, valuesOf } from './handle.js';
import { complexOf, isComplex, paired, pairsOf, partOf, toComplex } from './pairs.js';
import type { Rank } from './rank.js';
import { Op, run, run1, run2, runNumber, runReduction } from './run.js';
import { recording } from './scope.js';
import { sameShape } from './shape.js';
import { checkType, convert, type DataType, type TensorLike } from './values.js';
import { type Block, choose, MIXED_ARITHMETIC, WHOLE_ARITHMETIC, WHOLE_FUNCTIONS, zip } from './whole.js';

/** What ops take for a tensor. */
export type Like = Tensor | TensorLike;

const isFloat = (x: Tensor): boolean => x.dtype === 'float32';

/** Functions of one tensor and of two. Programs may say what kind of tensor comes back, as those for TensorFlow.js do. */
type Unary = <T extends Tensor>(x: Like) => T;
type Binary = <T extends Tensor>(a: Like, b: Like) => T;

/** A function of one value. */
function unary(name: string): Unary {
  const op = new Op('unary', name);
  const exact = WHOLE_FUNCTIONS[name];
  const action = (x: Like): Tensor => {
    const from = asTensor(name, x);
    if (isFloat(from) || !exact) return run1(op, from, name);
    const values = Int32Array.from(valuesOf(name, from), exact);
    return new Tensor(values, from.shape, 'int32');
  };
  return action as Unary;
}

const realAbs = /* @__PURE__ */ unary('abs');
/** How far from 0 values are. @example abs([-1, 2]); // → [1, 2] */
export function abs<T extends Tensor>(x: Like): T {
  const from = asTensor('abs', x);
  if (!isComplex(from)) return realAbs(from) as T;
  const squares = run1(SQUARE, pairsOf('abs', from), 'abs');
  const sums = runReduction(SUM, squares, [from.rank], false, 'abs');
  // At 0 the root has no slope; 1 in the place of 0 there lets gradients be 0.
  const zeros = equal(sums, 0);
  return sub(sqrt(add(sums, zeros)), zeros) as T;
}
const SQUARE = /* @__PURE__ */ new Op('unary', 'square');
const SUM = /* @__PURE__ */ new Op('reduce', 'sum');
/** Values with the other sign. @example neg([1, -2]); // → [-1, 2] */
export const neg = /* @__PURE__ */ unary('neg');
/** −1, 0 or 1. @example sign([-3, 0, 5]); // → [-1, 0, 1] */
export const sign = /* @__PURE__ */ unary('sign');
/** Each value times itself. @example square([2, -3]); // → [4, 9] */
export const square = /* @__PURE__ */ unary('square');
/** The square root. @example sqrt([4, 9]); // → [2, 3] */
export const sqrt = /* @__PURE__ */ unary('sqrt');
/** `1 / √x`. @example rsqrt([4, 16]); // → [0.5, 0.25] */
export const rsqrt = /* @__PURE__ */ unary('rsqrt');
/** `1 / x`. @example reciprocal([2, 4]); // → [0.5, 0.25] */
export const reciprocal = /* @__PURE__ */ unary('reciprocal');
/** e to the power of each value. @example exp([0, 1]); // → [1, 2.718] */
export const exp = /* @__PURE__ */ unary('exp');
/** `exp(x) − 1`, exact near 0 too. @example expm1([0, 1e-6]); // → [0, 0.000001] */
export const expm1 = /* @__PURE__ */ unary('expm1');
/** The natural logarithm. @example log([1, Math.E]); // → [0, 1] */
export const log = /* @__PURE__ */ unary('log');
/** `ln(1 + x)`, exact near 0 too. @example log1p([0, 1e-6]); // → [0, 0.000001] */
export const log1p = /* @__PURE__ */ unary('log1p');
/** The sine of each angle. @example sin([0, Math.PI / 2]); // → [0, 1] */
export const sin = /* @__PURE__ */ unary('sin');
/** The cosine of each angle. @example cos([0, Math.PI]); // → [1, -1] */
export const cos = /* @__PURE__ */ unary('cos');
/** The tangent of each angle. @example tan([0, Math.PI / 4]); // → [0, 1] */
export const tan = /* @__PURE__ */ unary('tan');
/** The angle whose sine each value is, from −π/2 to π/2. @example asin([0, 1]); // → [0, 1.571] */
export const asin = /* @__PURE__ */ unary('asin');
/** The angle whose cosine each value is, from 0 to π. @example acos([1, 0, -1]); // → [0, 1.571, 3.142] */
export const acos = /* @__PURE__ */ unary('acos');
/** The angle whose tangent each value is, from −π/2 to π/2. @example atan([0, 1]); // → [0, 0.7854] */
export const atan = /* @__PURE__ */ unary('atan');
/** The hyperbolic sine. @example sinh([0, 1]); // → [0, 1.175] */
export const sinh = /* @__PURE__ */ unary('sinh');
/** The hyperbolic cosine. @example cosh([0, 1]); // → [1, 1.543] */
export const cosh = /* @__PURE__ */ unary('cosh');
/** The inverse of `sinh`. @example asinh([0, 1]); // → [0, 0.8814] */
export const asinh = /* @__PURE__ */ unary('asinh');
/** The inverse of `cosh`, of values from 1. @example acosh([1, 2]); // → [0, 1.317] */
export const acosh = /* @__PURE__ */ unary('acosh');
/** The inverse of `tanh`, of values between −1 and 1. @example atanh([0, 0.5]); // → [0, 0.5493] */
export const atanh = /* @__PURE__ */ unary('atanh');
/** The value where it is positive, elsewhere 0. @example relu([-1, 2]); // → [0, 2] */
export const relu = /* @__PURE__ */ unary('relu');
/** Values between 0 and 6, others at the nearer end. @example relu6([-1, 2, 9]); // → [0, 2, 6] */
export const relu6 = /* @__PURE__ */ unary('relu6');
/** The value where it is positive, elsewhere `exp(x) − 1`. @example elu([-1, 2]); // → [-0.6321, 2] */
export const elu = /* @__PURE__ */ unary('elu');
/** `elu` scaled so that mean 0 and variance 1 stay. @example selu([-1, 1]); // → [-1.111, 1.051] */
export const selu = /* @__PURE__ */ unary('selu');
/** `ln(1 + exp(x))`. @example softplus([0]); // → [0.6931] */
export const softplus = /* @__PURE__ */ unary('softplus');
/** `1 / (1 + exp(−x))`. @example sigmoid([0, 2]); // → [0.5, 0.8808] */
export const sigmoid = /* @__PURE__ */ unary('sigmoid');
/** The hyperbolic tangent. @example tanh([0, 1]); // → [0, 0.7616] */
export const tanh = /* @__PURE__ */ unary('tanh');
/** The error function. @example erf([0, 0.5]); // → [0, 0.5205] */
export const erf = /* @__PURE__ */ unary('erf');
/** The greatest whole number that is no more. @example floor([1.7, -1.2]); // → [1, -2] */
export const floor = /* @__PURE__ */ unary('floor');
/** The least whole number that is no less. @example ceil([1.2, -1.2]); // → [2, -1] */
export const ceil = /* @__PURE__ */ unary('ceil');
/** To the nearest whole number, the even one of two. @example round([0.5, 1.5, 2.4]); // → [0, 2, 2] */
export const round = /* @__PURE__ */ unary('round');
/** The values, through which no gradient flows. @example grad((x) => x.mul(stopGradient(x)))(3); // → 3 */
export const stopGradient = /* @__PURE__ */ unaryKeepingType('stopGradient');

function unaryKeepingType(name: string): Unary {
  const op = new Op('unary', name);
  const action = (x: Like): Tensor => {
    const from = asTensor(name, x);
    if (isFloat(from)) return recording() ? run1(op, from, name) : clone(from);
    if (isComplex(from)) return complexOf(run1(op, pairsOf(name, from), name));
    return clone(from);
  };
  return action as Unary;
}

/** Another handle to the same values. @example clone([1, 2]); // → [1, 2] */
export function clone<T extends Tensor>(x: Like): T {
  return sharing('clone', asTensor('clone', x)) as T;
}

/** Another handle to the values of a tensor, with the same shape. */
function sharing(where: string, from: Tensor): Tensor {
  if (isFloat(from) && recording()) return run(RESHAPE, [from], from.shape, where);
  return from._view(from.shape);
}
const RESHAPE = /* @__PURE__ */ new Op('general', 'reshape');

/** What a plain number stands for beside a tensor: float32, as in TensorFlow.js. */
const isNumber = (value: unknown): value is number => typeof value === 'number';

/** Whole numbers beyond 2²⁴, which the core's float32 would round before it computes. */
const isLarge = (x: Tensor): boolean =>
  x.dtype === 'int32' && valuesOf('values', x).some((value) => value > 2 ** 24 || value < -(2 ** 24));

/** The values of a tensor with their shape. */
function blockOf(where: string, x: Like): Block {
  const from = asTensor(where, x);
  return { values: valuesOf(where, from), shape: from.shape };
}

/** A function of two values, with broadcasting. Two whole numbers give a whole number. */
function binary(name: string): Binary {
  const op = new Op('binary', name);
  const exact = WHOLE_ARITHMETIC[name];
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
    const mixed = isFloat(x) || isFloat(y);
    const action = mixed ? MIXED_ARITHMETIC[name] : exact;
    if (!action || (mixed && (recording() || !(isLarge(x) || isLarge(y))))) return run2(op, x, y, name);
    const [left, right] = [x, y].map((one) => blockOf(name, one));
    const { values, shape } = zip(name, left!, right!, mixed ? 'float32' : 'int32', action);
    return new Tensor(values, shape, mixed ? 'float32' : 'int32');
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
  return paired(name, sub(product(0, 0), product(1, 1)), add(product(0, 1), product(1, 0)));
}

/**
 * Sums; a shorter shape is repeated where it fits.
 * @example
 * add([1, 2], [10, 20]); // → [11, 22]
 * add([[1], [2]], [10, 20]); // → [[11, 21], [12, 22]]
 */
export const add = /* @__PURE__ */ binary('add');
/** Differences. @example sub([5, 7], [1, 2]); // → [4, 5] */
export const sub = /* @__PURE__ */ binary('sub');
/** Products, value by value. @example mul([1, 2], 3); // → [3, 6] */
export const mul = /* @__PURE__ */ binary('mul');
/**
 * The quotient; of two whole numbers the whole number below it.
 * @example div([6, 1], [3, 4]); // → [2, 0.25]
 */
export const div = /* @__PURE__ */ binary('div');
/** The quotient, 0 where the divisor is 0. @example divNoNan([6, 1], [3, 0]); // → [2, 0] */
export const divNoNan = /* @__PURE__ */ binary('divNoNan');
/** The whole number below the quotient, as int32. @example floorDiv([7, -7], 2); // → [3, -4] */
export function floorDiv<T extends Tensor>(a: Like, b: Like): T {
  const [left, right] = [a, b].map((one) => blockOf('floorDiv', one));
  const { values, shape } = zip('floorDiv', left!, right!, 'int32', (x, y) => Math.floor(x / y));
  return new Tensor(values, shape, 'int32') as T;
}
/**
 * The bits that both of two tensors of whole numbers have set; of one shape.
 * @example bitwiseAnd(tensor1d([6, 5], 'int32'), tensor1d([3, 4], 'int32')); // → [2, 4]
 */
export function bitwiseAnd<R extends Rank = Rank>(a: Like, b: Like): Tensor<R> {
  const [x, y] = [asTensor('bitwiseAnd', a), asTensor('bitwiseAnd', b)];
  if (x.dtype !== 'int32' || y.dtype !== 'int32')
    throw fault('type', `bitwiseAnd: expected two tensors of int32, got ${x.dtype} and ${y.dtype}`);
  if (!sameShape(x.shape, y.shape)) throw fault('shape', `bitwiseAnd: [${x.shape}] and [${y.shape}] differ`);
  const other = valuesOf('bitwiseAnd', y);
  const bits = valuesOf('bitwiseAnd', x).map((value, at) => value & other[at]!);
  return new Tensor(bits, x.shape, 'int32');
}
/** The angle of the point `(x, y)`, in radians. @example atan2([1, -1], [1, -1]); // → [0.7854, -2.356] */
export const atan2 = /* @__PURE__ */ binary('atan2');
/** The remainder of a division, with the divisor's sign. @example mod([7, -7], 3); // → [1, 2] */
export const mod = /* @__PURE__ */ binary('mod');
/** a to the power of b. @example pow([2, 3], [3, 2]); // → [8, 9] */
export const pow = /* @__PURE__ */ binary('pow');
/** The greater of two values. @example maximum([1, 5], [4, 2]); // → [4, 5] */
export const maximum = /* @__PURE__ */ binary('maximum');
/** The smaller of two values. @example minimum([1, 5], [4, 2]); // → [1, 2] */
export const minimum = /* @__PURE__ */ binary('minimum');
/** `(a − b)²`. @example squaredDifference([5, 1], [2, 3]); // → [9, 4] */
export const squaredDifference = /* @__PURE__ */ binary('squaredDifference');

/** `x` where it is positive, else `alpha · x`. @example prelu([-2, 3], 0.5); // → [-1, 3] */
export const prelu = <T extends Tensor>(x: Like, alpha: Like): T =>
  run2(PRELU, asTensor('prelu', x), asTensor('prelu', alpha), 'prelu') as T;
const PRELU = /* @__PURE__ */ new Op('binary', 'prelu');

/** `x` where it is positive, else `alpha · x`. @example leakyRelu([-10, 2], 0.1); // → [-1, 2] */
export function leakyRelu<T extends Tensor>(x: Like, alpha = 0.2): T {
  if (!isNumber(alpha)) throw fault('type', `leakyRelu: alpha: expected a number, got ${describe(alpha)}`);
  return runNumber(PRELU, asTensor('leakyRelu', x), alpha, false, 'leakyRelu') as T;
}

/** `ln(sigmoid(x))`, for values of any size. @example logSigmoid([0]); // → [-0.6931] */
export const logSigmoid = <T extends Tensor>(x: Like): T =>
  neg(softplus(neg(asTensor('logSigmoid', x)))) as T;

/**
 * 1 where `x` is above 0, `alpha` where it is not; NaN stays NaN. Flat, so its derivative is 0.
 * @example step([-1, 2]); // → [0, 1]
 */
export function step<T extends Tensor>(x: Like, alpha = 0): T {
  if (!isNumber(alpha)) throw fault('type', `step: alpha: expected a number, got ${describe(alpha)}`);
  const from = asTensor('step', x);
  if (!isFloat(from)) {
    const steps = Int32Array.from(valuesOf('step', from), (value) => (value > 0 ? 1 : alpha));
    return new Tensor(steps, from.shape, 'int32') as T;
  }
  const signs = sign(from);
  return where(greater(from, 0), relu(signs), where(isNotANumber(from), signs, alpha)) as T;
}

/** The sum of several tensors of one shape. @example addN([[1, 2], [10, 20], [100, 200]]); // → [111, 222] */
export function addN<T extends Tensor>(tensors: Like[]): T {
  if (!isArray(tensors) || tensors.length === 0)
    throw fault('type', `addN: expected an array of at least one tensor, got ${describe(tensors)}`);
  // A list with holes ends at the first of them.
  const [first, ...rest] = Array.from(tensors, (one) => asTensor('addN', one));
  return rest.reduce<Tensor>((sum, one) => add(sum, one), first!) as T;
}

/** Every value moved into `low` … `high`. @example clipByValue([-2, 0.5, 3], 0, 1); // → [0, 0.5, 1] */
export function clipByValue<T extends Tensor>(x: Like, low: number, high: number): T {
  const from = asTensor('clipByValue', x);
  for (const bound of [low, high]) {
    if (typeof bound !== 'number' || Number.isNaN(bound))
      throw fault('value', `clipByValue: expected two numbers, got ${describe(bound)}`);
  }
  if (low > high) throw fault('value', `clipByValue: ${low} is greater than ${high}`);
  if (isFloat(from)) return run(CLIP, [from], [low, high], 'clipByValue') as T;
  const clipped = Int32Array.from(valuesOf('clipByValue', from), (value) =>
    Math.min(Math.max(value, low), high),
  );
  return new Tensor(clipped, from.shape, 'int32') as T;
}
const CLIP = /* @__PURE__ */ new Op('general', 'clip');

/**
 * The same values as another kind: whole numbers are cut towards 0, everything but 0 is true.
 * @example cast([1.7, -1.7, 0], 'int32'); // → [1, -1, 0]
 */
export function cast<T extends Tensor>(x: Like, dtype: DataType): T {
  return castFor('cast', x, dtype) as T;
}

export function castFor(where: string, x: Like, dtype: DataType): Tensor {
  const from = asTensor(where, x);
  if (dtype === 'complex64') {
    if (isComplex(from)) return sharing(where, from);
    return toComplex(where, castFor(where, from, 'float32'));
  }
  // Of a complex number its real part is left.
  if (isComplex(from)) return castFor(where, partOf(where, from, 0), dtype);
  const wanted = checkType(where, dtype);
  if (wanted === from.dtype) return sharing(where, from);
  return new Tensor(convert(where, valuesOf(where, from), wanted), from.shape, wanted);
}

type Comparison = (a: number, b: number) => boolean;
function comparison(name: string, holds: Comparison): Binary {
  const action = (a: Like, b: Like): Tensor => {
    const [left, right] = [a, b].map((one) => blockOf(name, one));
    const { values, shape } = zip(name, left!, right!, 'bool', holds);
    return new Tensor(values, shape, 'bool');
  };
  return action as Binary;
}

/** Where values are the same. @example equal([1, 2], [1, 3]); // → [1, 0] */
export const equal = /* @__PURE__ */ comparison('equal', (a, b) => a === b);
/** Where values differ. @example notEqual([1, 2], [1, 3]); // → [0, 1] */
export const notEqual = /* @__PURE__ */ comparison('notEqual', (a, b) => a !== b);
/** Where a is more than b. @example greater([1, 3], 2); // → [0, 1] */
export const greater = /* @__PURE__ */ comparison('greater', (a, b) => a > b);
/** Where a is no less than b. @example greaterEqual([1, 2], 2); // → [0, 1] */
export const greaterEqual = /* @__PURE__ */ comparison('greaterEqual', (a, b) => a >= b);
/** Where a is less than b. @example less([1, 3], 2); // → [1, 0] */
export const less = /* @__PURE__ */ comparison('less', (a, b) => a < b);
/** Where a is no more than b. @example lessEqual([1, 2], 1); // → [1, 0] */
export const lessEqual = /* @__PURE__ */ comparison('lessEqual', (a, b) => a <= b);
/** Where both are not 0. @example logicalAnd([true, true], [true, false]); // → [1, 0] */
export const logicalAnd = /* @__PURE__ */ comparison('logicalAnd', (a, b) => a !== 0 && b !== 0);
/** Where one of two is not 0, or both. @example logicalOr([true, false], [false, false]); // → [1, 0] */
export const logicalOr = /* @__PURE__ */ comparison('logicalOr', (a, b) => a !== 0 || b !== 0);
/** Where one of two is not 0, but not both. @example logicalXor([true, true], [true, false]); // → [0, 1] */
export const logicalXor = /* @__PURE__ */ comparison('logicalXor', (a, b) => (a !== 0) !== (b !== 0));

function test(name: string, holds: (x: number) => boolean): Unary {
  const action = (x: Like): Tensor => {
    const from = asTensor(name, x);
    return new Tensor(
      Uint8Array.from(valuesOf(name, from), (value) => Number(holds(value))),
      from.shape,
      'bool',
    );
  };
  return action as Unary;
}

/** Where values are 0. @example logicalNot([true, false]); // → [0, 1] */
export const logicalNot = /* @__PURE__ */ test('logicalNot', (x) => x === 0);
/** Where values are NaN. @example isNaN([1, NaN]); // → [0, 1] */
const isNotANumber = /* @__PURE__ */ test('isNaN', Number.isNaN);
/** Where values are infinite. @example isInf([1, -Infinity]); // → [0, 1] */
export const isInf = /* @__PURE__ */ test('isInf', (x) => x === Infinity || x === -Infinity);
/** Where values are neither infinite nor NaN. @example isFinite([1, Infinity, NaN]); // → [1, 0, 0] */
const isFiniteNumber = /* @__PURE__ */ test('isFinite', Number.isFinite);

export { isFiniteNumber as isFinite, isNotANumber as isNaN };

/** `a` where `condition` is true, else `b`. @example where([true, false], [1, 2], [10, 20]); // → [1, 20] */
export function where<T extends Tensor>(condition: Like, a: Like, b: Like): T {
  const [mask, x, y] = [condition, a, b].map((one) => asTensor('where', one)) as [Tensor, Tensor, Tensor];
  if (isFloat(x) && isFloat(y)) return run(SELECT, [mask, x, y], [], 'where') as T;
  const dtype = [x, y].some(isFloat) ? 'float32' : x.dtype === y.dtype ? x.dtype : 'int32';
  if (recording() && dtype === 'float32') return run(SELECT, [mask, x, y], [], 'where') as T;
  const [first, second, third] = [mask, x, y].map((one) => ({
    values: valuesOf('where', one),
    shape: one.shape,
  }));
  const { values, shape } = choose('where', first!, second!, third!, dtype);
  return new Tensor(values, shape, dtype) as T;
}
const SELECT = /* @__PURE__ */ new Op('general', 'select');
