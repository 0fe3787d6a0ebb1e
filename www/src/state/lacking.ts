/** What the page does about networks whose layers its own module lacks: it starts anew with all of mapling. */
import type { Awaited } from './awaited';
import { givenFiles } from './data';
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

/**
 * Lays down the visitor's own digits, in files, for the page that starts anew; gives the words by which it finds them, none
 * where no files are in use. What lies there under the name `beside` stays.
 */
export const laidDown = async (beside?: string | number): Promise<string> =>
  givenFiles().files.length === 0 ? '' : (await import('./own-files')).layDown(String(beside));

/**
 * Starts the page anew with all of mapling, standing still or not, and takes this there. Says no where this browser forgets
 * that it should, or has no room for the digits in files.
 */
export async function wholeAnew(kind: Awaited, name: string | number, isStill = true): Promise<boolean> {
  const digits = await laidDown(name).catch(() => null);
  if (digits === null || !wantWhole(`${kind} ${name} ${digits}`.trim())) return false;
  rememberPause(isStill);
  location.reload();
  return new Promise(() => {});
}
