/** Files of a network, or of digits: they lie on this device while the page starts anew with all of mapling. */
import { openDB } from 'idb';

const STORE = 'files';

const database = () =>
  openDB('mapling-brought', 1, {
    upgrade(made) {
      made.createObjectStore(STORE);
    },
  });

/**
 * Lays files down; gives the name by which they are found. What was left by others that never came back makes way, but not
 * what was laid down for the same start under the name `beside`.
 */
export async function stash(files: readonly File[], beside?: string): Promise<string> {
  const name = crypto.randomUUID();
  const all = await Promise.all(
    files.map(async (file) => ({ name: file.name, bytes: await file.arrayBuffer() })),
  );
  const opened = await database();
  const change = opened.transaction(STORE, 'readwrite');
  const left = (await change.store.getAllKeys()).filter((key) => key !== beside);
  await Promise.all([
    ...left.map((key) => change.store.delete(key)),
    change.store.put(all, name),
    change.done,
  ]);
  opened.close();
  return name;
}

/** The files of this name, which are there no longer. */
export async function takeStash(name: string): Promise<File[]> {
  const opened = await database();
  const all = (await opened.get(STORE, name)) as { name: string; bytes: ArrayBuffer }[] | undefined;
  await opened.delete(STORE, name);
  opened.close();
  return (all ?? []).map((file) => new File([file.bytes], file.name));
}
