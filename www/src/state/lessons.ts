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
/** How often the present network has been taught something beside its run. */
export const timesTaught = (): number => lessons.peek() - before;
export const wasTaught = (): boolean => timesTaught() > 0;
/** Another network takes its place, which was taught so often. */
export const beginTaught = (times = 0): void => {
  before = lessons.peek() - times;
};
export const beginUntaught = (): void => beginTaught();
