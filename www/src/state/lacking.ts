/** What the page does about networks whose layers its own module lacks: it starts anew with all of mapling. */
import { rememberPause } from './paused';
import { isWhole, messageOf } from './trainer';
import { wantWhole, wholeFor } from './whole';

/**
 * What a module lacks of a network, as its error names it: a layer, most often. `isKnown` tells what all of mapling has;
 * null for errors of another kind.
 */
export function lacking(failure: unknown): { part: string; isKnown: boolean } | null {
  const said = messageOf(failure);
  const isKnown = said.includes('this module was built without');
  const named = isKnown ? /["`](\w+)["`]: this module/ : /layer (?:class )?["`](\w+)["`] is unknown/;
  const part = named.exec(said)?.[1];
  return isKnown || part ? { part: part ?? '', isKnown } : null;
}

/** Whether to start anew with all of mapling helps: not where that is at work already, or could not be had a moment ago. */
export const helpsAnew = (): boolean => !isWhole && wholeFor() === null;

/** Starts the page anew with all of mapling, standing still; says no where this browser forgets that it should. */
export async function wholeAnew(waiting: string): Promise<boolean> {
  if (!wantWhole(waiting)) return false;
  rememberPause(true);
  location.reload();
  return new Promise(() => {});
}
