/** The visitor's own digits that a kept run was trained on. They are kept with the run, and included again before it is brought back. */
import type { DigitsInfo, OwnDigit, Trainer } from 'mapling/trainer';
import { classNames } from './classes';
import { makeRoom } from './kept-marks';
import { type KeptRun, openings, readIncluded, writeRun } from './kept-store';
import { included, trainsOnMine } from './lessons';
import { dispatch } from './session';

export const areSameData = (one: DigitsInfo, other: DigitsInfo): boolean =>
  (['name', 'train', 'test', 'classes'] as const).every((key) => one[key] === other[key]) &&
  String(one.imageShape) === String(other.imageShape);

/** Includes the visitor's digits that the kept run was trained on, if the data are otherwise the same; gives the data then. */
export async function including(trainer: Trainer, kept: KeptRun, data: DigitsInfo): Promise<DigitsInfo> {
  if (kept.data.own === undefined || kept.data.name !== data.name) return data;
  const digits = await readIncluded(kept.tab).catch(() => undefined);
  if (!digits) return data;
  const all = await trainer.digits.include([...digits]);
  if (!areSameData(kept.data, all)) {
    await exclude(trainer);
    return data;
  }
  included.value = digits;
  trainsOnMine.value = digits.some(({ label }) => label < data.classes);
  classNames.value = { ...kept.names, ...classNames.peek() };
  dispatch({ type: 'changed', to: { data: all } });
  return all;
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

/** Writes the run. If there is no room, earlier steps are deleted first. */
export async function write(run: KeptRun): Promise<void> {
  const digits = run.data.own === undefined ? NONE : included.peek();
  const put = () => {
    const isThere = writtenDigits?.digits === digits && writtenDigits.opening === openings.peek();
    return writeRun(run, isThere ? undefined : digits);
  };
  // The browser may just have closed the database: a second attempt opens it again.
  await put()
    .catch(put)
    .catch(async () => {
      await makeRoom();
      await put();
    });
  writtenDigits = { digits, opening: openings.peek() };
}
