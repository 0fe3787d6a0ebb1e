/** What the page keeps on this device: for each tab its run, its drawing, the runs beside it, kept steps of all, and digits in files. */
import type { OwnDigit } from 'mapling/trainer';
import {
  database,
  type KeptBeside,
  type KeptDrawing,
  type KeptFiles,
  type KeptIncluded,
  type KeptMark,
  type KeptRun,
  openings,
  reading,
  type Timelines,
} from './kept-database';
import { openedAt } from './tab';

/** So many tabs' runs are kept; the newest. */
const MOST_TABS = 4;

/** All runs, the newest first. */
export async function readRuns(): Promise<KeptRun[]> {
  const all = await reading((opened) => opened.getAll('runs'));
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
  return reading((opened) => opened.get('included', tab));
}

export async function writeIncluded(included: KeptIncluded): Promise<void> {
  await (await database()).put('included', included);
}

export async function removeRun(tab: string): Promise<void> {
  await (await database()).delete('runs', tab);
}

export async function readDrawing(tab: string): Promise<KeptDrawing | undefined> {
  return reading((opened) => opened.get('drawings', tab));
}

export async function writeDrawing(drawing: KeptDrawing): Promise<void> {
  await (await database()).put('drawings', drawing);
}

export async function readTimelines(tab: string): Promise<Timelines | undefined> {
  return reading((opened) => opened.get('timelines', tab));
}

export async function readMark(tab: string, id: number): Promise<KeptMark | undefined> {
  return reading((opened) => opened.get('marks', [tab, id]));
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
  return reading((opened) => opened.getAll('beside', allOf(tab)));
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
  return reading((opened) => opened.get('files', [tab, name]));
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
  const [runs, ...keys] = await reading((opened) =>
    Promise.all((['runs', ...places] as const).map((place) => opened.getAllKeys(place))),
  );
  const all = new Set(keys.flat().map((key) => (typeof key === 'string' ? key : key[0])));
  for (const tab of runs as string[]) all.delete(tab);
  return [...all].sort((one, other) => openedAt(other) - openedAt(one));
}

/** Whether a later visit has taken this run, and keeps it since. */
export const isCopied = ({ tab, at }: KeptRun, all: readonly KeptRun[]): boolean =>
  all.some((other) => other.takenFrom === tab && other.at >= at);

/** Lets go of what tabs left behind that nobody came back to. `living` are those that are open. */
export async function tidy(living: ReadonlySet<string>): Promise<void> {
  const runs = await readRuns();
  // Copies of one run make no other one go.
  const left = [false, true].flatMap((are) =>
    runs.filter((run) => !living.has(run.tab) && isCopied(run, runs) === are),
  );
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
