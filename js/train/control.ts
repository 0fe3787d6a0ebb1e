/** How a run of training is steered while it is under way: pause, go on, a step at a time, stop. */

/** More batches than any run has. */
export const ALL = 2 ** 30;

export class Control {
  /** Batches that may be done before training pauses. */
  #allowed = ALL;
  #stopped = false;
  /** Pieces of other work that training waits for. */
  #holding = 0;
  #wake = (): void => {};

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
