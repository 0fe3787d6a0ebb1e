/**
 * The kept steps of runs, on this device: what time can be turned back to survives a reload. They are written a few at a
 * time, those of the present run first, and let go of when the page lets go of them.
 */
import { effect, signal } from '@preact/signals';
import { type KeptMark, openings, type Timelines } from './kept-database';
import { readMark, readTimelines, removeMarks, writeMarks } from './kept-store';
import { present, runs } from './runs';
import { dataInfo, session } from './session';
import { bytesOf, MOST_MARKS, thinned } from './thin';
import { type Mark, marks } from './timeline';

/**
 * Bytes on the device: of the present run, of all beside it, and of one step. A step is copied in one go: ten million bytes
 * take a laptop some 30 ms and a phone that is four times as slow 150, and more would be felt.
 */
const [OWN_BYTES, BESIDE_BYTES, ONE] = [64 * 2 ** 20, 32 * 2 ** 20, 10 * 2 ** 20];
/** So many steps of each run beside the present one. */
const BESIDE_MARKS = 8;
/** So many bytes are handed over at once, and milliseconds of rest lie between two such pieces. */
const [PIECE, REST] = [3 * 2 ** 20, 250];

/** The tab whose runs these are; empty until it is known what the last visit left. */
let tab = '';
/** The device has no room for them. */
export const isFull = signal(false);

/** Each network of a step has a number, which a branch that shares it shares. */
const ids = new WeakMap<object, number>();
let lastId = 0;
function idOf({ model }: Mark): number {
  const known = ids.get(model);
  if (known !== undefined) return known;
  lastId += 1;
  ids.set(model, lastId);
  return lastId;
}

/** What lies on the device, and in which opening of its database it was put there. */
let written = new Map<number, Mark>();
let writtenIn = -1;
let list = '';

/** Steps whose copies take long, or too much room, stay in memory only. */
const small = (all: readonly Mark[]): Mark[] => all.filter((mark) => bytesOf(mark) <= ONE);

/** The kept steps that the device is to hold, by their runs' numbers; those of the present run come first. */
function wanted(): Map<number, Mark[]> {
  const now = present.peek().number;
  const beside = runs.peek().filter(({ number }) => number !== now);
  const own = thinned(small(marks.peek()), MOST_MARKS, OWN_BYTES);
  const share = BESIDE_BYTES / Math.max(1, beside.length);
  return new Map([
    [now, own],
    ...beside
      .toReversed()
      .map((run): [number, Mark[]] => [run.number, thinned(small(run.marks), BESIDE_MARKS, share)]),
  ]);
}

/** Writes one piece; whether something is left to write. */
async function write(): Promise<boolean> {
  // The database was cleared, or opened anew: nothing is known of what lies there.
  if (writtenIn !== openings.peek()) {
    written = new Map();
    list = '';
  }
  const all = wanted();
  const byId = new Map([...all.values()].flat().map((mark) => [idOf(mark), mark]));
  const gone = [...written.keys()].filter((id) => !byId.has(id));
  const fresh: KeptMark[] = [];
  let [bytes, isLeft] = [0, false];
  for (const [id, mark] of byId) {
    if (written.get(id) === mark) continue;
    if (fresh.length > 0 && bytes + bytesOf(mark) > PIECE) {
      isLeft = true;
      break;
    }
    fresh.push({ tab, id, mark });
    bytes += bytesOf(mark);
  }
  for (const id of gone) written.delete(id);
  const there = new Set([...written.keys(), ...fresh.map(({ id }) => id)]);
  const timelines: Timelines = {
    tab,
    runs: [...all].map(([number, of]) => ({ number, ids: of.map(idOf).filter((id) => there.has(id)) })),
  };
  const asText = JSON.stringify(timelines);
  if (fresh.length === 0 && gone.length === 0 && asText === list) return false;
  writtenIn = await writeMarks(timelines, fresh, gone);
  for (const { id, mark } of fresh) written.set(id, mark);
  list = asText;
  return isLeft;
}

let isWriting = false;
let isAsked = false;

/** Writes what there is to write, a piece at a time, until nothing is left. */
async function writeAll(): Promise<void> {
  isAsked = true;
  if (isWriting || tab === '' || isFull.peek()) return;
  isWriting = true;
  try {
    // Where another tab's steps are read nothing is written, and once there is no room for more.
    while (isAsked && tab !== '' && !isFull.peek()) {
      isAsked = false;
      await new Promise((resolve) => setTimeout(resolve, REST));
      if (tab === '') break;
      // The database may just have been closed under the page.
      if (await write().catch(write)) isAsked = true;
    }
  } catch {
    await makeRoom();
  } finally {
    isWriting = false;
  }
}

/** There is no room: where the run stands matters more than where it was, and this visit keeps no earlier steps. */
export async function makeRoom(): Promise<void> {
  isFull.value = true;
  written = new Map();
  await removeMarks(tab).catch(() => {});
}

/**
 * Writes something else. The browser may just have closed the database, which a second attempt opens again; where there is no
 * room, earlier steps go.
 */
export const withRoom = <T>(write: () => Promise<T>): Promise<T> =>
  write()
    .catch(write)
    .catch(async () => {
      await makeRoom();
      return write();
    });

/** The kept steps of a tab of the last visit, by their runs' numbers. They are read one after the other. */
async function readAll(from: string): Promise<Map<number, Mark[]>> {
  const found = new Map<number, Mark[]>();
  const known = new Map<number, Mark>();
  for (const { number, ids: of } of (await readTimelines(from))?.runs ?? []) {
    const steps: Mark[] = [];
    for (const id of of) {
      const mark = known.get(id) ?? (await readMark(from, id))?.mark;
      if (!mark) continue;
      known.set(id, mark);
      // Another tab writes all of them under its own name, and has numbers of its own.
      if (from === tab) {
        ids.set(mark.model, id);
        lastId = Math.max(lastId, id);
        written.set(id, mark);
      }
      steps.push(mark);
    }
    found.set(number, steps);
  }
  return found;
}

/** They are steps of the same network as this one. */
const areOf = (one: Mark, { settings }: Mark): boolean =>
  (['seed', 'preset', 'net'] as const).every((key) => one.settings[key] === settings[key]);

/** The steps that were kept stand before those that are there; of two at the same step the newer one stays. */
const joined = (found: readonly Mark[], now: readonly Mark[]): Mark[] => {
  const steps = new Map([...found, ...now].map((mark) => [mark.step, mark]));
  return [...steps.values()].sort((one, other) => one.step - other.step);
};

/** Brings back the kept steps of the last visit, if its runs are here again. */
async function bring(from: string): Promise<void> {
  const [first] = marks.peek();
  const { number } = present.peek();
  const tip = marks.peek().at(-1);
  const data = dataInfo.peek();
  const found = await readAll(from);
  // Other digits have come meanwhile.
  if (dataInfo.peek() !== data) return;
  // Another run may have begun, or none is back: those beside have their steps all the same.
  if (tip && marks.peek()[0] === first && present.peek().number === number) {
    const own = (found.get(number) ?? []).filter((mark) => mark.step < tip.step && areOf(mark, tip));
    if (own.length > 0) marks.value = thinned(joined(own, marks.peek()));
  }
  runs.value = runs.peek().map((run) => {
    const newest = run.marks.at(-1);
    const more = (found.get(run.number) ?? []).filter(
      (mark) => newest && mark.step < newest.step && areOf(mark, newest),
    );
    return more.length > 0 ? { ...run, marks: joined(more, run.marks) } : run;
  });
}

/** From now on the steps of this tab are kept; `from` is the tab of the last visit whose runs are here again, if there is one. */
export async function keepMarks(own: string, from: string | null): Promise<void> {
  // Other digits have come: what is being kept is that of the ones before.
  tab = '';
  while (isWriting) await new Promise((resolve) => setTimeout(resolve, 10));
  if (from !== null) {
    isWriting = true;
    tab = from === own ? own : '';
    try {
      await bring(from);
      writtenIn = openings.peek();
    } catch {
      // What cannot be read is written anew.
    } finally {
      isWriting = false;
    }
  }
  tab = own;
  void writeAll();
}

effect(() => {
  marks.value;
  runs.value;
  present.value;
  openings.value;
  if (session.peek().network) void writeAll();
});
