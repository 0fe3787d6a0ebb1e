/** Elements of data sets: values, tensors and lists of numbers, in objects and lists. They become batches, and pairs. */
import { brief, describe, fault } from '../engine/errors.js';
import { isA, isArray, isObject, isRevoked } from '../engine/look.js';
import { tensorsIn } from '../grad/tidy.js';
import type { TensorContainer } from '../tensor/containers.js';
import { clone } from '../tensor/elementwise.js';
import { make, Tensor } from '../tensor/handle.js';
import { close, type Made, open } from '../tensor/scope.js';
import { sameShape, sizeOf } from '../tensor/shape.js';
import { room } from '../tensor/values.js';

/**
 * Tensors that a data set has made on its way: nobody but whoever takes the element has them, so they can be freed when
 * the element is used up. Tensors that come from a program's own arrays and generators are not among them.
 */
const passing = new WeakSet<Tensor>();

/** Frees what a data set has made for an element that is used up. */
export function usedUp(element: unknown): void {
  for (const tensor of tensorsIn(element)) if (passing.has(tensor)) tensor.dispose();
}

/** Notes that the tensors in an element are a program's own, wherever it has them from. */
export function own<T>(element: T): T {
  for (const tensor of tensorsIn(element)) passing.delete(tensor);
  return element;
}

/**
 * What `action` makes of an element. Tensors that it makes and does not return are freed, and those of the element that
 * do not live on in the result, if a data set has made them.
 */
export function transformed<O>(element: unknown, action: () => O): O {
  const scope = open('tidy');
  let kept: ReadonlySet<Made> = new Set();
  try {
    const result = action();
    // What an async function has made is still needed by what it does later.
    if (isA(result, Promise)) {
      kept = new Set(scope.made);
      return result;
    }
    const returned = tensorsIn(result);
    for (const tensor of scope.made) if (returned.has(tensor as Tensor)) passing.add(tensor as Tensor);
    for (const tensor of tensorsIn(element))
      if (passing.has(tensor) && !returned.has(tensor)) tensor.dispose();
    kept = returned;
    return result;
  } finally {
    close(scope, kept);
  }
}

/** Objects and lists within one another, at most, and how many of them in a list. */
const [DEEPEST, MOST] = [64, 2 ** 24];

/** An object of parts by name: not a tensor, a list or an array of numbers. */
const isRecord = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && !isA(value, Tensor) && !isArray(value) && !ArrayBuffer.isView(value);

/** One batch of elements that are alike: a tensor for each part, with an axis more in front. */
export function batchOf(rows: readonly unknown[], where = 'batch', depth = 0): TensorContainer {
  const first = rows[0];
  if (!isRecord(first)) return stacked(where, rows);
  if (depth > DEEPEST) throw fault('value', `${where}: elements are nested too deeply`);
  const keys = Object.keys(first);
  const parts = keys.map((key): [string, TensorContainer] => {
    const part = rows.map((row) => {
      if (!isRecord(row) || !(key in row))
        throw fault(
          'value',
          `${where}: elements differ: one has ${describe(key)}, another is ${describe(row)} without it`,
        );
      return row[key];
    });
    return [key, batchOf(part, depth < 3 ? `${where}: ${brief(key)}` : where, depth + 1)];
  });
  return Object.fromEntries(parts);
}

function stacked(where: string, rows: readonly unknown[]): TensorContainer {
  const first = rows[0];
  // Text has no numbers: a list of it stays what it is, for a later `map`.
  if (rows.some((row) => typeof row === 'string')) return [...rows] as TensorContainer;
  if (isA(first, Tensor)) return passingOn(stackedTensors(where, rows));
  // What is missing, an empty cell of a table say, is no number.
  const isMissing = (row: unknown): boolean => row === undefined || row === null;
  const given = rows.some(isMissing) ? rows.map((row) => (isMissing(row) ? Number.NaN : row)) : rows;
  return passingOn(make(where, given));
}

const passingOn = (tensor: Tensor): Tensor => {
  passing.add(tensor);
  return tensor;
};

function stackedTensors(where: string, rows: readonly unknown[]): Tensor {
  const { shape, dtype } = (rows[0] as Tensor).raw();
  const size = sizeOf(shape);
  const values = room(where, size * rows.length, dtype);
  rows.forEach((row, at) => {
    const one = isA(row, Tensor) ? row.raw() : make(where, row, null, dtype);
    if (!sameShape(one.shape, shape))
      throw fault(
        'shape',
        `${where}: elements of different shapes, [${shape}] and [${one.shape}], make no batch`,
      );
    values.set(one.values, at * size);
    if (passing.has(one)) one.dispose();
  });
  return new Tensor(values, [rows.length, ...shape], dtype);
}

/** A copy of an element whose tensors have a life of their own, so that a program's own are never freed. */
export function copied(element: unknown, depth = 0): unknown {
  if (isRevoked(element)) throw fault('type', 'data: an element is a proxy that was revoked');
  if (isA(element, Tensor)) return passingOn(clone(element));
  if (depth > DEEPEST)
    throw fault('value', 'data.array: elements are nested too deeply, or contain themselves');
  const copy = (part: unknown): unknown => copied(part, depth + 1);
  // A list that says that it is longer than memory holds is gone through by whoever refuses it.
  if (isArray(element))
    return element.length < MOST && element.some((one) => typeof one === 'object')
      ? element.map(copy)
      : element;
  if (!isRecord(element) || Object.getPrototypeOf(element) !== Object.prototype) return element;
  return Object.fromEntries(Object.entries(element).map(([key, part]) => [key, copy(part)]));
}
