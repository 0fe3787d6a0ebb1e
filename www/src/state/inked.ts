import { signal } from '@preact/signals';

/** What is drawn on the pad, as the address spells it; empty for nothing. `spelled.ts` reads and writes it. */
export const ink = signal(
  new URLSearchParams(`${location.search.slice(1)}&${location.hash.slice(1)}`).get('ink') ?? '',
);
