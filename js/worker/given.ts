/** What a trainer is given, checked, in the form that crosses to its worker. */
import { describe, fault, flag, onlyKeys } from '../engine/errors.js';
import { isArray, isObject } from '../engine/look.js';
import type { PlainWeight } from '../nn/weights.js';
import { checkShape } from '../tensor/shape.js';
import { checkAttached } from '../tensor/values.js';
import type { Plain, PlainData, PlainSet } from './protocol.js';
import { isPlain, moved, toPlainData } from './wire.js';

/** How data cross: as copies, or moved. */
export function crossing(where: string, transfer: unknown): <T>(data: T) => T {
  return flag(`${where}: transfer`, transfer) ? moved : (data) => data;
}

/** Samples, what a model should answer for them, and how much each counts. */
export function plainSet(where: string, given: unknown): PlainSet {
  if (!isArray(given))
    throw fault('type', `${where}: expected [x, y] or [x, y, sampleWeight], got ${describe(given)}`);
  const [x, ...rest] = given as unknown[];
  const [y, sampleWeight] = ['y', 'sampleWeight'].map((name, at) => {
    const part = rest[at];
    return part === undefined || part === null ? undefined : toPlainData(`${where}: ${name}`, part);
  });
  const set = { x: toPlainData(`${where}: x`, x), y, sampleWeight };
  // What does not belong together is told now, and not when a run begins.
  const [count] = countsOf(set.x);
  for (const [name, part] of Object.entries(set)) {
    const odd = countsOf(part).find((one) => one !== count);
    if (odd !== undefined) throw fault('shape', `${where}: x has ${count} samples, ${name} has ${odd}`);
  }
  return set;
}

/** How many samples there are of each part. */
const countsOf = (data: PlainData | undefined): (number | undefined)[] =>
  (data === undefined ? [] : isPlain(data) ? [data] : Object.values<Plain>(data)).map(
    ({ shape }) => shape[0],
  );

/** Weights as they cross: of tensors what they hold. */
export function plainWeights(given: unknown): PlainWeight[] {
  const expected = 'expected an array of { shape, values }';
  if (!isArray(given)) throw fault('type', `setWeights: ${expected}, got ${describe(given)}`);
  return (given as unknown[]).map((weight) => {
    const { shape, values } = (isObject(weight) ? weight : {}) as Partial<PlainWeight>;
    const isList = isArray(values) || ArrayBuffer.isView(values);
    if (ArrayBuffer.isView(values)) checkAttached('setWeights', values);
    if (!isArray(shape) || !isList) throw fault('type', `setWeights: ${expected}, got ${describe(weight)}`);
    return { shape: checkShape('setWeights', shape), values };
  });
}

export function checkSignal(where: string, signal: unknown): AbortSignal | undefined {
  if (signal === undefined || signal === null) return undefined;
  if (typeof (signal as AbortSignal).addEventListener === 'function') return signal as AbortSignal;
  throw fault('type', `${where}: signal: expected an AbortSignal, got ${describe(signal)}`);
}

/** The signal among the options of a request, which has no others. */
export function signalFrom(where: string, options: unknown): AbortSignal | undefined {
  if (options === undefined || options === null) return undefined;
  onlyKeys(where, options, ['signal']);
  return checkSignal(where, (options as { signal?: unknown }).signal);
}
