/** Keeps the model as training goes on: the last one, or the best. */
import {
  checkFunction,
  describe,
  fault,
  finite,
  flag,
  onlyKeys,
  textOf,
  whole,
} from '../../engine/errors.js';
import { can, isA } from '../../engine/look.js';
import { printer, type Verbosity, verbosity } from '../verbosity.js';
import { Callback, type Logs, type Trained } from './callback.js';
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

/** An address, or a place of one's own. */
export type Place = string | { save?(artifacts: never): Promise<unknown> };

export interface ModelCheckpointArgs extends MonitorArgs {
  /** Is given each model that is kept; what it returns is awaited. Default: the last one stays in `saved`. */
  save?: (checkpoint: Checkpoint) => unknown;
  /**
   * Where each model that is kept is saved, as `model.save` takes it: an address such as `indexeddb://best`, or a place
   * of your own. `{epoch}`, `{epoch:02d}`, `{val_loss:.2f}` stand for the epoch, from 1, and for logs. Where a place is
   * full or not allowed, a warning says so, the callback's `failure` has the error, and training goes on.
   */
  filepath?: Place;
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

const KEYS =
  'monitor minDelta mode save filepath saveBestOnly saveWeightsOnly saveFreq initialValueThreshold verbose';

/** An address with the epoch and logs that it asks for, in the form in which Keras writes them. */
function named(place: string, epoch: number, logs: Logs): string {
  return place.replace(/\{(\w+)(?::0?(\d*)(?:\.(\d+))?[df]?)?\}/g, (_, name: string, width = '', digits) => {
    const value = name === 'epoch' ? epoch : logs[name];
    if (value === undefined)
      throw fault(
        'name',
        `modelCheckpoint: filepath: there is no log ${describe(name)}; there are epoch, ${Object.keys(logs).join(', ')}`,
      );
    const text = digits === undefined ? String(value) : value.toFixed(Number(digits));
    return text.padStart(Number(width), '0');
  });
}

export class ModelCheckpoint extends Callback {
  /** The last model that was kept. */
  saved: Checkpoint | undefined;
  /** Why the last model is not in its place: the storage is full, or not allowed. */
  failure: Error | undefined;
  readonly #monitor: Monitor;
  readonly #save: ((checkpoint: Checkpoint) => unknown) | undefined;
  readonly #place: Place | undefined;
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
    if (save !== undefined) checkFunction(`${where}: save`, save);
    this.#monitor = new Monitor(where, args, 0);
    this.#save = save;
    const { filepath } = args;
    if (filepath !== undefined && typeof filepath !== 'string' && !can(filepath, 'save'))
      throw fault('type', `${where}: filepath: expected an address or a place, got ${describe(filepath)}`);
    if (filepath !== undefined && args.saveWeightsOnly)
      throw fault(
        'value',
        `${where}: filepath: places keep whole models; save: (checkpoint) => … takes weights`,
      );
    this.#place = filepath;
    this.#bestOnly = flag(`${where}: saveBestOnly`, args.saveBestOnly);
    this.#weightsOnly = flag(`${where}: saveWeightsOnly`, args.saveWeightsOnly);
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
  /** Saves the model in its place. What was learned is not lost where that has no room, or nobody may write there. */
  async #keepAt(model: Trained, place: Place, logs: Logs): Promise<boolean> {
    const epoch = this.#epoch + 1;
    try {
      await model.save(typeof place === 'string' ? named(place, epoch, logs) : place);
      this.failure = undefined;
      return true;
    } catch (failure) {
      const { code } = failure as { code?: unknown };
      if (code !== 'memory' && code !== 'state') throw failure;
      this.failure = failure as Error;
      console.warn(`modelCheckpoint: epoch ${epoch} is not kept, and training goes on: ${textOf(failure)}`);
      return false;
    }
  }
  async #keep(logs: Logs): Promise<void> {
    if (!this.model || (this.#bestOnly && !this.#monitor.isBetter(logs, this.model?.stopTraining))) return;
    const { json, weights } = await this.model.save();
    this.saved = { epoch: this.#epoch, logs: { ...logs }, weights, ...(this.#weightsOnly ? {} : { json }) };
    await this.#save?.(this.saved);
    if (this.#place !== undefined && !(await this.#keepAt(this.model, this.#place, logs))) return;
    if (this.#tells) printer.line?.(`Epoch ${this.#epoch + 1}: the model is saved`);
  }
}
