/** Branches: from an earlier step another run begins, and the one that was under way is kept. */
import { computed } from '@preact/signals';
import { epochsAt, exchangeHistory, type History, history } from './curves';
import { beginTaught } from './lessons';
import { past } from './past';
import { hasTrained, keepPresent, next, present } from './runs';
import { dispatch, type Session, session } from './session';
import {
  adjustedUntil,
  areSame,
  hasInStore,
  inForce,
  modelSource,
  type Settings,
  withChange,
} from './settings';
import { isSound, isTurnedBack, type Mark, marks, placeOf, presentStep } from './timeline';
import { enqueue } from './trainer';
import { turnTo } from './turn';

/** The curves up to here; beyond it they are another run's. */
export function historyUpTo(end: number, curves: History): History {
  const cut = (places: number[], ...lines: number[][]) => {
    const beyond = places.findIndex((place) => place > end + 1e-9);
    return [places, ...lines].map((line) => (beyond < 0 ? [...line] : line.slice(0, beyond)));
  };
  const [x, loss, accuracy] = cut(curves.x, curves.loss, curves.accuracy);
  const [testX, testLoss, testAccuracy] = cut(curves.testX, curves.testLoss, curves.testAccuracy);
  return { x, loss, accuracy, testX, testLoss, testAccuracy } as History;
}

/** What may be changed on the way: `adjusting.ts` does it, at the step where the run stands. */
const LIVE: readonly string[] = ['learningRate', 'momentum', 'batchSize'];

/** From here on it is another run: the one that was under way is kept, with all that came later. */
function leaveAt(mark: Mark): void {
  const { number } = present.peek();
  keepPresent();
  present.value = next(number, mark.step);
  marks.value = marks.peek().slice(0, marks.peek().indexOf(mark) + 1);
  exchangeHistory(historyUpTo(placeOf(mark), history));
}

/** Whoever changes the network at an earlier step begins a branch there; says whether that is so. */
export function leaveHere(): boolean {
  const mark = isTurnedBack.peek() && marks.peek().find(({ step }) => step === presentStep.peek());
  if (mark) leaveAt(mark);
  return Boolean(mark);
}

/**
 * The network of the run becomes another one, which none of its steps leads to: the run is kept as it was, and this is a
 * branch. Gives from where its epochs are counted, and what is shown of it until it trains.
 */
export function leaveBehind(): Pick<Session, 'origin' | 'run'> {
  const { run: was, origin } = session.peek();
  const hasLeft = leaveHere();
  if (!was) return { run: was, origin };
  const epoch = epochsAt(was.step, was.batches, origin);
  if (!hasLeft && hasTrained()) {
    const { number } = present.peek();
    keepPresent();
    present.value = next(number, was.step);
    exchangeHistory(historyUpTo(epoch, history));
  }
  // Nothing is under way any more that would end.
  return { origin: { step: was.step, epoch }, run: { ...was, secondsLeft: Number.NaN } };
}

/** Why the run would not go on from here as it went: what was taught later does not come again, and what undid a run that was taken back is not done again. */
const otherwise = computed(() => {
  const mark = marks.value.find(({ step }) => step === presentStep.value);
  if (!mark) return null;
  const isUntaught = isTurnedBack.value && (marks.value.at(-1)!.taught ?? 0) !== (mark.taught ?? 0);
  const isSpared = isSound.value && hasInStore(mark.step, session.value.settings.adjust);
  return isUntaught || isSpared ? { mark, isSpared } : null;
});
/** Whoever plays on from here begins a branch. */
export const goesOtherwise = computed(() => otherwise.value !== null);

past.playOn = async (trainer) => {
  const { settings, phase } = session.peek();
  if (!otherwise.peek()) return;
  const { mark, isSpared } = otherwise.peek()!;
  leaveAt(mark);
  beginTaught(mark.taught);
  if (!isSpared) return;
  const adjust = adjustedUntil(mark.step, settings.adjust);
  dispatch({ type: 'adjusted', settings: { ...settings, adjust }, step: mark.step });
  if (phase === 'paused') await trainer.adjust({ adjustments: [] });
};

past.branch = (part) => {
  const { run, settings: now, isStale, data, network, evaluation } = session.peek();
  const asked = Object.keys(part);
  const isOther = asked.includes('optimizer');
  // A branch that has not trained yet is changed, and not left.
  const isFresh = present.peek().from === presentStep.peek() && !isTurnedBack.peek();
  const mark = marks.peek().find(({ step }) => step === presentStep.peek());
  const isHere = isTurnedBack.peek() || isSound.peek() || (isFresh && isOther && run !== null);
  if (isStale || !data || !mark || !isHere) return false;
  if (!asked.every((name) => name === 'optimizer' || LIVE.includes(name))) return false;
  const settings = withChange(inForce(now, mark.step), part);
  // What was to come later on is not what the visitor does now.
  const isSame = areSame(settings, inForce(now, mark.step));
  if (isSame && !hasInStore(mark.step, now.adjust)) return false;
  if (!isFresh) leaveAt(mark);
  // A run that stands still at this step takes it as any run does; a network before its first step is made anew.
  if (!isOther || !run) return false;
  const other = changed(mark, settings);
  marks.value = [...marks.peek().slice(0, -1), other];
  const { phase, origin } = other;
  dispatch({ type: 'wentTo', moment: { phase, settings, network: network!, run, evaluation, origin } });
  void enqueue(async (trainer) => {
    if (marks.peek().at(-1) === other) await turnTo(trainer, other);
  });
  return true;
};

/** The same step, from which another optimizer goes on: what the one before remembers says nothing to it. */
function changed(mark: Mark, settings: Settings): Mark {
  const { compile } = modelSource(settings, session.peek().data!);
  const { optimizerState: _, ...model } = mark.model;
  return { ...mark, settings, model: { ...model, compile: compile! } };
}
