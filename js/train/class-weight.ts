/** `classWeight`: how much samples count, or their steps, by the class that the targets say. */

import { describe, fault } from '../engine/errors.js';
import { isA, isArray, isObject } from '../engine/look.js';
import { asTensor, Tensor } from '../tensor/handle.js';
import { type Shape, sizeOf } from '../tensor/shape.js';
import { type Ends, parts } from './samples.js';

/** How much each class counts, by its number; a class that is not named counts 1. */
export type ClassWeight = { [classNumber: number]: number } | ReadonlyMap<number, number>;

/** The weights by classes, checked. */
function readTable(where: string, given: unknown): Map<number, number> {
  const isTable = isObject(given) && !ArrayBuffer.isView(given);
  if (!isTable || isA(given, Set) || isA(given, Tensor))
    throw fault('type', `${where}: expected { class: weight }, got ${describe(given)}`);
  const pairs: [unknown, unknown][] = isA(given, Map) ? [...given] : Object.entries(given);
  const entries = pairs.map(([key, weight]): [number, number] => {
    const number = typeof key === 'string' ? Number(key) : (key as number);
    if (!Number.isSafeInteger(number) || number < 0)
      throw fault('value', `${where}: expected the number of a class, got ${describe(key)}`);
    if (typeof weight !== 'number' || !Number.isFinite(weight))
      throw fault('value', `${where}: class ${number}: expected a finite number, got ${describe(weight)}`);
    return [number, weight];
  });
  return new Map(entries);
}

/** Weights of the only output: TensorFlow.js takes them in a list of outputs, or by the output's name, too. */
function ofOutput(given: unknown, names: readonly string[]): unknown {
  if (names.length !== 1) return given;
  if (isArray(given) && given.length === 1) return given[0];
  if (!isObject(given) || isA(given, Map)) return given;
  const own = (given as Record<string, unknown>)[names[0]!];
  return isObject(own) ? own : given;
}

/** The classes that targets say, for each sample or for each of its steps. */
function classesOf(
  target: Tensor,
  output: readonly (number | null)[] | undefined,
): { classes: number[]; shape: Shape } {
  const { shape, values } = target;
  const last = shape.at(-1) ?? 1;
  // Targets without an axis for classes are the numbers of classes themselves.
  const isNumbers = shape.length === 1 || (output !== undefined && shape.length === output.length);
  if (isNumbers) return { classes: Array.from(values, Math.round), shape: [...shape] };
  const places = shape.slice(0, -1);
  const classes = Array.from({ length: sizeOf(places) }, (_, at) => {
    if (last === 1) return Math.round(values[at]!);
    let best = 0;
    for (let place = 1; place < last; place++)
      if (values[at * last + place]! > values[at * last + best]!) best = place;
    return best;
  });
  return { classes, shape: places };
}

/** What says how many of the samples are there to train on. */
export interface Shares {
  validationSplit?: number;
  validationData?: unknown;
}

/**
 * How much samples count, or their steps, by `classWeight` and `sampleWeight` together. Where a share of the samples is
 * kept for validation, classes do not count there, as in Keras.
 */
export function withClassWeight(
  where: string,
  ends: Ends,
  y: unknown,
  classWeight: unknown,
  sampleWeight: unknown,
  { validationSplit = 0, validationData }: Shares = {},
): unknown {
  if (classWeight === undefined || classWeight === null) return sampleWeight;
  const title = `${where}: classWeight`;
  const table = readTable(title, ofOutput(classWeight, ends.outputNames));
  if (ends.outputNames.length > 1)
    throw fault('value', `${title}: it is for models with one output; there are ${ends.outputNames.length}`);
  const target = asTensor(`${where}: y`, parts(`${where}: y`, y, ends.outputNames)[0]);
  const { classes, shape } = classesOf(target, ends.outputDims?.[0]);
  if (shape.length > 2)
    throw fault('shape', `${title}: expected targets of samples or of their steps, got [${target.shape}]`);
  const inner = shape[1] ?? 1;
  const kept = validationData === undefined || validationData === null ? validationSplit : 0;
  const train = kept > 0 ? trainedOn(shape[0] ?? 0, kept) : Number.POSITIVE_INFINITY;
  const weights = Float32Array.from(classes, (one, at) =>
    Math.floor(at / inner) < train ? (table.get(one) ?? 1) : 1,
  );
  const own = new Tensor(weights, shape, 'float32');
  if (sampleWeight === undefined || sampleWeight === null) return own;
  const given = asTensor(`${where}: sampleWeight`, sampleWeight);
  if (given.shape[0] !== shape[0])
    throw fault('shape', `${where}: sampleWeight: expected [${shape[0]}], got [${given.shape}]`);
  return together(`${where}: sampleWeight`, given, own);
}

/** The product of two sets of weights, of which either may be for samples or for their steps. */
function together(where: string, a: Tensor, b: Tensor): Tensor {
  const samples = a.shape[0]!;
  const [x, y] = [a.size / samples, b.size / samples];
  if (Math.max(a.rank, b.rank) > 2 || (x !== y && x !== 1 && y !== 1))
    throw fault('shape', `${where}: [${a.shape}] does not go with classes [${b.shape}]`);
  const steps = Math.max(x, y);
  const at = ({ values }: Tensor, own: number, place: number): number =>
    values[own === 1 ? Math.floor(place / steps) : place]!;
  const products = Float32Array.from(
    { length: samples * steps },
    (_, place) => at(a, x, place) * at(b, y, place),
  );
  return new Tensor(products, a.rank === 2 || b.rank === 2 ? [samples, steps] : [samples], 'float32');
}

/** How many samples a share for validation leaves to train on, as Keras rounds it. */
const trainedOn = (samples: number, validationSplit: number): number =>
  Math.floor(samples * (1 - validationSplit));
