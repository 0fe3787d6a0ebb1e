/** What becomes of kinds and shapes of two tensors together: functions of TensorFlow.js' insides that programs call. */

import { describe, fault } from './engine/errors.js';
import { isA, isArray } from './engine/look.js';
import { namespace } from './engine/namespace.js';
import { tensorsIn } from './grad/tidy.js';
import { castFor } from './tensor/elementwise.js';
import { asTensor, Tensor } from './tensor/handle.js';
import { broadcastShapes, checkShape } from './tensor/shape.js';
import type { DataType } from './tensor/values.js';

/** The kinds in the order in which each holds the values of those before it. */
const ORDER: readonly string[] = ['bool', 'int32', 'float32', 'complex64'];

function wider(where: string, ...kinds: unknown[]): DataType {
  const places = kinds.map((kind) => {
    const place = typeof kind === 'string' ? ORDER.indexOf(kind) : -1;
    if (place < 0) throw fault('type', `${where}: unknown dtype ${describe(kind)}`);
    return place;
  });
  return ORDER[Math.max(...places)] as DataType;
}

/** The kind that holds values of both. @example upcastType('int32', 'float32'); // → 'float32' */
export const upcastType = (a: DataType, b: DataType): DataType => wider('upcastType', a, b);
/** The kind of a sum of values of a kind. @example sumOutType('bool'); // → 'int32' */
export const sumOutType = (dtype: DataType): DataType => wider('sumOutType', dtype, 'int32');

/** Lengths of a shape, outermost first, beside those of a larger one that end with them. */
function beside(
  where: string,
  inner: number[],
  outer: number[],
): { from: number[]; to: number[]; added: number } {
  const [from, to] = [checkShape(where, inner), checkShape(where, outer)];
  return { from, to, added: to.length - from.length };
}

export const broadcast_util = /* @__PURE__ */ namespace('broadcast_util', {
  /**
   * The shape of both together.
   * @example broadcast_util.assertAndGetBroadcastShape([2, 1], [3]); // → [2, 3]
   */
  assertAndGetBroadcastShape: (a: number[], b: number[]): number[] => {
    const where = 'broadcast_util.assertAndGetBroadcastShape';
    return broadcastShapes(where, checkShape(where, a), checkShape(where, b));
  },
  /**
   * The axes of `inner`, of length 1, along which it is repeated to be `outer`.
   * @example broadcast_util.getBroadcastDims([2, 1], [2, 3]); // → [1]
   */
  getBroadcastDims(inner: number[], outer: number[]): number[] {
    const { from, to, added } = beside('broadcast_util.getBroadcastDims', inner, outer);
    return from.flatMap((length, axis) => (length === 1 && (to[axis + added] ?? 1) > 1 ? [axis] : []));
  },
  /**
   * The axes of `outer` over which a gradient is summed to be that of `inner`.
   * @example broadcast_util.getReductionAxes([1, 3], [2, 3]); // → [0]
   */
  getReductionAxes(inner: number[], outer: number[]): number[] {
    const { from, to, added } = beside('broadcast_util.getReductionAxes', inner, outer);
    return to.flatMap((length, axis) => {
      const own = from[axis - added];
      return own === undefined || (own === 1 && length > 1) ? [axis] : [];
    });
  },
});

export const tensor_util = /* @__PURE__ */ namespace('tensor_util', {
  /**
   * Both as the kind that holds values of both.
   * @example tensor_util.makeTypesMatch(tensor([1], [1], 'int32'), tensor([1.5]))[0].dtype; // → 'float32'
   */
  makeTypesMatch(a: Tensor, b: Tensor): [Tensor, Tensor] {
    const where = 'tensor_util.makeTypesMatch';
    const [one, other] = [asTensor(where, a), asTensor(where, b)];
    const kind = upcastType(one.dtype, other.dtype);
    const match = (x: Tensor): Tensor => (x.dtype === kind ? x : castFor(where, x, kind));
    return [match(one), match(other)];
  },
  /**
   * Refuses two tensors of different types.
   * @example tensor_util.assertTypesMatch(tensor([1]), tensor([2])); // → undefined
   */
  assertTypesMatch(a: Tensor, b: Tensor): void {
    const where = 'tensor_util.assertTypesMatch';
    const [one, other] = [asTensor(where, a), asTensor(where, b)];
    if (one.dtype !== other.dtype)
      throw fault('type', `${where}: ${one.dtype} and ${other.dtype} are two kinds`);
  },
  /**
   * Whether this very tensor is in a list.
   * @example
   * const x = tensor([1]);
   * tensor_util.isTensorInList(x, [tensor([1]), x]); // → true
   */
  isTensorInList: (tensor: Tensor, list: Tensor[]): boolean =>
    isArray(list) && Object.values(list).some((one) => isA(one, Tensor) && one.id === tensor?.id),
  /**
   * All tensors in a value, however nested.
   * @example tensor_util.getTensorsInContainer({ a: tensor([1]), b: [tensor([2])] }).length; // → 2
   */
  getTensorsInContainer: (container: unknown): Tensor[] => [...tensorsIn(container)],
});
