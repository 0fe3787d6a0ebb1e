/**
 * What every file format writes down of a model, in Keras' form. `take-apart.ts` makes it of a model, and `put-together.ts` a
 * model of it; the formats turn this into bytes and back. None of them asks the model or the core itself.
 */
import { isArray, isObject } from '../engine/look.js';

/** A weight of a model, with its values in row-major order. */
export interface PortableWeight {
  /** Keras' path inside the model, such as `dense/kernel`. */
  name: string;
  shape: number[];
  values: Float32Array;
  trainable: boolean;
  /** Whether its layer changes it, as a moving mean, and no gradient does. */
  isState: boolean;
}

/** A class and its settings, with Keras' keys. */
export interface Written {
  class_name: string;
  config: Record<string, unknown>;
}

/** What a model is compiled with, in Keras' words; losses and metrics are names or {@link Written}, by output or not. */
export interface PortableTraining {
  optimizer: Written;
  loss: unknown;
  loss_weights?: unknown;
  metrics?: unknown;
  weighted_metrics?: unknown;
}

/** What an optimizer remembers. */
export interface Remembered {
  /** Steps taken. */
  steps: number;
  /** For each weight of the model an array for each slot; null where it remembers nothing. */
  values: (Float32Array[] | null)[];
}

/** The same with the names of its slots. */
export interface PortableOptimizer extends Remembered {
  /** What it remembers for each value of a weight, by Keras' names: `momentum` and `velocity` for Adam. */
  slots: string[];
}

export interface Portable {
  /** The model's class and configuration as Keras 3 writes them. */
  architecture: Written;
  /** In the order of `model.weights`. */
  weights: PortableWeight[];
  /** Where the model is compiled. */
  training?: PortableTraining;
  optimizer?: PortableOptimizer;
}

/** What is written besides architecture and weights. */
export interface WriteOptions {
  /** What the model is compiled with, and what its optimizer remembers. Default: true, where it is compiled. */
  includeOptimizer?: boolean;
}

/** Settings with each value changed. */
export const mapped = (settings: object, change: (value: unknown, key: string) => unknown) =>
  Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, change(value, key)]));

/** Losses and metrics stand by outputs, in lists, and no deeper than settings of their own. */
const DEEPEST = 8;

/**
 * What a model is judged by with each loss and metric changed: a single one, lists of them, or some by the names of outputs.
 * What is nested too deeply is handed to `change` as it is.
 */
export function judges(value: unknown, change: (judge: unknown) => unknown, depth = 0): unknown {
  if (depth > DEEPEST || !isObject(value)) return change(value);
  if (isArray(value)) return value.map((one: unknown) => judges(one, change, depth + 1));
  const { class_name, className = class_name } = value as { class_name?: unknown; className?: unknown };
  if (typeof className === 'string') return change(value);
  return mapped(value, (one) => judges(one, change, depth + 1));
}

/** Those of some settings that are kept. */
export const only = (settings: object, isKept: (value: unknown, key: string) => boolean) =>
  Object.fromEntries(Object.entries(settings).filter(([key, value]) => isKept(value, key)));

/** Those of some settings that say something. */
export const said = <T extends object>(settings: T): Partial<T> => only(settings, Boolean) as Partial<T>;

/** How long the rows of a weight are: the core keeps what it remembers in whole rows. */
export const rowOf = (shape: readonly number[]): number => shape.at(-1) ?? 1;
