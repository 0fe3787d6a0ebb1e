/** Functions of each value, of one tensor or of two. */
import { describe, fault } from '../engine/errors.js';
import { isA, isArray } from '../engine/look.js';
import { asTensor, Tensor, valuesOf } from './handle.js';
import { complexOf, isComplex, paired, pairsOf, partOf, toComplex } from './pairs.js';
import { Op, run, run1, run2, runNumber, runReduction } from './run.js';
import { recording } from './scope.js';
import { sameShape } from './shape.js';
import { checkType, convert, type DataType, type TensorLike } from './values.js';
import { type Block, choose, MIXED_ARITHMETIC, WHOLE_ARITHMETIC, WHOLE_FUNCTIONS, zip } from './whole.js';

/** What ops take for a tensor. */
export type Like = Tensor | TensorLike;

const isFloat = (x: Tensor): boolean => x.dtype === 'float32';

/** A function of one value. */
function unary(name: string): (x: Like) => Tensor {
  const op = new Op('unary', name);
  const exact = WHOLE_FUNCTIONS[name];
  return (x) => {
    const from = asTensor(name, x);
    if (isFloat(from) || !exact) return run1(op, from, name);
    const values = Int32Array.from(valuesOf(name, from), exact);
    return new Tensor(values, from.shape, 'int32');
  };
}

const realAbs = /* @__PURE__ */ unary('abs');
/** How far from 0 values are. */
export function abs(x: Like): Tensor {
  const from = asTensor('abs', x);
  if (!isComplex(from)) return realAbs(from);
  const squares = run1(SQUARE, pairsOf('abs', from), 'abs');
  const sums = runReduction(SUM, squares, [from.rank], false, 'abs');
  // At 0 the root has no slope; 1 in the place of 0 there lets gradients be 0.
  const zeros = equal(sums, 0);
  return sub(sqrt(add(sums, zeros)), zeros);
}
const SQUARE = /* @__PURE__ */ new Op('unary', 'square');
const SUM = /* @__PURE__ */ new Op('reduce', 'sum');
export const neg = /* @__PURE__ */ unary('neg');
export const sign = /* @__PURE__ */ unary('sign');
export const square = /* @__PURE__ */ unary('square');
export const sqrt = /* @__PURE__ */ unary('sqrt');
/** `1 / √x`. */
export const rsqrt = /* @__PURE__ */ unary('rsqrt');
/** `1 / x`. */
export const reciprocal = /* @__PURE__ */ unary('reciprocal');
export const exp = /* @__PURE__ */ unary('exp');
/** `exp(x) − 1`, exact near 0 too. */
export const expm1 = /* @__PURE__ */ unary('expm1');
export const log = /* @__PURE__ */ unary('log');
/** `ln(1 + x)`, exact near 0 too. */
export const log1p = /* @__PURE__ */ unary('log1p');
export const sin = /* @__PURE__ */ unary('sin');
export const cos = /* @__PURE__ */ unary('cos');
export const tan = /* @__PURE__ */ unary('tan');
export const asin = /* @__PURE__ */ unary('asin');
export const acos = /* @__PURE__ */ unary('acos');
export const atan = /* @__PURE__ */ unary('atan');
export const sinh = /* @__PURE__ */ unary('sinh');
export const cosh = /* @__PURE__ */ unary('cosh');
export const asinh = /* @__PURE__ */ unary('asinh');
export const acosh = /* @__PURE__ */ unary('acosh');
export const atanh = /* @__PURE__ */ unary('atanh');
export const relu = /* @__PURE__ */ unary('relu');
export const relu6 = /* @__PURE__ */ unary('relu6');
export const elu = /* @__PURE__ */ unary('elu');
export const selu = /* @__PURE__ */ unary('selu');
export const softplus = /* @__PURE__ */ unary('softplus');
export const sigmoid = /* @__PURE__ */ unary('sigmoid');
export const tanh = /* @__PURE__ */ unary('tanh');
export const erf = /* @__PURE__ */ unary('erf');
export const floor = /* @__PURE__ */ unary('floor');
export const ceil = /* @__PURE__ */ unary('ceil');
/** To the nearest whole number, the even one of two. */
export const round = /* @__PURE__ */ unary('round');
/** The values, through which no gradient flows. */
export const stopGradient = /* @__PURE__ */ unaryKeepingType('stopGradient');

function unaryKeepingType(name: string): (x: Like) => Tensor {
  const op = new Op('unary', name);
  return (x) => {
    const from = asTensor(name, x);
    if (isFloat(from)) return recording() ? run1(op, from, name) : clone(from);
    if (isComplex(from)) return complexOf(run1(op, pairsOf(name, from), name));
    return clone(from);
  };
}

/** Another handle to the same values. */
export function clone(x: Like): Tensor {
  return sharing('clone', asTensor('clone', x));
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
function binary(name: string): (a: Like, b: Like) => Tensor {
  const op = new Op('binary', name);
  const exact = WHOLE_ARITHMETIC[name];
  return (a, b) => {
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

export const add = /* @__PURE__ */ binary('add');
export const sub = /* @__PURE__ */ binary('sub');
export const mul = /* @__PURE__ */ binary('mul');
/** The quotient; of two whole numbers the whole number below it. */
export const div = /* @__PURE__ */ binary('div');
/** The quotient, 0 where the divisor is 0. */
export const divNoNan = /* @__PURE__ */ binary('divNoNan');
/** The whole number below the quotient, as int32. */
export function floorDiv(a: Like, b: Like): Tensor {
  const [left, right] = [a, b].map((one) => blockOf('floorDiv', one));
  const { values, shape } = zip('floorDiv', left!, right!, 'int32', (x, y) => Math.floor(x / y));
  return new Tensor(values, shape, 'int32');
}
/** The bits that both of two tensors of whole numbers have set; of one shape. */
export function bitwiseAnd(a: Like, b: Like): Tensor {
  const [x, y] = [asTensor('bitwiseAnd', a), asTensor('bitwiseAnd', b)];
  if (x.dtype !== 'int32' || y.dtype !== 'int32')
    throw fault('type', `bitwiseAnd: expected two tensors of int32, got ${x.dtype} and ${y.dtype}`);
  if (!sameShape(x.shape, y.shape)) throw fault('shape', `bitwiseAnd: [${x.shape}] and [${y.shape}] differ`);
  const other = valuesOf('bitwiseAnd', y);
  const bits = valuesOf('bitwiseAnd', x).map((value, at) => value & other[at]!);
  return new Tensor(bits, x.shape, 'int32');
}
/** The angle of the point `(x, y)`, in radians. */
export const atan2 = /* @__PURE__ */ binary('atan2');
/** The remainder of a division, with the divisor's sign. */
export const mod = /* @__PURE__ */ binary('mod');
export const pow = /* @__PURE__ */ binary('pow');
/** The greater of two values. */
export const maximum = /* @__PURE__ */ binary('maximum');
/** The smaller of two values. */
export const minimum = /* @__PURE__ */ binary('minimum');
export const squaredDifference = /* @__PURE__ */ binary('squaredDifference');

/** `x` where it is positive, else `alpha · x`. */
export const prelu = (x: Like, alpha: Like): Tensor =>
  run2(PRELU, asTensor('prelu', x), asTensor('prelu', alpha), 'prelu');
const PRELU = /* @__PURE__ */ new Op('binary', 'prelu');

/** `x` where it is positive, else `alpha · x`. */
export function leakyRelu(x: Like, alpha = 0.2): Tensor {
  if (!isNumber(alpha)) throw fault('type', `leakyRelu: alpha: expected a number, got ${describe(alpha)}`);
  return runNumber(PRELU, asTensor('leakyRelu', x), alpha, false, 'leakyRelu');
}

/** `ln(sigmoid(x))`, for values of any size. */
export const logSigmoid = (x: Like): Tensor => neg(softplus(neg(asTensor('logSigmoid', x))));

/** 1 where `x` is above 0, `alpha` where it is not; NaN stays NaN. Flat, so its derivative is 0. */
export function step(x: Like, alpha = 0): Tensor {
  if (!isNumber(alpha)) throw fault('type', `step: alpha: expected a number, got ${describe(alpha)}`);
  const from = asTensor('step', x);
  if (!isFloat(from)) {
    const steps = Int32Array.from(valuesOf('step', from), (value) => (value > 0 ? 1 : alpha));
    return new Tensor(steps, from.shape, 'int32');
  }
  const signs = sign(from);
  return where(greater(from, 0), relu(signs), where(isNotANumber(from), signs, alpha));
}

/** The sum of several tensors of one shape. */
export function addN(tensors: Like[]): Tensor {
  if (!isArray(tensors) || tensors.length === 0)
    throw fault('type', `addN: expected an array of at least one tensor, got ${describe(tensors)}`);
  // A list with holes ends at the first of them.
  const [first, ...rest] = Array.from(tensors, (one) => asTensor('addN', one));
  return rest.reduce<Tensor>((sum, one) => add(sum, one), first!);
}

/** Every value moved into `low` … `high`. */
export function clipByValue(x: Like, low: number, high: number): Tensor {
  const from = asTensor('clipByValue', x);
  for (const bound of [low, high]) {
    if (typeof bound !== 'number' || Number.isNaN(bound))
      throw fault('value', `clipByValue: expected two numbers, got ${describe(bound)}`);
  }
  if (low > high) throw fault('value', `clipByValue: ${low} is greater than ${high}`);
  if (isFloat(from)) return run(CLIP, [from], [low, high], 'clipByValue');
  const clipped = Int32Array.from(valuesOf('clipByValue', from), (value) =>
    Math.min(Math.max(value, low), high),
  );
  return new Tensor(clipped, from.shape, 'int32');
}
const CLIP = /* @__PURE__ */ new Op('general', 'clip');

/** The same values as another kind: whole numbers are cut towards 0, everything but 0 is true. */
export function cast(x: Like, dtype: DataType): Tensor {
  return castFor('cast', x, dtype);
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
function comparison(name: string, holds: Comparison): (a: Like, b: Like) => Tensor {
  return (a, b) => {
    const [left, right] = [a, b].map((one) => blockOf(name, one));
    const { values, shape } = zip(name, left!, right!, 'bool', holds);
    return new Tensor(values, shape, 'bool');
  };
}

export const equal = /* @__PURE__ */ comparison('equal', (a, b) => a === b);
export const notEqual = /* @__PURE__ */ comparison('notEqual', (a, b) => a !== b);
export const greater = /* @__PURE__ */ comparison('greater', (a, b) => a > b);
export const greaterEqual = /* @__PURE__ */ comparison('greaterEqual', (a, b) => a >= b);
export const less = /* @__PURE__ */ comparison('less', (a, b) => a < b);
export const lessEqual = /* @__PURE__ */ comparison('lessEqual', (a, b) => a <= b);
export const logicalAnd = /* @__PURE__ */ comparison('logicalAnd', (a, b) => a !== 0 && b !== 0);
export const logicalOr = /* @__PURE__ */ comparison('logicalOr', (a, b) => a !== 0 || b !== 0);
export const logicalXor = /* @__PURE__ */ comparison('logicalXor', (a, b) => (a !== 0) !== (b !== 0));

function test(name: string, holds: (x: number) => boolean): (x: Like) => Tensor {
  return (x) => {
    const from = asTensor(name, x);
    return new Tensor(
      Uint8Array.from(valuesOf(name, from), (value) => Number(holds(value))),
      from.shape,
      'bool',
    );
  };
}

export const logicalNot = /* @__PURE__ */ test('logicalNot', (x) => x === 0);
const isNotANumber = /* @__PURE__ */ test('isNaN', Number.isNaN);
export const isInf = /* @__PURE__ */ test('isInf', (x) => x === Infinity || x === -Infinity);
const isFiniteNumber = /* @__PURE__ */ test('isFinite', Number.isFinite);

export { isFiniteNumber as isFinite, isNotANumber as isNaN };

/** `a` where `condition` is true, else `b`. */
export function where(condition: Like, a: Like, b: Like): Tensor {
  const [mask, x, y] = [condition, a, b].map((one) => asTensor('where', one)) as [Tensor, Tensor, Tensor];
  if (isFloat(x) && isFloat(y)) return run(SELECT, [mask, x, y], [], 'where');
  const dtype = [x, y].some(isFloat) ? 'float32' : x.dtype === y.dtype ? x.dtype : 'int32';
  if (recording() && dtype === 'float32') return run(SELECT, [mask, x, y], [], 'where');
  const [first, second, third] = [mask, x, y].map((one) => ({
    values: valuesOf('where', one),
    shape: one.shape,
  }));
  const { values, shape } = choose('where', first!, second!, third!, dtype);
  return new Tensor(values, shape, dtype);
}
const SELECT = /* @__PURE__ */ new Op('general', 'select');
