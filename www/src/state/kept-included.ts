/** The visitor's own digits that a kept run was trained on: they are kept with it, and go before it when it comes back. */
import type { DigitsInfo, OwnDigit, Trainer } from 'mapling/trainer';
import { classNames } from './classes';
import { makeRoom } from './kept-marks';
import { type KeptRun, openings, readIncluded, writeRun } from './kept-store';
import { included, trainsOnMine } from './lessons';
import { dispatch } from './session';

export const areSameData = (one: DigitsInfo, other: DigitsInfo): boolean =>
  (['name', 'train', 'test', 'classes'] as const).every((key) => one[key] === other[key]) &&
  String(one.imageShape) === String(other.imageShape);

/** The visitor's digits that the run was trained on are among those that have come. */
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

/** Those of the visitor are not among them, after all. */
export async function exclude(trainer: Trainer): Promise<void> {
  const { own: _, ...data } = await trainer.digits.include([]);
  included.value = [];
  trainsOnMine.value = false;
  dispatch({ type: 'changed', to: { data } });
}

/** The visitor's digits that lie on the device beside the run, and in which opening of its database they were put there. */
let writtenDigits: { digits: readonly OwnDigit[]; opening: number } | null = null;

const NONE: readonly OwnDigit[] = [];

/** Writes the run, and gives the milliseconds that the page stood still for it. Where there is no room, earlier steps make way. */
export async function write(run: KeptRun): Promise<number> {
  const digits = run.data.own === undefined ? NONE : included.peek();
  const put = () => {
    const isThere = writtenDigits?.digits === digits && writtenDigits.opening === openings.peek();
    return writeRun(run, isThere ? undefined : digits);
  };
  // The database may just have been closed under the page.
  const took = await put()
    .catch(put)
    .catch(async () => {
      await makeRoom();
      return put();
    });
  writtenDigits = { digits, opening: openings.peek() };
  return took;
}
