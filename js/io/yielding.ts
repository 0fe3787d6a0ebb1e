/** Turns of the engine's for what it does between them only, while a program reads one file after the other. */
import { nextTurn } from '../engine/turn.js';

/** After so many files. */
const FILES = 256;
let files = 0;

/**
 * Waits for another turn, of every some hundredth file: to wait for promises that are settled already is none, and the
 * engine frees what `WeakRef`s were made for, and tells of what it has collected, between turns alone. A loop that awaits
 * thousands of models, and drops them, would keep something of each.
 */
export async function yieldNowAndThen(): Promise<void> {
  if (++files % FILES === 0) await nextTurn();
}
