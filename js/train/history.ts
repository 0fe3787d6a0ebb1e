/** What a run of training leaves: the logs of each epoch. */
import type { Logs } from './callbacks.js';

/** What a run of training is asked to do, as callbacks are told. */
export interface RunParams {
  epochs: number;
  initialEpoch: number;
  /** Samples in an epoch; none where nobody knows. */
  samples: number | null;
  /** Batches in an epoch; none where nobody knows. */
  steps: number | null;
  /** Samples in a batch; none where the data set decides. */
  batchSize: number | null;
  verbose: number;
  doValidation: boolean;
  /** The names of the logs. */
  metrics: string[];
}

/** What `fit` gives: the logs of each epoch, by name. */
export class History {
  readonly epoch: number[] = [];
  readonly history: Record<string, number[]> = {};
  readonly params: RunParams;

  constructor(params: RunParams) {
    this.params = params;
  }
  add(epoch: number, logs: Logs): void {
    this.epoch.push(epoch);
    for (const [name, value] of Object.entries(logs)) {
      this.history[name] ??= [];
      this.history[name].push(value);
    }
  }
  /** What callbacks have written into the logs of the last epoch belongs to it; see `amend.ts`. */
  amend_?(logs: Logs): void;
}

/** Values by their names. */
export const named = (names: readonly string[], values: ArrayLike<number>, prefix = ''): Logs =>
  Object.fromEntries(names.map((name, at) => [prefix + name, values[at]!]));
