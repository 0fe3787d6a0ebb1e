/** A run that was kept on this device comes back: in the place of the present one, or beside it. */
import type { DigitsInfo, Trainer } from 'mapling/trainer';
import { historyUpTo } from './branches';
import { exchangeHistory } from './curves';
import { broughtBack } from './kept-beside';
import type { KeptRun } from './kept-database';
import { readIncluded } from './kept-store';
import { keptStep } from './kept-writing';
import { beginTaught } from './lessons';
import { isReload } from './paused';
import { adopt, bringRuns } from './runs';
import { dispatch } from './session';
import { firstMark, type Mark, markOf, marks, placeOf } from './timeline';
import { turnTo } from './turn';

/** The newest step of a kept run, as it is and as it is shown, whether a test was made there, and its curves. */
async function read(
  trainer: Trainer,
  { bytes, settings, origin, run, evaluation, history, taught = 0 }: KeptRun,
) {
  await trainer.stop();
  await trainer.setModel(bytes);
  const saved = await trainer.save();
  if (!run) {
    const { run: _, ...model } = saved;
    const mark: Mark = { step: origin.step, phase: 'ready', settings, model, run, evaluation, origin };
    return { mark, shown: mark, isTested: false, curves: history };
  }
  const mark = { ...markOf(saved, { settings, origin, run }), taught };
  const curves = historyUpTo(placeOf(mark), history);
  // The newest test stays on show, as it did: it belongs to this step only if it was made there. One of what was taught is on no curve.
  const isOnCurve = run.testAccuracy === undefined || history.testAccuracy.includes(run.testAccuracy);
  const testAccuracy = isOnCurve ? curves.testAccuracy.at(-1) : run.testAccuracy;
  const isTested = Math.abs((curves.testX.at(-1) ?? -1) - placeOf(mark)) < 1e-9;
  const shown = { ...mark, evaluation, run: { ...mark.run!, testAccuracy } };
  return { mark, shown, isTested, curves };
}

/** Goes on with a kept run. Fails where it cannot be read. */
export async function put(trainer: Trainer, kept: KeptRun, data: DigitsInfo): Promise<void> {
  const { mark, shown, isTested, curves } = await read(trainer, kept);
  const { settings, origin, evaluation, named } = kept;
  await turnTo(trainer, evaluation ? shown : mark, () => {
    exchangeHistory(curves);
    adopt(named);
    beginTaught(kept.taught);
    // A network that has grown was never made of its seed.
    const isOfSeed = named.from === null && data.own === undefined && origin.step === 0;
    const first = isOfSeed && kept.run ? [firstMark({ settings, data })] : [];
    marks.value = [...first, isTested ? shown : mark];
  });
  keptStep.value = mark.step;
  // A run that has ended does not begin another one by itself, and one that stood still goes on with the next visit.
  if (mark.phase === 'done' || (!kept.goesOn && isReload()))
    dispatch({ type: 'wanted', wantsToTrain: false });
}

/** It has trained, here or before it was brought, and was not kept for its digits alone. */
export const hasLearned = ({ run, named, origin }: KeptRun): boolean =>
  run !== null || named.from !== null || origin.step > 0;

/** A kept run stands among those beside the present one. Fails where it cannot be read, or its digits are gone. */
export async function standBeside(trainer: Trainer, kept: KeptRun, here: DigitsInfo): Promise<void> {
  const { mark, shown, isTested, curves } = await read(trainer, kept);
  const { tab, data, settings, named, names = {}, files = '', taught = 0 } = kept;
  const own = (await readIncluded(tab).catch(() => undefined))?.digits ?? [];
  const record = {
    tab,
    data,
    own,
    names,
    files,
    settings,
    history: curves,
    isShown: true,
    taught,
    ...named,
  };
  const marks = [isTested ? shown : mark];
  const found = await broughtBack({ ...record, marks }, here);
  if (found.length === 0) throw new Error('its digits are gone');
  bringRuns(found, [named.number]);
}
