/** Time turned back: to any kept step of the run, from which playing goes on to the same bits. */
import { signal } from '@preact/signals';
import type { Trainer } from 'mapling/trainer';
import { ten } from '../presets';
import { history } from './curves';
import { past } from './past';
import { dispatch, hasBegun, session } from './session';
import { adjustmentsOf, ownLayers, type Settings } from './settings';
import {
  addMark,
  expect,
  isTurnedBack,
  leaveTip,
  type Mark,
  markOf,
  marks,
  noteTest,
  presentStep,
  standsSound,
} from './timeline';
import { currentTrainer, enqueue, fail, persist } from './trainer';
import { begin, options } from './training';

/**
 * Waits until the worker has told of a network that was trained for so many steps: news of the one before is over then. Says
 * no where the worker has died instead, and another one has taken its place.
 */
const isToldOf = (trainer: Trainer, step: number): Promise<boolean> =>
  new Promise((resolve) => {
    const end = trainer.subscribe((event) => {
      const isTold = event.type === 'state' && event.state.status === 'ready' && event.state.step === step;
      if (!isTold && event.type !== 'restarted') return;
      end();
      resolve(isTold);
    });
  });

/**
 * Ends the run, so that another network can take its place; `work` puts it there. Where that fails, the run is there again
 * as it was, and trains on if it did.
 */
export async function replacing<T>(trainer: Trainer, work: () => Promise<T>): Promise<T> {
  const { phase } = session.peek();
  await keepTip(trainer);
  const before = await standing(trainer);
  await trainer.stop();
  try {
    return await work();
  } catch (failure) {
    if (before) await turnTo(trainer, before);
    // What has not trained yet begins anew to the same bits.
    else if (hasBegun(session.peek())) dispatch({ type: 'changed', to: { phase: 'ready' } });
    if (phase === 'training') begin();
    throw failure;
  }
}

/** The run as it stands and is shown; null where there is none, or another network is to take its place anyway. */
async function standing(trainer: Trainer): Promise<Mark | null> {
  const now = session.peek();
  if (!now.run || now.isStale) return null;
  const mark = markOf(await trainer.save(), now);
  const phase = now.phase === 'ready' || now.phase === 'done' ? now.phase : mark.phase;
  const { evaluation } = now;
  return { ...mark, phase, evaluation, run: { ...mark.run!, testAccuracy: now.run.testAccuracy } };
}

/** After another worker has taken the place of one that died: the run waits at the step where it stood, or at the last one that is kept. */
past.comeBack = async (trainer) => {
  const { run, phase, isStale, notice } = session.peek();
  if (!run || isStale || phase !== 'ready') return;
  const model = await trainer.save();
  const kept = marks.peek().findLast(({ step }) => !isTurnedBack.peek() || step === run.step);
  // A network that is in no run, such as one that has just grown, is all there is.
  if (model.run === undefined && kept?.model.run === undefined) return;
  const isKept = kept?.run && kept.step >= (model.step ?? 0);
  const mark = isKept ? kept : markOf(model, session.peek());
  await turnTo(trainer, inRun(mark));
  if (notice?.kind !== 'restarted') return;
  dispatch({ type: 'noticed', notice: mark.phase === 'paused' ? { ...notice, step: mark.step } : notice });
};

/** Reads the layers that these settings spell: a run of another visit may have some that nobody has built on this one. */
async function readLayers({ net }: Settings): Promise<void> {
  if (net === '' || ownLayers.has(net)) return;
  const layers = (await import('../network/spelling')).layersFrom(net);
  if (layers) ownLayers.set(net, [...layers, ten]);
}

/**
 * Puts the network of a kept step in the place of the present one. `swap` does what belongs to the same moment; `known` is
 * the notice that stood there before.
 */
export async function turnTo(
  trainer: Trainer,
  mark: Mark,
  swap: () => void = () => {},
  known = session.peek().notice,
): Promise<void> {
  const { step, phase, settings, run, evaluation, origin, model } = mark;
  await readLayers(settings);
  await trainer.stop();
  leaveTip();
  const told = isToldOf(trainer, model.step ?? 0);
  const made = await persist(() => trainer.setModel(model));
  if (!(await told)) return turnTo(trainer, mark, swap, known);
  swap();
  const now = session.peek();
  // The same network at another step: what stands beside it need not be drawn anew.
  const network = JSON.stringify(made) === JSON.stringify(now.network) ? now.network! : made;
  expect(network);
  // The last test stays on show until that of this step is there.
  const shown = evaluation ?? now.evaluation;
  dispatch({ type: 'wentTo', moment: { phase, settings, run, evaluation: shown, origin, network } });
  // The step takes notices of the one before off; that the worker has died on the way is news still.
  if (now.notice !== known && now.notice?.kind === 'restarted')
    dispatch({ type: 'noticed', notice: now.notice });
  if (phase === 'paused') await wait(trainer, mark);
  if (!evaluation) void test(trainer, step);
}

/** The run waits at this step for somebody to play on. */
const wait = (trainer: Trainer, { run, model }: Mark): Promise<void> =>
  trainer.start({ ...options(), epochs: run!.epochs, resume: model.run !== undefined, paused: true });

/** A step of the present run has its settings: with what is changed on the way, which changes again where it did. */
function inRun(mark: Mark): Mark {
  const { settings } = session.peek();
  const epochs = (mark.run ?? marks.peek().find(({ run }) => run !== null)?.run)?.epochs;
  return { ...mark, settings: { ...settings, epochs: epochs ?? settings.epochs } };
}

let testing: AbortController | undefined;

/** Tests the network at this step, unless the page goes on to another one; gives the loss. */
async function test(trainer: Trainer, step: number): Promise<number> {
  testing?.abort();
  testing = new AbortController();
  const { network } = session.peek();
  try {
    const { logs, classes } = await trainer.evaluate('test', { signal: testing.signal });
    const now = session.peek();
    if (classes && now.network === network && !now.isStale && presentStep.peek() === step) {
      const accuracy = logs.acc ?? Number.NaN;
      dispatch({ type: 'tested', evaluation: classes, accuracy });
      noteTest(step, classes, accuracy);
    }
    return logs.loss ?? Number.NaN;
  } catch {
    // Another step is wanted meanwhile.
    return Number.NaN;
  }
}

/** The step that a hand has moved to, before the network is there. */
export const wanted = signal<Mark | null>(null);
let isGoing = false;

/** Goes to a kept step. However fast a hand moves, the network follows to where it is. */
export function goTo(mark: Mark): void {
  wanted.value = mark;
  dispatch({ type: 'wanted', wantsToTrain: false });
  if (isGoing) return;
  isGoing = true;
  void enqueue(async (trainer) => {
    try {
      await keepTip(trainer);
      for (let next = wanted.peek(); next; next = wanted.peek()) {
        await turnTo(trainer, inRun(next));
        if (wanted.peek() === next) wanted.value = null;
      }
    } finally {
      wanted.value = null;
      isGoing = false;
    }
  });
}

/** Pauses, and keeps the step that the run has come to, so that there is a way back to it. */
export async function keepTip(trainer: Trainer): Promise<void> {
  if (session.peek().phase === 'training') await trainer.pause();
  if (isTurnedBack.peek() || !session.peek().run) return;
  const model = await trainer.save();
  if (model.step !== undefined && session.peek().run) addMark(markOf(model, session.peek()));
}

/** A network that tests no better than guessing has lost what it knew. */
const isLost = (loss: number): boolean =>
  !(loss < 0.98 * Math.log(Math.max(2, session.peek().data?.classes ?? 10)));
/**
 * Kept steps at which the network may still have known something, in the order in which they are tried: the newest one, and
 * from there twice as far back each time; among them the last before what was changed last, which is what undid most.
 */
function candidates(): Mark[] {
  const { settings, run } = session.peek();
  const changed = adjustmentsOf(settings.adjust)
    .map(({ step }) => step)
    .filter((step) => step <= (run?.step ?? 0));
  // At the step of a change the network is sound still, and goes on as it did.
  const sound = marks
    .peek()
    .filter(({ step, run }) => step === 0 || (Number.isFinite(run?.loss) && !changed.includes(step)))
    .toReversed();
  const unchanged = sound.findIndex(({ step }) => step < (changed.at(-1) ?? 0));
  return sound.filter(
    (_, at) => Number.isInteger(Math.log2(at + 1)) || at === unchanged || at === sound.length - 1,
  );
}

/** A loss that is so much larger than that of a guess has soared. */
const SOARED = 2.7;

/** The loss once soared, and now nearly every digit gets the same answer: what has died does not learn again. */
past.isStuck = ({ predicted, total }) => {
  const counts = new Map<number, number>();
  for (const digit of predicted) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  // One that knows nothing has the logarithm of the number of classes.
  const soared = SOARED + Math.log(session.peek().data?.classes ?? 10);
  return Math.max(...counts.values()) > 0.9 * total && history.loss.some((loss) => loss > soared);
};

let isRecovering = false;

/** Back to the newest kept step at which the network still knew something. What came after it stays on the chart. */
past.recover = (kind) => {
  if (isRecovering) return;
  isRecovering = true;
  dispatch({ type: 'wanted', wantsToTrain: false });
  void currentTrainer()?.pause().catch(fail);
  void enqueue(async (trainer) => {
    try {
      await trainer.pause();
      for (const mark of candidates()) {
        await turnTo(trainer, inRun(mark));
        dispatch({ type: 'noticed', notice: { kind } });
        if (mark.step > 0 && isLost(await test(trainer, mark.step))) continue;
        standsSound();
        dispatch({ type: 'noticed', notice: { kind, step: mark.step } });
        return;
      }
    } finally {
      isRecovering = false;
    }
  });
};
