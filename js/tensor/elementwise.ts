/** Functions of each value, of one tensor or of two. Those that are rows of a table are in `unary.ts` and `binary.ts`. */
import { describe, fault } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import { add, sub } from './binary.js';
import { type Binary, blockOf, isFloat, isNumber, type Like, type Unary, unary } from './each.js';
import { asTensor, Tensor, valuesOf } from './handle.js';
import { complexOf, isComplex, pairsOf, partOf, toComplex } from './pairs.js';
import type { Rank } from './rank.js';
import { Op, run, run1, run2, runNumber, runReduction } from './run.js';
import { recording } from './scope.js';
import { sameShape } from './shape.js';
import { neg, relu, sign, softplus, sqrt } from './unary.js';
import { checkType, convert, type DataType } from './values.js';
import { choose, zip } from './whole.js';

export * from './binary.js';
export type { Like } from './each.js';
export * from './unary.js';

const realAbs = /* @__PURE__ */ unary('abs', Math.abs);
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
