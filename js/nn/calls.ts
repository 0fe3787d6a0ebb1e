import type { SymbolicTensor } from './symbolic.js';

/** A call on symbols, and the model that found it if nobody called the layer itself. */
export interface Called {
  inputs: SymbolicTensor[];
  outputs: SymbolicTensor[];
  by?: object | undefined;
}

/** A model, as its layers see it. */
export interface Whole {
  /** Tells the layers what they are called on. */
  wire(): void;
  /** Makes the weights, if the shape of samples is known. */
  makeWeights(): void;
}

/** The calls of a layer on symbols. */
export class Calls {
  #all: Called[] = [];
  /** The model that the layer has become a part of last. */
  model: Whole | undefined;

  add(called: Called): void {
    this.#all.push(called);
  }
  /** Forgets the calls that a model has found. */
  forget(by: object): void {
    this.#all = this.#all.filter((call) => call.by !== by);
  }
  /** The first, if there is one that nobody had to be asked for. */
  get first(): Called | undefined {
    return this.#all[0];
  }
  get all(): readonly Called[] {
    if (this.#all.length === 0) this.model?.wire();
    return this.#all;
  }
}
