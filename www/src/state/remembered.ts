/** What this browser remembers between visits. Where storage is refused, nothing is remembered and nothing breaks. */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`mapling.${name}`);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`mapling.${name}`);
    else localStorage.setItem(`mapling.${name}`, value);
  } catch {
    // A private window may refuse: the visit goes on without memory.
  }
}
