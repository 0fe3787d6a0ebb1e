/** How a run of training is steered while it is under way: pause, go on, a step at a time, stop. */
import { isObject } from '../engine/look.js';

/** Milliseconds for which a run that was stopped still waits for a callback: one that never ends must not hold it up. */
const PATIENCE = 5000;
/** More batches than any run has. */
export const ALL = 2 ** 30;

export class Control {
  /** Batches that may be done before training pauses. */
  #allowed = ALL;
  #stopped = false;
  /** Pieces of other work that training waits for. */
  #holding = 0;
  #wake = (): void => {};
  /** What ends the waiting for a callback. */
  #giveUp: (() => void) | undefined;

  get isPaused(): boolean {
    return this.#allowed === 0;
  }
  get isStopped(): boolean {
    return this.#stopped;
  }

  pause(): void {
    this.#allowed = 0;
  }
  resume(): void {
    this.step(ALL);
  }
  /** Lets so many batches be done, and pauses. */
  step(batches = 1): void {
    this.#allowed = batches;
    this.#wake();
  }
  /** Ends the run; what has been learned stays. */
  stop(): void {
    this.#stopped = true;
    this.#wake();
    this.#giveUp?.();
  }
  /** Waits for what a callback does, and no longer than {@link PATIENCE} once the run is stopped. */
  async within(work: unknown): Promise<void> {
    if (!isObject(work) || !('then' in work)) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const given = new Promise<void>((resolve) => {
      this.#giveUp = () => {
        timer ??= setTimeout(resolve, PATIENCE);
      };
    });
    if (this.#stopped) this.#giveUp?.();
    try {
      await Promise.race([work, given]);
    } finally {
      clearTimeout(timer);
      this.#giveUp = undefined;
    }
  }

  /** Training waits until this work is done, an evaluation say. */
  hold(work: Promise<unknown>): void {
    this.#holding++;
    const end = (): void => {
      this.#holding--;
      this.#wake();
    };
    work.then(end, end);
  }

  /** How many batches may be done now; waits while none may. 0 once the run is to end. */
  async turn(): Promise<number> {
    while (!this.#stopped && (this.#holding > 0 || this.#allowed === 0)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#stopped ? 0 : this.#allowed;
  }
  /** Notes that so many batches were done. A pause that came meanwhile stays. */
  did(batches: number): void {
    if (this.#allowed !== ALL) this.#allowed = Math.max(0, this.#allowed - batches);
  }
}
