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
  /**
   * Ends training when a log no longer gets better.
   * @example
   * const stop = callbacks.earlyStopping({ monitor: 'loss', patience: 0 });
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
   * model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
   * const { epoch } = await model.fit([[0]], [[0]], { epochs: 9, callbacks: stop });
   * epoch.length; // → 2
   */
  earlyStopping: /* @__PURE__ */ ready(
    'earlyStopping',
    (args?: EarlyStoppingArgs) => new EarlyStopping(args),
  ),
  /**
   * Keeps the model of each epoch, or of the best.
   * @example
   * const best = callbacks.modelCheckpoint({ monitor: 'loss' });
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
   * model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
   * await model.fit([[1]], [[2]], { epochs: 3, callbacks: best });
   * (await loadModel(best.saved)).countParams(); // → 2
   */
  modelCheckpoint: /* @__PURE__ */ ready(
    'modelCheckpoint',
    (args?: ModelCheckpointArgs) => new ModelCheckpoint(args),
  ),
  /**
   * Lowers the learning rate when a log no longer gets better.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
   * model.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
   * const halve = callbacks.reduceLROnPlateau({ monitor: 'loss', factor: 0.5, patience: 1 });
   * await model.fit([[0]], [[0]], { epochs: 3, callbacks: halve });
   * model.learningRate; // → 0.025
   */
  reduceLROnPlateau: /* @__PURE__ */ ready(
    'reduceLROnPlateau',
    (args?: ReduceLROnPlateauArgs) => new ReduceLROnPlateau(args),
  ),
  /**
   * Sets the learning rate before each epoch.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
   * model.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
   * await model.fit([[0]], [[0]], { epochs: 3, callbacks: callbacks.learningRateScheduler((epoch) => 0.1 / (epoch + 1)) });
   * model.learningRate; // → 0.03333
   */
  learningRateScheduler: /* @__PURE__ */ ready(
    'learningRateScheduler',
    (schedule: RateOf) => new LearningRateScheduler(schedule),
  ),
  /**
   * Ends training when the loss is NaN or infinite.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'ones' })] });
   * model.compile({ optimizer: train.sgd(1e20), loss: 'meanSquaredError' });
   * const { epoch } = await model.fit([[1e9]], [[0]], { epochs: 9, callbacks: callbacks.terminateOnNaN() });
   * epoch.length < 9; // → true
   */
  terminateOnNaN: /* @__PURE__ */ ready('terminateOnNaN', () => new TerminateOnNaN()),
  /**
   * Writes the logs of each epoch as lines of CSV.
   * @example
   * const log = callbacks.csvLogger();
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
   * model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
   * await model.fit([[1]], [[0]], { epochs: 2, callbacks: log });
   * log.text; // → 'epoch,loss\n0,0\n1,0\n'
   */
  csvLogger: /* @__PURE__ */ ready('csvLogger', (args?: CSVLoggerArgs) => new CSVLogger(args)),
};

/** Ready-made callbacks, with Keras' settings and defaults. */
export const callbacks = /* @__PURE__ */ namespace('callbacks', known, { tensorBoard: 'csvLogger' });
