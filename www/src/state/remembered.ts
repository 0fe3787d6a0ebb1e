/** What this browser remembers. Where storage is refused, nothing is remembered and nothing breaks. */

/** Between visits, or for this tab alone while the page is loaded anew. */
type Where = 'localStorage' | 'sessionStorage';

export function remembered(name: string, where: Where = 'localStorage'): string | null {
  try {
    return window[where].getItem(`mapling.${name}`);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string | null, where: Where = 'localStorage'): void {
  try {
    if (value === null) window[where].removeItem(`mapling.${name}`);
    else window[where].setItem(`mapling.${name}`, value);
  } catch {
    // A private window may refuse: the visit goes on without memory.
  }
}
