/** What callbacks are: told about training while it runs. */
import { checkFunction, describe, fault } from '../../engine/errors.js';
import { isArray, isObject } from '../../engine/look.js';
import type { Tensor } from '../../tensor/handle.js';
import type { Resumable } from '../run-state.js';

/** Means so far, by name: `loss`, `acc`, `val_loss`, `val_acc`; per batch also `batch` and `size`. */
export type Logs = Record<string, number>;

/** What callbacks see of a model. */
export interface Trained {
  stopTraining: boolean;
  readonly metricsNames: string[];
  getWeights(): Tensor[];
  setWeights(weights: Tensor[]): void;
  /** The optimizer's. */
  learningRate: number;
  /** The run that is under way, or where the last one ended. */
  run_?: Resumable | undefined;
  save(): Promise<{ json: string; weights: Uint8Array }>;
  /** In a place, where the whole package is loaded. */
  save(place: unknown): Promise<unknown>;
}

/** Called in this order; each may return a promise, which is awaited. */
export interface CallbackArgs {
  onTrainBegin?: (logs?: Logs) => unknown;
  onTrainEnd?: (logs?: Logs) => unknown;
  onEpochBegin?: (epoch: number, logs?: Logs) => unknown;
  onEpochEnd?: (epoch: number, logs: Logs) => unknown;
  onBatchBegin?: (batch: number, logs: Logs) => unknown;
  onBatchEnd?: (batch: number, logs: Logs) => unknown;
  /** Called each time that others have had their turn, about every 16 ms. */
  onYield?: (epoch: number, batch: number, logs: Logs) => unknown;
  /**
   * What it remembers of the run, for a checkpoint: numbers, texts, typed arrays, lists and objects of these. Asked for
   * at any moment of a run, and answered at once.
   */
  getState?: () => unknown;
  /** Goes on with what it remembered: called after `onTrainBegin` of a run that goes on where another was. */
  setState?: (state: unknown) => void;
}

export const HOOKS: readonly (keyof CallbackArgs)[] = [
  'onTrainBegin',
  'onTrainEnd',
  'onEpochBegin',
  'onEpochEnd',
  'onBatchBegin',
  'onBatchEnd',
  'onYield',
];

/** What a callback that is a plain object may have. */
export const CALLBACK_KEYS: readonly (keyof CallbackArgs)[] = [...HOOKS, 'getState', 'setState'];

/** Refuses hooks that are no functions. */
export function checkHooks(where: string, callback: CallbackArgs): void {
  for (const hook of CALLBACK_KEYS) {
    const value = callback[hook];
    if (value !== undefined && value !== null) checkFunction(`${where}: ${hook}`, value);
  }
}

/** The logs that a hook is given; whoever calls a hook may have forgotten them. */
export function checkLogs(where: string, logs: unknown): Logs {
  if (isObject(logs) && !isArray(logs)) return logs as Logs;
  throw fault('type', `${where}: expected logs by name, got ${describe(logs)}`);
}

/** A callback with a memory of its own; extend it for one. */
export class Callback implements CallbackArgs {
  /** The model that is trained: there from `setModel` on. */
  declare protected model: Trained;
  /** What the run is asked to do: `epochs`, `steps`, `samples` and so on. */
  params: Readonly<Record<string, unknown>> = {};
  /** Where a ready-made callback comes from: a trainer makes the same one in its worker. */
  _origin?: { name: string; args: readonly unknown[] };
  /** Called by `fit` before it begins. */
  setModel(model: Trained): void {
    this.model = model;
  }
  /** Called by `fit` before it begins, with what the run is asked to do. */
  setParams(params: Readonly<Record<string, unknown>>): void {
    this.params = params;
  }
  onTrainBegin(_logs?: Logs): void | Promise<void> {}
  onTrainEnd(_logs?: Logs): void | Promise<void> {}
  onEpochBegin(_epoch: number, _logs?: Logs): void | Promise<void> {}
  onEpochEnd(_epoch: number, _logs: Logs): void | Promise<void> {}
}
