/** Tensors joined along an axis, cut apart, and repeated. */

import { describe, fault, whole } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import { contained } from './contained.js';
import type { Like } from './elementwise.js';
import { asTensor, asTensors, Tensor, valuesOf } from './handle.js';
import { joined } from './moves.js';
import { complexOf, isComplex, pairsOf } from './pairs.js';
import { box, expanded, movesInCore, shaped } from './rearrange.js';
import { Op, run } from './run.js';
import { checkAxis, checkShape, sameShape, sizeOf } from './shape.js';
import type { DataType } from './values.js';

const CONCAT = /* @__PURE__ */ new Op('general', 'concat');

/**
 * Tensors joined along an axis.
 * @example
 * concat([[[1, 2]], [[3, 4]]], 0); // → [[1, 2], [3, 4]]
 * concat([[[1, 2]], [[3, 4]]], 1); // → [[1, 2, 3, 4]]
 */
export function concat<T extends Tensor>(parts: Like[], axis = 0): T {
  return joinedTensors('concat', asTensors('concat', parts), axis) as T;
}
export function joinedTensors(where: string, parts: Tensor[], axis: number): Tensor {
  const first = parts[0]!;
  if (first.rank === 0)
    throw fault('shape', `${where}: single values have no axis to be joined along; use stack`);
  const at = checkAxis(where, axis, first.rank);
  for (const { shape } of parts) {
    const fits =
      shape.length === first.rank &&
      shape.every((length, axis) => axis === at || length === first.shape[axis]);
    if (!fits) throw fault('shape', `${where}: [${first.shape}] and [${shape}] differ outside axis ${at}`);
  }
  const shape = [...first.shape];
  shape[at] = parts.reduce((sum, part) => sum + part.shape[at]!, 0);
  checkShape(where, shape);
  if (parts.some(isComplex)) {
    const odd = parts.find((part) => !isComplex(part));
    if (odd) throw fault('type', `${where}: complex64 and ${odd.dtype} cannot be joined`);
    const pairs = parts.map((part) => pairsOf(where, part));
    return complexOf(joinedTensors(where, pairs, at));
  }
  const dtype = parts.reduce<DataType>((kind, part) => commonType(kind, part.dtype), first.dtype);
  if (dtype === 'float32' && parts.some((part) => part.dtype !== dtype || movesInCore(part))) {
    return run(CONCAT, parts, [at], where);
  }
  const runs = parts.map((part) => sizeOf(part.shape.slice(at)));
  const values = parts.map((part) => valuesOf(where, part));
  // Masks beside whole numbers become whole numbers.
  if (dtype === 'int32' && !(values[0] instanceof Int32Array)) values[0] = Int32Array.from(values[0]!);
  return new Tensor(joined(where, values, runs, sizeOf(shape.slice(0, at))), shape, dtype);
}

/** The kind that holds values of both. */
const commonType = (a: DataType, b: DataType): DataType =>
  a === b ? a : a === 'float32' || b === 'float32' ? 'float32' : 'int32';

/** Tensors of one shape, joined along a new axis. @example stack([[1, 2], [3, 4]], 1); // → [[1, 3], [2, 4]] */
export function stack<T extends Tensor>(parts: Like[], axis = 0): T {
  return contained(() => {
    const tensors = asTensors('stack', parts);
    const odd = tensors.find(({ shape }) => !sameShape(shape, tensors[0]!.shape));
    if (odd) throw fault('shape', `stack: [${tensors[0]!.shape}] and [${odd.shape}] differ`);
    const at = checkAxis('stack', axis, tensors[0]!.rank + 1);
    return joinedTensors(
      'stack',
      tensors.map((one) => expanded('stack', one, at)),
      at,
    );
  }) as T;
}

/** The parts of a tensor along an axis, each without it. @example unstack([[1, 2], [3, 4]])[1]; // → [3, 4] */
export function unstack(x: Like, axis = 0): Tensor[] {
  return contained(() => {
    const from = asTensor('unstack', x);
    const at = checkAxis('unstack', axis, from.rank);
    const parts = cut('unstack', from, new Array<number>(from.shape[at]!).fill(1), at);
    return parts.map((part) =>
      shaped(
        'unstack',
        part,
        part.shape.filter((_, axis) => axis !== at),
      ),
    );
  });
}

/** No tensor is cut into more parts: without values it could be cut into any number. */
const MOST_PARTS = 2 ** 24;

/**
 * The parts of a tensor along an axis: so many equal ones, or of these lengths.
 * @example split([1, 2, 3, 4], 2)[1]; // → [3, 4]
 */
export function split<T extends Tensor>(x: Like, parts: number | number[], axis = 0): T[] {
  const from = asTensor('split', x);
  const at = checkAxis('split', axis, from.rank);
  const total = from.shape[at]!;
  if (!isArray(parts)) {
    const count = whole('split: parts', parts, 1);
    if (total % count !== 0 || count > MOST_PARTS)
      throw fault('shape', `split: ${total} values cannot be split into ${count} equal parts`);
    return cut('split', from, new Array<number>(count).fill(total / count), at) as T[];
  }
  const given = Array.from(parts, (length) => (length === -1 ? -1 : whole('split: length', length, 0)));
  const open = given.indexOf(-1);
  const known = given.filter((_, index) => index !== open);
  if (known.includes(-1)) throw fault('value', 'split: at most one length may be -1');
  const rest = total - known.reduce((sum, length) => sum + length, 0);
  if (open < 0 ? rest !== 0 : rest < 0)
    throw fault('shape', `split: parts of ${describe(parts)} do not add up to ${total}`);
  const lengths = open < 0 ? known : [...known.slice(0, open), rest, ...known.slice(open)];
  return cut('split', from, lengths, at) as T[];
}

function cut(where: string, from: Tensor, lengths: number[], axis: number): Tensor[] {
  let begin = 0;
  return lengths.map((length) => {
    const starts = from.shape.map((_, at) => (at === axis ? begin : 0));
    begin += length;
    return box(
      where,
      from,
      starts,
      from.shape.map((whole, at) => (at === axis ? length : whole)),
    );
  });
}

/** The values repeated along each axis. @example tile([1, 2], [2]); // → [1, 2, 1, 2] */
export function tile<T extends Tensor>(x: Like, reps: number[]): T {
  return contained(() => {
    const from = asTensor('tile', x);
    if (!isArray(reps) || reps.length !== from.rank)
      throw fault('shape', `tile: expected ${from.rank} numbers of repetitions, got ${describe(reps)}`);
    const times = reps.map((count) => whole('tile: repetitions', count, 0));
    checkShape(
      'tile',
      from.shape.map((length, axis) => length * times[axis]!),
    );
    return times.reduce(
      (tiled, count, axis) => {
        if (count === 1) return tiled;
        if (count === 0)
          return box(
            'tile',
            tiled,
            from.shape.map(() => 0),
            tiled.shape.map((length, at) => (at === axis ? 0 : length)),
          );
        return joinedTensors('tile', new Array<Tensor>(count).fill(tiled), axis);
      },
      shaped('tile', from, from.shape),
    );
  }) as T;
}
