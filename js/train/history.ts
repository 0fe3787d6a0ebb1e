/** What a run of training leaves: the logs of each epoch. */
import type { Logs } from './callbacks.js';

/** What `fit` gives: the logs of each epoch, by name. */
export class History {
  readonly epoch: number[] = [];
  readonly history: Record<string, number[]> = {};
  readonly params: { epochs: number; batchSize: number; samples: number };

  constructor(params: { epochs: number; batchSize: number; samples: number }) {
    this.params = params;
  }
  add(epoch: number, logs: Logs): void {
    this.epoch.push(epoch);
    for (const [name, value] of Object.entries(logs)) {
      this.history[name] ??= [];
      this.history[name].push(value);
    }
  }
}

/** Values by their names. */
export const named = (names: readonly string[], values: ArrayLike<number>, prefix = ''): Logs =>
  Object.fromEntries(names.map((name, at) => [prefix + name, values[at]!]));
