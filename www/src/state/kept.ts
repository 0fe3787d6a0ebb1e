/** Nothing is lost: the run, its curves, the drawing and the settings are kept on this device, and the next visit goes on. */
import { effect, signal } from '@preact/signals';
import type { DigitsInfo, Trainer } from 'mapling/trainer';
import { waitsFor } from './awaited';
import { classNames } from './classes';
import { exchangeHistory, history } from './curves';
import { areSameData } from './digits';
import { isEmpty, strokes } from './drawing';
import { keepBeside, keepBesideNow } from './kept-beside';
import { bringIncluded, exclude, including, keepIncluded, write } from './kept-included';
import { keepMarks } from './kept-marks';
import {
  type KeptRun,
  openings,
  readDrawing,
  readRuns,
  removeRun,
  tidy,
  VERSION,
  writeDrawing,
} from './kept-store';
import { helpsAnew, lacking, laidDown, wholeAnew } from './lacking';
import { included, lessons } from './lessons';
import { past } from './past';
import { isReload } from './paused';
import { adopt, historyUpTo, makeWay, present, runs, toldAs } from './runs';
import { dispatch, session } from './session';
import { areSame, readAddress } from './settings';
import { earlierTab, livingTabs, newTab, ownTab } from './tab';
import { firstMark, isTurnedBack, markOf, marks, placeOf } from './timeline';
import { currentTrainer, enqueue, messageOf } from './trainer';
import { begin } from './training';
import { replacing, turnTo } from './turn';
import { wantWhole, wholeFor } from './whole';

/** Milliseconds between two times that a run is kept while it trains, and how many times as long as that takes at least. */
const [EVERY, SHARE] = [3000, 100];

/** The step of the run that lies on this device; null while nothing does. */
export const keptStep = signal<number | null>(null);
/** Why nothing can be kept. */
export const isRefused = signal(false);

/** A run of the last visit that knew other digits: it is offered, not forced. */
export const offered = signal<KeptRun | null>(null);

/** What the address said when the page was opened. */
const link = readAddress(location.search, location.hash);
let tab = '';
/** The run of the last visit, until it is taken or makes way. */
let waiting: KeptRun | null = null;

/**
 * The run to go on with: that for which the page has started anew, this tab's own, or that of a copy of it; on a new visit
 * the newest that no open tab has.
 */
async function find(): Promise<void> {
  tab = await ownTab();
  const living = await livingTabs();
  const all = await readRuns();
  const tabOf = (name: string | null) => all.find((one) => one.tab === name);
  const left = earlierTab === null && all.find((one) => !living.has(one.tab));
  waiting = (tabOf(waitsFor('last')) ?? tabOf(earlierTab)) || left || null;
  // A link that is opened anew brings no drawing of another visit.
  const isWanted = waiting && (!link || areSame(link, waiting.settings));
  // What was drawn before the page started anew goes before what the last visit left.
  await bringDrawing(earlierTab);
  if (isWanted) await bringDrawing(waiting!.tab);
  void tidy(living.add(tab)).catch(() => {});
}
const found = find().catch(refused);

/** Storage is refused or full. */
function refused(): void {
  isRefused.value = true;
}

let isTold = false;
/** A word, once there is something that would have been kept, and on. */
function tellOfRefusal(): void {
  if (isTold) return;
  isTold = true;
  dispatch({ type: 'noticed', notice: { kind: 'notKept' } });
}

/** The width of the pad. */
const padSize = (): number => document.querySelector('[data-part="pad"]')?.clientWidth ?? 0;

/** A drawing in the address goes before one that was kept, and one that is begun meanwhile before both. */
async function bringDrawing(from: string | null): Promise<void> {
  const drawing = from === null ? undefined : await readDrawing(from);
  if (!drawing || !isEmpty.peek()) return;
  const size = padSize();
  const factor = size > 0 && drawing.size > 0 ? size / drawing.size : 1;
  strokes.value = drawing.strokes.map((stroke) => stroke.map(([x, y]) => [x * factor, y * factor]));
}

/**
 * Goes on with the run of the last visit, and what stood beside it, if there is one for these digits and the address wants no other.
 * Digits that are here in passing, until others have come, neither bring it back nor have a run that is worth keeping.
 */
export async function bringBack(trainer: Trainer, data: DigitsInfo, isPassing = false): Promise<boolean> {
  await found;
  isForNow = isPassing;
  if (isPassing) return false;
  const from = waiting?.tab ?? null;
  const isBack = await brought(trainer, data).catch(damaged);
  if (tab === '') return isBack;
  // Runs beside, and digits of the visitor's own, may be all that was kept when the page started anew.
  const besideOf = isBack ? from : wholeFor() && !waiting ? earlierTab : null;
  if (!isBack && besideOf !== null) await bringIncluded(trainer, besideOf, data);
  await keepBeside(tab, besideOf, refused);
  // Earlier steps may be many: playing goes on meanwhile.
  void keepMarks(tab, besideOf);
  return isBack;
}

/**
 * A record that is broken makes way; one of a network that takes all of mapling is read once the page has started anew.
 * Where what reads it could not be had, or the worker died, it stays for another visit, and this one's run is kept beside it.
 */
async function damaged(failure: unknown): Promise<boolean> {
  const goesOn = session.peek().wantsToTrain;
  if (waiting && lacking(failure)?.isKnown && helpsAnew()) await wholeAnew('last', waiting.tab, !goesOn);
  const { code = 'state' } = failure as { code?: string };
  if (waiting && code !== 'state') await removeRun(waiting.tab).catch(() => {});
  else if (waiting?.tab === tab) tab = await newTab();
  waiting = null;
  offered.value = null;
  dispatch({ type: 'noticed', notice: { kind: 'keptDamaged' } });
  return false;
}

async function brought(trainer: Trainer, data: DigitsInfo): Promise<boolean> {
  const kept = waiting;
  if (!kept) return false;
  if (kept.version !== VERSION || (link && !areSame(link, kept.settings))) {
    waiting = null;
    if (kept.version !== VERSION) dispatch({ type: 'noticed', notice: { kind: 'keptDamaged' } });
    return false;
  }
  const here = await including(trainer, kept, data);
  if (!areSameData(kept.data, here)) {
    // It stays where it is, and the run that begins now is kept beside it.
    if (kept.tab === tab) tab = await newTab();
    offered.value = kept;
    return false;
  }
  try {
    await put(trainer, kept, here);
  } catch (failure) {
    if (here !== data) await exclude(trainer);
    throw failure;
  }
  noLongerOffered();
  return true;
}

/** Goes on with a kept run. Fails where it cannot be read. */
async function put(trainer: Trainer, kept: KeptRun, data: DigitsInfo): Promise<void> {
  await trainer.stop();
  await trainer.setModel(kept.bytes);
  const { settings, origin, run, evaluation, named } = kept;
  const mark = markOf(await trainer.save(), { settings, origin, run });
  const curves = historyUpTo(placeOf(mark), kept.history);
  // The newest test stays on show, as it did: it belongs to this step only if it was made there.
  const testAccuracy = curves.testAccuracy.at(-1);
  const isTested = Math.abs((curves.testX.at(-1) ?? -1) - placeOf(mark)) < 1e-9;
  const shown = { ...mark, evaluation, run: { ...mark.run!, testAccuracy } };
  await turnTo(trainer, evaluation ? shown : mark, () => {
    exchangeHistory(curves);
    adopt(named);
    // A network that has grown was never made of its seed.
    const isGrown = data.own !== undefined;
    const first = named.from === null && !isGrown ? [firstMark({ settings, data })] : [];
    marks.value = [...first, isTested ? shown : mark];
  });
  keptStep.value = mark.step;
  // A run that has ended does not begin another one by itself, and one that stood still goes on with the next visit.
  if (mark.phase === 'done' || (!kept.goesOn && isReload()))
    dispatch({ type: 'wanted', wantsToTrain: false });
}

function noLongerOffered(): KeptRun | null {
  const kept = offered.peek();
  waiting = null;
  offered.value = null;
  return kept;
}

/** Takes the network that was kept with other digits: it reads, and trains on from there on those that are here. */
export function takeOffered(): void {
  const kept = noLongerOffered();
  if (!kept) return;
  void enqueue(async (trainer) => {
    const { data } = session.peek();
    if (!data) return;
    try {
      await replacing(trainer, () => trainer.setModel(kept.bytes));
    } catch (failure) {
      const lack = lacking(failure);
      const goesOn = session.peek().wantsToTrain;
      if (lack?.isKnown && helpsAnew() && (await keepAll(trainer))) {
        await wholeAnew('offered', kept.tab);
        if (goesOn) begin();
      }
      const detail = messageOf(failure);
      const now = lack
        ? ({ kind: 'lacks', name: toldAs(kept.named), part: lack.part, detail } as const)
        : ({ kind: 'failed', detail } as const);
      dispatch({ type: 'noticed', notice: { kind: 'brought', now } });
      // Another visit may have what it needs.
      if (lack) [waiting, offered.value] = [kept, kept];
      return;
    }
    const { run: _, ...model } = await trainer.save();
    const { settings } = kept;
    const step = model.step ?? 0;
    const mark = { step, phase: 'ready', settings, model, run: null, evaluation: null } as const;
    await turnTo(trainer, { ...mark, origin: { step, epoch: 0 } }, () => {
      makeWay();
      exchangeHistory();
      marks.value = [];
    });
  });
}

/** Takes the one for which the page has started anew. */
export async function takeOfferedBy(name: string): Promise<void> {
  const all = await readRuns();
  offered.value = all.find((one) => one.tab === name) ?? null;
  takeOffered();
}

/** Lets go of it. */
export function forgetOffered(): void {
  const kept = noLongerOffered();
  if (kept) void removeRun(kept.tab).catch(() => {});
}

/** The present run is on digits that make way as soon as others have come. */
let isForNow = false;
let isWriting = false;
/** When the run was kept last, and how long it took. */
let written = { at: performance.now() - EVERY / 2, took: 0 };
/** Which run it was, at which step, and whether it had come to rest there. */
let writtenAs = '';
const asNow = (): string => {
  const { run, phase } = session.peek();
  return `${present.peek().number} ${run?.step} ${phase} ${lessons.peek()} ${openings.peek()}`;
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

async function keep(): Promise<void> {
  const trainer = currentTrainer();
  const { run, network, isStale, phase } = session.peek();
  if (!trainer || !run || isStale || isTurnedBack.peek() || isWriting || isForNow) return;
  if (isRefused.peek()) return tellOfRefusal();
  isWriting = true;
  const as = asNow();
  let took = 0;
  try {
    await found;
    const bytes = await trainer.checkpoint();
    if (phase === 'training') await nextNews(trainer);
    const now = session.peek();
    if (now.network !== network || now.isStale || !now.run || isTurnedBack.peek()) return;
    const { data, settings, origin, evaluation } = now;
    const goesOn = now.phase === 'training';
    const kept = {
      version: VERSION,
      tab,
      at: Date.now(),
      data: data!,
      settings,
      bytes,
      run: now.run,
      origin,
    };
    const names = classNames.peek();
    const writing = write({ ...kept, history, evaluation, named: present.peek(), names, goesOn });
    took = await writing.catch(() => {
      refused();
      return 0;
    });
    if (isRefused.peek()) return tellOfRefusal();
    keptStep.value = run.step;
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
  openings.value;
  if (isTurnedBack.value) {
    // Whoever comes to the newest step again may have come another way.
    writtenAs = '';
    return;
  }
  if (isStale) return;
  if (!run) {
    // A network that has not been trained is nothing to go on with.
    if (phase === 'ready' && keptStep.peek() !== null) {
      keptStep.value = null;
      // Another network may come to the same step.
      writtenAs = '';
      void removeRun(tab).catch(() => {});
    }
    return;
  }
  if (isTaught) {
    keptLessons = lessons.peek();
    void keepSoon();
  } else if (phase === 'training') {
    if (performance.now() - written.at >= Math.max(EVERY, SHARE * written.took)) void keep();
  } else if (phase === 'paused' || phase === 'done') {
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

const keepIncludedNow = (): Promise<void> => found.then(() => keepIncluded(tab)).catch(refused);

let drawn: ReturnType<typeof setTimeout> | undefined;
const keepDrawing = (): Promise<void> => {
  clearTimeout(drawn);
  return found.then(() => writeDrawing({ tab, strokes: strokes.peek(), size: padSize() })).catch(refused);
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
});
addEventListener('pagehide', () => void keep());
