/** Objects of the core that JavaScript holds: of which instance they are, and when they are freed. */
import { fault } from './errors.js';
import { call, currentGeneration } from './instance.js';
import type { Glue } from './variants.js';

/** An object of the core. It is lost when the instance is started anew. */
export class Handle<T extends { free(): void }> {
  readonly #value: T;
  readonly #generation: number;
  #freed = false;

  /** Takes what `make` makes. */
  constructor(make: (wasm: Glue) => T) {
    this.#value = call(make);
    this.#generation = currentGeneration();
  }

  /** The object; `where` begins the error if it is gone. */
  get(where: string): T {
    if (this.#freed) throw fault('state', `${where}: it has been disposed of`);
    if (this.#generation !== currentGeneration()) {
      throw fault('state', `${where}: it was lost with the instance of mapling that it was in`);
    }
    return this.#value;
  }

  get isFreed(): boolean {
    return this.#freed;
  }
  /** Whether it is neither freed nor lost with its instance. */
  get isThere(): boolean {
    return !this.#freed && this.#generation === currentGeneration();
  }

  /** Frees it now rather than when the collector finds it. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    // What a dead instance held is gone with it.
    if (this.#generation === currentGeneration()) this.#value.free();
  }
}
