/** What the page keeps on this device, in IndexedDB: for each tab its run, its drawing, and the runs beside it. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Classified, DigitsInfo, Stroke } from 'mapling/trainer';
import type { History, Origin } from './curves';
import type { Kept, Named } from './runs';
import type { Run } from './session';
import type { Settings } from './settings';

/** Records of other versions are not read. */
export const VERSION = 1;
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
  run: Run;
  origin: Origin;
  history: History;
  evaluation: Classified | null;
  named: Named;
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
export interface KeptBeside extends Kept {
  tab: string;
}

interface Store extends DBSchema {
  runs: { key: string; value: KeptRun };
  drawings: { key: string; value: KeptDrawing };
  beside: { key: [tab: string, number: number]; value: KeptBeside };
}

let opening: Promise<IDBPDatabase<Store>> | undefined;

/** The database. It is refused where a browser keeps nothing. */
function database(): Promise<IDBPDatabase<Store>> {
  opening ??= openDB<Store>('mapling-page', VERSION, {
    upgrade(made) {
      for (const name of made.objectStoreNames) made.deleteObjectStore(name);
      made.createObjectStore('runs', { keyPath: 'tab' });
      made.createObjectStore('drawings', { keyPath: 'tab' });
      made.createObjectStore('beside', { keyPath: ['tab', 'number'] });
    },
    blocking(_, __, event) {
      (event.target as IDBDatabase).close();
      opening = undefined;
    },
    terminated() {
      opening = undefined;
    },
  });
  opening.catch(() => {
    opening = undefined;
  });
  return opening;
}

/** All runs, the newest first. */
export async function readRuns(): Promise<KeptRun[]> {
  const all = await (await database()).getAll('runs');
  return all.sort((one, other) => other.at - one.at);
}

export async function writeRun(run: KeptRun): Promise<void> {
  await (await database()).put('runs', run);
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

/** All numbers of a tab: arrays come after numbers. */
const allOf = (tab: string) => IDBKeyRange.bound([tab], [tab, []]);

export async function readBeside(tab: string): Promise<KeptBeside[]> {
  return (await database()).getAll('beside', allOf(tab));
}

/** Keeps these runs of a tab, and lets go of those that are not among `numbers`. */
export async function writeBeside(tab: string, changed: KeptBeside[], numbers: number[]): Promise<void> {
  const change = (await database()).transaction('beside', 'readwrite');
  const gone = (await change.store.getAllKeys(allOf(tab))).filter(([, number]) => !numbers.includes(number));
  await Promise.all([
    ...gone.map((key) => change.store.delete(key)),
    ...changed.map((run) => change.store.put(run)),
    change.done,
  ]);
}

async function forget(tab: string): Promise<void> {
  const change = (await database()).transaction(['runs', 'drawings', 'beside'], 'readwrite');
  await Promise.all([
    change.objectStore('runs').delete(tab),
    change.objectStore('drawings').delete(tab),
    change.objectStore('beside').delete(allOf(tab)),
    change.done,
  ]);
}

/** Lets go of what tabs left behind that nobody came back to. `living` are those that are open. */
export async function tidy(living: ReadonlySet<string>): Promise<void> {
  const left = (await readRuns()).filter(({ tab }) => !living.has(tab));
  await Promise.all(left.slice(MOST_TABS).map(({ tab }) => forget(tab)));
}
