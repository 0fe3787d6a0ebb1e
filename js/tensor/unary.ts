/**
 * Functions of one value, applied to every value of a tensor: rows of `src/ops/unary.rs`, with what they are of a whole
 * number where that gives a whole number again. Each is a function of the package and a method of tensors.
 */
import { unary } from './each.js';

/** Values with the other sign. @example neg([1, -2]); // → [-1, 2] */
export const neg = /* @__PURE__ */ unary('neg', (x) => -x);
/** −1, 0 or 1. @example sign([-3, 0, 5]); // → [-1, 0, 1] */
export const sign = /* @__PURE__ */ unary('sign', Math.sign);
/** Each value times itself. @example square([2, -3]); // → [4, 9] */
export const square = /* @__PURE__ */ unary('square', (x) => Math.imul(x, x));
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
export const relu = /* @__PURE__ */ unary('relu', (x) => Math.max(x, 0));
/** Values between 0 and 6, others at the nearer end. @example relu6([-1, 2, 9]); // → [0, 2, 6] */
export const relu6 = /* @__PURE__ */ unary('relu6', (x) => Math.min(Math.max(x, 0), 6));
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
export const floor = /* @__PURE__ */ unary('floor', (x) => x);
/** The least whole number that is no less. @example ceil([1.2, -1.2]); // → [2, -1] */
export const ceil = /* @__PURE__ */ unary('ceil', (x) => x);
/** To the nearest whole number, the even one of two. @example round([0.5, 1.5, 2.4]); // → [0, 2, 2] */
export const round = /* @__PURE__ */ unary('round', (x) => x);
