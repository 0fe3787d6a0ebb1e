/** Keeps the model as training goes on: the last one, or the best. */
import { describe, fault, finite, onlyKeys, whole } from '../../engine/errors.js';
import { isA } from '../../engine/look.js';
import { printer, type Verbosity, verbosity } from '../verbosity.js';
import { Callback, type Logs } from './callback.js';
import { Monitor, type MonitorArgs } from './monitor.js';
import { remembered } from './remembered.js';

/** A model as it was at the end of an epoch. */
export interface Checkpoint {
  epoch: number;
  logs: Logs;
  /** The architecture; not there if only weights are kept. */
  json?: string;
  /** The weights in the safetensors format. */
  weights: Uint8Array;
}

export interface ModelCheckpointArgs extends MonitorArgs {
  /** Is given each model that is kept; what it returns is awaited. Default: the last one stays in `saved`. */
  save?: (checkpoint: Checkpoint) => unknown;
  /** Only a model that is better than those before. Default: false. */
  saveBestOnly?: boolean;
  saveWeightsOnly?: boolean;
  /** After each epoch, or after so many batches. Default: `epoch`. */
  saveFreq?: 'epoch' | number;
  /** What a value has to better from the start. */
  initialValueThreshold?: number;
  /** 1 tells what it does, in Keras' words. Default: 0. */
  verbose?: Verbosity;
}

const KEYS = 'monitor minDelta mode save saveBestOnly saveWeightsOnly saveFreq initialValueThreshold verbose';

export class ModelCheckpoint extends Callback {
  /** The last model that was kept. */
  saved: Checkpoint | undefined;
  readonly #monitor: Monitor;
  readonly #save: ((checkpoint: Checkpoint) => unknown) | undefined;
  readonly #bestOnly: boolean;
  readonly #weightsOnly: boolean;
  readonly #frequency: number | undefined;
  readonly #threshold: number | undefined;
  readonly #tells: boolean;
  #epoch = 0;
  #batches = 0;
  /** There only if it is told of batches, since they then run one by one. */
  onBatchEnd?: (batch: number, logs: Logs) => Promise<void>;

  constructor(args: ModelCheckpointArgs = {}) {
    super();
    const where = 'modelCheckpoint';
    onlyKeys(where, args, KEYS.split(' '));
    const { save, saveFreq = 'epoch' } = args;
    if (save !== undefined && typeof save !== 'function')
      throw fault('type', `${where}: save: expected a function, got ${describe(save)}`);
    this.#monitor = new Monitor(where, args, 0);
    this.#save = save;
    this.#bestOnly = args.saveBestOnly ?? false;
    this.#weightsOnly = args.saveWeightsOnly ?? false;
    this.#tells = verbosity(where, args.verbose) > 0;
    const { initialValueThreshold: threshold } = args;
    this.#threshold =
      threshold === undefined || threshold === null
        ? undefined
        : finite(`${where}: initialValueThreshold`, threshold);
    if (saveFreq !== 'epoch') {
      this.#frequency = whole(`${where}: saveFreq`, saveFreq, 1);
      this.onBatchEnd = (_, logs) => this.#afterBatch(logs);
    }
    this.#monitor.reset(this.#threshold);
  }

  getState(): unknown {
    const { best } = this.#monitor;
    const [epoch, batches, saved] = [this.#epoch, this.#batches, this.saved ?? null];
    return { of: 'modelCheckpoint', best, epoch, batches, saved };
  }
  setState(state: unknown): void {
    const own = remembered('modelCheckpoint', state, ['best', 'epoch', 'batches']);
    const saved = own.saved as Checkpoint | null;
    if (saved !== null && !isA(saved?.weights, Uint8Array))
      throw fault('format', `modelCheckpoint: saved: expected a model, got ${describe(saved)}`);
    this.#monitor.best = own.best;
    this.#epoch = own.epoch;
    this.#batches = own.batches;
    this.saved = saved ?? undefined;
  }

  override onEpochBegin(epoch: number): void {
    this.#epoch = epoch;
  }
  async #afterBatch(logs: Logs): Promise<void> {
    if (++this.#batches % this.#frequency! === 0) await this.#keep(logs);
  }
  override async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    this.#epoch = epoch;
    if (this.#frequency === undefined) await this.#keep(logs);
  }
  async #keep(logs: Logs): Promise<void> {
    if (!this.model || (this.#bestOnly && !this.#monitor.isBetter(logs, this.model?.stopTraining))) return;
    const { json, weights } = await this.model.save();
    this.saved = { epoch: this.#epoch, logs: { ...logs }, weights, ...(this.#weightsOnly ? {} : { json }) };
    await this.#save?.(this.saved);
    if (this.#tells) printer.line?.(`Epoch ${this.#epoch + 1}: the model is saved`);
  }
}
