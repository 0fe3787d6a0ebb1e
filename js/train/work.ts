/** What the loop drives: training that is done piece by piece, on samples that lie in the core or on batches that come. */
import { call } from '../engine/instance.js';
import type { Fit, Network } from '../wasm/mapling.js';
import { events, type FitEvent } from './events.js';

type Now<T> = T | Promise<T>;

export interface Work {
  /** Batches in an epoch; infinite where nobody knows. */
  readonly batches: number;
  /** Samples in an epoch; none where nobody knows. */
  readonly samples: number | undefined;
  /** How many samples the batch that comes next has, the so-manieth of its epoch; none at an epoch's end. */
  next(batch: number): Now<number | undefined>;
  /**
   * Trains until so many milliseconds or batches are done, but at least a batch, and never past the end of an epoch,
   * whose validation belongs to it. Tells what happened.
   */
  run(network: Network, milliseconds: number, most: number): Now<FitEvent[]>;
  /** The means over the epoch so far. */
  running(): ArrayLike<number>;
}

/** Training on samples that the core holds. */
export class CoreWork implements Work {
  readonly batches: number;
  readonly samples: number;
  readonly #fit: Fit;
  readonly #batchSize: number;
  /** The number of the first epoch. */
  readonly #from: number;
  /** Samples done of those that are there; an epoch may leave some for the next. */
  #done = 0;

  constructor(fit: Fit, batchSize: number, from: number) {
    this.#fit = fit;
    this.#batchSize = batchSize;
    this.#from = from;
    [this.batches, this.samples] = [fit.batches, fit.samples];
  }
  next(batch: number): number | undefined {
    const left = this.samples - this.#done;
    return batch < this.batches && left > 0 ? Math.min(this.#batchSize, left) : undefined;
  }
  run(network: Network, milliseconds: number, most: number): FitEvent[] {
    const happened = events(call(() => this.#fit.run(network, milliseconds, most), 'fit'));
    for (const event of happened) {
      if (event.kind === 'done') continue;
      event.epoch += this.#from;
      if (event.kind === 'batch') this.#done += event.size;
      else if (this.#done >= this.samples) this.#done = 0;
    }
    return happened;
  }
  running(): Float64Array {
    return call(() => this.#fit.running(), 'fit');
  }
}
