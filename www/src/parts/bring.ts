/** Parts of the page that come after it. Where the line is cut they come once it is whole again. */
import { type Signal, signal } from '@preact/signals';
import { AGAIN } from '../state/trainer';

/** Parts that were asked for and have not come. */
export const cut = signal<ReadonlySet<unknown>>(new Set());

/** Fetches a part, however often that takes. */
export function bring<Part>(load: () => Promise<Part>, into: Signal<Part | null>): void {
  load().then(
    (part) => {
      cut.value = new Set([...cut.value].filter((other) => other !== into));
      into.value = part;
    },
    () => {
      cut.value = new Set([...cut.value, into]);
      setTimeout(bring, AGAIN, load, into);
    },
  );
}
