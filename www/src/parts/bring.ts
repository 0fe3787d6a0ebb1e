/** Parts of the page that come after it. Where the line is cut they come once it is whole again. */
import { type Signal, signal } from '@preact/signals';
import { AGAIN } from '../state/trainer';

/** A part that was asked for has not come. */
export const isCut = signal(false);

/** Fetches a part, however often that takes. */
export function bring<Part>(load: () => Promise<Part>, into: Signal<Part | null>): void {
  load().then(
    (part) => {
      isCut.value = false;
      into.value = part;
    },
    () => {
      isCut.value = true;
      setTimeout(bring, AGAIN, load, into);
    },
  );
}
