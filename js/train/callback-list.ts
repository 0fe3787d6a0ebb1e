/** The callbacks of a run: everything that `fit` reports to. */
import { onlyKeys } from '../engine/errors.js';
import { isA, listOf } from '../engine/look.js';
import {
  Callback,
  type CallbackArgs,
  checkHooks,
  HOOKS,
  type Logs,
  type Trained,
} from './callbacks/callback.js';
import { Control } from './control.js';
import type { RunParams } from './history.js';

/** Everything `fit` reports to, in order. */
export class CallbackList {
  readonly #all: readonly CallbackArgs[];
  /** What steers the run: who is stopped waits for nobody. */
  #control = new Control();
  /** Whether anyone wants to be told of each batch, which then must run alone. */
  readonly perBatch: boolean;

  constructor(given: unknown, model: Trained) {
    const list = given === undefined || given === null ? [] : listOf(given);
    for (const callback of list) checkCallback(callback);
    this.#all = list as CallbackArgs[];
    this.perBatch = this.#all.some(({ onBatchBegin, onBatchEnd }) => onBatchBegin || onBatchEnd);
    for (const callback of this.#all) if (isA(callback, Callback)) callback.setModel(model);
  }

  /** Belongs to the run that is steered by `control`. */
  steeredBy(control: Control): void {
    this.#control = control;
  }
  /** Tells callbacks that are objects of a class what the run is asked to do. */
  setParams(params: RunParams): void {
    for (const callback of this.#all) if (isA(callback, Callback)) callback.setParams({ ...params });
  }
  async tell(hook: 'onTrainBegin' | 'onTrainEnd', logs?: Logs): Promise<void> {
    for (const callback of this.#all) await this.#control.within(callback[hook]?.(logs));
  }
  async tellAt(
    hook: 'onEpochBegin' | 'onEpochEnd' | 'onBatchBegin' | 'onBatchEnd',
    at: number,
    logs: Logs,
  ): Promise<void> {
    for (const callback of this.#all) await this.#control.within(callback[hook]?.(at, logs));
  }
  async tellYield(epoch: number, batch: number, logs: Logs): Promise<void> {
    for (const callback of this.#all) await this.#control.within(callback.onYield?.(epoch, batch, logs));
  }
}

function checkCallback(callback: unknown): void {
  if (isA(callback, Callback)) return;
  onlyKeys('fit: callbacks', callback, HOOKS);
  checkHooks('fit: callbacks', callback as CallbackArgs);
}
