/** Going back to a run that is kept beside the present one, also where its network takes all of mapling. */
import type { Trainer } from 'mapling/trainer';
import { exchangeHistory } from './curves';
import { Missing, withDigits } from './digits';
import { keepAll } from './kept-writing';
import { helpsAnew, lacking, wholeAnew } from './lacking';
import { beginTaught } from './lessons';
import {
  hasTrained,
  isOnlyHere,
  type Kept,
  keepPresent,
  knownDigits,
  makeWay,
  present,
  runs,
  toldAs,
} from './runs';
import { dispatch, session } from './session';
import { marks, placeOf } from './timeline';
import { enqueue } from './trainer';
import { replacing, turnTo } from './turn';

/** Goes back to a kept run: its settings, its network, its curves, its steps. The present one is kept in its place. */
export function goBackTo(number: number): void {
  dispatch({ type: 'wanted', wantsToTrain: false });
  void enqueue(async (trainer) => {
    const kept = runs.peek().find((one) => one.number === number);
    if (!kept) return;
    try {
      await exchange(trainer, kept);
    } catch (failure) {
      const name = toldAs(kept);
      if (failure instanceof Missing) {
        const isNamed = kept.digits.data.name !== 'file';
        return dispatch({
          type: 'noticed',
          notice: isNamed ? { kind: 'noMnistNow' } : { kind: 'filesGone', name },
        });
      }
      const lack = lacking(failure);
      if (!lack) throw failure;
      const { part } = lack;
      const detail = (failure as Error).message;
      if (lack.isKnown && helpsAnew() && (await keepAll(trainer))) await wholeAnew('beside', number);
      dispatch({ type: 'noticed', notice: { kind: 'brought', now: { kind: 'lacks', name, part, detail } } });
    }
  });
}

async function exchange(trainer: Trainer, kept: Kept): Promise<void> {
  const mark = kept.marks.at(-1);
  if (!mark) return;
  await replacing(trainer, async () => {
    const { isStale } = session.peek();
    const isThere = (hasTrained() || isOnlyHere()) && !isStale;
    const before = knownDigits();
    await withDigits(trainer, kept.digits, () =>
      turnTo(trainer, { ...mark, settings: kept.settings }, () => {
        // Earlier steps of it may have come from the device meanwhile, or it was given a name.
        const now = runs.peek().find(({ number }) => number === kept.number) ?? kept;
        // It leaves its place before the present one takes one: of full places none need be cleared.
        runs.value = runs.peek().filter(({ number }) => number !== kept.number);
        if (isThere && before) keepPresent(before);
        const {
          settings: _,
          digits: __,
          marks: steps,
          history: curves,
          isShown: ___,
          taught,
          ...named
        } = now;
        present.value = named;
        beginTaught(taught);
        marks.value = steps;
        exchangeHistory(curves);
      }),
    );
  });
}

/**
 * Shows a run whose digits are gone: its curves, and its network, which reads, is tested on the digits in use, and trains on
 * from there on these. Says of which run that is so.
 */
export function showWithoutDigits(kept: Omit<Kept, 'digits'>): void {
  void enqueue(async (trainer) => {
    const mark = kept.marks.at(-1);
    if (!mark) return;
    const { run: _, ...model } = mark.model;
    const origin = { step: mark.step, epoch: placeOf(mark) };
    const standing = {
      ...mark,
      phase: 'ready',
      settings: kept.settings,
      model,
      origin,
      evaluation: null,
    } as const;
    await replacing(trainer, () =>
      turnTo(trainer, standing, () => {
        makeWay(mark.step);
        const { settings: _settings, marks: _steps, history, isShown: _shown, taught, ...named } = kept;
        present.value = named;
        beginTaught(taught);
        marks.value = [standing];
        exchangeHistory(history);
      }),
    );
    dispatch({ type: 'noticed', notice: { kind: 'filesGone', name: toldAs(kept) } });
  });
}
