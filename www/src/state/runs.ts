/** Runs that are kept: overlaid on the charts, named, compared, gone back to. */
import { effect, signal } from '@preact/signals';
import type { ModelInfo, Trainer } from 'mapling/trainer';
import { type History, history, redrawHistory } from './curves';
import { type Digits, digitsOf, includeAgain } from './digits';
import { beginUntaught, timesTaught, wasTaught } from './lessons';
import { past } from './past';
import { dataInfo, session, settings } from './session';
import { areSame, type Settings } from './settings';
import { bytesOf, MOST_BYTES, thinned } from './thin';
import { type Mark, marks } from './timeline';
import { keepTip } from './turn';

/** Saved networks take memory: so many runs are kept beside the present one, and so many steps of each. */
export const MOST_KEPT = 6;
const MOST_STEPS = 16;

/** What tells a run from others. */
export interface Named {
  /** Counted from 1 in the order in which runs began. */
  number: number;
  /** As the visitor calls it; empty before that. */
  name: string;
  /** The run beside which it began, as an experiment or a branch; null for none. */
  parent: number | null;
  /** The step of that run at which it left; null where it began anew. */
  from: number | null;
  /** It left a run whose network no seed has made. */
  isGiven?: boolean;
}

/** What a run is called in a notice: by the visitor, or by its number. */
export const toldAs = ({ name, number }: Named): string => name.trim() || `#${number}`;

export interface Kept extends Named {
  settings: Settings;
  digits: Digits;
  /** Its kept steps; the last is where it was left. */
  marks: readonly Mark[];
  history: History;
  isShown: boolean;
  /** How often it was taught something beside its run. */
  taught?: number;
}

export const runs = signal<readonly Kept[]>([]);
const first = (): Named => ({ number: 1, name: '', parent: null, from: null });
export const present = signal<Named>(first());
past.number = () => present.peek().number;
/** The present network is none that a seed has made: it was brought, or taken from another run. */
past.isGiven = () => {
  const { from, parent, isGiven } = present.value;
  return isGiven === true || session.value.origin.step > 0 || (from !== null && parent === null);
};
/** Whether the settings and the seed alone make the present run again, as a link tells them. */
export function isOfSeed(): boolean {
  const { data, source, run } = session.peek();
  if (past.isGiven!() || wasTaught() || data?.own !== undefined || source === 'files') return false;
  // A link tells for how many epochs a run is, but not that it was trained on after them, or was begun for others.
  if (run && (run.epochsBefore > 1e-6 || run.epochs !== settings.peek().epochs)) return false;
  // It tells what was changed on the way, but not that another optimizer has taken over.
  return (present.peek().from ?? 0) === 0 || beside()?.settings.optimizer === own.optimizer;
}
/** The present run is worth a place: it has trained, wherever in time it stands. */
export const hasTrained = (): boolean => session.peek().run !== null || marks.peek().length > 1;

/** Nobody can make the network again: it was brought, or taught. */
export const isOnlyHere = (): boolean => past.isGiven!() || wasTaught();

let count = 1;
/** The run that begins now, beside another one or by itself. */
export const next = (parent: number | null, from: number | null): Named => ({
  number: ++count,
  name: '',
  parent,
  from,
  ...(from !== null && past.isGiven!() && { isGiven: true }),
});

/** The run that the present one stands beside, if it is still there. */
export const beside = (): Kept | undefined =>
  runs.value.find(({ number }) => number === present.value.parent);

/** Settings of the present network: those of the page may be for one to come. */
let own: Settings = session.peek().settings;
effect(() => {
  const { isStale, settings } = session.value;
  if (!isStale) own = settings;
});

/** The digits that the present run knows. */
let digits: Digits | null = null;
export const knownDigits = (): Digits | null => digits;
/** They are here until others have come, and nobody can have them again. */
let arePassing = true;
effect(() => {
  const data = dataInfo.value;
  if (data === (digits?.data ?? null)) return;
  digits = data && digitsOf(data);
  if (arePassing) {
    // What they taught makes way without a trace.
    beginUntaught();
    marks.value = [];
    runs.value = [];
    count = 1;
    present.value = first();
  }
  arePassing = data === null || session.peek().warmUp !== null;
});

/** Steps of kept runs go, those of the oldest first, until all that is kept has room. */
function withinBudget(all: readonly Kept[]): Kept[] {
  let room = MOST_BYTES;
  const seen = new Set<Mark>(marks.peek());
  return all
    .toReversed()
    .map((kept) => {
      // What a branch shares with the run that it left takes no memory of its own.
      const ownBytes = kept.marks
        .filter((mark) => !seen.has(mark))
        .reduce((sum, mark) => sum + bytesOf(mark), 0);
      room -= ownBytes;
      for (const mark of kept.marks) seen.add(mark);
      return room > 0 ? kept : { ...kept, marks: thinned(kept.marks, 2) };
    })
    .toReversed();
}

/** Whether a test was made at one of these moments of a run. */
const wasTested = (moments: readonly Pick<Mark, 'run'>[]): boolean =>
  moments.some(({ run }) => run?.testAccuracy !== undefined);

/** Of more runs than there is room for the oldest go, and before them those that were never tested. The newest stays. */
function worthiest(all: readonly Kept[]): Kept[] {
  const rest = [...all];
  while (rest.length > MOST_KEPT) {
    const untested = rest.slice(0, -1).findIndex((kept) => !wasTested(kept.marks));
    rest.splice(Math.max(0, untested), 1);
  }
  return rest;
}

/** Puts the present run among those that are kept. */
export function keepPresent(of = digits!): void {
  const kept: Kept = {
    ...present.peek(),
    settings: own,
    digits: of,
    marks: thinned(marks.peek(), MOST_STEPS),
    history,
    isShown: true,
    taught: timesTaught(),
  };
  runs.value = withinBudget(worthiest([...runs.peek().filter(({ number }) => number !== kept.number), kept]));
}

/**
 * A network that nobody made here, which has trained for so many steps, takes the place of the present run. That is kept if
 * it has trained, or nobody can make it again.
 */
export function makeWay(steps: number): void {
  const isKept = (hasTrained() || isOnlyHere()) && !session.peek().isStale;
  if (isKept) keepPresent();
  // No seed makes it again.
  present.value = isKept ? next(null, steps) : { ...present.peek(), from: steps };
}

/** The next network is an experiment: whatever it takes the place of is kept. */
let isExperiment = false;
export const announceExperiment = (): void => {
  isExperiment = true;
};

/** A run of so many steps is worth a place, tested or not. */
const LONG = 100;

/** The network that was kept last when it made way. */
let left: ModelInfo | null = null;

async function leave(trainer: Trainer, forDigits: boolean): Promise<void> {
  const asked = isExperiment;
  isExperiment = false;
  const { phase, settings, network, data, run } = session.peek();
  const isTaught = wasTaught() || data?.own !== undefined;
  // A failed run, or one that was left before, is nothing to go back to.
  const isThere = network !== null && network !== left && phase !== 'error' && marks.peek().length > 0;
  // The same settings give the same bits again.
  const isRepeated = !forDigits && !isTaught && areSame(own, settings) && present.peek().from === null;
  const isTested = wasTested([session.peek(), ...marks.peek()]);
  const isLong = (marks.peek().at(-1)?.step ?? 0) >= LONG || (run?.step ?? 0) >= LONG;
  const isWorth = (asked && hasTrained()) || isOnlyHere() || ((isTested || isLong) && !isRepeated);
  if (!isThere || !isWorth) {
    // An experiment takes the place of one that had not begun, beside the same run.
    if (asked && !hasTrained() && present.peek().from === null) return beginUntaught();
    // A branch from before the first step is this new network.
    const isBranch = present.peek().from === 0 && !hasTrained();
    if (!isBranch && (present.peek().from !== null || asked)) present.value = next(null, null);
    beginUntaught();
    return;
  }
  await tip(trainer);
  const { number } = present.peek();
  keepPresent();
  beginUntaught();
  left = network;
  present.value = next(asked ? number : null, null);
}
past.leave = (trainer) => leave(trainer, false);
past.leaveDigits = async (trainer, data) => {
  await leave(trainer, true);
  return digits ? includeAgain(trainer, digits, data) : data;
};

/** The page may show other settings already than those of the run whose newest step is kept here. */
async function tip(trainer: Trainer): Promise<void> {
  await keepTip(trainer);
  marks.value = marks
    .peek()
    .map((mark) => (mark.step === marks.peek().at(-1)!.step ? { ...mark, settings: own } : mark));
}

/** Runs of this visit make room for those of the last one, which keep their numbers. */
function makeRoomFor(numbers: readonly number[]): void {
  count = Math.max(count, ...numbers);
  const others = new Map(
    runs
      .peek()
      .filter(({ number }) => numbers.includes(number))
      .map(({ number }) => [number, ++count]),
  );
  const otherwise = <N extends number | null>(number: N): number | N => others.get(number!) ?? number;
  if (others.size === 0) return;
  runs.value = runs
    .peek()
    .map((run) => ({ ...run, number: otherwise(run.number), parent: otherwise(run.parent) }));
}

/** Goes on with a run of the last visit. */
export function adopt(named: Named): void {
  makeRoomFor([named.number]);
  present.value = named;
}

/** Runs of the last visit stand beside the present one again; the numbers `taken` are theirs, or of runs that may come yet. */
export function bringRuns(found: readonly Kept[], taken: readonly number[]): void {
  makeRoomFor(taken);
  runs.value = withinBudget(worthiest([...found, ...runs.peek()]));
  // A run that begins beside them is another one.
  if (taken.includes(present.peek().number)) present.value = next(null, null);
}

const edit = (number: number, part: Partial<Pick<Kept, 'name' | 'isShown'>>): void => {
  if (number === present.peek().number) present.value = { ...present.peek(), ...part };
  else runs.value = runs.peek().map((one) => (one.number === number ? { ...one, ...part } : one));
  redrawHistory();
};
export const rename = (number: number, name: string): void => edit(number, { name });
export const show = (number: number, isShown: boolean): void => edit(number, { isShown });
export function removeRun(number: number): void {
  runs.value = runs.peek().filter((one) => one.number !== number);
  redrawHistory();
}
