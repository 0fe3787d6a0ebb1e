/** The methods of tensors as functions, for programs that prefer `add(a, b)` to `a.add(b)`. */
import { where as choose } from './compare.js';
import { checkAxis } from './shape.js';
import { asTensor, type Padding, type Tensor } from './tensor.js';
import type { DataType, TensorLike } from './values.js';

type Like = Tensor | TensorLike;
type Pair = number | [number, number];
type Axes = number | number[];

type Unary =
  | 'abs'
  | 'neg'
  | 'sign'
  | 'square'
  | 'sqrt'
  | 'exp'
  | 'log'
  | 'relu'
  | 'sigmoid'
  | 'tanh'
  | 'erf'
  | 'logicalNot';
const unary = (name: Unary) => (x: Like) => asTensor(name, x)[name]();

export const abs = unary('abs');
export const neg = unary('neg');
export const sign = unary('sign');
export const square = unary('square');
export const sqrt = unary('sqrt');
export const exp = unary('exp');
export const log = unary('log');
export const relu = unary('relu');
export const sigmoid = unary('sigmoid');
export const tanh = unary('tanh');
export const erf = unary('erf');
export const logicalNot = unary('logicalNot');

type Arithmetic = 'add' | 'sub' | 'mul' | 'div' | 'pow' | 'dot';
type Comparison =
  | 'equal'
  | 'notEqual'
  | 'greater'
  | 'greaterEqual'
  | 'less'
  | 'lessEqual'
  | 'logicalAnd'
  | 'logicalOr';
const binary = (name: Arithmetic | Comparison) => (a: Like, b: Like) => asTensor(name, a)[name](b);

export const add = binary('add');
export const sub = binary('sub');
export const mul = binary('mul');
export const div = binary('div');
export const pow = binary('pow');
export const dot = binary('dot');
export const equal = binary('equal');
export const notEqual = binary('notEqual');
export const greater = binary('greater');
export const greaterEqual = binary('greaterEqual');
export const less = binary('less');
export const lessEqual = binary('lessEqual');
export const logicalAnd = binary('logicalAnd');
export const logicalOr = binary('logicalOr');
export const where = (condition: Like, a: Like, b: Like): Tensor =>
  choose(asTensor('where', condition), asTensor('where', a), asTensor('where', b));

const reduced = (name: 'sum' | 'mean' | 'max' | 'min') => (x: Like, axis?: Axes, keepDims?: boolean) =>
  asTensor(name, x)[name](axis, keepDims);

export const sum = reduced('sum');
export const mean = reduced('mean');
export const max = reduced('max');
export const min = reduced('min');
export const argMax = (x: Like, axis?: number): Tensor => asTensor('argMax', x).argMax(axis);
export const argMin = (x: Like, axis?: number): Tensor => asTensor('argMin', x).argMin(axis);

export const matMul = (a: Like, b: Like, transposeA?: boolean, transposeB?: boolean): Tensor =>
  asTensor('matMul', a).matMul(b, transposeA, transposeB);
export const softmax = (x: Like, axis?: number): Tensor => asTensor('softmax', x).softmax(axis);
export const logSoftmax = (x: Like, axis?: number): Tensor => asTensor('logSoftmax', x).logSoftmax(axis);
export const clipByValue = (x: Like, low: number, high: number): Tensor =>
  asTensor('clipByValue', x).clipByValue(low, high);
export const cast = (x: Like, dtype: DataType): Tensor => asTensor('cast', x).cast(dtype);

export const reshape = (x: Like, shape: number[]): Tensor => asTensor('reshape', x).reshape(shape);
export const expandDims = (x: Like, axis?: number): Tensor => asTensor('expandDims', x).expandDims(axis);
export const squeeze = (x: Like, axes?: number[]): Tensor => asTensor('squeeze', x).squeeze(axes);
export const transpose = (x: Like, order?: number[]): Tensor => asTensor('transpose', x).transpose(order);
export const broadcastTo = (x: Like, shape: number[]): Tensor =>
  asTensor('broadcastTo', x).broadcastTo(shape);
export const slice = (x: Like, begin: Axes, size?: Axes): Tensor => asTensor('slice', x).slice(begin, size);
export const gather = (x: Like, indices: Tensor | number[], axis?: number): Tensor =>
  asTensor('gather', x).gather(indices, axis);
export const clone = (x: Like): Tensor => asTensor('clone', x);

/** Tensors joined along an axis. */
export function concat(parts: Like[], axis = 0): Tensor {
  if (!Array.isArray(parts) || parts.length === 0)
    throw new Error('concat: expected an array of at least one tensor');
  const [first, ...rest] = parts.map((part) => asTensor('concat', part));
  return first!.concat(rest, axis);
}

/** Tensors of one shape, joined along a new axis. */
export const stack = (parts: Like[], axis = 0): Tensor =>
  concat(
    parts.map((part) => asTensor('stack', part).expandDims(axis)),
    axis,
  );

/** The parts of a tensor along an axis, each without it. */
export function unstack(x: Like, axis = 0): Tensor[] {
  const from = asTensor('unstack', x);
  const at = checkAxis('unstack', axis, from.rank);
  return split(from, from.shape[at]!, at).map((part) => part.squeeze([at]));
}

/** The parts of a tensor along an axis: so many equal ones, or of these lengths. */
export function split(x: Like, lengths: number | number[], axis = 0): Tensor[] {
  const from = asTensor('split', x);
  const at = checkAxis('split', axis, from.rank);
  const total = from.shape[at]!;
  const parts = typeof lengths === 'number' ? new Array<number>(lengths).fill(total / lengths) : lengths;
  if (parts.reduce((sum, part) => sum + part, 0) !== total) {
    throw new Error(`split: parts of [${parts}] do not add up to ${total}`);
  }
  let begin = 0;
  return parts.map((length) => {
    const start = from.shape.map((_, axis) => (axis === at ? begin : 0));
    begin += length;
    return from.slice(
      start,
      from.shape.map((whole, axis) => (axis === at ? length : whole)),
    );
  });
}

export const conv2d = (
  x: Like,
  kernel: Tensor,
  strides?: Pair,
  padding?: Padding,
  format?: 'NHWC',
  dilations?: Pair,
): Tensor => asTensor('conv2d', x).conv2d(kernel, strides, padding, format, dilations);
export const maxPool = (x: Like, window: Pair, strides?: Pair, padding?: Padding): Tensor =>
  asTensor('maxPool', x).maxPool(window, strides, padding);
export const avgPool = (x: Like, window: Pair, strides?: Pair, padding?: Padding): Tensor =>
  asTensor('avgPool', x).avgPool(window, strides, padding);
