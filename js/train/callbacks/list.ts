/** Several callbacks as one, for programs that call them themselves. */
import { describe, fault } from '../../engine/errors.js';
import { isObject, listOf } from '../../engine/look.js';
import { Callback, type CallbackArgs, checkHooks, type Logs, type Trained } from './callback.js';

type Hook = keyof CallbackArgs;

/** Tells all of its callbacks, one after the other, and waits for each. */
export class CallbackList {
  readonly callbacks: CallbackArgs[] = [];

  constructor(callbacks: CallbackArgs | readonly CallbackArgs[] | null = []) {
    for (const callback of listOf(callbacks ?? [])) this.append(callback as CallbackArgs);
  }
  append(callback: CallbackArgs): void {
    if (!isObject(callback))
      throw fault('type', `CallbackList: expected a callback, got ${describe(callback)}`);
    checkHooks('CallbackList', callback);
    this.callbacks.push(callback);
  }
  setParams(params: Readonly<Record<string, unknown>>): void {
    for (const callback of this.callbacks) if (callback instanceof Callback) callback.setParams(params);
  }
  setModel(model: Trained): void {
    for (const callback of this.callbacks) if (callback instanceof Callback) callback.setModel(model);
  }
  async #tell(hook: Hook, ...given: unknown[]): Promise<void> {
    for (const callback of this.callbacks)
      await (callback[hook] as ((...given: unknown[]) => unknown) | undefined)?.apply(callback, given);
  }
  onTrainBegin(logs: Logs = {}): Promise<void> {
    return this.#tell('onTrainBegin', logs);
  }
  onTrainEnd(logs: Logs = {}): Promise<void> {
    return this.#tell('onTrainEnd', logs);
  }
  onEpochBegin(epoch: number, logs: Logs = {}): Promise<void> {
    return this.#tell('onEpochBegin', epoch, logs);
  }
  onEpochEnd(epoch: number, logs: Logs = {}): Promise<void> {
    return this.#tell('onEpochEnd', epoch, logs);
  }
  onBatchBegin(batch: number, logs: Logs = {}): Promise<void> {
    return this.#tell('onBatchBegin', batch, logs);
  }
  onBatchEnd(batch: number, logs: Logs = {}): Promise<void> {
    return this.#tell('onBatchEnd', batch, logs);
  }
}
