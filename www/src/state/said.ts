/** What the address says in the query or behind the `#`. */
export const said = (name: string): string | null =>
  new URLSearchParams(`${location.search.slice(1)}&${location.hash.slice(1)}`).get(name);
