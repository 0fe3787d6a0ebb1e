// What the page keeps of its run on the device, as tests look at it.
import { createHash } from 'node:crypto';

/** The run that this page keeps: its checkpoint's bytes and their hash, when it was kept, and whether it goes on by itself. */
export async function keptRun(page) {
  const found = await page.evaluate(async () => {
    const tab = sessionStorage.getItem('mapling.tab');
    const database = await new Promise((resolve, reject) => {
      const asked = indexedDB.open('mapling-page');
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    const run = await new Promise((resolve, reject) => {
      const asked = database.transaction('runs').objectStore('runs').get(tab);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    database.close();
    if (!run) return null;
    let binary = '';
    for (let at = 0; at < run.bytes.length; at += 32768)
      binary += String.fromCharCode(...run.bytes.subarray(at, at + 32768));
    return { base64: btoa(binary), step: (run.run ?? run.origin).step, goesOn: run.goesOn, at: run.at };
  });
  if (!found) return null;
  const { base64, ...rest } = found;
  const bytes = Buffer.from(base64, 'base64');
  return { ...rest, bytes, hash: createHash('sha256').update(bytes).digest('hex') };
}

/** The run that was kept last becomes one of other digits: the next visit offers it. `isDamaged` breaks its bytes. */
export const estrange = (page, isDamaged = false) =>
  page.evaluate(async (isDamaged) => {
    const done = (asked) =>
      new Promise((resolve) => {
        asked.onsuccess = () => resolve(asked.result);
      });
    const database = await done(indexedDB.open('mapling-page'));
    const store = database.transaction('runs', 'readwrite').objectStore('runs');
    const [run] = (await done(store.getAll())).sort((one, other) => other.at - one.at);
    if (isDamaged) run.bytes[run.bytes.length >> 1] ^= 255;
    await done(store.put({ ...run, data: { ...run.data, name: 'mnist', train: 60_000 } }));
    database.close();
  }, isDamaged);

/** The device lets go of the digits in files that it keeps. A function by itself, so that a page may run it before its own scripts. */
export async function dropKeptFiles() {
  const done = (asked) =>
    new Promise((resolve) => {
      asked.onsuccess = () => resolve(asked.result);
    });
  const database = await done(indexedDB.open('mapling-page'));
  await done(database.transaction('files', 'readwrite').objectStore('files').clear());
  database.close();
}

/** Waits until the run is kept as it is at this step. */
export const keptAt = (page, step) =>
  page.waitForSelector(`[data-part="kept"][data-value="${step}"]`, { timeout: 60_000, state: 'attached' });

/** The run as it is kept after this moment, at this step. */
export async function keptAfter(page, at, step) {
  for (let tries = 0; tries < 300; tries++) {
    const found = await keptRun(page);
    if (found && found.at > at && found.step === step) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the run was not kept again at step ${step}`);
}

/** The kept steps of this page's present run that lie on the device. */
export const keptSteps = (page) =>
  page.evaluate(async () => {
    const done = (asked) =>
      new Promise((resolve, reject) => {
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
    const opening = indexedDB.open('mapling-page');
    // A database that is not there yet is the page's to make.
    opening.onupgradeneeded = () => opening.transaction.abort();
    const database = await done(opening).catch(() => null);
    if (!database) return [];
    const tab = sessionStorage.getItem('mapling.tab');
    const list = await done(database.transaction('timelines').objectStore('timelines').get(tab));
    const keys = await done(
      database
        .transaction('marks')
        .objectStore('marks')
        .getAllKeys(IDBKeyRange.bound([tab], [tab, []])),
    );
    database.close();
    const there = new Set(keys.map(([, id]) => id));
    return (list?.runs[0]?.ids ?? []).filter((id) => there.has(id));
  });

/** Waits until so many of them lie there. */
export async function stepsAreKept(page, count) {
  for (let tries = 0; tries < 300; tries++) {
    if ((await keptSteps(page)).length >= count) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`${(await keptSteps(page)).length} steps are kept, not ${count}`);
}
