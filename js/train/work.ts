/** What the loop drives: training that is done piece by piece, on samples that lie in the core or on batches that come. */
import { whole } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import type { Fit, Network } from '../wasm/mapling.js';
import { events, type FitEvent } from './events.js';

type Now<T> = T | Promise<T>;

export interface Work {
  /** Batches in an epoch; infinite where nobody knows. */
  readonly batches: number;
  /** Lets batches have so many samples from the next one on, where that is for the work to say. */
  setBatchSize?(network: Network, batchSize: number): void;
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
  /** Where it is, in numbers: work of its kind on the same data goes on from there. */
  position(): number[];
  /** Goes on from such a position, before anything is done; gives the epoch and the batch that come next. */
  goOn(network: Network, position: readonly number[]): Now<[epoch: number, batch: number]>;
}

/** Training on samples that the core holds. */
export class CoreWork implements Work {
  batches: number;
  readonly samples: number;
  readonly #fit: Fit;
  #batchSize: number;
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
  setBatchSize(network: Network, batchSize: number): void {
    call(() => this.#fit.setBatchSize(network, batchSize), 'fit');
    this.#batchSize = batchSize;
    this.batches = this.#fit.batches;
  }
  /** The numbers of the samples of the next batch, and their inputs as training will see them; none after the last. */
  nextBatch(): [indices: Uint32Array, x: Float32Array] | [] {
    return call(() => this.#fit.nextBatch(), 'fit') as [Uint32Array, Float32Array] | [];
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
      // Batches may have been of another size in the epoch before.
      if (event.kind === 'epoch') this.batches = this.#fit.batches;
    }
    return happened;
  }
  running(): Float64Array {
    return call(() => this.#fit.running(), 'fit');
  }
  position(): number[] {
    return [...call(() => this.#fit.position())];
  }
  goOn(network: Network, position: readonly number[]): [epoch: number, batch: number] {
    // As `Position::numbers` in the core has them: what it counts, then what it has added up.
    const counts = position.slice(0, 7);
    counts.forEach((count) => {
      whole('fit: resume: position', count, 0);
    });
    call(() => this.#fit.goOn(network, Float64Array.from(position)), 'fit');
    const [, , , epoch, sample, batch] = counts;
    this.#done = sample!;
    return [this.#from + epoch!, batch!];
  }
}
