/** Where a run of training is: looked at between any two of its batches, and kept when it ends. */
import { fault } from '../engine/errors.js';
import type { CallbackList } from './callback-list.js';
import type { History } from './history.js';
import type { Resumable, RunState } from './run-state.js';
import type { Work } from './work.js';

export class Place implements Resumable {
  /** The epoch whose beginning callbacks were told of last. */
  begun: number;
  /** The epoch and the batch with which the loop begins. */
  from: [epoch: number, batch: number];
  busy: Promise<unknown> | undefined;
  /** What is left to do of a run that goes on, once callbacks know that training begins. */
  goOn: (() => Promise<void>) | undefined;
  /** Where the run was that this one goes on with, until callbacks have been told. */
  before: RunState | undefined;
  readonly settings: Record<string, unknown>;
  readonly #fit: Work;
  readonly #told: CallbackList;
  readonly #history: History;
  #ended: RunState | undefined;
  #isOver = false;

  constructor(settings: Record<string, unknown>, fit: Work, told: CallbackList, history: History) {
    this.settings = settings;
    this.#fit = fit;
    this.#told = told;
    this.#history = history;
    const { initialEpoch } = history.params;
    this.begun = initialEpoch - 1;
    this.from = [initialEpoch, 0];
  }

  state(): RunState {
    const kept = this.#ended ?? this.before;
    if (kept) return kept;
    if (this.#isOver) throw fault('state', 'resume: what was known of the run is lost');
    const { epoch, history } = this.#history;
    const { telling } = this.#told;
    return {
      settings: this.settings,
      position: this.#fit.position(),
      begun: this.begun,
      telling: telling ? { ...telling, logs: { ...telling.logs } } : null,
      history: {
        epoch: [...epoch],
        history: Object.fromEntries(Object.entries(history).map(([name, all]) => [name, [...all]])),
      },
      callbacks: this.#told.states(),
    };
  }
  /** Keeps the state as it is now: what follows belongs to the end of the run, or its work is about to be freed. */
  end(): void {
    if (this.#isOver) return;
    try {
      this.#ended = this.state();
    } catch {
      // After a trap the work is gone with its instance. Why the run has ended is told by what ended it.
    }
    this.#isOver = true;
  }
}
