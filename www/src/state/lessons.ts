/** What the network was taught beside its runs: it belongs to what is kept of them. */
import { signal } from '@preact/signals';
import type { OwnDigit } from 'mapling/trainer';

/** Whether runs train on the visitor's digits too. */
export const trainsOnMine = signal(false);
/** Digits of the visitor's own that are among those to train on, as they were given. */
export const included = signal<readonly OwnDigit[]>([]);
/** Counts lessons that changed the network where it stands. */
export const lessons = signal(0);
/** Those that were taught before the present network was made. */
let before = 0;
/** The present network has been taught something beside its run. */
export const wasTaught = (): boolean => lessons.peek() !== before;
/** Another network takes its place. */
export const beginUntaught = (): void => {
  before = lessons.peek();
};
