/** What computes: how many threads, and whether exactly. The visitor's choice is kept on this device. */
import { signal } from '@preact/signals';
import type { BackendInfo, Mode } from 'mapling/trainer';
import { remembered } from './remembered';

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
