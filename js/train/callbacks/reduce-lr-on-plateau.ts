/** Makes the learning rate smaller when what it watches no longer gets better. */
import { fault, finite, onlyKeys, whole } from '../../engine/errors.js';
import { printer, type Verbosity, verbosity } from '../verbosity.js';
import { Callback, checkLogs, type Logs } from './callback.js';
import { Monitor, type MonitorArgs } from './monitor.js';
import { remembered } from './remembered.js';

export interface ReduceLROnPlateauArgs extends MonitorArgs {
  /** What the rate is multiplied by. Default: 0.1. */
  factor?: number;
  /** Epochs to wait for something better. Default: 10. */
  patience?: number;
  /** Epochs after a change in which nothing is counted. Default: 0. */
  cooldown?: number;
  /** The rate falls no further. Default: 0. */
  minLr?: number;
  /** 1 tells what it does, in Keras' words. Default: 0. */
  verbose?: Verbosity;
}

const KEYS = 'monitor minDelta mode factor patience cooldown minLr verbose';

export class ReduceLROnPlateau extends Callback {
  readonly #monitor: Monitor;
  readonly #factor: number;
  readonly #patience: number;
  readonly #cooldown: number;
  readonly #least: number;
  readonly #tells: boolean;
  #waited = 0;
  #cooling = 0;

  constructor(args: ReduceLROnPlateauArgs = {}) {
    super();
    const where = 'reduceLROnPlateau';
    onlyKeys(where, args, KEYS.split(' '));
    this.#monitor = new Monitor(where, args, 1e-4);
    this.#factor = finite(`${where}: factor`, args.factor ?? 0.1);
    if (this.#factor >= 1 || this.#factor < 0)
      throw fault('value', `${where}: factor: expected a number from 0 to less than 1, got ${this.#factor}`);
    this.#patience = whole(`${where}: patience`, args.patience ?? 10, 0);
    this.#cooldown = whole(`${where}: cooldown`, args.cooldown ?? 0, 0);
    this.#tells = verbosity(where, args.verbose) > 0;
    this.#least = finite(`${where}: minLr`, args.minLr ?? 0);
  }

  override onTrainBegin(): void {
    this.#monitor.reset();
    this.#waited = 0;
    this.#cooling = 0;
  }

  getState(): unknown {
    const { best } = this.#monitor;
    return { of: 'reduceLROnPlateau', best, waited: this.#waited, cooling: this.#cooling };
  }
  setState(state: unknown): void {
    const own = remembered('reduceLROnPlateau', state, ['best', 'waited', 'cooling']);
    this.#monitor.best = own.best;
    this.#waited = own.waited;
    this.#cooling = own.cooling;
  }

  override onEpochEnd(epoch: number, logs: Logs): void {
    const { model } = this;
    if (!model) return;
    const rate = model.learningRate;
    checkLogs('reduceLROnPlateau', logs);
    logs.learningRate = rate;
    const better = this.#monitor.isBetter(logs, this.model?.stopTraining);
    if (better === undefined) return;
    if (this.#cooling > 0) {
      this.#cooling--;
      this.#waited = 0;
    }
    if (better) {
      this.#waited = 0;
    } else if (this.#cooling === 0 && ++this.#waited >= this.#patience && rate > this.#least) {
      model.learningRate = Math.max(rate * this.#factor, this.#least);
      if (this.#tells)
        printer.line?.(
          `Epoch ${epoch + 1}: ReduceLROnPlateau reducing learning rate to ${model.learningRate}.`,
        );
      this.#cooling = this.#cooldown;
      this.#waited = 0;
    }
  }
}
