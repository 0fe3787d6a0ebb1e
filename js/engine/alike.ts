/** Names that look alike: which known one was meant by one that is not known. */

/** How many letters differ: the fewest changes that make one word of the other, whatever their case. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = row[j - 1]! + (a[i - 1]!.toLowerCase() === b[j - 1]!.toLowerCase() ? 0 : 1);
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** So many letters of a name are looked at: nobody has longer ones, but a program may make them. */
const LONGEST = 60;

/** The name that looks most alike, and by how many letters it differs. */
function nearest(name: string, names: readonly string[]): [best: string | undefined, apart: number] {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const one of names) {
    const apart = distance(name.slice(0, LONGEST), one);
    if (apart < least) [best, least] = [one, apart];
  }
  return [best, least];
}

/** The name that was probably meant, if one looks so much alike that the other is a misspelling of it. */
export function misspelt(name: string, names: readonly string[]): string | undefined {
  const [best, apart] = nearest(name, names);
  return apart <= Math.max(1, Math.floor(name.length / 3)) ? best : undefined;
}

/** The name that looks alike, for one that need not be a misspelling: two fifths of its letters may differ. */
export function lookalike(name: string, names: readonly string[]): string | undefined {
  const [best, apart] = nearest(name, names);
  return apart <= Math.max(1, Math.floor(name.length * 0.4)) ? best : undefined;
}
