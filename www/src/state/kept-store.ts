/** What the page keeps on this device, in IndexedDB: for each tab its run, its drawing, the runs beside it, kept steps of all, and digits in files. */
import { signal } from '@preact/signals';
import { type DBSchema, type IDBPDatabase, openDB, type StoreNames } from 'idb';
import type { Classified, DigitsInfo, OwnDigit, Stroke } from 'mapling/trainer';
import type { History, Origin } from './curves';
import type { Kept, Named } from './runs';
import type { Run } from './session';
import type { Settings } from './settings';
import { openedAt } from './tab';
import type { Mark } from './timeline';

/** Records of other versions are not read. */
export const VERSION = 1;
/** The database has places that those of earlier builds did not have. */
const PLACES = 3;
/** So many tabs' runs are kept; the newest. */
const MOST_TABS = 4;

/** A run in the middle of its training, with all that is shown of it. */
export interface KeptRun {
  version: number;
  tab: string;
  /** Milliseconds of the clock. */
  at: number;
  data: DigitsInfo;
  settings: Settings;
  /** A checkpoint, as `trainer.checkpoint()` gives it: it tells by itself whether it is whole. */
  bytes: Uint8Array;
  /** How far it has trained; null where it has not yet, and was brought from elsewhere, or has digits of its own. */
  run: Run | null;
  origin: Origin;
  history: History;
  evaluation: Classified | null;
  named: Named;
  /** What the visitor calls classes of their own. */
  names?: Readonly<Record<number, string>>;
  /** What the files are called on this device in which its digits came; empty for others. */
  files?: string;
  /** It was training, and goes on by itself. */
  goesOn: boolean;
}

export interface KeptDrawing {
  tab: string;
  strokes: Stroke[];
  /** The width of the pad, in whose pixels the strokes are. */
  size: number;
}

/** A run beside a tab's present one, with the step at which it was left. */
export interface KeptBeside extends Omit<Kept, 'digits'> {
  tab: string;
  /** The digits that it knew; earlier builds did not write them. */
  data?: DigitsInfo;
  /** Drawings of the visitor's own among them. */
  own?: readonly OwnDigit[];
  /** What the files are called on this device in which they came, and classes of the visitor's own. */
  files?: string;
  names?: Readonly<Record<number, string>>;
}

/** Files of digits, one behind the other, and where each of them lay. */
export interface KeptFiles {
  tab: string;
  name: string;
  bytes: Blob;
  files: { name: string; size: number }[];
  paths: string[];
}

/** Digits of the visitor's own that a tab trains on. */
export interface KeptIncluded {
  tab: string;
  digits: readonly OwnDigit[];
  /** Where the page was about to start anew: all digits at that time, and what classes were called. */
  data?: DigitsInfo;
  names?: Readonly<Record<number, string>>;
}

/** A step of a run, or of several that share it. */
export interface KeptMark {
  tab: string;
  id: number;
  mark: Mark;
}

/** Which kept steps belong to which run of a tab, by their numbers. */
export interface Timelines {
  tab: string;
  runs: { number: number; ids: number[] }[];
}

interface Store extends DBSchema {
  runs: { key: string; value: KeptRun };
  drawings: { key: string; value: KeptDrawing };
  beside: { key: [tab: string, number: number]; value: KeptBeside };
  included: { key: string; value: KeptIncluded };
  marks: { key: [tab: string, id: number]; value: KeptMark };
  timelines: { key: string; value: Timelines };
  files: { key: [tab: string, name: string]; value: KeptFiles };
}

let opening: Promise<IDBPDatabase<Store>> | undefined;
/** Counts how often the database was closed under the page: it may have been cleared, and nothing is known of what lies there. */
export const openings = signal(0);

/** It was closed under the page: whoever has something to keep opens it again. */
function closed(): void {
  opening = undefined;
  openings.value += 1;
}

/** Milliseconds within which a browser opens its database, if it ever does. */
const PATIENCE = 5000;

/** The database. It is refused where a browser keeps nothing, or another tab holds it in a form of an earlier build. */
function database(): Promise<IDBPDatabase<Store>> {
  opening ??= new Promise((resolve, reject) => {
    setTimeout(reject, PATIENCE, new Error('the database does not open'));
    open(() => reject(new Error('another tab holds the database'))).then(resolve, reject);
  });
  opening.catch(() => {
    opening = undefined;
  });
  return opening;
}

const open = (blocked: () => void): Promise<IDBPDatabase<Store>> =>
  openDB<Store>('mapling-page', PLACES, {
    blocked,
    upgrade(made) {
      // What an earlier build kept stays.
      const missing = (name: StoreNames<Store>) => !made.objectStoreNames.contains(name);
      for (const name of ['runs', 'drawings', 'included', 'timelines'] as const)
        if (missing(name)) made.createObjectStore(name, { keyPath: 'tab' });
      if (missing('beside')) made.createObjectStore('beside', { keyPath: ['tab', 'number'] });
      if (missing('files')) made.createObjectStore('files', { keyPath: ['tab', 'name'] });
      if (missing('marks')) made.createObjectStore('marks', { keyPath: ['tab', 'id'] });
    },
    blocking(_, __, event) {
      (event.target as IDBDatabase).close();
      closed();
    },
    terminated: closed,
  });

/** All runs, the newest first. */
export async function readRuns(): Promise<KeptRun[]> {
  const all = await (await database()).getAll('runs');
  return all.sort((one, other) => other.at - one.at);
}

/**
 * Writes a run, and with it, where they changed, the visitor's digits that it is trained on. Gives the milliseconds that the
 * page stood still for the copy; the device writes it while others have their turn.
 */
export async function writeRun(run: KeptRun, included?: readonly OwnDigit[]): Promise<number> {
  const { tab } = run;
  const change = (await database()).transaction(['runs', 'included'], 'readwrite');
  const began = performance.now();
  const puts = [
    change.objectStore('runs').put(run),
    included && change.objectStore('included').put({ tab, digits: included }),
    change.done,
  ];
  const took = performance.now() - began;
  await Promise.all(puts);
  return took;
}

export async function readIncluded(tab: string): Promise<KeptIncluded | undefined> {
  return (await database()).get('included', tab);
}

export async function writeIncluded(included: KeptIncluded): Promise<void> {
  await (await database()).put('included', included);
}

export async function removeRun(tab: string): Promise<void> {
  await (await database()).delete('runs', tab);
}

export async function readDrawing(tab: string): Promise<KeptDrawing | undefined> {
  return (await database()).get('drawings', tab);
}

export async function writeDrawing(drawing: KeptDrawing): Promise<void> {
  await (await database()).put('drawings', drawing);
}

export async function readTimelines(tab: string): Promise<Timelines | undefined> {
  return (await database()).get('timelines', tab);
}

export async function readMark(tab: string, id: number): Promise<KeptMark | undefined> {
  return (await database()).get('marks', [tab, id]);
}

/** Writes some steps, lets go of others, and says which there are now: all of it or nothing. Gives the database's opening. */
export async function writeMarks(timelines: Timelines, fresh: KeptMark[], gone: number[]): Promise<number> {
  const opened = await database();
  const now = openings.peek();
  const change = opened.transaction(['marks', 'timelines'], 'readwrite');
  const store = change.objectStore('marks');
  await Promise.all([
    ...gone.map((id) => store.delete([timelines.tab, id])),
    ...fresh.map((one) => store.put(one)),
    change.objectStore('timelines').put(timelines),
    change.done,
  ]);
  return now;
}

export async function removeMarks(tab: string): Promise<void> {
  const change = (await database()).transaction(['marks', 'timelines'], 'readwrite');
  await Promise.all([
    change.objectStore('marks').delete(allOf(tab)),
    change.objectStore('timelines').delete(tab),
    change.done,
  ]);
}

/** All numbers or names of a tab: arrays come after both. */
const allOf = (tab: string) => IDBKeyRange.bound([tab], [tab, []]);

export async function readBeside(tab: string): Promise<KeptBeside[]> {
  return (await database()).getAll('beside', allOf(tab));
}

/** Keeps these runs of a tab, and lets go of those that are not among `numbers`; of none where nobody knows what is there. */
export async function writeBeside(
  tab: string,
  changed: KeptBeside[],
  numbers: number[] | null,
): Promise<void> {
  const change = (await database()).transaction('beside', 'readwrite');
  const there = numbers === null ? [] : await change.store.getAllKeys(allOf(tab));
  const gone = there.filter(([, number]) => !numbers!.includes(number));
  await Promise.all([
    ...gone.map((key) => change.store.delete(key)),
    ...changed.map((run) => change.store.put(run)),
    change.done,
  ]);
}

export async function readFiles(tab: string, name: string): Promise<KeptFiles | undefined> {
  return (await database()).get('files', [tab, name]);
}

/** Keeps these files for a tab, and lets go of its others. */
export async function writeFiles(tab: string, wanted: readonly KeptFiles[]): Promise<void> {
  const change = (await database()).transaction('files', 'readwrite');
  const there = (await change.store.getAllKeys(allOf(tab))).map(([, name]) => name);
  await Promise.all([
    ...there
      .filter((name) => wanted.every((one) => one.name !== name))
      .map((name) => change.store.delete([tab, name])),
    ...wanted.filter(({ name }) => !there.includes(name)).map((one) => change.store.put(one)),
    change.done,
  ]);
}

const removeFiles = async (tab: string): Promise<void> => (await database()).delete('files', allOf(tab));

async function forget(tab: string): Promise<void> {
  const change = (await database()).transaction(['runs', 'drawings', 'beside', 'included'], 'readwrite');
  await Promise.all([
    removeMarks(tab),
    removeFiles(tab),
    change.objectStore('included').delete(tab),
    change.objectStore('runs').delete(tab),
    change.objectStore('drawings').delete(tab),
    change.objectStore('beside').delete(allOf(tab)),
    change.done,
  ]);
}

/** Tabs that have something in these places, but no run; those that were opened last come first. */
export async function withoutRun(...places: ('beside' | 'drawings' | 'included')[]): Promise<string[]> {
  const opened = await database();
  const keys = await Promise.all(places.map((place) => opened.getAllKeys(place)));
  const all = new Set(keys.flat().map((key) => (typeof key === 'string' ? key : key[0])));
  for (const tab of await opened.getAllKeys('runs')) all.delete(tab);
  return [...all].sort((one, other) => openedAt(other) - openedAt(one));
}

/** Lets go of what tabs left behind that nobody came back to. `living` are those that are open. */
export async function tidy(living: ReadonlySet<string>): Promise<void> {
  const left = (await readRuns()).filter(({ tab }) => !living.has(tab));
  const others = (await withoutRun('beside', 'drawings', 'included')).filter((tab) => !living.has(tab));
  const gone = [...left.map(({ tab }) => tab).slice(MOST_TABS), ...others.slice(MOST_TABS)];
  await Promise.all(gone.map(forget));
  // Kept steps and files take far more room than where a run stands: of those that were left the newest alone has some.
  const kept = new Set([...living, left[0]?.tab]);
  const opened = await database();
  const marked = await opened.getAllKeys('timelines');
  const filed = new Set((await opened.getAllKeys('files')).map(([tab]) => tab));
  await Promise.all([
    ...marked.filter((tab) => !kept.has(tab)).map(removeMarks),
    ...[...filed].filter((tab) => !kept.has(tab)).map(removeFiles),
  ]);
}
