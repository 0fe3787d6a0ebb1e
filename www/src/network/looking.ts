/** From the network's picture into a layer, and back. */
import { signal } from '@preact/signals';

/** The layer that is looked into, and what it was chosen by. */
export const lookedInto = signal<{ name: string; from: HTMLElement } | null>(null);

export function lookInto(name: string, from: HTMLElement): void {
  lookedInto.value = { name, from };
}

/** Back to the network; whoever came by keyboard goes on from where they were. */
export function lookOut(): void {
  const now = lookedInto.peek();
  lookedInto.value = null;
  now?.from.focus({ preventScroll: true });
}
