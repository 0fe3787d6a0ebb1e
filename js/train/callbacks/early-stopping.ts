/** Stops training when what it watches no longer gets better. */
import { finite, onlyKeys, whole } from '../../engine/errors.js';
import type { Tensor } from '../../tensor/handle.js';
import { printer, type Verbosity, verbosity } from '../verbosity.js';
import { Callback, type Logs } from './callback.js';
import { Monitor, type MonitorArgs } from './monitor.js';

export interface EarlyStoppingArgs extends MonitorArgs {
  /** Epochs to wait for something better. Default: 0. */
  patience?: number;
  /** A value that must be bettered from the start. */
  baseline?: number;
  /** Puts the best epoch's weights back at the end. */
  restoreBestWeights?: boolean;
  /** Epochs before which nothing is watched. Default: 0. */
  startFromEpoch?: number;
  /** 1 tells what it does, in Keras' words. Default: 0. */
  verbose?: Verbosity;
}

const KEYS = 'monitor minDelta patience mode baseline restoreBestWeights startFromEpoch verbose';

export class EarlyStopping extends Callback {
  readonly #monitor: Monitor;
  readonly #patience: number;
  readonly #baseline: number | undefined;
  readonly #restore: boolean;
  readonly #start: number;
  readonly #tells: boolean;
  #waited = 0;
  #best = 0;
  #stoppedAt: number | undefined;
  #weights: Tensor[] | undefined;

  constructor(args: EarlyStoppingArgs = {}) {
    super();
    const where = 'earlyStopping';
    onlyKeys(where, args, KEYS.split(' '));
    this.#monitor = new Monitor(where, args, 0);
    this.#patience = whole(`${where}: patience`, args.patience ?? 0, 0);
    const { baseline } = args;
    this.#baseline =
      baseline === undefined || baseline === null ? undefined : finite(`${where}: baseline`, baseline);
    this.#tells = verbosity(where, args.verbose) > 0;
    this.#restore = args.restoreBestWeights ?? false;
    this.#start = whole(`${where}: startFromEpoch`, args.startFromEpoch ?? 0, 0);
  }

  override onTrainBegin(): void {
    this.#monitor.reset(this.#baseline);
    this.#waited = 0;
    this.#stoppedAt = undefined;
    this.#weights = undefined;
  }

  override onEpochEnd(epoch: number, logs: Logs): void {
    if (whole('earlyStopping: epoch', epoch, 0) < this.#start) return;
    const better = this.#monitor.isBetter(logs, this.model?.stopTraining);
    if (better) {
      this.#waited = 0;
      this.#best = epoch;
      if (this.#restore) this.#weights = this.model?.getWeights();
    } else if (better === false && ++this.#waited >= this.#patience && this.model) {
      this.model.stopTraining = true;
      this.#stoppedAt = epoch;
    }
  }

  override onTrainEnd(): void {
    const tell = this.#tells ? printer.line : undefined;
    if (this.#stoppedAt !== undefined) tell?.(`Epoch ${this.#stoppedAt + 1}: early stopping`);
    if (!this.#weights) return;
    tell?.(`Restoring model weights from the end of the best epoch: ${this.#best + 1}.`);
    this.model?.setWeights(this.#weights);
  }
}
