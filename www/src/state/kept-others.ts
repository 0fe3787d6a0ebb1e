/** What the worker has learned of what is no digit is kept on this device: the next visit need not learn it again. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

interface Store extends DBSchema {
  learned: {
    key: string;
    value: { name: string; bytes: Uint8Array<ArrayBuffer>; at: number };
    indexes: { at: number };
  };
}

/** It is kept for so many sets of digits, the newest. Each takes 0.2 MB, and 0.6 MB while it is learned. */
const MOST = 4;

const open = () =>
  openDB<Store>('mapling-learned', 1, {
    upgrade(made) {
      made.createObjectStore('learned', { keyPath: 'name' }).createIndex('at', 'at');
    },
  });

/** Opens the database for as long as `action` takes, so that nobody who deletes it has to wait. */
async function within<T>(action: (opened: IDBPDatabase<Store>) => Promise<T>): Promise<T> {
  const opened = await open();
  try {
    return await action(opened);
  } finally {
    opened.close();
  }
}

/** Whether something is kept, of whichever digits. */
export const isSomethingKept = (): Promise<boolean> =>
  within(async (opened) => (await opened.count('learned')) > 0);

export const get = (name: string): Promise<Uint8Array | undefined> =>
  within(async (opened) => (await opened.get('learned', name))?.bytes);

export const set = (name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> =>
  within(async (opened) => {
    const change = opened.transaction('learned', 'readwrite');
    await change.store.put({ name, bytes, at: Date.now() });
    const all = await change.store.index('at').getAllKeys();
    await Promise.all([...all.slice(0, -MOST).map((old) => change.store.delete(old)), change.done]);
  });

export const remove = (name: string): Promise<void> => within((opened) => opened.delete('learned', name));
