/** The runs beside the present one are kept on this device too, each with the step at which it was left. */
import { effect } from '@preact/signals';
import type { DigitsInfo, OwnDigit } from 'mapling/trainer';
import { classNames } from './classes';
import { givenFiles, NO_FILES } from './data';
import { areNamedAlike, areSameData, digitsOf } from './digits';
import { type KeptBeside, openings } from './kept-database';
import { filesOf, keepFiles, nameOf } from './kept-files';
import { withRoom } from './kept-marks';
import { readBeside, writeBeside } from './kept-store';
import { included } from './lessons';
import { bringRuns, type Kept, runs } from './runs';
import { dataInfo } from './session';

/** Milliseconds in which several changes become one. */
const SOON = 500;

/** The tab whose runs these are; empty until it is known what the last visit left. */
let tab = '';
/** What lies on the device, by the runs' numbers. */
let written = new Map<number, Kept>();
let writtenIn = 0;
let soon: ReturnType<typeof setTimeout> | undefined;
let failed: () => void = () => {};
/** What lies there could not be read: it stays. */
let isUnread = false;

async function write(): Promise<void> {
  const now = runs.peek();
  await keepFiles(tab);
  await withRoom(async () => {
    const opening = openings.peek();
    const changed = now.filter((run) => writtenIn !== opening || written.get(run.number) !== run);
    await writeBeside(
      tab,
      changed.map(({ digits: { data, given, own, names }, ...run }) => ({
        ...run,
        marks: run.marks.slice(-1),
        ...{ tab, data, own, names, files: nameOf(given) },
      })),
      isUnread ? null : now.map(({ number }) => number),
    );
    written = new Map(now.map((run) => [run.number, run]));
    writtenIn = opening;
  });
}

/** Whether these are the same drawings, though they were read from the device. */
const areAlike = (one: readonly OwnDigit[], other: readonly OwnDigit[]): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

/** A run with the digits that it knew; none where these were in files that are gone. */
export async function broughtBack(kept: KeptBeside, here: DigitsInfo): Promise<Kept[]> {
  const { tab: from, data, own = [], names = {}, files = '', ...run } = kept;
  const given = files === '' ? NO_FILES : await filesOf(from, files);
  // As many drawings of the visitor's own may be other ones.
  const areOwnHere = areAlike(own, included.peek()) && areNamedAlike(own, names, classNames.peek());
  const isHere = !data || (areSameData(data, here) && areOwnHere);
  // Other files may have as many digits.
  if (isHere && (given === NO_FILES || given === null || nameOf(given) === nameOf(givenFiles())))
    return [{ ...run, digits: digitsOf(here) }];
  const isThere = given !== null && (data!.name !== 'file' || given !== NO_FILES);
  const areOwn = data!.own === undefined || own.length > 0;
  return isThere && areOwn ? [{ ...run, digits: { data: data!, given, own, names } }] : [];
}

/**
 * From now on the runs of this tab are kept; `from` is the tab of the last visit whose runs come back, if there is one. Those
 * that are here already stay as they are, the run `here` among them; the numbers `taken` belong to others, and to runs whose
 * digits may come yet.
 */
export async function keepBeside(
  own: string,
  from: string | null,
  refused: () => void,
  taken: readonly number[] = [],
  here: number | null = null,
): Promise<void> {
  failed = refused;
  if (from !== null) {
    const all = await readBeside(from).catch(() => {
      isUnread = from === own;
      return [];
    });
    const found = all.filter(
      ({ number }) => number !== here && runs.peek().every((run) => run.number !== number),
    );
    const data = dataInfo.peek();
    const numbers = [...taken, ...found.map(({ number }) => number)];
    if (data) bringRuns((await Promise.all(found.map((run) => broughtBack(run, data)))).flat(), numbers);
  }
  tab = own;
  later();
}

/** Keeps what has changed now: what the present run has left must lie there before another takes its place. */
export async function keepBesideNow(): Promise<void> {
  clearTimeout(soon);
  if (tab !== '') await write().catch(failed);
}

function later(): void {
  clearTimeout(soon);
  if (tab !== '') soon = setTimeout(() => void write().catch(failed), SOON);
}

effect(() => {
  runs.value;
  openings.value;
  later();
});
