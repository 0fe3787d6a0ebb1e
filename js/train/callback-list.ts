/** The callbacks of a run: everything that `fit` reports to. */
import { onlyKeys } from '../engine/errors.js';
import {
  Callback,
  type CallbackArgs,
  checkHooks,
  HOOKS,
  type Logs,
  type Trained,
} from './callbacks/callback.js';
import type { RunParams } from './history.js';

/** Everything `fit` reports to, in order. */
export class CallbackList {
  readonly #all: readonly CallbackArgs[];
  /** Whether anyone wants to be told of each batch, which then must run alone. */
  readonly perBatch: boolean;

  constructor(given: unknown, model: Trained) {
    const list = given === undefined || given === null ? [] : [given].flat();
    for (const callback of list) checkCallback(callback);
    this.#all = list as CallbackArgs[];
    this.perBatch = this.#all.some(({ onBatchBegin, onBatchEnd }) => onBatchBegin || onBatchEnd);
    for (const callback of this.#all) if (callback instanceof Callback) callback.setModel(model);
  }

  /** Tells callbacks that are objects of a class what the run is asked to do. */
  setParams(params: RunParams): void {
    for (const callback of this.#all) if (callback instanceof Callback) callback.setParams({ ...params });
  }
  async tell(hook: 'onTrainBegin' | 'onTrainEnd', logs?: Logs): Promise<void> {
    for (const callback of this.#all) await callback[hook]?.(logs);
  }
  async tellAt(
    hook: 'onEpochBegin' | 'onEpochEnd' | 'onBatchBegin' | 'onBatchEnd',
    at: number,
    logs: Logs,
  ): Promise<void> {
    for (const callback of this.#all) await callback[hook]?.(at, logs);
  }
  async tellYield(epoch: number, batch: number, logs: Logs): Promise<void> {
    for (const callback of this.#all) await callback.onYield?.(epoch, batch, logs);
  }
}

function checkCallback(callback: unknown): void {
  if (callback instanceof Callback) return;
  onlyKeys('fit: callbacks', callback, HOOKS);
  checkHooks('fit: callbacks', callback as CallbackArgs);
}
