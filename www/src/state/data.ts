/** Loads digits, and exchanges those in use. Digits that cannot be fetched or read are found out before a run is stopped. */
import { signal } from '@preact/signals';
import type { DigitsInfo, DigitsSource, Progress, Trainer } from 'mapling/trainer';
import { wasTaught } from './lessons';
import { past } from './past';
import { dispatch, hasBegun, isFresh, session, type Used } from './session';
import { type SourceName, sources, warmUpSource } from './sources';
import { enqueue, persist, started } from './trainer';
import { begin, rebuild } from './training';

/** The four files as they are published, packed. */
const MNIST_BYTES = 11_594_722;

/** Counts the requests for digits, by a name or in files. */
let asks = 0;
export const ask = (): number => ++asks;
/** The page's own, for what the visit begins with: whatever the visitor asks for is newer, however early. */
const FIRST = ask();
/** The newest request that is met, or will be if the digits can be had: what comes for an older one is not used. */
let newest = 0;
/** The visitor's files, and where each lies. */
export interface Given {
  files: File[];
  paths: string[];
}
export const NO_FILES: Given = { files: [], paths: [] };
/** Those that are in use, so that their pictures can be turned. */
let given = NO_FILES;
export const givenFiles = (): Given => given;
/** MNIST is on its way. */
let isComing = false;
/** The digits that were asked for last, until they are here, or cannot be had. */
let coming: SourceName | null = null;

/** Whether digits that were asked for later than this request are in use already. */
export const isOutdone = (number: number): boolean => number < newest && coming === null;

/** These are in use, of a name or in files. What was asked for before them is not wanted any more; what was asked for later will take their place. */
export function areInUse(now: Given, number = ask()): void {
  if (number > newest) [newest, coming] = [number, null];
  given = now;
}

/** The digits that the page has, once those on their way are here. */
export const sourceToCome = (): SourceName | 'files' => coming ?? session.peek().source;

/** The code that brings back the run of the last visit is a chunk of its own, fetched while the digits come. */
export const fetchKept = (): Promise<typeof import('./kept') | null> => import('./kept').catch(() => null);

/** Digits take the place of others at this moment: what is known of a run and of digits does not belong together. */
export const exchanging = signal(0);
export async function exchangingDigits<T>(work: () => Promise<T>): Promise<T> {
  exchanging.value += 1;
  try {
    return await work();
  } finally {
    exchanging.value -= 1;
  }
}

/** Replaces the network, since it was trained on other digits: by that of the last visit if it had these digits, else by a fresh one. */
export const use = (trainer: Trainer, data: DigitsInfo, as: Used): Promise<void> =>
  exchangingDigits(() => useThese(trainer, data, as));

async function useThese(trainer: Trainer, data: DigitsInfo, as: Used): Promise<void> {
  const { warmUp } = session.peek();
  // A warm-up makes way without a trace.
  if (warmUp === null) data = (await past.leaveDigits?.(trainer, data)) ?? data;
  if (hasBegun(session.peek())) await trainer.stop();
  const isTaughtNoMore = warmUp !== null && wasTaught();
  if (warmUp !== null && (as === 'styles' || as === 'mnist')) sayFresh();
  dispatch({ type: 'loaded', data, as });
  const kept = await fetchKept();
  if (!(await kept?.bringBack(trainer, data, as === 'warmUp'))) await rebuild(trainer);
  if (isTaughtNoMore) dispatch({ type: 'noticed', notice: { kind: 'taughtNoMore' } });
}

/** Milliseconds for which it is said that training has begun afresh. */
const FRESH = 10_000;

function sayFresh(): void {
  isFresh.value = true;
  setTimeout(() => {
    isFresh.value = false;
  }, FRESH);
}

async function load(trainer: Trainer, name: SourceName, as: Used): Promise<void> {
  const data = await persist(() => trainer.digits.load(sources[name]));
  given = NO_FILES;
  // A message about a bad link stays, and one about the last visit: other digits do not mend these. Digits that come by
  // themselves say nothing of files that were refused meanwhile.
  const { data: before, warmUp, notice } = session.peek();
  const isFirst = before === null || warmUp !== null;
  if (!/badLink|keptDamaged/.test(`${notice?.kind}`) && !(isFirst && notice?.kind === 'refused'))
    dispatch({ type: 'noticed', notice: null });
  await use(trainer, data, as);
}

/** Tells the page of each piece that has come, with the seconds that the rest takes at the rate so far. */
function follow(number: number): (progress: Progress) => void {
  const coming = new Map<string, Progress>();
  const began = performance.now();
  return (progress) => {
    // Progress may be reported after its request was answered, or for an older request.
    if (number !== newest || !isComing) return;
    coming.set(progress.file, progress);
    const sum = (part: 'loaded' | 'total') => [...coming.values()].reduce((all, file) => all + file[part], 0);
    // Before a file begins to come its size is unknown; that of all four is not.
    const [loaded, total] = [sum('loaded'), Math.max(MNIST_BYTES, sum('total'))];
    const seconds = (performance.now() - began) / 1000;
    const secondsLeft = seconds > 0.5 && loaded > 0 ? ((total - loaded) / loaded) * seconds : null;
    dispatch({ type: 'progressed', progress: { loaded, total, secondsLeft } });
  };
}

/** Fetches the digits of this name while training goes on, and then exchanges them for those in use. */
export async function take(name: SourceName, number = ask()): Promise<void> {
  if (number < newest) return;
  newest = number;
  coming = name;
  await fetchedAndUsed(await started, name, number);
  if (number === newest) coming = null;
}

async function fetchedAndUsed(trainer: Trainer, name: SourceName, number: number): Promise<void> {
  const source = sources[name];
  let failure: unknown;
  if (source.kind === 'mnist') {
    isComing = true;
    failure = await fetched(trainer, source, follow(number)).then(
      () => undefined,
      (error: unknown) => error ?? 'unknown',
    );
    if (number !== newest) return;
    isComing = false;
    dispatch({ type: 'progressed', progress: null });
  }
  if (failure !== undefined) return without();
  if (pausedWarmUp()) return dispatch({ type: 'arrived', as: name });
  return exchange(name);
}

/** Exchanges the digits in use for these. If a network was warming up on other digits, training begins at once on these. */
function exchange(name: SourceName, as: Used = name): Promise<void> {
  const number = newest;
  const { phase, data, warmUp, wantsToTrain } = session.peek();
  const goesOn = wantsToTrain && (data === null || (warmUp !== null && phase !== 'ready'));
  const done = enqueue((trainer) => (number === newest ? load(trainer, name, as) : Promise.resolve()));
  if (goesOn) begin();
  return done;
}

/** Whether the warm-up stands still, or is about to: somebody looks at it, so its digits stay until training goes on. */
function pausedWarmUp(): boolean {
  const { phase, warmUp, wantsToTrain } = session.peek();
  // A network that is ready is nothing to look at, unless it has just grown by a class.
  const isHeld = phase === 'training' || (phase === 'ready' && wasTaught());
  return warmUp !== null && (phase === 'paused' || (isHeld && !wantsToTrain));
}

/** Goes over to digits that came while the warm-up was paused. */
export function takeArrived(): void {
  const { warmUp } = session.peek();
  if (warmUp === 'instead') void exchange('generated', warmUp);
  else if (warmUp !== null && warmUp !== 'coming') void exchange(warmUp);
}

/** Milliseconds between two checks whether bytes still arrive, and after how many checks without news the download has failed. */
const [LOOK, IN_VAIN] = [5000, 5];

/**
 * Fetches MNIST onto this machine. A server that stops sending without closing the connection counts as a failure. Checks are
 * counted rather than time: a frozen tab makes one check when it wakes, however long it slept.
 */
function fetched(
  trainer: Trainer,
  source: DigitsSource & { kind: 'mnist' },
  told: (progress: Progress) => void,
): Promise<void> {
  let looks = 0;
  const hear = (progress: Progress) => {
    looks = 0;
    told(progress);
  };
  return new Promise((resolve, reject) => {
    const watch = setInterval(() => {
      if (++looks > IN_VAIN) reject();
    }, LOOK);
    persist(() => trainer.digits.prefetch(source, hear))
      .then(resolve, reject)
      .finally(() => clearInterval(watch));
  });
}

/** What happens if MNIST cannot be fetched: everything stays as it was, but a page without any digits takes generated ones. */
async function without(): Promise<void> {
  const isFirst = session.peek().data === null || session.peek().warmUp !== null;
  // The address still asks for MNIST: the next visit may get it.
  if (pausedWarmUp()) dispatch({ type: 'arrived', as: 'instead' });
  else if (isFirst) await exchange('generated', 'instead');
  // A run of the last visit may have come back with its own digits.
  if (session.peek().source === 'files') return;
  // The notice that a visitor's run is lost stays: nothing else says so, while the header says where digits come from.
  if (session.peek().notice?.kind === 'keptDamaged') return;
  dispatch({ type: 'noticed', notice: { kind: isFirst ? 'noMnist' : 'noMnistNow' } });
}

/**
 * The digits that the visit begins with. If they have far to come, a network warms up on generated ones meanwhile; it
 * makes way for a fresh one when they are there, so that a run from a link is the same on every visit.
 */
export async function takeFirst(trainer: Trainer, startsByItself: boolean): Promise<void> {
  const { source: name } = session.peek();
  if (name === 'files') return;
  if (startsByItself) dispatch({ type: 'wanted', wantsToTrain: true });
  const source = sources[name];
  if (!startsByItself || source.kind !== 'mnist' || (await trainer.digits.isKept(source))) {
    await take(name, FIRST);
    return;
  }
  void enqueue(async (trainer) => {
    const data = await persist(() => trainer.digits.load(warmUpSource));
    // MNIST may have come meanwhile, or failed to come.
    if (isComing && newest === FIRST) await use(trainer, data, 'warmUp');
  });
  begin();
  await take(name, FIRST);
}
