/** A worker's life: it is started, asked, watched, and, if it dies, started anew with the model of its last checkpoint. */
import { fault, textOf } from '../engine/errors.js';
import { type Endpoint, type Remote, remote } from './calls.js';
import type { Service } from './inside/service.js';
import type { BeginOptions, Checkpoint, SavedModel, TrainerEvent } from './protocol.js';

export type Hands = Remote<Service>;

/** What a worker is to its page. */
export interface WorkerLike extends Endpoint {
  terminate?(): void;
}

/** A worker that dies so often before it could do anything is not started again. */
const MOST_DEATHS = 3;

/** So that two trainers of a page have locks of their own. */
let lives = 0;

export interface LifeOptions {
  make: () => WorkerLike;
  begin: BeginOptions;
  emit: (event: TrainerEvent) => void;
  /** Called with a new worker before its model is put back; gives the names of what is lost. */
  restore: (hands: Hands) => Promise<string[]>;
  /** Milliseconds in which a worker must have begun. */
  patience: number;
}

export class Life {
  readonly #options: LifeOptions;
  #worker: WorkerLike | undefined;
  #ready: Promise<Hands>;
  #ended: Error | undefined;
  #checkpoint: SavedModel | undefined;
  #requests = 0;
  #deaths = 0;
  /** What ends each request that is under way. */
  readonly #pending = new Map<number, (reason: Error) => void>();
  #watch: AbortController | undefined;
  /** Ends the wait for a worker that is being started. */
  #abandon: (reason: Error) => void = () => {};

  constructor(options: LifeOptions) {
    this.#options = options;
    this.#ready = this.#start();
    this.#ready.catch(() => {});
  }

  /** Resolves once the worker answers. */
  async begun(): Promise<void> {
    try {
      await this.#ready;
    } catch (failure) {
      this.end(failure as Error);
      throw failure;
    }
  }

  async #start(): Promise<Hands> {
    const { make, begin, emit, patience } = this.#options;
    const worker = make();
    this.#worker = worker;
    const hands = remote<Service>(worker);
    const lock =
      typeof navigator !== 'undefined' && navigator.locks
        ? `mapling-${++lives}-${Date.now()}-${Math.random()}`
        : undefined;
    const failed = new Promise<never>((_, reject) => {
      this.#abandon = reject;
      worker.addEventListener('error', ((event: ErrorEvent) => {
        const message = `the worker failed: ${event.message || 'its script could not be loaded'}`;
        // Once it has begun, an error that nothing caught is news, not its end.
        if (this.#worker === worker && !isStarting) emit({ type: 'error', message, code: 'state' });
        reject(fault('state', `createTrainer: ${message}`));
      }) as EventListener);
    });
    failed.catch(() => {});
    // A thread of Node's tells when it has ended; pages' workers do not, whence the lock.
    worker.addEventListener('exit', () => {
      if (this.#worker === worker && !this.#ended && !isStarting) this.died('its thread has ended');
    });
    // A worker that was ended before it held its lock, or whose modules never end loading, tells nobody.
    const late = setTimeout(() => {
      const seconds = Math.round(patience / 100) / 10;
      this.#abandon(
        fault(
          'state',
          `createTrainer: the worker has not begun within ${seconds} s: its script, or a module, does not end loading`,
        ),
      );
    }, patience);
    let isStarting = true;
    const hear = (event: TrainerEvent | Checkpoint): void => {
      if (this.#worker !== worker) return;
      if (event.type === 'checkpoint') {
        this.#checkpoint = event.model;
        this.#deaths = 0;
      } else emit(event);
    };
    try {
      if (lock) {
        await Promise.race([hands.holdLock(lock), failed]);
        this.#watchOver(worker, lock);
      }
      await Promise.race([hands.begin(hear, begin), failed]);
    } finally {
      clearTimeout(late);
    }
    isStarting = false;
    return hands;
  }

  /** The worker holds the lock as long as it lives. */
  #watchOver(worker: WorkerLike, lock: string): void {
    const watch = new AbortController();
    this.#watch = watch;
    const granted = navigator.locks.request(lock, { signal: watch.signal }, () => {
      if (this.#worker === worker && !this.#ended) this.died('it was closed, or the browser ended it');
    });
    granted.catch(() => {});
  }

  /** Starts another worker in place of one that has died. */
  died(reason: string): void {
    const { emit, restore } = this.#options;
    this.#worker?.terminate?.();
    this.#watch?.abort();
    const told = fault('state', `the worker has died (${reason}); another one takes its place`);
    this.#abandon(told);
    this.#fail(told);
    if (++this.#deaths > MOST_DEATHS) {
      const last = fault('state', `the worker has died ${MOST_DEATHS + 1} times in a row (${reason})`);
      this.end(last);
      emit({ type: 'error', message: last.message, code: 'state' });
      return;
    }
    const model = this.#checkpoint;
    const ready = (async () => {
      const hands = await this.#start();
      const lost = await restore(hands);
      if (model) await hands.setModel(model);
      emit({ type: 'restarted', step: model?.step ?? 0, reason, lost });
      return hands;
    })();
    this.#ready = ready;
    ready.catch((failure: unknown) => {
      // It may have died as well, and another one is on its way.
      if (this.#ready !== ready || this.#ended) return;
      this.end(failure as Error);
      emit({ type: 'error', message: textOf(failure), code: 'state' });
    });
  }

  /**
   * Asks the worker. The request has a number, by which the worker is told if nobody waits for its answer any more,
   * because `signal` was raised; an answer that comes all the same is dropped.
   */
  ask<T>(action: (hands: Hands, number: number) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const number = ++this.#requests;
    return new Promise<T>((resolve, reject) => {
      const settle = (): void => {
        this.#pending.delete(number);
        signal?.removeEventListener('abort', abort);
      };
      const abort = (): void => {
        settle();
        void this.#ready.then((hands) => hands.cancel(number)).catch(() => {});
        reject(signal?.reason ?? new DOMException('the request was aborted', 'AbortError'));
      };
      if (this.#ended) return reject(this.#ended);
      if (signal?.aborted) return abort();
      signal?.addEventListener('abort', abort);
      this.#pending.set(number, (reason) => {
        settle();
        reject(reason);
      });
      this.#ready
        .then((hands) => (this.#pending.has(number) ? action(hands, number) : new Promise<never>(() => {})))
        .then(resolve, reject)
        .finally(settle);
    });
  }

  #fail(reason: Error): void {
    for (const end of [...this.#pending.values()]) end(reason);
  }
  /** Ends the worker; everything that is asked of it now or later is refused for this reason. */
  end(reason: Error): void {
    if (this.#ended) return;
    this.#ended = reason;
    this.#fail(reason);
    this.#watch?.abort();
    this.#worker?.terminate?.();
    this.#worker = undefined;
  }
}
