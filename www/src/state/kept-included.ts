/** The visitor's own digits that a kept run was trained on. They are kept with the run, and included again before it is brought back. */
import type { DigitsInfo, OwnDigit, Trainer } from 'mapling/trainer';
import { classNames } from './classes';
import { areIncluded, areSameData, includeAgain } from './digits';
import { type KeptRun, openings } from './kept-database';
import { withRoom } from './kept-marks';
import { readIncluded, writeIncluded, writeRun } from './kept-store';
import { included, trainsOnMine } from './lessons';
import { dispatch, session } from './session';

/** Includes the visitor's digits that the kept run was trained on, if the data are otherwise the same; gives the data then. */
export async function including(trainer: Trainer, kept: KeptRun, data: DigitsInfo): Promise<DigitsInfo> {
  if (kept.data.own === undefined || kept.data.name !== data.name) return data;
  const { digits } = (await readIncluded(kept.tab).catch(() => undefined)) ?? {};
  if (!digits) return data;
  const all = await trainer.digits.include([...digits]);
  if (!areSameData(kept.data, all)) {
    await exclude(trainer);
    return data;
  }
  areIncluded(digits, data, kept.names);
  dispatch({ type: 'changed', to: { data: all } });
  return all;
}

/** Keeps the visitor's digits that are trained on, whether or not there is a run: the page is about to start anew. */
export async function keepIncluded(tab: string): Promise<void> {
  const { data } = session.peek();
  if (data) await writeIncluded({ tab, digits: included.peek(), data, names: classNames.peek() });
}

/** Includes the digits that this tab trained on when the page started anew, classes of the visitor's own among them. */
export async function bringIncluded(trainer: Trainer, tab: string, data: DigitsInfo): Promise<void> {
  const { digits = [], data: was, names = {} } = (await readIncluded(tab).catch(() => undefined)) ?? {};
  if (!was) return;
  const all = await includeAgain(trainer, { data: was, own: digits, names }, data);
  if (all !== data) dispatch({ type: 'changed', to: { data: all } });
}

/** Takes the visitor's digits out of the training set again. */
export async function exclude(trainer: Trainer): Promise<void> {
  const { own: _, ...data } = await trainer.digits.include([]);
  included.value = [];
  trainsOnMine.value = false;
  dispatch({ type: 'changed', to: { data } });
}

/** The visitor's digits that were written beside the run, and the opening of the database in which that was done. */
let writtenDigits: { digits: readonly OwnDigit[]; opening: number } | null = null;

const NONE: readonly OwnDigit[] = [];

/** Writes the run and gives the milliseconds for which this blocked the page. */
export async function write(run: KeptRun): Promise<number> {
  const digits = run.data.own === undefined ? NONE : included.peek();
  const took = await withRoom(() => {
    const isThere = writtenDigits?.digits === digits && writtenDigits.opening === openings.peek();
    return writeRun(run, isThere ? undefined : digits);
  });
  writtenDigits = { digits, opening: openings.peek() };
  return took;
}
