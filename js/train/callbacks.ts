/** The ready-made callbacks, and callbacks of functions. */
import { onlyKeys } from '../engine/errors.js';
import { namespace } from '../engine/namespace.js';
import { CALLBACK_KEYS, Callback, type CallbackArgs, checkHooks } from './callbacks/callback.js';
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
    onlyKeys('CustomCallback', args, CALLBACK_KEYS);
    checkHooks('CustomCallback', args);
    Object.assign(this, args);
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
