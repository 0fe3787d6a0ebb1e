/** The worker that trains, and the order in which it is asked for things. */
import { effect } from '@preact/signals';
import { createTrainer, type Trainer } from 'mapling/trainer';
import { asked, machine } from './machine';
import type { Notice } from './notice';
import { said } from './said';
import { dismissNotice, dispatch, network, session } from './session';
import { readSource, sources } from './sources';
import { wholeFor } from './whole';

/** What an earlier visit kept is read while the module is compiled; a first visit has its line for itself. */
const wanted = sources[readSource(location.search, location.hash)];
const mnist = wanted.kind === 'mnist' && ({ mnist: { ...wanted, ahead: 'kept' } } as const);

/** Whether an address spells layers that the page's own module does not have (network/spelling.ts). */
export const isWider = (net: string | null): boolean => /\b(norm|avg|mean)/.test(net ?? '');
/** Whether all of mapling is at work here. */
export let isWhole = isWider(said('net')) || wholeFor() !== null;
/** Asks once more where the worker died on the way: another one takes its place, and answers. */
export const persist = <T>(ask: () => Promise<T>): Promise<T> =>
  ask().catch((failure: { code?: string }) => {
    if (failure.code === 'state') return ask();
    throw failure;
  });

const create = (how = asked()): Promise<Trainer> =>
  isWhole
    ? import('./whole-trainer').then(({ worker }) =>
        createTrainer({ worker, threads: how.threads, ...mnist }),
      )
    : createTrainer({ ...how, ...mnist });
// A module that was chosen on another visit and cannot be had now leaves the one that every page has.
const begin = (): Promise<Trainer> =>
  persist(create).catch(() => {
    isWhole = isWider(said('net'));
    return create({ mode: 'exact', threads: 1 });
  });
const first = begin();
let trainer: Trainer | null = null;

let hasStarted: (now: Trainer) => void;
/** The worker, as soon as there is one. */
export const started = new Promise<Trainer>((resolve) => {
  hasStarted = resolve;
});

/** Milliseconds until a worker that could not be fetched is asked for once more. */
export const AGAIN = 4000;
/** What browsers say of a script or a module that did not come over the line. */
const UNFETCHED =
  /its script could not be loaded|failed to fetch|networkerror|load failed|importing a module/i;

/** Waits for the worker, and whether it is there. Where the line is cut it is asked for until it is. */
export async function start(coming = first): Promise<Trainer | null> {
  try {
    trainer = await coming;
    hasStarted(trainer);
    if (session.peek().notice?.kind === 'unfetched') dismissNotice();
    return trainer;
  } catch (error) {
    if (!UNFETCHED.test(messageOf(error))) {
      fail(error);
      return null;
    }
  }
  await untilAgain();
  return start(begin());
}

/** Something that the page cannot begin without did not come: it is asked for again after a while. */
export function untilAgain(): Promise<void> {
  dispatch({ type: 'noticed', notice: { kind: 'unfetched' } });
  return new Promise((resolve) => setTimeout(resolve, AGAIN));
}

/** The worker, whatever stands in it; null before it has begun. */
export const currentTrainer = (): Trainer | null => trainer;

/** The trainer, once a network stands in it that matches the page; null before. */
export function liveTrainer(): Trainer | null {
  const { network, isStale } = session.value;
  return network && !isStale ? trainer : null;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
/** What has failed: for want of room in memory, or for a reason that the library tells. */
export const failure = (error: unknown): Notice => ({
  kind: (error as { code?: string } | null)?.code === 'memory' ? 'tooLarge' : 'failed',
  detail: messageOf(error),
});
export const fail = (error: unknown): void => dispatch({ type: 'failed', notice: failure(error) });

// Commands run one after the other: a reset during a download waits for it instead of racing it.
let queue: Promise<void> = Promise.resolve();
export function enqueue(work: (trainer: Trainer) => Promise<void>): Promise<void> {
  queue = queue.then(() => (trainer ? work(trainer) : undefined)).catch(fail);
  return queue;
}

/** There is a network: what is asked for before waits for that. */
export const hasNetwork = new Promise<void>((resolve) => {
  effect(() => {
    if (network.value) resolve();
  });
});
/** Does something at once, or as soon as there is a network. */
export const onceReady = (work: () => void): void => (network.peek() ? work() : void hasNetwork.then(work));

export const showMachine = (trainer: Trainer): Promise<void> =>
  trainer.backend().then((now) => {
    machine.value = now;
  }, fail);
