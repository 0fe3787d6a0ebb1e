/** Callbacks that stay in the page while their model trains in the worker. */
import * as Comlink from 'comlink';
import { describe, fault } from '../engine/errors.js';
import type { CallbackArgs } from '../train/callbacks.js';

/** A callback as `fit` takes it: an object of functions, or an instance of a class of one's own. */
export type CallbackLike = CallbackArgs & { setModel?(model: unknown): void };

const HOOKS = [
  'onTrainBegin',
  'onTrainEnd',
  'onEpochBegin',
  'onEpochEnd',
  'onBatchBegin',
  'onBatchEnd',
  'onYield',
] as const;

/** What a callback sees of a model that is elsewhere: it can ask for training to stop. */
const standIn = () => ({
  stopTraining: false,
  getWeights(): never {
    throw fault(
      'state',
      'getWeights: the model is in the worker; `await trainer.weights()` gives its weights',
    );
  },
  setWeights(): never {
    throw fault('state', 'setWeights: the model is in the worker; `trainer.setModel` replaces it');
  },
});

export class Told {
  /** For each callback the events that it listens to. */
  readonly hooks: string[][];
  readonly tell: ((callback: number, hook: string, args: unknown[]) => Promise<boolean>) | undefined;
  /** What a callback threw: it ends training, and comes out of `fit` as it was. */
  thrown: unknown;

  constructor(given: unknown) {
    const all = (given === undefined || given === null ? [] : [given].flat()) as CallbackLike[];
    const model = standIn();
    this.hooks = all.map((callback) => {
      if (typeof callback !== 'object' || callback === null)
        throw fault('type', `fit: callbacks: expected an object of functions, got ${describe(callback)}`);
      callback.setModel?.(model);
      return HOOKS.filter((hook) => typeof callback[hook] === 'function');
    });
    if (all.length === 0) return;
    this.tell = Comlink.proxy(async (at: number, hook: string, args: unknown[]) => {
      try {
        const callback = all[at] as unknown as Record<string, (...args: unknown[]) => unknown>;
        await callback[hook]!(...args);
        return model.stopTraining;
      } catch (failure) {
        this.thrown = failure;
        throw failure;
      }
    });
  }
}
