import { remember, remembered } from './remembered';

/** For this tab alone: what the visitor paused stays so when the page is loaded anew, and starts on the next visit. */
export const wasPaused = (): boolean => remembered('paused', 'sessionStorage') !== null;
export const rememberPause = (yes: boolean): void => remember('paused', yes ? '' : null, 'sessionStorage');

export const isReload = (): boolean =>
  performance
    .getEntriesByType('navigation')
    .some((entry) => (entry as PerformanceNavigationTiming).type === 'reload');
