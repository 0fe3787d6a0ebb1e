/** The visitor's own digits, in files, are there again when the page has started anew with all of mapling. */
import { waitsFor } from './awaited';
import { givenFiles } from './data';
import { takeFiles } from './files';
import { session } from './session';
import { stash, takeStash } from './stash';

/** The files in use, each called by where it lies. */
function filesInUse(): File[] {
  const { files, paths } = givenFiles();
  return files.map((file, at) => new File([file], paths[at] ?? file.name));
}

/** Lays them down; gives the words by which they are found. What lies there under the name `beside` stays. */
export async function layDown(beside: string): Promise<string> {
  const name = await stash(filesInUse(), beside);
  return `${session.peek().data?.turned ? 'turned' : 'digits'} ${name}`;
}

/** Takes them, if the page has started anew with such; says whether they are in use. */
export async function takeUp(): Promise<boolean> {
  const turned = waitsFor('turned');
  const name = turned ?? waitsFor('digits');
  if (!name) return false;
  const found = await takeStash(name).catch(() => []);
  await takeFiles(found, undefined, turned !== null);
  return session.peek().source === 'files';
}

/** They were laid down, and are gone: the browser has let go of them, or they can no longer be read. */
export const areGone = (): boolean =>
  (waitsFor('turned') ?? waitsFor('digits')) !== null && session.peek().source !== 'files';
