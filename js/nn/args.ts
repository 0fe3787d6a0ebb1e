/** What layers are given: settings and what they are called on. */
import { describe, fault, ownName } from '../engine/errors.js';
import { areAll, isA, isArray, isObject } from '../engine/look.js';
import { Tensor } from '../tensor/handle.js';
import { type Dims, SymbolicTensor } from './symbolic.js';
import type { PlainWeight } from './weights.js';

/** Settings that every layer takes. */
export interface LayerArgs {
  name?: string;
  /** Whether training changes its weights. Default: true. */
  trainable?: boolean;
  /** The shape of a sample, for a model's first layer; a number stands for one axis, as in TensorFlow.js. */
  inputShape?: Dims | number;
  /** The same with a batch axis in front: `null`, or the batch size, which stateful layers need. */
  batchInputShape?: Dims;
  /** The batch size, when `inputShape` is given: a model without stateful layers takes any all the same. */
  batchSize?: number;
  dtype?: string;
  /** The same under an older name. */
  inputDType?: string;
  /** What its weights begin with, in the order of `setWeights`. Default: what its initializers say. */
  weights?: readonly (Tensor | PlainWeight)[];
}

/** What a layer is called on, and what it gives. */
export type Value = Tensor | SymbolicTensor;

/** What a call takes besides tensors. */
export interface CallArgs {
  training?: boolean;
  /** Which steps of the inputs count: for each input a mask `[batch, time]`, or null. */
  mask?: Tensor | null | (Tensor | null)[];
  [name: string]: unknown;
}
/** What a call that says nothing more is given. */
export const NO_ARGS: CallArgs = Object.freeze({});

/** A kind of values: its name, or Keras' policy for it, `{ className: 'DTypePolicy', config: { name: 'float32' } }`. */
export function readDtype(where: string, dtype: unknown): 'float32' | 'int32' | undefined {
  if (dtype === undefined || dtype === null) return undefined;
  const { config } = (isObject(dtype) ? dtype : {}) as { config?: unknown };
  const name = (isObject(config) ? (config as { name?: unknown }).name : undefined) ?? dtype;
  if (name === 'float32' || name === 'int32') return name;
  throw fault('value', `${where}: dtype: expected float32 or int32, got ${describe(name)}`);
}

/** No shape of a setting is longer; which are too long for a layer, the core knows. */
export const MOST_LENGTHS = 64;

/** A length by itself stands for a shape of one axis, as TensorFlow.js takes it. */
export const asShape = <T>(shape: T): Exclude<T, number> | Dims =>
  Number.isSafeInteger(shape) ? [shape as number] : (shape as Exclude<T, number>);

/** The common settings as the core takes them. */
export function commonSettings(where: string, args: LayerArgs): Record<string, unknown> {
  const { name, trainable, batchInputShape, batchSize, dtype } = args;
  const inputShape = asShape(args.inputShape);
  readDtype(where, dtype);
  if (name !== undefined && name !== null) {
    if (typeof name !== 'string')
      throw fault('type', `${where}: name: expected a text, got ${describe(name)}`);
    ownName(name);
  }
  for (const [key, shape] of Object.entries({ inputShape, batchInputShape }))
    if (shape !== undefined && shape !== null && (!isArray(shape) || shape.length > MOST_LENGTHS))
      throw fault('type', `${where}: ${key}: expected a shape, got ${describe(shape)}`);
  const sample = inputShape ?? batchInputShape?.slice(1);
  const batch = batchInputShape?.[0] ?? batchSize ?? null;
  if (batch === null || !sample) return { name, trainable, inputShape: sample };
  return { name, trainable, batchInputShape: [batch, ...sample] };
}

export const isSymbol = (value: unknown): value is SymbolicTensor => isA(value, SymbolicTensor);

const isValue = (one: unknown): one is Value => isA(one, Tensor) || isSymbol(one);

/** What a layer is called on, one by one. A nested array of numbers is one tensor. */
export const asList = (inputs: Value | Value[]): Value[] =>
  isArray(inputs) && areAll(inputs, isValue) ? [...inputs] : [inputs as Value];

/** A list of one as that one. */
export const single = <T>(all: T[]): T | T[] => (all.length === 1 ? all[0]! : all);

/** No layer has more inputs; longer lists take long to look through. */
const MOST_INPUTS = 2 ** 16;

/** One shape or several, each with its batch axis, as a list. */
export function listOfDims(where: string, shape: unknown): Dims[] {
  const isLength = (value: unknown): value is number | null =>
    value === null || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0);
  const isDims = (value: unknown): value is Dims =>
    isArray(value) && value.length > 0 && value.length <= 6 && areAll(value, isLength);
  if (isDims(shape)) return [[...shape]];
  if (isArray(shape) && shape.length > 0 && shape.length <= MOST_INPUTS && areAll(shape, isDims))
    return Array.from(shape, (dims) => [...dims]);
  throw fault('type', `${where}: expected a shape such as [null, 3], got ${describe(shape)}`);
}

/** Whether batches of these shapes have samples of those. */
export function areSamples(batches: readonly { readonly shape: Dims }[], samples: readonly Dims[]): boolean {
  if (batches.length !== samples.length) return false;
  for (let at = 0; at < samples.length; at++) {
    const [{ shape }, sample] = [batches[at]!, samples[at]!];
    if (shape.length !== sample.length + 1) return false;
    for (let axis = 0; axis < sample.length; axis++) if (shape[axis + 1] !== sample[axis]) return false;
  }
  return true;
}
