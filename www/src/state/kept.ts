/** Nothing is lost: the run, its curves, the drawing and the settings are kept on this device, and the next visit goes on. */
import type { DigitsInfo, Trainer } from 'mapling/trainer';
import { isOwnAddress } from './address';
import { waitsFor } from './awaited';
import { historyUpTo } from './branches';
import { exchangeHistory } from './curves';
import { type Given, givenFiles } from './data';
import { areSameData, Missing, withDigits } from './digits';
import { isEmpty, strokes } from './drawing';
import { keepBeside } from './kept-beside';
import { type KeptRun, VERSION } from './kept-database';
import { areSameFiles, filesOf, nameOf } from './kept-files';
import { bringIncluded, exclude, including } from './kept-included';
import { keepMarks } from './kept-marks';
import { hasLearned, put, standBeside } from './kept-run';
import { isCopied, readDrawing, readIncluded, readRuns, removeRun, tidy, withoutRun } from './kept-store';
import { keepAll, keeping, mayKeep, padSize, refused } from './kept-writing';
import { helpsAnew, lacking, wholeAnew } from './lacking';
import { answered, offered, offerFirst, offerLater, offerNext, offerNextTime } from './offers';
import { adopt, makeWay, present, toldAs } from './runs';
import { said } from './said';
import { dispatch, session } from './session';
import { areSame, readAddress, type Settings } from './settings';
import { earlierOffered, earlierTab, livingTabs, newTab, openedAt, ownTab } from './tab';
import { markOf, marks, placeOf } from './timeline';
import { enqueue, messageOf, persist } from './trainer';
import { begin } from './training';
import { replacing, turnTo } from './turn';
import { wholeFor } from './whole';

/** What the address said when the page was opened. */
const link = readAddress(location.search, location.hash);
/** Whether the address asks for digits of a name, so that those in files are not put in their place. */
const asksForDigits = said('data') !== null;
/** What a network is made of: how long it trains, and what is changed on the way, says nothing of that. */
const begun = (settings: Settings): Settings => ({ ...settings, epochs: 0, adjust: '' });
/** Whether the address leaves a kept run its settings. The page's own may know of a change that was not kept any more. */
function isLinkedTo(kept: KeptRun): boolean {
  const { settings } = kept;
  if (!link || kept === offered.peek() || areSame(link, settings)) return true;
  return isOwnAddress && areSame(begun(link), begun(settings));
}
/** The files that a run was kept with; null where they are gone, or the address asks for other digits. */
const itsFiles = async ({ tab, files }: KeptRun): Promise<Given | null> =>
  files && !asksForDigits ? filesOf(tab, files) : null;
/** The run of the last visit, until it is taken or makes way. */
let waiting: KeptRun | null = null;
/** The tab whose runs beside come, where no run of it does. */
let besideOnly: string | null = null;
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
  const newest =
    earlierTab === null ? all.find((one) => !living.has(one.tab) && !isCopied(one, all)) : undefined;
  // A tab may have left runs beside a network that had not trained.
  const lone = earlierTab === null ? await withoutRun('beside') : [];
  const other = lone.find((tab) => !living.has(tab)) ?? '';
  const left = newest && newest.at > openedAt(other) ? newest : null;
  besideOnly = earlierTab ?? (left || other === '' ? null : other);
  // One for which the page has started anew is taken.
  const isFree = (name: string) => !living.has(name) && name !== waitsFor('offered');
  const wereOffered = earlierOffered.filter(isFree).flatMap((name) => tabOf(name) ?? []);
  waiting = (tabOf(waitsFor('last')) ?? tabOf(earlierTab)) || left || (wereOffered[0] ?? null);
  offerLater(wereOffered.filter((one) => one !== waiting));
  if (waiting && wereOffered.includes(waiting)) offerFirst(waiting);
  // A link that is opened anew brings no drawing of another visit.
  const isWanted = waiting && isLinkedTo(waiting);
  // What was drawn before the page started anew goes before what the last visit left.
  await bringDrawing(earlierTab);
  if (isWanted) await bringDrawing(waiting!.tab);
  for (const tab of [keeping.tab, ...earlierOffered, besideOnly]) if (tab) living.add(tab);
  void tidy(living).catch(() => {});
}
const found = find().catch(unread).then(mayKeep);

/** What earlier visits left could not be read: it stays where it is, is offered to the next one, and this one is kept beside it. */
async function unread(): Promise<void> {
  keeping.tab = await newTab();
  // Where there is no database at all nothing was ever kept.
  if (earlierTab === null || !('indexedDB' in globalThis)) return;
  offerNextTime([earlierTab, ...earlierOffered]);
  dispatch({ type: 'noticed', notice: { kind: 'keptDamaged' } });
}

/** A drawing in the address goes before one that was kept, and one that is begun meanwhile before both. */
async function bringDrawing(from: string | null): Promise<void> {
  const drawing = from === null ? undefined : await readDrawing(from).catch(() => undefined);
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
  const leftBeside = from === null && isFirst ? besideOnly : null;
  const isBack = await persist(() => brought(trainer, data)).catch(damaged);
  keeping.isForNow = isPassing && !isBack;
  if (keeping.isForNow) return false;
  isFirst = false;
  if (keeping.tab === '') return isBack;
  // Digits of the visitor's own may be all that was kept when the page started anew.
  const anewFrom = !isBack && wholeFor() && !waiting ? earlierTab : null;
  if (anewFrom !== null) await bringIncluded(trainer, anewFrom, data);
  // Beside a run that is only offered, since its digits are gone, others may have stood whose digits are here.
  const other = !isBack && offered.peek()?.tab === from ? offered.peek() : null;
  const isHere = isBack || from === keeping.tab;
  const marksOf = isHere ? from : (anewFrom ?? leftBeside);
  const besideOf = other ? from : marksOf;
  const own = isBack ? present.peek().number : null;
  await keepBeside(keeping.tab, besideOf, refused, other ? [other.named.number] : [], own);
  if (!isBack) offerAnother();
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
  if (waiting && (code === 'state' || code === 'memory')) await offer(waiting);
  else {
    if (waiting) await removeRun(waiting.tab).catch(() => {});
    if (offered.peek() === waiting) answered();
    waiting = null;
    offerAnother();
  }
  dispatch({ type: 'noticed', notice: { kind: 'keptDamaged' } });
  return false;
}

async function brought(trainer: Trainer, data: DigitsInfo): Promise<boolean> {
  const kept = waiting;
  if (!kept) return false;
  if (kept.version !== VERSION || !isLinkedTo(kept)) {
    waiting = null;
    if (kept.version !== VERSION) dispatch({ type: 'noticed', notice: { kind: 'keptDamaged' } });
    // A link that was followed in its tab begins beside it.
    else if (kept.tab === keeping.tab && hasLearned(kept))
      await standBeside(trainer, kept, data).catch((failure) => apart(kept, failure));
    return false;
  }
  // Of files there may be as many as of others.
  const isOther = data.name === 'file' && (await isOfOtherFiles(kept));
  const here = isOther ? data : await including(trainer, kept, data);
  if (isOther || !areSameData(kept.data, here)) {
    if (here.name !== 'file' && (await withItsFiles(trainer, kept))) return true;
    await offer(kept);
    return false;
  }
  try {
    await put(trainer, kept, here);
    takeEpochs(kept);
  } catch (failure) {
    if (here !== data) await exclude(trainer);
    throw failure;
  }
  isTaken(kept);
  return true;
}

/** The page may have been loaded again before this was kept. */
function takeEpochs(kept: KeptRun): void {
  if (!link || !isOwnAddress || kept.tab !== earlierTab) return;
  dispatch({ type: 'chose', settings: { ...session.peek().settings, epochs: link.epochs } });
}

/** A run that cannot stand beside what comes is offered, unless all of mapling can read it. */
async function apart(kept: KeptRun, failure: unknown): Promise<void> {
  if (lacking(failure)?.isKnown && helpsAnew()) await wholeAnew('stay', 'here', false);
  await offer(kept);
}

/** It stays where it is, and the run that begins now is kept beside it. */
async function offer(kept: KeptRun): Promise<void> {
  if (kept.tab === keeping.tab) keeping.tab = await newTab();
  waiting = kept;
  offerFirst(kept);
}

/** The run of the last visit is here; others may still be offered. */
function isTaken(kept: KeptRun): void {
  if (kept.tab !== keeping.tab) keeping.taken = { from: kept.tab, number: kept.named.number };
  if (offered.peek() === kept) answered();
  waiting = offered.peek();
  offerAnother();
}

function offerAnother(): void {
  waiting = offerNext() ?? waiting;
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
    takeEpochs(kept);
  } catch (failure) {
    if (failure instanceof Missing) return false;
    throw failure;
  }
  isTaken(kept);
  return true;
}

/** Takes the network that was kept with other digits: it reads, and trains on from there on those that are here. */
export function takeOffered(): void {
  const kept = answered(true);
  if (!kept) return;
  waiting = null;
  void enqueue(async (trainer) => {
    const { data } = session.peek();
    if (!data) return;
    try {
      await replacing(trainer, () => trainer.setModel(kept.bytes));
    } catch (failure) {
      // Another attempt, or another visit, may have what it needs.
      await offer(kept);
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
      return;
    }
    const saved = await trainer.save();
    const { settings, origin, run } = kept;
    const place = run ? placeOf(markOf(saved, { settings, origin, run })) : origin.epoch;
    const { run: _, ...model } = saved;
    const step = model.step ?? 0;
    const mark = { step, phase: 'ready', settings, model, run: null, evaluation: null } as const;
    const standing = { ...mark, origin: { step, epoch: place } };
    await turnTo(trainer, standing, () => {
      makeWay(step);
      adopt(kept.named);
      exchangeHistory(historyUpTo(place, kept.history));
      marks.value = [standing];
    });
    offerAnother();
  });
}

/** Takes the one for which the page has started anew. */
export async function takeOfferedBy(name: string): Promise<void> {
  const all = await readRuns();
  const kept = all.find((one) => one.tab === name);
  if (kept) offerFirst(kept);
  takeOffered();
}

/** Lets go of it. */
export function forgetOffered(): void {
  const kept = answered();
  if (!kept) return;
  waiting = null;
  void removeRun(kept.tab).catch(() => {});
  offerAnother();
}
