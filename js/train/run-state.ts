/** Where a run of training is, as it is kept: what another run needs to go on from there with the same bits. Types only. */

/** What callbacks are told of at a moment of a run, or were told of last. */
export interface Telling {
  hook: 'onEpochBegin' | 'onEpochEnd' | 'onBatchBegin' | 'onBatchEnd';
  at: number;
  logs: Record<string, number>;
  /** The place of the callback that is told next, and how many there are. */
  next: number;
  of: number;
}

/** Everything of a run that its model does not hold. */
export interface RunState {
  /** What the bits depend on: how many samples there are, and the options. */
  settings: Record<string, unknown>;
  /** Where the work is, in numbers of its own; see `Work`. */
  position: number[];
  /** The epoch whose beginning callbacks were told of last. */
  begun: number;
  telling: Telling | null;
  history: { epoch: number[]; history: Record<string, number[]> };
  /** What each callback remembers; null for those that remember nothing. */
  callbacks: unknown[];
}

/** A run that can be gone on with: under way, over, or read from a checkpoint. */
export interface Resumable {
  state(): RunState;
  /** Settles when the batches that are being done at this moment are done; there is no state until then. */
  readonly busy?: Promise<unknown> | undefined;
}
