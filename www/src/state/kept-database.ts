/** The database of what the page keeps on this device: its places, and how it is opened and asked. */
import { signal } from '@preact/signals';
import { type DBSchema, type IDBPDatabase, openDB, type StoreNames } from 'idb';
import type { Classified, DigitsInfo, OwnDigit, Stroke } from 'mapling/trainer';
import type { History, Origin } from './curves';
import type { Kept, Named } from './runs';
import type { Run } from './session';
import type { Settings } from './settings';
import type { Mark } from './timeline';

/** The database has places that those of earlier builds did not have. */
const PLACES = 3;
/** Records of other versions are not read. */
export const VERSION = 1;

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
  /** The tab of an earlier visit whose run this is: what lies there is an older copy. */
  takenFrom?: string;
  /** It was training, and goes on by itself. */
  goesOn: boolean;
  /** How often it was taught something beside its run. */
  taught?: number;
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

export interface Store extends DBSchema {
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

/** Milliseconds within which a browser opens its database, if it ever does; and for how long it is not asked again then. */
const [PATIENCE, PAUSE] = [5000, 10_000];

/** The database. It is refused where a browser keeps nothing, or another tab holds it in a form of an earlier build. */
export function database(): Promise<IDBPDatabase<Store>> {
  if (opening) return opening;
  // Requests to open it wait for each other: while one is held up, another one would wait as long.
  let rest = 0;
  const asked = new Promise<IDBPDatabase<Store>>((resolve, reject) => {
    const giveUp = (why: string) => {
      rest = PAUSE;
      reject(new Error(why));
    };
    setTimeout(giveUp, PATIENCE, 'the database does not open');
    open(() => giveUp('another tab holds the database')).then(resolve, reject);
  });
  const forget = () => {
    if (opening === asked) opening = undefined;
  };
  asked.catch(() => (rest > 0 ? setTimeout(forget, rest) : forget()));
  opening = asked;
  return asked;
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

/** Milliseconds within which a browser that fails has failed for the moment, and is asked once more; and until then. */
const [SOON, AGAIN] = [1000, 100];

/** Reads something. The browser may just have closed the database, or be busy with it: then it is asked once more. */
export async function reading<T>(read: (opened: IDBPDatabase<Store>) => Promise<T>): Promise<T> {
  const began = performance.now();
  const ask = async () => read(await database());
  try {
    return await ask();
  } catch (failure) {
    if (performance.now() - began > SOON) throw failure;
    await new Promise((resolve) => setTimeout(resolve, AGAIN));
    return ask();
  }
}
