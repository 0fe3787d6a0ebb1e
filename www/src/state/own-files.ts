/** The visitor's own digits, in files, are there again when the page has started anew with all of mapling. */
import { filesInUse, takeFiles } from './data';
import { waitsFor } from './lacking';
import { session } from './session';
import { stash, takeStash } from './stash';
import { wantWhole } from './whole';

export async function layDown(): Promise<void> {
  const name = await stash(filesInUse());
  wantWhole(`${session.peek().data?.turned ? 'turned' : 'digits'} ${name}`);
}

/** Takes them, if that is what the page has started anew for; says whether they are in use. */
export async function takeUp(): Promise<boolean> {
  const turned = waitsFor('turned');
  const name = turned ?? waitsFor('digits');
  if (!name) return false;
  const found = await takeStash(name).catch(() => []);
  await takeFiles(found, undefined, turned !== null);
  return session.peek().source === 'files';
}
