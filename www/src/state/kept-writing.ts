/** The run, the drawing and what is the visitor's own are written to this device while they change, for the next visit. */
import { effect, signal } from '@preact/signals';
import type { Trainer } from 'mapling/trainer';
import { classNames } from './classes';
import { history } from './curves';
import { exchanging, givenFiles } from './data';
import { strokes } from './drawing';
import { keepBesideNow } from './kept-beside';
import { openings, VERSION } from './kept-database';
import { keepFiles, nameOf } from './kept-files';
import { keepIncluded, write } from './kept-included';
import { withRoom } from './kept-marks';
import { removeRun, writeDrawing } from './kept-store';
import { laidDown } from './lacking';
import { included, lessons, timesTaught } from './lessons';
import { past } from './past';
import { present, runs } from './runs';
import { dismissNotice, dispatch, session } from './session';
import { adjustedUntil } from './settings';
import { isLookingBack, isSound, isTurnedBack } from './timeline';
import { currentTrainer } from './trainer';
import { begin } from './training';
import { wantWhole } from './whole';

/** Milliseconds between two times that a run is kept while it trains, and how many times as long as that takes at least. */
const [EVERY, SHARE] = [3000, 100];

/** The step of the run that lies on this device; null while nothing does. */
export const keptStep = signal<number | null>(null);
/** Whether this device keeps nothing. */
export const isRefused = signal(false);

/** For which tab all is kept: known once what earlier visits left was looked through. */
export const keeping: {
  tab: string;
  isForNow: boolean;
  /** The tab that an earlier visit's run was taken from, and the run's number. */
  taken: { from: string; number: number } | null;
} = { tab: '', isForNow: false, taken: null };
let know: () => void;
const known = new Promise<void>((resolve) => {
  know = resolve;
});
/** From now on there is a tab to keep for. */
export const mayKeep = (): void => know();

/** After so many milliseconds there may be room again. */
const REFUSED_FOR = 10_000;
let refusedAt = 0;
let askingAgain: ReturnType<typeof setTimeout> | undefined;
/** Storage is refused or full. It is asked again after a while, also for a run that has come to rest meanwhile. */
export function refused(): void {
  isRefused.value = true;
  refusedAt = performance.now();
  clearTimeout(askingAgain);
  askingAgain = setTimeout(() => void keepSoon(), REFUSED_FOR);
}

let isTold = false;
/** A word, once there is something that would have been kept, and on. */
function tellOfRefusal(): void {
  if (isTold) return;
  isTold = true;
  dispatch({ type: 'noticed', notice: { kind: 'notKept' } });
}
/** The run is kept again. */
function accepted(): void {
  isRefused.value = false;
  isTold = false;
  if (session.peek().notice?.kind === 'notKept') dismissNotice();
}

/** The width of the pad. */
export const padSize = (): number => document.querySelector('[data-part="pad"]')?.clientWidth ?? 0;

let isWriting = false;
/** When the run was kept last, and how long it took. */
let written = { at: performance.now() - EVERY / 2, took: 0 };
/** What the visitor has said of the run: its settings, its name, digits of their own. */
const asSaid = (): string => {
  const { settings, data } = session.peek();
  return JSON.stringify([settings, present.peek(), data?.own]);
};
/** What had been said of the run that was kept last, at which step it was, and whether it had come to rest there. */
let writtenSaid = '';
let writtenAs = '';
const asNow = (): string => {
  const { run, phase } = session.peek();
  return `${run?.step} ${phase} ${lessons.peek()} ${openings.peek()} ${asSaid()}`;
};

/** The worker's next news, by which the curves have come to where a checkpoint is; none comes from one that rests. */
const nextNews = (trainer: Trainer): Promise<void> =>
  new Promise((resolve) => {
    const end = trainer.subscribe(() => {
      end();
      resolve();
    });
    setTimeout(resolve, 200);
  });

/**
 * There is something to go on with: a run, or a network that was brought from elsewhere, or one that is to learn from digits
 * that only the visitor has.
 */
function isWorth(): boolean {
  const { run, data } = session.peek();
  return (
    run !== null || past.isGiven?.() === true || data?.own !== undefined || givenFiles().files.length > 0
  );
}

async function keep(): Promise<void> {
  const trainer = currentTrainer();
  const { network, isStale, phase } = session.peek();
  if (!trainer || !network || !isWorth() || isStale || isLookingBack.peek() || isWriting || keeping.isForNow)
    return;
  if (exchanging.peek() > 0) return;
  if (isRefused.peek() && performance.now() - refusedAt < REFUSED_FOR) return tellOfRefusal();
  isWriting = true;
  const began = performance.now();
  const as = asNow();
  writtenSaid = asSaid();
  let took = 0;
  try {
    await known;
    const bytes = await trainer.checkpoint();
    if (phase === 'training') await nextNews(trainer);
    await keepFiles(keeping.tab);
    await keepBesideNow();
    const now = session.peek();
    if (now.network !== network || now.isStale || !isWorth() || isLookingBack.peek()) return;
    if (exchanging.peek() > 0) return;
    const { data, origin, evaluation } = now;
    // What would have come later has made the run lose what it knew.
    const adjust = isSound.peek()
      ? adjustedUntil(now.run?.step ?? 0, now.settings.adjust)
      : now.settings.adjust;
    const settings = { ...now.settings, adjust };
    const goesOn = now.phase === 'training';
    const kept = {
      version: VERSION,
      tab: keeping.tab,
      at: Date.now(),
      data: data!,
      settings,
      bytes,
      run: now.run,
      origin,
      taught: timesTaught(),
      ...(keeping.taken?.number === present.peek().number && { takenFrom: keeping.taken.from }),
    };
    const names = classNames.peek();
    const files = nameOf(givenFiles());
    const writing = write({ ...kept, history, evaluation, named: present.peek(), names, files, goesOn });
    took = await writing.catch(() => {
      refused();
      return 0;
    });
    if (refusedAt >= began) return tellOfRefusal();
    if (isRefused.peek()) accepted();
    keptStep.value = (now.run ?? now.origin).step;
    writtenAs = as;
  } catch {
    // A worker that has died meanwhile has nothing to keep; another one takes its place.
  } finally {
    written = { at: performance.now(), took };
    isWriting = false;
  }
}

/** Lessons after which the run was kept. */
let keptLessons = 0;

effect(() => {
  const { run, phase, isStale } = session.value;
  const isTaught = lessons.value !== keptLessons;
  present.value;
  openings.value;
  if (exchanging.value > 0) return;
  if (isLookingBack.value) {
    // Whoever comes to the newest step again may have come another way.
    writtenAs = '';
    return;
  }
  if (isStale) return;
  if (!run && !isWorth()) {
    // A network that has not been trained is nothing to go on with.
    // One that was taken back to its beginning has all its steps still.
    if (phase === 'ready' && keptStep.peek() !== null && !isTurnedBack.peek()) {
      keptStep.value = null;
      // Another network may come to the same step.
      writtenAs = '';
      void keepBesideNow()
        .then(() => (isWorth() ? undefined : removeRun(keeping.tab)))
        .catch(() => {});
    }
    return;
  }
  if (isTaught) {
    keptLessons = lessons.peek();
    void keepSoon();
  } else if (phase === 'training') {
    const isDue = performance.now() - written.at >= Math.max(EVERY, SHARE * written.took);
    // What was said does not wait: a page that is loaded again goes by it.
    if (isDue || (keptStep.peek() !== null && asSaid() !== writtenSaid)) void keep();
  } else if (phase === 'paused' || phase === 'done' || phase === 'ready') {
    if (asNow() !== writtenAs) void keepSoon();
  }
});

/** Keeps what has come to rest, after what is being written at this moment. */
async function keepSoon(): Promise<void> {
  while (isWriting) await new Promise((resolve) => setTimeout(resolve, 20));
  if (asNow() !== writtenAs) await keep();
}

/** Milliseconds within which all is kept, if it ever is. */
const KEPT_WITHIN = 2000;
const inTime = (...writing: Promise<void>[]): Promise<unknown> =>
  Promise.race([Promise.all(writing), new Promise((resolve) => setTimeout(resolve, KEPT_WITHIN))]);

/** The run stands still and is kept as it is now, with the runs beside it: the page is about to start anew. Says whether that could be. */
export async function keepAll(trainer: Trainer): Promise<boolean> {
  const { wantsToTrain } = session.peek();
  dispatch({ type: 'wanted', wantsToTrain: false });
  if (session.peek().phase === 'training') await trainer.pause();
  await inTime(keepSoon().then(keepIncludedNow), keepDrawing(), keepBesideNow());
  if (isRefused.peek() && wantsToTrain) begin();
  return !isRefused.peek();
}

past.moveOut = async () => {
  await inTime(keepDrawing(), keepBesideNow(), keepIncludedNow());
  const digits = await laidDown().catch(() => '');
  if (digits || runs.peek().length > 0 || included.peek().length > 0) wantWhole(`stay here ${digits}`.trim());
};

const keepIncludedNow = (): Promise<void> =>
  known.then(() => withRoom(() => keepIncluded(keeping.tab))).catch(refused);

let drawn: ReturnType<typeof setTimeout> | undefined;
const keepDrawing = (): Promise<void> => {
  clearTimeout(drawn);
  return known
    .then(() => withRoom(() => writeDrawing({ tab: keeping.tab, strokes: strokes.peek(), size: padSize() })))
    .catch(refused);
};
effect(() => {
  const before = drawn;
  clearTimeout(before);
  // Nothing was drawn yet when the page opens, and what is kept comes then.
  openings.value;
  if (strokes.value.length > 0 || before !== undefined) drawn = setTimeout(keepDrawing, 300);
});

addEventListener('visibilitychange', () => {
  if (document.visibilityState !== 'hidden') return;
  void keep();
  void keepDrawing();
  void keepBesideNow();
});
addEventListener('pagehide', () => {
  void keepBesideNow();
  void keep();
});
