/** A network in files that takes all of mapling: they lie on this device while the page starts anew, and are taken then. */
import { effect } from '@preact/signals';
import { openDB } from 'idb';
import { dispatch, session } from '../state/session';
import { wantWhole, wholeFor } from '../state/whole';
import { bring } from './models';

const STORE = 'files';

const database = () =>
  openDB('mapling-brought', 1, {
    upgrade(made) {
      made.createObjectStore(STORE);
    },
  });

/** Lays files down; gives the name by which they are found. What was left by others that never came back makes way. */
export async function stash(files: readonly File[]): Promise<string> {
  const name = crypto.randomUUID();
  const all = await Promise.all(
    files.map(async (file) => ({ name: file.name, bytes: await file.arrayBuffer() })),
  );
  const opened = await database();
  const change = opened.transaction(STORE, 'readwrite');
  await Promise.all([change.store.clear(), change.store.put(all, name), change.done]);
  opened.close();
  return name;
}

async function taken(name: string): Promise<File[]> {
  const opened = await database();
  const all = (await opened.get(STORE, name)) as { name: string; bytes: ArrayBuffer }[] | undefined;
  await opened.delete(STORE, name);
  opened.close();
  return (all ?? []).map((file) => new File([file.bytes], file.name));
}

/** Waits until the page stands with its digits and a network, which the files' network replaces. */
const pageStands = (): Promise<void> =>
  new Promise((resolve) => {
    const end = effect(() => {
      const { network, isStale, data, warmUp } = session.value;
      if (!network || isStale || !data || warmUp !== null) return;
      resolve();
      queueMicrotask(() => end());
    });
  });

/** Takes the files that wait. */
export async function takeStashed(): Promise<void> {
  const name = wholeFor();
  if (!name) return;
  wantWhole('');
  const files = await taken(name);
  await pageStands();
  bring(files, (now) => dispatch({ type: 'noticed', notice: { kind: 'brought', now } }));
}
