/** Which tab this is: each keeps a run of its own, and a tab that was duplicated is another one. */

import { remember, remembered } from './remembered';

const LOCK = 'mapling-tab-';

/** The tab that this one was before it was loaded anew, or of which it is a copy; null on a new visit. */
export const earlierTab = remembered('tab', 'sessionStorage');
/** The tabs whose runs were offered to this one before it was loaded anew, in their order. */
export const earlierOffered = (remembered('offered', 'sessionStorage') ?? '').split(' ').filter(Boolean);
export const rememberOffered = (names: readonly string[]): void =>
  remember('offered', names.length > 0 ? names.join(' ') : null, 'sessionStorage');

/** Holds the name as long as the page lives; whether nobody else does. */
function hold(name: string): Promise<boolean> {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const held = navigator.locks.request(LOCK + name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      // Until the page is gone.
      return lock ? new Promise(() => {}) : undefined;
    });
    held.catch(() => resolve(true));
  });
}

/** A name that no other tab has. */
export async function newTab(): Promise<string> {
  const name = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  await hold(name);
  remember('tab', name, 'sessionStorage');
  return name;
}

/** When a tab was opened, in milliseconds of the clock, as its name tells. */
export const openedAt = (name: string): number => Number.parseInt(name, 36) || 0;

/** The name of this tab: that of before, unless another tab has it. */
export const ownTab = async (): Promise<string> =>
  earlierTab !== null && (await hold(earlierTab)) ? earlierTab : newTab();

/** The tabs that are open. */
export async function livingTabs(): Promise<Set<string>> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  const names = held.flatMap(({ name }) => (name?.startsWith(LOCK) ? [name.slice(LOCK.length)] : []));
  return new Set(names);
}
