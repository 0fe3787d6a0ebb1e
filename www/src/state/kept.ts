/** Nothing is lost: the run, its curves, the drawing and the settings are kept on this device, and the next visit goes on. */
import { signal } from '@preact/signals';
import type { DigitsInfo, Trainer } from 'mapling/trainer';
import { waitsFor } from './awaited';
import { exchangeHistory } from './curves';
import { type Given, givenFiles } from './data';
import { areSameData, Missing, withDigits } from './digits';
import { isEmpty, strokes } from './drawing';
import { keepBeside } from './kept-beside';
import { areSameFiles, filesOf, nameOf } from './kept-files';
import { bringIncluded, exclude, including } from './kept-included';
import { keepMarks } from './kept-marks';
import { type KeptRun, readDrawing, readIncluded, readRuns, removeRun, tidy, VERSION } from './kept-store';
import { keepAll, keeping, keptStep, mayKeep, padSize, refused } from './kept-writing';
import { helpsAnew, lacking, wholeAnew } from './lacking';
import { isReload } from './paused';
import { adopt, historyUpTo, makeWay, toldAs } from './runs';
import { said } from './said';
import { dispatch, session } from './session';
import { areSame, readAddress } from './settings';
import { earlierTab, livingTabs, newTab, ownTab } from './tab';
import { firstMark, markOf, marks, placeOf } from './timeline';
import { enqueue, messageOf } from './trainer';
import { begin } from './training';
import { replacing, turnTo } from './turn';
import { wholeFor } from './whole';

/** A run of the last visit that knew other digits: it is offered, not forced. */
export const offered = signal<KeptRun | null>(null);

/** What the address said when the page was opened. */
const link = readAddress(location.search, location.hash);
/** Whether the address asks for digits of a name, so that those in files are not put in their place. */
const asksForDigits = said('data') !== null;
/** Whether the address leaves a kept run its settings. */
const isLinkedTo = ({ settings }: KeptRun): boolean => !link || areSame(link, settings);
/** The files that a run was kept with; null where they are gone, or the address asks for other digits. */
const itsFiles = async ({ tab, files }: KeptRun): Promise<Given | null> =>
  files && !asksForDigits ? filesOf(tab, files) : null;
/** The run of the last visit, until it is taken or makes way. */
let waiting: KeptRun | null = null;
/** No digits have been taken on this visit yet, but in passing. */
let isFirst = true;

/**
 * The run to go on with: that for which the page has started anew, this tab's own, or that of a copy of it; on a new visit
 * the newest that no open tab has.
 */
async function find(): Promise<void> {
  keeping.tab = await ownTab();
  const living = await livingTabs();
  const all = await readRuns();
  const tabOf = (name: string | null) => all.find((one) => one.tab === name);
  const left = earlierTab === null && all.find((one) => !living.has(one.tab));
  waiting = (tabOf(waitsFor('last')) ?? tabOf(earlierTab)) || left || null;
  // A link that is opened anew brings no drawing of another visit.
  const isWanted = waiting && isLinkedTo(waiting);
  // What was drawn before the page started anew goes before what the last visit left.
  await bringDrawing(earlierTab);
  if (isWanted) await bringDrawing(waiting!.tab);
  void tidy(living.add(keeping.tab)).catch(() => {});
}
const found = find().catch(refused).then(mayKeep);

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
  // A run of digits in files that are there needs none of those that are here.
  const hasFiles = waiting && isLinkedTo(waiting) && (await itsFiles(waiting)) !== null;
  keeping.isForNow = isPassing && !hasFiles;
  if (keeping.isForNow) return false;
  const from = waiting?.tab ?? null;
  // A tab may have runs beside a network that had not trained.
  const leftBeside = from === null && isFirst ? earlierTab : null;
  const isBack = await brought(trainer, data).catch(damaged);
  keeping.isForNow = isPassing && !isBack;
  if (keeping.isForNow) return false;
  isFirst = false;
  if (keeping.tab === '') return isBack;
  // Digits of the visitor's own may be all that was kept when the page started anew.
  const anewFrom = !isBack && wholeFor() && !waiting ? earlierTab : null;
  if (anewFrom !== null) await bringIncluded(trainer, anewFrom, data);
  // Beside a run that is only offered, since its digits are gone, others may have stood whose digits are here.
  const other = isBack ? null : offered.peek();
  const marksOf = isBack ? from : (anewFrom ?? leftBeside);
  const besideOf = other ? from : marksOf;
  await keepBeside(keeping.tab, besideOf, refused, other ? [other.named.number] : []);
  // Earlier steps may be many: playing goes on meanwhile.
  void keepMarks(keeping.tab, marksOf);
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
  else if (waiting?.tab === keeping.tab) keeping.tab = await newTab();
  waiting = null;
  offered.value = null;
  dispatch({ type: 'noticed', notice: { kind: 'keptDamaged' } });
  return false;
}

async function brought(trainer: Trainer, data: DigitsInfo): Promise<boolean> {
  const kept = waiting;
  if (!kept) return false;
  if (kept.version !== VERSION || !isLinkedTo(kept)) {
    waiting = null;
    if (kept.version !== VERSION) dispatch({ type: 'noticed', notice: { kind: 'keptDamaged' } });
    return false;
  }
  // Of files there may be as many as of others.
  const isOther = data.name === 'file' && (await isOfOtherFiles(kept));
  const here = isOther ? data : await including(trainer, kept, data);
  if (isOther || !areSameData(kept.data, here)) {
    if (here.name !== 'file' && (await withItsFiles(trainer, kept))) return true;
    // It stays where it is, and the run that begins now is kept beside it.
    if (kept.tab === keeping.tab) keeping.tab = await newTab();
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

/** Whether the files in use are others than those that a run was kept with. */
async function isOfOtherFiles({ tab, files }: KeptRun): Promise<boolean> {
  const given = files ? await filesOf(tab, files) : null;
  return given !== null && nameOf(givenFiles()) !== files && !(await areSameFiles(given, givenFiles()));
}

/** Goes on with a run on the digits in files that were kept with it; says whether they are there. */
async function withItsFiles(trainer: Trainer, kept: KeptRun): Promise<boolean> {
  const { tab, data, names = {} } = kept;
  const given = await itsFiles(kept);
  if (!given) return false;
  const own = data.own === undefined ? [] : ((await readIncluded(tab).catch(() => undefined))?.digits ?? []);
  try {
    await withDigits(trainer, { data, given, own, names }, () => put(trainer, kept, data));
  } catch (failure) {
    if (failure instanceof Missing) return false;
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
  // The newest test stays on show, as it did: it belongs to this step only if it was made there. One of what was taught is on no curve.
  const isOnCurve = run.testAccuracy === undefined || kept.history.testAccuracy.includes(run.testAccuracy);
  const testAccuracy = isOnCurve ? curves.testAccuracy.at(-1) : run.testAccuracy;
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
    const saved = await trainer.save();
    const { settings, origin, run } = kept;
    const place = placeOf(markOf(saved, { settings, origin, run }));
    const { run: _, ...model } = saved;
    const step = model.step ?? 0;
    const mark = { step, phase: 'ready', settings, model, run: null, evaluation: null } as const;
    const standing = { ...mark, origin: { step, epoch: place } };
    await turnTo(trainer, standing, () => {
      makeWay();
      adopt(kept.named);
      exchangeHistory(historyUpTo(place, kept.history));
      marks.value = [standing];
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
