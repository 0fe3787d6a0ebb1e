/** Callbacks: everything that `fit` reports to, and the ready-made ones. */
import { describe, fault, onlyKeys } from '../engine/errors.js';
import { namespace } from '../engine/namespace.js';
import { Callback, type CallbackArgs, HOOKS, type Logs, type Trained } from './callbacks/callback.js';
import { CSVLogger, type CSVLoggerArgs } from './callbacks/csv-logger.js';
import { EarlyStopping, type EarlyStoppingArgs } from './callbacks/early-stopping.js';
import { LearningRateScheduler, type RateOf } from './callbacks/learning-rate-scheduler.js';
import { ModelCheckpoint, type ModelCheckpointArgs } from './callbacks/model-checkpoint.js';
import { ReduceLROnPlateau, type ReduceLROnPlateauArgs } from './callbacks/reduce-lr-on-plateau.js';
import { TerminateOnNaN } from './callbacks/terminate-on-nan.js';

export { Callback, type CallbackArgs, type Logs, type Trained } from './callbacks/callback.js';
export type { CSVLoggerArgs } from './callbacks/csv-logger.js';
export { EarlyStopping, type EarlyStoppingArgs } from './callbacks/early-stopping.js';
export type { ModelCheckpointArgs } from './callbacks/model-checkpoint.js';
export type { ReduceLROnPlateauArgs } from './callbacks/reduce-lr-on-plateau.js';

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

/** A function that makes a callback, which then knows how it was made. */
function ready<Args extends unknown[], Made extends Callback>(
  name: string,
  make: (...args: Args) => Made,
): (...args: Args) => Made {
  return (...args) => Object.assign(make(...args), { _origin: { name, args } });
}

const known = {
  earlyStopping: /* @__PURE__ */ ready(
    'earlyStopping',
    (args?: EarlyStoppingArgs) => new EarlyStopping(args),
  ),
  modelCheckpoint: /* @__PURE__ */ ready(
    'modelCheckpoint',
    (args?: ModelCheckpointArgs) => new ModelCheckpoint(args),
  ),
  reduceLROnPlateau: /* @__PURE__ */ ready(
    'reduceLROnPlateau',
    (args?: ReduceLROnPlateauArgs) => new ReduceLROnPlateau(args),
  ),
  learningRateScheduler: /* @__PURE__ */ ready(
    'learningRateScheduler',
    (schedule: RateOf) => new LearningRateScheduler(schedule),
  ),
  terminateOnNaN: /* @__PURE__ */ ready('terminateOnNaN', () => new TerminateOnNaN()),
  csvLogger: /* @__PURE__ */ ready('csvLogger', (args?: CSVLoggerArgs) => new CSVLogger(args)),
};

/** Ready-made callbacks, with Keras' settings and defaults. */
export const callbacks = /* @__PURE__ */ namespace('callbacks', known, { tensorBoard: 'csvLogger' });
