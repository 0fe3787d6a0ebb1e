/** What is taken once the page has started anew with all of mapling. */
import { wholeFor } from './whole';

/**
 * Files of a network, or of digits as they are or turned, by the name under which they were laid down; a run beside, by its
 * number; the run that this visit was to go on with, or one that was offered to it, by their tabs. `stay` is nothing that has
 * to be taken: what stands beside the network comes along.
 */
export type Awaited = 'files' | 'digits' | 'turned' | 'beside' | 'last' | 'offered' | 'stay';

/** The name of what waits, if there is something of this kind. The tab's mark has a kind and a name for each. */
export function waitsFor(kind: Awaited): string | null {
  const words = (wholeFor() ?? '').split(' ');
  const at = words.indexOf(kind);
  return at < 0 ? null : (words[at + 1] ?? '');
}
