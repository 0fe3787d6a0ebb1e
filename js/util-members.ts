/** The members of `util`: small functions on arrays, shapes and kinds, with TensorFlow.js' names. */
import { brief, describe, fault, finite, textOf, whole } from './engine/errors.js';
import { can, isA, isArray, isFunction, isObject, isRevoked } from './engine/look.js';
import { namespace } from './engine/namespace.js';
import { nextSeed } from './tensor/seed.js';
import { checkAxis, checkShape, inferShape, sameShape, sizeOf, stepsOf } from './tensor/shape.js';
import {
  checkAttached,
  checkType,
  convert,
  type DataType,
  isTypedArray,
  nest,
  room,
  type Values,
} from './tensor/values.js';

/** The most values of an array that is looked through. */
const MOST = 2 ** 26;

type Items = { length: number; [at: number]: unknown };

function items(where: string, value: unknown): Items {
  const known = isArray(value) || isTypedArray(value);
  if (isTypedArray(value)) checkAttached(`util.${where}`, value);
  if (known && value.length <= MOST) return value as Items;
  throw fault('type', `util.${where}: expected an array, got ${describe(value)}`);
}

/** The same, for what is to be changed in place. */
function changing(where: string, value: unknown): Items {
  const list = items(where, value);
  if (!Object.isFrozen(list) || list.length < 2) return list;
  throw fault('value', `util.${where}: the array is frozen`);
}

function shuffled(count: number, swap: (a: number, b: number) => void): void {
  for (let last = count - 1; last > 0; last--) {
    swap(last, Math.floor((nextSeed() / 2 ** 32) * (last + 1)));
  }
}

function swapIn(items: Items, a: number, b: number): void {
  [items[a], items[b]] = [items[b], items[a]];
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null;

/** Whether two lists hold the same; where `open`, `null` in one of them stands for anything. */
function equal(where: string, a: unknown, b: unknown, open: boolean): boolean {
  if (a === b || isEmpty(a) || isEmpty(b)) return a === b;
  const [left, right] = [items(where, a), items(where, b)];
  return (
    left.length === right.length &&
    Array.from(left).every((one, at) => one === right[at] || (open && (one === null || right[at] === null)))
  );
}

/** A typed array of a kind, float32 if none is given. */
const zeros = (where: string, size: number, dtype: unknown): Values =>
  room(
    `util.${where}`,
    checkShape(`util.${where}`, [size])[0]!,
    checkType(`util.${where}`, dtype ?? 'float32'),
  );

/** A number, or a truth value as one. */
function number(where: string, value: unknown): number {
  if (typeof value === 'number' || typeof value === 'boolean') return Number(value);
  throw fault('type', `util.${where}: expected a number, got ${describe(value)}`);
}

const numbers = (where: string, value: unknown): number[] =>
  Array.from(items(where, value), (one) => number(where, one));

function text(where: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw fault('type', `util.${where}: expected a text, got ${describe(value)}`);
}

/** The kinds in the order in which each holds the values of those before it. */
const KINDS: readonly unknown[] = ['bool', 'int32', 'float32'];

/** No data are nested more deeply. */
const DEEPEST = 1000;

/** The values that lie in memory, which may have been given away. */
function viewed(where: string, memory: ArrayBuffer, kind: string): Values {
  try {
    return kind === 'float32' ? new Float32Array(memory) : new Int32Array(memory);
  } catch {
    throw fault('value', `util.${where}: the memory was given away; its values are gone`);
  }
}

const members = {
  /**
   * Throws a message unless a condition holds.
   * @example util.assert(1 + 1 === 2, () => 'never said'); // → undefined
   */
  assert(condition: boolean, message: string | (() => string)): void {
    if (!condition) throw fault('value', String(isFunction(message) ? message() : message));
  },
  /** Refuses shapes that differ. @example util.assertShapesMatch([1, 2], [1, 2]); // → undefined */
  assertShapesMatch(a: number[], b: number[], prefix = ''): void {
    if (!sameShape(checkShape('util.assertShapesMatch', a), checkShape('util.assertShapesMatch', b)))
      throw fault('shape', `${prefix} Shapes [${a}] and [${b}] must match`.trim());
  },
  /** Refuses null and undefined. @example util.assertNonNull(0); // → undefined */
  assertNonNull(value: unknown): void {
    if (isEmpty(value)) throw fault('value', `util.assertNonNull: got ${describe(value)}`);
  },
  /**
   * Refuses lengths that are negative or not whole.
   * @example util.assertNonNegativeIntegerDimensions([1, 2]); // → undefined
   */
  assertNonNegativeIntegerDimensions: (shape: number[]): void =>
    void checkShape('util.assertNonNegativeIntegerDimensions', shape),
  /** Whether two lists hold the same. @example util.arraysEqual([1, 2], [1, 3]); // → false */
  arraysEqual: (a: unknown, b: unknown): boolean => equal('arraysEqual', a, b, false),
  /**
   * As `arraysEqual`, where `null` in either stands for anything.
   * @example util.arraysEqualWithNull([null, 2], [3, 2]); // → true
   */
  arraysEqualWithNull: (a: unknown, b: unknown): boolean => equal('arraysEqualWithNull', a, b, true),
  isTypedArray,
  /**
   * Shuffles in place (Fisher and Yates), as `setSeed` says if it was called.
   * @example
   * const values = [1, 2, 3];
   * util.shuffle(values);
   * values.sort(); // → [1, 2, 3]
   */
  shuffle(array: Items): void {
    const list = changing('shuffle', array);
    shuffled(list.length, (a, b) => swapIn(list, a, b));
  },
  /**
   * Shuffles two arrays of one length in place, in the same way.
   * @example
   * const [letters, numbers] = [['a', 'b'], [1, 2]];
   * util.shuffleCombo(letters, numbers);
   * letters.indexOf('b') === numbers.indexOf(2); // → true
   */
  shuffleCombo(first: Items, second: Items): void {
    const [a, b] = [changing('shuffleCombo', first), changing('shuffleCombo', second)];
    if (a.length !== b.length)
      throw fault('shape', `util.shuffleCombo: arrays of ${a.length} and ${b.length} values`);
    shuffled(a.length, (from, to) => {
      swapIn(a, from, to);
      swapIn(b, from, to);
    });
  },
  /**
   * The numbers from 0 to `count` − 1 in a random order.
   * @example util.createShuffledIndices(3).sort(); // → [0, 1, 2]
   */
  createShuffledIndices(count: number): Uint32Array {
    const [length] = checkShape('util.createShuffledIndices', [
      whole('util.createShuffledIndices', count, 0),
    ]);
    const indices = Uint32Array.from({ length: length! }, (_, at) => at);
    members.shuffle(indices as unknown as Items);
    return indices;
  },
  /**
   * Two items in each other's place.
   * @example
   * const values = [1, 2];
   * util.swap(values, 0, 1);
   * values; // → [2, 1]
   */
  swap(object: Items, left: number, right: number): void {
    swapIn(items('swap', object), whole('util.swap', left, 0), whole('util.swap', right, 0));
  },
  /**
   * All values of nested arrays, one after the other, behind those of `result`.
   * @example util.flatten([[1, [2]], 3]); // → [1, 2, 3]
   */
  flatten(nested: unknown, result: unknown[] = [], skipTypedArray = false): unknown[] {
    const flat = result ?? [];
    if (!isArray(flat) || flat.length > MOST)
      throw fault('type', `util.flatten: expected an array, got ${describe(flat)}`);
    const around = new Set<unknown>();
    const visit = (part: unknown): void => {
      if (!isArray(part) && (skipTypedArray || !isTypedArray(part))) {
        flat.push(part);
        return;
      }
      if (isTypedArray(part)) checkAttached('util.flatten', part);
      if (around.has(part) || around.size > DEEPEST)
        throw fault('value', 'util.flatten: the arrays are nested too deeply, or contain themselves');
      around.add(part);
      if (flat.length + part.length > MOST) throw fault('memory', 'util.flatten: too many values');
      for (const inner of part as Iterable<unknown>) visit(inner);
      around.delete(part);
    };
    visit(nested);
    return flat;
  },
  /** How many values a shape holds. @example util.sizeFromShape([2, 3]); // → 6 */
  sizeFromShape: (shape: number[]): number => sizeOf(checkShape('util.sizeFromShape', shape)),
  /** Whether a shape has no axes. @example util.isScalarShape([]); // → true */
  isScalarShape: (shape: number[]): boolean => items('isScalarShape', shape).length === 0,
  /**
   * The shape with its −1 replaced by what makes it hold `size` values.
   * @example util.inferFromImplicitShape([2, -1], 6); // → [2, 3]
   */
  inferFromImplicitShape: (shape: number[], size: number): number[] =>
    inferShape('util.inferFromImplicitShape', shape, whole('util.inferFromImplicitShape: size', size, 0)),
  /** Axes counted from the front; all where none are given. @example util.parseAxisParam(-1, [2, 3]); // → [1] */
  parseAxisParam(axis: number | number[] | null | undefined, shape: number[]): number[] {
    const lengths = checkShape('util.parseAxisParam', shape);
    const given: unknown[] = isEmpty(axis) ? lengths.map((_, at) => at) : isArray(axis) ? axis : [axis];
    return Array.from(given, (one) => checkAxis('util.parseAxisParam', one, lengths.length));
  },
  /**
   * The shape without axes of length 1, these or all, and which axes are left.
   * @example util.squeezeShape([1, 2, 1]).newShape; // → [2]
   */
  squeezeShape(shape: number[], axis?: number[] | null): { newShape: number[]; keptDims: number[] } {
    const all = isEmpty(axis) || (isArray(axis) && axis.length === 0);
    const lengths = checkShape('util.squeezeShape', shape);
    const axes = members.parseAxisParam(all ? null : axis, lengths);
    const odd = all ? undefined : axes.find((at) => lengths[at] !== 1);
    if (odd !== undefined) throw fault('shape', `util.squeezeShape: axis ${odd} of [${lengths}] is not 1`);
    const keptDims = lengths.map((_, at) => at).filter((at) => lengths[at] !== 1 || !axes.includes(at));
    return { newShape: keptDims.map((at) => lengths[at]!), keptDims };
  },
  /**
   * How far apart neighbours lie along each axis but the last.
   * @example util.computeStrides([2, 3, 4]); // → [12, 4]
   */
  computeStrides: (shape: number[]): number[] =>
    stepsOf(checkShape('util.computeStrides', shape)).slice(0, -1),
  /** The place in a flat array of the value at these indices. @example util.locToIndex([1, 2], 2, [3, 1]); // → 5 */
  locToIndex(locs: number[], rank: number, strides: number[]): number {
    const [at, steps] = [numbers('locToIndex', locs), numbers('locToIndex', strides)];
    return rank === 0 ? 0 : at.reduce((sum, index, axis) => sum + index * (steps[axis] ?? 1), 0);
  },
  /** The indices of the value at a place in a flat array. @example util.indexToLoc(5, 2, [3, 1]); // → [1, 2] */
  indexToLoc(index: number, rank: number, strides: number[]): number[] {
    const steps = numbers('indexToLoc', strides);
    const count = checkShape(
      'util.indexToLoc',
      new Array(Math.min(7, whole('util.indexToLoc', rank, 0))).fill(1),
    ).length;
    let left = finite('util.indexToLoc', index);
    return Array.from({ length: count }, (_, axis) => {
      const step = axis === count - 1 ? 1 : (steps[axis] ?? 1);
      const at = Math.floor(left / step);
      left -= at * step;
      return at;
    });
  },
  /**
   * A width and a height that hold `size` values, nearly a square.
   * @example util.sizeToSquarishShape(10); // → [4, 3]
   */
  sizeToSquarishShape(size: number): [number, number] {
    const width = Math.ceil(Math.sqrt(whole('util.sizeToSquarishShape', size, 0)));
    return [width, width === 0 ? 0 : Math.ceil(size / width)];
  },
  /** The least divisor of `size` that is at least `start`. @example util.nearestDivisor(10, 4); // → 5 */
  nearestDivisor(size: number, start: number): number {
    const [whole_, least] = [whole('util.nearestDivisor', size, 1), whole('util.nearestDivisor', start, 1)];
    let best = whole_;
    for (let one = 1; one * one <= whole_; one++) {
      if (whole_ % one !== 0) continue;
      for (const divisor of [one, whole_ / one]) if (divisor >= least && divisor < best) best = divisor;
    }
    return best;
  },
  /** A number, or the nearer of two ends. @example util.clamp(0, 7, 5); // → 5 */
  clamp: (least: number, x: number, most: number): number =>
    Math.max(number('clamp', least), Math.min(number('clamp', x), number('clamp', most))),
  /** The number, or the next if it is odd. @example util.nearestLargerEven(3); // → 4 */
  nearestLargerEven: (value: number): number =>
    number('nearestLargerEven', value) % 2 === 0 ? value : value + 1,
  /** Whether a number is whole. @example util.isInt(1.5); // → false */
  isInt: (value: number): boolean => typeof value === 'number' && value % 1 === 0,
  /** The hyperbolic tangent of a number. @example util.tanh(0); // → 0 */
  tanh: (x: number): number => Math.tanh(finite('util.tanh', x)),
  /** The sum of a list. @example util.sum([1, 2, 3]); // → 6 */
  sum: (values: ArrayLike<number>): number => numbers('sum', values).reduce((sum, one) => sum + one, 0),
  /** The square of how far apart two points lie. @example util.distSquared([0, 0], [3, 4]); // → 25 */
  distSquared(a: ArrayLike<number>, b: ArrayLike<number>): number {
    const other = numbers('distSquared', b);
    return numbers('distSquared', a).reduce((sum, one, at) => sum + (one - other[at]!) ** 2, 0);
  },
  /**
   * A number from `low` up to but without `high`, as `setSeed` says if it was called.
   * @example util.randUniform(2, 2); // → 2
   */
  randUniform: (low: number, high: number): number =>
    finite('util.randUniform', low) + (finite('util.randUniform', high) - low) * (nextSeed() / 2 ** 32),
  /**
   * A typed array for so many values of a type.
   * @example util.getTypedArrayFromDType('int32', 2).constructor.name; // → 'Int32Array'
   */
  getTypedArrayFromDType: (dtype: DataType, size: number): Values =>
    zeros('getTypedArrayFromDType', size, dtype),
  /** An array for so many values of a type. @example util.getArrayFromDType('float32', 2).length; // → 2 */
  getArrayFromDType: (dtype: DataType, size: number): Values => zeros('getArrayFromDType', size, dtype),
  /** Zeros as a typed array. @example util.makeZerosTypedArray(2, 'float32'); // → [0, 0] */
  makeZerosTypedArray: (size: number, dtype?: DataType): Values => zeros('makeZerosTypedArray', size, dtype),
  /** Ones as a typed array. @example util.makeOnesTypedArray(2, 'float32'); // → [1, 1] */
  makeOnesTypedArray: (size: number, dtype?: DataType): Values =>
    zeros('makeOnesTypedArray', size, dtype).fill(1),
  /** Zeros in rows of a shape. @example util.makeZerosNestedTypedArray([1, 2], 'float32').length; // → 1 */
  makeZerosNestedTypedArray: (shape: number[], dtype?: DataType): unknown =>
    nest(zeros('makeZerosNestedTypedArray', members.sizeFromShape(shape), dtype), shape),
  /**
   * Flat values as nested arrays of a shape.
   * @example util.toNestedArray([2, 2], new Float32Array([1, 2, 3, 4])); // → [[1, 2], [3, 4]]
   */
  toNestedArray(shape: number[], values: ArrayLike<number>): unknown {
    const flat = items('toNestedArray', values);
    if (members.sizeFromShape(shape) === flat.length) return nest(flat as ArrayLike<number>, shape);
    throw fault('shape', `util.toNestedArray: ${flat.length} values do not fill shape [${shape}]`);
  },
  /**
   * The values of (nested) arrays as a typed array of a kind.
   * @example util.toTypedArray([1.5, 2], 'int32'); // → [1, 2]
   */
  toTypedArray: (values: unknown, dtype?: DataType): Values =>
    convert(
      'util.toTypedArray',
      numbers('toTypedArray', members.flatten(values)),
      checkType('util.toTypedArray', dtype ?? 'float32'),
    ),
  /** One value as a typed array. @example util.createScalarValue(3, 'float32'); // → [3] */
  createScalarValue: (value: number | boolean, dtype: DataType): Values =>
    members.toTypedArray([value], dtype),
  /** Refuses values that are not finite. @example util.checkConversionForErrors([1, 2], 'int32'); // → undefined */
  checkConversionForErrors(values: ArrayLike<number>, dtype: DataType): void {
    const odd = numbers('checkConversionForErrors', values).find((value) => !Number.isFinite(value));
    if (odd !== undefined)
      throw fault('value', `util.checkConversionForErrors: values of ${describe(dtype)} contain ${odd}`);
  },
  /** Whether a type of values has this name. @example util.isValidDtype('float64'); // → false */
  isValidDtype: (dtype: unknown): boolean => KINDS.includes(dtype),
  /**
   * Whether values of the old kind may not fit into the new one.
   * @example util.hasEncodingLoss('float32', 'int32'); // → true
   */
  hasEncodingLoss: (from: DataType, to: DataType): boolean => KINDS.indexOf(from) > KINDS.indexOf(to),
  /** How many bytes a value of a type takes. @example util.bytesPerElement('float32'); // → 4 */
  bytesPerElement: (dtype: DataType): number => (checkType('util.bytesPerElement', dtype) === 'bool' ? 1 : 4),
  /** The kind that a tensor of these values has. @example util.inferDtype([true]); // → 'bool' */
  inferDtype(values: unknown): DataType | 'string' {
    let first = values;
    for (let depth = 0; isArray(first) && depth < DEEPEST; depth++) first = first[0];
    if (isTypedArray(first)) return isA(first, Float32Array) ? 'float32' : 'int32';
    return typeof first === 'boolean' ? 'bool' : typeof first === 'string' ? 'string' : 'float32';
  },
  /** Whether a value is a text. @example util.isString('text'); // → true */
  isString: (value: unknown): boolean => typeof value === 'string' || isA(value, String),
  /** Whether a value is true or false. @example util.isBoolean(0); // → false */
  isBoolean: (value: unknown): boolean => typeof value === 'boolean',
  /** Whether a value is a number. @example util.isNumber(0); // → true */
  isNumber: (value: unknown): boolean => typeof value === 'number',
  /** Whether a value can be called. @example util.isFunction(() => 0); // → true */
  isFunction: (value: unknown): boolean => typeof value === 'function',
  /** Whether a value has a `then`. @example util.isPromise(Promise.resolve()); // → true */
  isPromise: (value: unknown): boolean => can(value, 'then'),
  /** A text with blanks up to a length. @example util.rightPad('ab', 4); // → 'ab  ' */
  rightPad: (value: string, size: number): string =>
    text('rightPad', value).padEnd(Math.min(2 ** 16, whole('util.rightPad', size, 0))),
  /** The bytes of a text. @example util.encodeString('ab'); // → [97, 98] */
  encodeString: (value: string): Uint8Array => new TextEncoder().encode(text('encodeString', value)),
  /**
   * How many bytes texts have, each of which is given as its bytes.
   * @example util.bytesFromStringArray([Uint8Array.of(97, 98)]); // → 2
   */
  bytesFromStringArray(texts: Uint8Array[] | null): number {
    if (isEmpty(texts)) return 0;
    return Array.from(items('bytesFromStringArray', texts), (one) =>
      items('bytesFromStringArray', one),
    ).reduce((sum, { length }) => sum + length, 0);
  },
  /**
   * Memory, or the values in an array, as an array of a kind.
   * @example util.convertBackendValuesAndArrayBuffer(Float32Array.of(1.5), 'int32'); // → Int32Array.of(1)
   */
  convertBackendValuesAndArrayBuffer(data: ArrayBuffer | Values, dtype: DataType): Values {
    const where = 'convertBackendValuesAndArrayBuffer';
    const kind = checkType(`util.${where}`, dtype);
    if (isTypedArray(data)) return convert(`util.${where}`, items(where, data) as ArrayLike<number>, kind);
    if (Object.prototype.toString.call(isRevoked(data) ? null : data) !== '[object ArrayBuffer]')
      throw fault('type', `util.${where}: expected an ArrayBuffer, got ${describe(data)}`);
    if (data.byteLength % 4 !== 0)
      throw fault('shape', `util.${where}: ${data.byteLength} bytes are no whole number of values`);
    const values = viewed(where, data, kind);
    return kind === 'bool' ? convert(`util.${where}`, values, 'bool') : values;
  },
  /** The text of bytes. @example util.decodeString(Uint8Array.of(97, 98)); // → 'ab' */
  decodeString(bytes: Uint8Array, encoding = 'utf-8'): string {
    if (!isTypedArray(bytes))
      throw fault('type', `util.decodeString: expected bytes, got ${describe(bytes)}`);
    checkAttached('util.decodeString', bytes);
    try {
      return new TextDecoder(text('decodeString', encoding)).decode(bytes);
    } catch {
      throw fault('value', `util.decodeString: unknown encoding ${describe(encoding)}`);
    }
  },
  /**
   * The global `fetch`.
   * @example
   * const answer = await util.fetch('data:text/plain,hello');
   * await answer.text(); // → 'hello'
   */
  async fetch(path: string, options?: RequestInit): Promise<Response> {
    if (options !== undefined && options !== null && !isObject(options))
      throw fault('type', `util.fetch: expected an object of options, got ${describe(options)}`);
    try {
      return await globalThis.fetch(text('fetch', path), options);
    } catch (thrown) {
      throw fault('value', `util.fetch: ${brief(textOf(thrown), 200)}`);
    }
  },
  /** Milliseconds since the program began. @example util.now() >= 0; // → true */
  now: (): number => performance.now(),
};

/**
 * Small functions of TensorFlow.js. One that is not here throws when it is called, and names the nearest.
 * @example util.isTypedArray(new Float32Array(1)); // → true
 */
export const util = /* @__PURE__ */ namespace('util', members);
