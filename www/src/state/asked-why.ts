/** Somebody has asked why a digit is read as it is: the lesson on reasons begins with its pictures then. */
import { signal } from '@preact/signals';

export const hasAskedWhy = signal(false);
