/** Stops training when what it watches no longer gets better. */
import { describe, fault, finite, flag, onlyKeys, whole } from '../../engine/errors.js';
import { isA, isArray } from '../../engine/look.js';
import type { Tensor } from '../../tensor/handle.js';
import { printer, type Verbosity, verbosity } from '../verbosity.js';
import { Callback, type Logs } from './callback.js';
import { Monitor, type MonitorArgs } from './monitor.js';
import { remembered } from './remembered.js';

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

/** A weight of the best epoch, as it is kept. */
interface Plain {
  shape: number[];
  values: Float32Array;
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
    this.#restore = flag(`${where}: restoreBestWeights`, args.restoreBestWeights);
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

  getState(): unknown {
    const weights = this.#weights?.map((weight) => ({
      shape: [...weight.shape],
      values: weight.dataSync().slice(),
    }));
    const { best } = this.#monitor;
    const [waited, epoch, stoppedAt] = [this.#waited, this.#best, this.#stoppedAt ?? -1];
    return { of: 'earlyStopping', best, waited, epoch, stoppedAt, weights: weights ?? null };
  }
  setState(state: unknown): void {
    const where = 'earlyStopping';
    const own = remembered(where, state, ['best', 'waited', 'epoch', 'stoppedAt']);
    const weights = own.weights as Plain[] | null;
    if (weights !== null && !isArray(weights))
      throw fault('format', `${where}: weights: expected a list, got ${describe(weights)}`);
    this.#weights = weights === null ? undefined : this.#tensors(where, weights);
    this.#monitor.best = own.best;
    this.#waited = own.waited;
    this.#best = own.epoch;
    this.#stoppedAt = own.stoppedAt < 0 ? undefined : own.stoppedAt;
    // The run had been stopped, and was about to end.
    if (own.stoppedAt >= 0 && this.model) this.model.stopTraining = true;
  }

  /** Tensors like those that the model gives: the page, which loads this file late, loads no more for it. */
  #tensors(where: string, weights: readonly Plain[]): Tensor[] {
    const own = this.model?.getWeights() ?? [];
    const fits = weights.every((weight, at) => {
      const { shape, values } = (weight ?? {}) as Partial<Plain>;
      const like = own[at];
      const isOf = isA(values, Float32Array) && isArray(shape) && values.length === like?.size;
      return isOf && `${shape}` === `${like?.shape}`;
    });
    if (!fits || weights.length !== own.length)
      throw fault('shape', `${where}: weights: they are not of this model`);
    const Like = own[0]?.constructor as typeof Tensor;
    return own.map(({ shape }, at) => new Like(weights[at]!.values, [...shape], 'float32'));
  }

  override onTrainEnd(): void {
    const tell = this.#tells ? printer.line : undefined;
    if (this.#stoppedAt !== undefined) tell?.(`Epoch ${this.#stoppedAt + 1}: early stopping`);
    if (!this.#weights) return;
    tell?.(`Restoring model weights from the end of the best epoch: ${this.#best + 1}.`);
    this.model?.setWeights(this.#weights);
  }
}
