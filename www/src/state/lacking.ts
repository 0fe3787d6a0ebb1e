/** What the page does about networks whose layers its own module lacks: it starts anew with all of mapling. */
import { rememberPause } from './paused';
import { session } from './session';
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

/** Whether the digits in use are there again when the page has started anew: those in files are not. */
export const areDigitsLasting = (): boolean => session.peek().source !== 'files';

/**
 * What is taken once the page has started anew: files of a network, or of digits as they are or turned, by the name under
 * which they were laid down; a run beside, by its number, or all of them, to stay beside, without one; the run that this visit was to go on with, or one that was offered to it, by their tabs.
 */
export type Waiting = 'files' | 'digits' | 'turned' | 'beside' | 'last' | 'offered';

/** Starts the page anew with all of mapling, standing still or not; says no where this browser forgets that it should. */
export async function wholeAnew(kind: Waiting, name: string | number, isStill = true): Promise<boolean> {
  if (!wantWhole(`${kind} ${name}`)) return false;
  rememberPause(isStill);
  location.reload();
  return new Promise(() => {});
}

/** The name of what waits, if it is of this kind. */
export function waitsFor(kind: Waiting): string | null {
  const [found, name = ''] = (wholeFor() ?? '').split(' ');
  return found === kind ? name : null;
}
