/** The callbacks of a run: everything that `fit` reports to. */
import { checkFunction, describe, fault, onlyKeys } from '../engine/errors.js';
import { isA, isArray, isObject, listOf } from '../engine/look.js';
import {
  CALLBACK_KEYS,
  Callback,
  type CallbackArgs,
  checkHooks,
  type HOOKS,
  type Logs,
  type Trained,
} from './callbacks/callback.js';
import { Control } from './control.js';
import type { RunParams } from './history.js';
import type { Telling } from './run-state.js';

/** Everything `fit` reports to, in order. */
export class CallbackList {
  readonly #all: readonly CallbackArgs[];
  /** A run that goes on in the middle of telling puts back what it was: those that were told are not told again. */
  telling: Telling | undefined;
  /** What steers the run: who is stopped waits for nobody. */
  #control = new Control();
  /** Whether anyone wants to be told of each batch, which then must run alone. */
  readonly perBatch: boolean;

  constructor(where: string, given: unknown, model: Trained) {
    const list = given === undefined || given === null ? [] : listOf(given);
    for (const callback of list) checkCallback(`${where}: callbacks`, callback);
    // Whoever changes the list later does not change the run.
    this.#all = [...list] as CallbackArgs[];
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
  /** A callback may have got other hooks since the run began. */
  async #tellOne(callback: CallbackArgs, hook: (typeof HOOKS)[number], ...told: unknown[]): Promise<void> {
    const action: unknown = callback[hook];
    if (action === undefined || action === null) return;
    checkFunction(`callbacks: ${hook}`, action);
    await this.#control.within(Reflect.apply(action, callback, told));
  }
  async tell(hook: 'onTrainBegin' | 'onTrainEnd', logs?: Logs): Promise<void> {
    for (const callback of this.#all) await this.#tellOne(callback, hook, logs);
  }
  async tellAt(hook: Telling['hook'], at: number, logs: Logs): Promise<void> {
    const { telling: before } = this;
    const next = before?.hook === hook && before.at === at ? before.next : 0;
    const telling = { hook, at, logs, next, of: this.#all.length };
    this.telling = telling;
    while (telling.next < telling.of) await this.#tellOne(this.#all[telling.next++]!, hook, at, logs);
  }
  /** What each callback remembers of the run; null for those that say nothing of it. */
  states(): unknown[] {
    return this.#all.map((callback) => callback.getState?.() ?? null);
  }
  /** Lets the callbacks go on with what they remembered. */
  setStates(states: readonly unknown[]): void {
    this.#all.forEach((callback, at) => {
      if ((states[at] ?? null) !== null) callback.setState?.(states[at]);
    });
  }
  /** Which callbacks can go on with what they remembered. */
  get remembering(): boolean[] {
    return this.#all.map(({ setState }) => setState !== undefined);
  }
  async tellYield(epoch: number, batch: number, logs: Logs): Promise<void> {
    for (const callback of this.#all) await this.#tellOne(callback, 'onYield', epoch, batch, logs);
  }
}

function checkCallback(where: string, callback: unknown): void {
  if (!isObject(callback) || isArray(callback))
    throw fault('type', `${where}: expected an object of functions, got ${describe(callback)}`);
  // An object of a class of the user's has fields of its own.
  const prototype: unknown = Object.getPrototypeOf(callback);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  if (isPlain) onlyKeys(where, callback, CALLBACK_KEYS);
  checkHooks(where, callback as CallbackArgs);
}
