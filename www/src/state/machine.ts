/** What computes: how many threads, and whether exactly. The visitor's choice is kept on this device. */
import { signal } from '@preact/signals';
import type { BackendInfo, Mode } from 'mapling/trainer';
import { remember, remembered } from './remembered';

/** What is at work; null until it is known. */
export const machine = signal<BackendInfo | null>(null);

export const cores = navigator.hardwareConcurrency || 1;

/** What the address or the visitor asked for. */
export function asked(): { mode: Mode; threads: number | 'auto' } {
  const address = new URLSearchParams(location.search);
  const said = (name: string) => address.get(name) ?? remembered(name);
  const threads = Number(said('threads'));
  return {
    mode: said('mode') === 'fast' ? 'fast' : 'exact',
    threads: Number.isInteger(threads) && threads > 0 ? threads : 'auto',
  };
}

/** What a visitor may choose. */
export type Choice = 'mode' | 'threads';

/** Another choice takes a new module, so the page starts anew. */
export async function choose(name: Choice, value: string): Promise<void> {
  remember(name, value);
  // Hosts may not send the headers for threads: the service worker adds them.
  if (name === 'threads') await (await import('./offline')).isolate(Number(value) > 1);
  location.reload();
}
