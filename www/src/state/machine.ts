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
  if (name === 'threads') await isolate(Number(value) > 1);
  location.reload();
}

/** Hosts that do not send the headers for threads: a service worker adds them, from the next visit on. */
async function isolate(yes: boolean): Promise<void> {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  try {
    if (!yes) await (await serviceWorker.getRegistration('./'))?.unregister();
    else if (!crossOriginIsolated) {
      await serviceWorker.register('./isolate.js');
      await serviceWorker.ready;
    }
  } catch {
    // A private window may refuse: the page goes on with one thread, and says so.
  }
}
