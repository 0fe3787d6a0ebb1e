/** Which tab this is: each keeps a run of its own, and a tab that was duplicated is another one. */

const KEY = 'mapling.tab';
const OFFERED = 'mapling.offered';
const LOCK = 'mapling-tab-';

function remembered(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key: string, name: string | null): void {
  try {
    if (name === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, name);
  } catch {
    // Where storage is refused, the next visit is another one.
  }
}

/** The tab that this one was before it was loaded anew, or of which it is a copy; null on a new visit. */
export const earlierTab = remembered(KEY);
/** The tab whose run was offered to this one before it was loaded anew. */
export const earlierOffered = remembered(OFFERED);
export const rememberOffered = (name: string | null): void => remember(OFFERED, name);

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
  remember(KEY, name);
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
