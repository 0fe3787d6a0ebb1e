/**
 * Functions of two values, with broadcasting: rows of `src/ops/binary.rs`, with what they are of whole numbers. Each is a
 * function of the package and a method of tensors.
 */
import { binary } from './each.js';
import { power, remainder } from './whole.js';

/**
 * Sums; a shorter shape is repeated where it fits.
 * @example
 * add([1, 2], [10, 20]); // → [11, 22]
 * add([[1], [2]], [10, 20]); // → [[11, 21], [12, 22]]
 */
export const add = /* @__PURE__ */ binary(
  'add',
  (a, b) => a + b,
  (a, b) => a + b,
);
/** Differences. @example sub([5, 7], [1, 2]); // → [4, 5] */
export const sub = /* @__PURE__ */ binary(
  'sub',
  (a, b) => a - b,
  (a, b) => a - b,
);
/** Products, value by value. @example mul([1, 2], 3); // → [3, 6] */
export const mul = /* @__PURE__ */ binary('mul', Math.imul, (a, b) => a * b);
/**
 * The quotient; of two whole numbers the whole number below it.
 * @example div([6, 1], [3, 4]); // → [2, 0.25]
 */
export const div = /* @__PURE__ */ binary(
  'div',
  (a, b) => Math.floor(a / b),
  (a, b) => a / b,
);
/** The quotient, 0 where the divisor is 0. @example divNoNan([6, 1], [3, 0]); // → [2, 0] */
export const divNoNan = /* @__PURE__ */ binary('divNoNan', (a, b) => (b === 0 ? 0 : Math.floor(a / b)));
/** The angle of the point `(x, y)`, in radians. @example atan2([1, -1], [1, -1]); // → [0.7854, -2.356] */
export const atan2 = /* @__PURE__ */ binary('atan2');
/** The remainder of a division, with the divisor's sign. @example mod([7, -7], 3); // → [1, 2] */
export const mod = /* @__PURE__ */ binary('mod', remainder);
/** a to the power of b. @example pow([2, 3], [3, 2]); // → [8, 9] */
export const pow = /* @__PURE__ */ binary('pow', power);
/** The greater of two values. @example maximum([1, 5], [4, 2]); // → [4, 5] */
export const maximum = /* @__PURE__ */ binary('maximum', Math.max, Math.max);
/** The smaller of two values. @example minimum([1, 5], [4, 2]); // → [1, 2] */
export const minimum = /* @__PURE__ */ binary('minimum', Math.min, Math.min);
/** `(a − b)²`. @example squaredDifference([5, 1], [2, 3]); // → [9, 4] */
export const squaredDifference = /* @__PURE__ */ binary(
  'squaredDifference',
  (a, b) => Math.imul(a - b, a - b),
  (a, b) => (a - b) * (a - b),
);
