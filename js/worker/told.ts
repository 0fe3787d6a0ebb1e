/** Callbacks of a page whose model trains in the worker. */

import { describe, fault, onlyKeys } from '../engine/errors.js';
import { listOf } from '../engine/look.js';
import { type CallbackArgs, checkHooks, HOOKS } from '../train/callbacks/callback.js';
import type { CallbackSpec, Tell } from './protocol.js';

/** A callback as `fit` takes it: an object of functions, an instance of a class of one's own, or a ready-made one. */
export type CallbackLike = CallbackArgs & { setModel?(model: unknown): void };

interface Ready {
  _origin?: { name: string; args: readonly unknown[] };
}

/** What cannot be had of a model that is elsewhere, and what to use in its place. */
const ELSEWHERE = {
  getWeights: '`await trainer.weights()` gives its weights',
  setWeights: '`trainer.setModel` replaces it',
  save: '`await trainer.save()` gives it',
  learningRate: '`callbacks.learningRateScheduler` sets it',
  metricsNames: 'the names of the logs are those of its metrics',
};

/** What a callback sees of a model that is elsewhere: it can ask for training to stop. */
function standIn(): { stopTraining: boolean } {
  const model = { stopTraining: false };
  for (const [name, instead] of Object.entries(ELSEWHERE)) {
    const refuse = (): never => {
      throw fault('state', `${name}: the model is in the worker; ${instead}`);
    };
    Object.defineProperty(model, name, { get: refuse, set: refuse });
  }
  return model;
}

type Action = (...args: unknown[]) => unknown;

/**
 * The callbacks of one run. A ready-made one is made once more in the worker, beside the model that it watches; others
 * stay here and are told. What a ready-made one found stands in the page's object when the run is over.
 */
export class Told {
  readonly specs: CallbackSpec[];
  readonly tell: Tell | undefined;
  /** What a callback threw: it ends training, and comes out of `fit` as it was. */
  thrown: unknown;
  readonly #all: CallbackLike[];

  constructor(where: string, given: unknown) {
    this.#all = (given === undefined || given === null ? [] : listOf(given)) as CallbackLike[];
    const model = standIn();
    const actions = this.#all.map(() => new Map<string, Action>());
    this.specs = this.#all.map((callback, at) => {
      if (typeof callback !== 'object' || callback === null)
        throw fault(
          'type',
          `${where}: callbacks: expected an object of functions, got ${describe(callback)}`,
        );
      const origin = (callback as Ready)._origin;
      const own = actions[at]!;
      if (origin) return { name: origin.name, args: origin.args.map((arg) => withoutFunctions(arg, own)) };
      if (Object.getPrototypeOf(callback) === Object.prototype)
        onlyKeys(`${where}: callbacks`, callback, [...HOOKS, 'setModel']);
      callback.setModel?.(model);
      checkHooks(`${where}: callbacks`, callback);
      const hooks = HOOKS.filter((hook) => callback[hook] !== undefined);
      for (const hook of hooks) own.set(hook, (...args) => (callback[hook] as Action).apply(callback, args));
      return { hooks };
    });
    if (this.#all.length === 0) return;
    this.tell = async (at: number, name: string, args: unknown[]) => {
      try {
        const value = await actions[at]!.get(name)!(...args);
        return { value: isHook(name) ? undefined : value, stop: model.stopTraining };
      } catch (failure) {
        this.thrown = failure;
        throw failure;
      }
    };
  }

  /** Takes what ready-made callbacks have found in the worker. */
  take(found: readonly Record<string, unknown>[]): void {
    found.forEach((part, at) => {
      Object.assign(this.#all[at]!, part);
    });
  }
}

const isHook = (name: string): boolean => (HOOKS as readonly string[]).includes(name);

/** The argument with a name in the place of each function, which stays here. */
function withoutFunctions(arg: unknown, own: Map<string, Action>): unknown {
  const stay = (action: Action): { function: string } => {
    const name = `function ${own.size}`;
    own.set(name, action);
    return { function: name };
  };
  if (typeof arg === 'function') return stay(arg as Action);
  if (typeof arg !== 'object' || arg === null) return arg;
  return Object.fromEntries(
    Object.entries(arg).map(([key, value]) => [
      key,
      typeof value === 'function' ? stay(value as Action) : value,
    ]),
  );
}
