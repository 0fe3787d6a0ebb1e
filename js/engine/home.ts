/**
 * WebAssembly's memory is a cache of what models have learned, as it is of tensors: the weights of layers and what
 * optimizers remember have a budget there. Beyond it those that were used longest ago are moved out to arrays in
 * JavaScript, which the ordinary collector frees together with the model, inside a synchronous loop too. So nobody has to
 * dispose of a model.
 */

import { onStart } from './instance.js';

/** Bytes of weights and of optimizers' memory that may lie in the core at once, but for what is in use. */
const BUDGET = 64 * 2 ** 20;
/** So many layers and optimizers at most, however small they are. */
const MOST = 4096;

/** What can be moved out and in again. */
export interface Movable<Kept> {
  /** How many bytes lie in the core. */
  bytes(): number;
  /** Takes them out of the core. */
  moveOut(): Kept;
  /** Puts them back. */
  moveIn(kept: Kept): void;
}

// What was in an instance that is gone is forgotten with it.
onStart(() => {
  while (oldest) oldest.leave();
});

/** The ends of the chain of what lies in the core, from what was used longest ago to what was used last. */
let oldest: Home | undefined;
let newest: Home | undefined;
let total = 0;
let count = 0;
/** The homes that were brought in together last, while nothing else has been used and nothing has been moved out since. */
let latest: readonly Home[] | undefined;

/** Where a layer's weights, or an optimizer's memory, are at this moment. */
export class Home {
  readonly #owner: Movable<unknown>;
  #kept: { values: unknown } | undefined;
  #bytes = 0;
  #users = 0;
  #isChained = false;
  #before: Home | undefined;
  #after: Home | undefined;

  constructor(owner: Movable<unknown>) {
    this.#owner = owner;
  }

  /** Sees to it that everything is in the core, and counts as used last. */
  enter(): void {
    if (this.#kept) {
      const { values } = this.#kept;
      this.#owner.moveIn(values);
      this.#kept = undefined;
    }
    if (this.touch()) return;
    this.#link();
    this.#isChained = true;
    count++;
    this.measure();
    makeRoom();
  }

  /** Counts as used last, if everything is in the core; whether it is. */
  touch(): boolean {
    if (!this.#isChained || newest === this) return this.#isChained;
    this.#unlink();
    this.#link();
    return true;
  }

  /** Brings all of these in. They stay together, even where they are more than the budget. */
  static enterAll(homes: readonly Home[]): void {
    // Each weight of a model comes here with the same list, one after the other.
    if (homes === latest) return;
    let areIn = true;
    for (const home of homes) areIn = home.touch() && areIn;
    if (!areIn) Home.#bringIn(homes);
    latest = homes;
  }
  static #bringIn(homes: readonly Home[]): void {
    for (const home of homes) home.#users++;
    try {
      for (const home of homes) home.enter();
    } finally {
      for (const home of homes) home.#users--;
    }
  }

  /** Looks anew at how much there is. */
  measure(): void {
    if (!this.#isChained) return;
    total -= this.#bytes;
    this.#bytes = this.#owner.bytes();
    total += this.#bytes;
  }

  /** Stays in the core until {@link release}: it is used by what the core does on its own. */
  hold(): void {
    this.#users++;
    this.enter();
  }
  release(): void {
    this.#users--;
    this.measure();
    makeRoom();
  }

  /** Forgets it: it is gone, or was in an instance that is gone. */
  leave(): void {
    this.#unchain();
    this.#kept = undefined;
  }

  #unchain(): void {
    if (!this.#isChained) return;
    this.#isChained = false;
    total -= this.#bytes;
    this.#bytes = 0;
    count--;
    this.#unlink();
  }

  #link(): void {
    latest = undefined;
    this.#before = newest;
    if (newest) newest.#after = this;
    else oldest = this;
    newest = this;
  }

  #unlink(): void {
    latest = undefined;
    if (this.#before) this.#before.#after = this.#after;
    else oldest = this.#after;
    if (this.#after) this.#after.#before = this.#before;
    else newest = this.#before;
    this.#before = undefined;
    this.#after = undefined;
  }

  /** The next in the chain that nobody uses, beginning with this one; the newest stays. */
  static idle(from: Home | undefined): Home | undefined {
    let home = from;
    while (home && home.#users > 0) home = home.#after;
    return home === newest ? undefined : home;
  }
  static moveOut(home: Home): Home | undefined {
    const next = home.#after;
    home.#kept = { values: home.#owner.moveOut() };
    home.#unchain();
    return next;
  }
}

function makeRoom(): void {
  let home = total > BUDGET || count > MOST ? Home.idle(oldest) : undefined;
  while (home && (total > BUDGET || count > MOST)) home = Home.idle(Home.moveOut(home));
}
