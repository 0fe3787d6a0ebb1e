/**
 * Set for this tab alone: it works with all of mapling, because a network that a visitor brought, or that was kept, has
 * layers that the page's own module lacks. The value names what waits to be taken once the page has started anew.
 */
const WHOLE = 'mapling.whole';

/** What waits, empty where nothing does; null in a tab that the page's own module is enough for. */
export function wholeFor(): string | null {
  try {
    return sessionStorage.getItem(WHOLE);
  } catch {
    return null;
  }
}

/** Says whether it will be known when the page has started anew. */
export function wantWhole(waiting: string): boolean {
  try {
    sessionStorage.setItem(WHOLE, waiting);
    return true;
  } catch {
    return false;
  }
}
