/** Callbacks: what is told about training while it runs. */
import { describe, fault, onlyKeys, whole } from '../engine/errors.js';
import { namespace } from '../engine/namespace.js';
import type { Tensor } from '../tensor/tensor.js';

/** Means so far, by name: `loss`, `acc`, `val_loss`, `val_acc`; per batch also `batch` and `size`. */
export type Logs = Record<string, number>;

/** What callbacks see of a model. */
export interface Trained {
  stopTraining: boolean;
  readonly metricsNames: string[];
  getWeights(): Tensor[];
  setWeights(weights: Tensor[]): void;
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
}

const HOOKS: readonly (keyof CallbackArgs)[] = [
  'onTrainBegin',
  'onTrainEnd',
  'onEpochBegin',
  'onEpochEnd',
  'onBatchBegin',
  'onBatchEnd',
  'onYield',
];

/** A callback with a memory of its own; extend it for one. */
export class Callback implements CallbackArgs {
  protected model: Trained | undefined;
  /** Called by `fit` before it begins. */
  setModel(model: Trained): void {
    this.model = model;
  }
  onTrainBegin(_logs?: Logs): void | Promise<void> {}
  onTrainEnd(_logs?: Logs): void | Promise<void> {}
  onEpochBegin(_epoch: number, _logs?: Logs): void | Promise<void> {}
  onEpochEnd(_epoch: number, _logs: Logs): void | Promise<void> {}
}

/** A callback of functions, as TensorFlow.js calls what `fit` also takes as a plain object. */
export class CustomCallback extends Callback {
  constructor(args: CallbackArgs = {}) {
    super();
    onlyKeys('CustomCallback', args, HOOKS);
    checkHooks('CustomCallback', args);
    Object.assign(this, args);
  }
}

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

function checkHooks(where: string, callback: CallbackArgs): void {
  for (const hook of HOOKS) {
    const value = callback[hook];
    if (value !== undefined && typeof value !== 'function')
      throw fault('type', `${where}: ${hook}: expected a function, got ${describe(value)}`);
  }
}

export interface EarlyStoppingArgs {
  /** The log to watch. Default: `val_loss`. */
  monitor?: string;
  /** What counts as better, at least. Default: 0. */
  minDelta?: number;
  /** Epochs to wait for something better. Default: 0. */
  patience?: number;
  /** Whether less or more is better; `auto` knows that accuracy grows. */
  mode?: 'auto' | 'min' | 'max';
  /** A value that must be bettered from the start. */
  baseline?: number;
  /** Puts the best epoch's weights back at the end. */
  restoreBestWeights?: boolean;
}

/** Stops training when what it watches no longer gets better. */
export class EarlyStopping extends Callback {
  readonly #monitor: string;
  readonly #patience: number;
  readonly #minDelta: number;
  readonly #sign: 1 | -1;
  readonly #baseline: number;
  readonly #restore: boolean;
  #best = Number.POSITIVE_INFINITY;
  #waited = 0;
  #weights: Tensor[] | undefined;

  constructor(args: EarlyStoppingArgs = {}) {
    super();
    onlyKeys('earlyStopping', args, [
      'monitor',
      'minDelta',
      'patience',
      'mode',
      'baseline',
      'restoreBestWeights',
    ]);
    const {
      monitor = 'val_loss',
      minDelta = 0,
      patience = 0,
      mode = 'auto',
      restoreBestWeights = false,
    } = args;
    if (!['auto', 'min', 'max'].includes(mode)) {
      throw new Error(`earlyStopping: mode: expected auto, min or max, got ${describe(mode)}`);
    }
    this.#monitor = monitor;
    this.#minDelta = Math.abs(minDelta);
    this.#patience = whole('earlyStopping: patience', patience, 0);
    this.#sign = mode === 'max' || (mode === 'auto' && /acc/.test(monitor)) ? -1 : 1;
    this.#baseline = args.baseline === undefined ? Number.POSITIVE_INFINITY : this.#sign * args.baseline;
    this.#restore = restoreBestWeights;
  }

  override onTrainBegin(): void {
    this.#best = this.#baseline;
    this.#waited = 0;
    this.#weights = undefined;
  }

  override onEpochEnd(_epoch: number, logs: Logs): void {
    const seen = logs[this.#monitor];
    if (seen === undefined) {
      throw new Error(
        `earlyStopping: there is no log "${this.#monitor}"; there are ${Object.keys(logs).join(', ')}`,
      );
    }
    if (this.#sign * seen < this.#best - this.#minDelta) {
      this.#best = this.#sign * seen;
      this.#waited = 0;
      if (this.#restore) this.#weights = this.model?.getWeights();
    } else if (++this.#waited >= this.#patience && this.model) {
      this.model.stopTraining = true;
    }
  }

  override onTrainEnd(): void {
    if (this.#weights) this.model?.setWeights(this.#weights);
  }
}

/** Ready-made callbacks. */
export const callbacks = /* @__PURE__ */ namespace('callbacks', {
  earlyStopping: (args?: EarlyStoppingArgs): EarlyStopping => new EarlyStopping(args),
});
