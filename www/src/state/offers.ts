/** Runs of other visits that knew other digits: they are offered, not forced, one after the other. */
import { signal } from '@preact/signals';
import type { KeptRun } from './kept-database';
import { rememberOffered } from './tab';

/** The run that is offered. */
export const offered = signal<KeptRun | null>(null);
/** Those that are offered after it. */
let later: readonly KeptRun[] = [];

/** Tabs whose runs could not be read on this visit: the next one may. */
let unread: readonly string[] = [];

/** Loaded again, the page offers the same ones. `taken` is about to be here, and is offered again if it does not come. */
function keepInMind(taken: KeptRun | null = null): void {
  const all = [taken, offered.peek(), ...later].filter((one) => one !== null);
  rememberOffered([...all.map(({ tab }) => tab), ...unread]);
}

/** The runs of these tabs are offered once they can be read. */
export function offerNextTime(tabs: readonly string[]): void {
  unread = tabs;
  keepInMind();
}

/** Offers a run before all others. */
export function offerFirst(kept: KeptRun): void {
  const before = offered.peek();
  later = [...(before ? [before] : []), ...later].filter(({ tab }) => tab !== kept.tab);
  offered.value = kept;
  keepInMind();
}

/** These are offered once those before them were answered. */
export function offerLater(all: readonly KeptRun[]): void {
  later = all;
}

/** The one that is offered is answered: gives it. `isTaken` says that it is about to be here. */
export function answered(isTaken = false): KeptRun | null {
  const kept = offered.peek();
  offered.value = null;
  keepInMind(isTaken ? kept : null);
  return kept;
}

/** Offers the next one, where none is offered: gives what is offered now. */
export function offerNext(): KeptRun | null {
  if (!offered.peek()) {
    const [next = null, ...others] = later;
    later = others;
    offered.value = next;
  }
  keepInMind();
  return offered.peek();
}
