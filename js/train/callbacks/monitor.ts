/** What callbacks share that watch a log: which direction is better, and whether a value is better than the best. */
import { brief, describe, fault, finite } from '../../engine/errors.js';
import { checkLogs, type Logs } from './callback.js';

export interface MonitorArgs {
  /** The log to watch. Default: `val_loss`. */
  monitor?: string;
  /** What counts as better, at least. */
  minDelta?: number;
  /** Whether less or more is better; `auto` knows that accuracy grows. */
  mode?: 'auto' | 'min' | 'max';
}

/** Logs of which more is better. */
const GROWS = /acc|auc|precision|recall|f1|fbeta|r2|cosine|true(positives|negatives)/i;

/** Watches one log. */
export class Monitor {
  readonly #where: string;
  readonly #log: string;
  readonly #minDelta: number;
  readonly #sign: 1 | -1;
  #best = Number.POSITIVE_INFINITY;

  constructor(where: string, args: MonitorArgs, minDelta: number) {
    const { monitor = 'val_loss', mode = 'auto' } = args;
    if (typeof monitor !== 'string')
      throw fault('type', `${where}: monitor: expected the name of a log, got ${describe(monitor)}`);
    if (!['auto', 'min', 'max'].includes(mode))
      throw fault('value', `${where}: mode: expected auto, min or max, got ${describe(mode)}`);
    this.#where = where;
    this.#log = monitor;
    this.#minDelta = Math.abs(finite(`${where}: minDelta`, args.minDelta ?? minDelta));
    this.#sign = mode === 'max' || (mode === 'auto' && GROWS.test(monitor)) ? -1 : 1;
  }

  /** The best value so far, negative where more is better. */
  get best(): number {
    return this.#best;
  }
  /** Goes on from the best value of another run. */
  set best(best: number) {
    this.#best = best;
  }

  /** Begins anew: what is better than `than` is better, or anything. */
  reset(than?: number | null): void {
    this.#best = than === undefined || than === null ? Number.POSITIVE_INFINITY : this.#sign * than;
  }
  /**
   * Whether the logs are better than the best so far, which they are from then on. An absent log is an error, unless
   * training is being stopped: an epoch that ends early was not validated.
   */
  isBetter(logs: Logs, isStopping = false): boolean | undefined {
    const seen = checkLogs(this.#where, logs)[this.#log];
    if (typeof seen !== 'number') {
      if (isStopping) return undefined;
      const there = brief(Object.keys(logs).join(', '), 200);
      throw fault('name', `${this.#where}: there is no log "${this.#log}"; there are ${there}`);
    }
    if (!(this.#sign * seen < this.#best - this.#minDelta)) return false;
    this.#best = this.#sign * seen;
    return true;
  }
}
