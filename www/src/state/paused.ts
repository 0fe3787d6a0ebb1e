/** Set for this tab alone: what the visitor paused stays so when the page is loaded anew, and starts on the next visit. */
const PAUSED = 'mapling.paused';

export function wasPaused(): boolean {
  try {
    return sessionStorage.getItem(PAUSED) !== null;
  } catch {
    return false;
  }
}

export function rememberPause(yes: boolean): void {
  try {
    if (yes) sessionStorage.setItem(PAUSED, '');
    else sessionStorage.removeItem(PAUSED);
  } catch {
    // Where storage is refused, the page starts by itself again.
  }
}

export const isReload = (): boolean =>
  performance
    .getEntriesByType('navigation')
    .some((entry) => (entry as PerformanceNavigationTiming).type === 'reload');
