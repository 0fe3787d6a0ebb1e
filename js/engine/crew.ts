/** The workers that compute beside the thread that loaded the module, in the same memory. */

import { textOf } from './errors.js';
import type { ThreadsGlue, VariantName } from './variants.js';
import { packageWorker } from './worker-script.js';

/** What a worker is told; it answers with `undefined` when it is ready, or says what failed. */
export interface Start {
  variant: VariantName;
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  /** The worker holds this lock while it lives. */
  lock: string;
}

/** Milliseconds that a worker may take to start. */
const PATIENCE = 10_000;

export class Crew {
  /** What went wrong with workers. */
  readonly notes: string[] = [];
  readonly #alive = new Set<Worker>();
  #glue: ThreadsGlue | undefined;
  /** Ends the waiting for locks. */
  readonly #ended = new AbortController();

  /** Threads at work, the caller's included. */
  get threads(): number {
    return 1 + this.#alive.size;
  }

  /** Starts workers until there are `threads` threads: fewer where some fail, and then `notes` says why. */
  async start(glue: ThreadsGlue, threads: number, start: Omit<Start, 'lock'>): Promise<void> {
    this.#glue = glue;
    const names = Array.from({ length: threads - 1 }, (_, at) => `worker ${at + 1}`);
    await Promise.all(names.map((name) => this.#startOne(name, start)));
    glue.crewThreads(this.threads);
  }

  async #startOne(name: string, start: Omit<Start, 'lock'>): Promise<void> {
    const lock = `mapling-${crypto.randomUUID()}`;
    const worker = packageWorker(import.meta.url, './crew-worker.js', 'mapling-crew', ownWorker);
    const lost = (note: string) => {
      worker.terminate();
      if (this.#alive.delete(worker)) this.notes.push(`${name} ${note}`);
    };
    this.#alive.add(worker);
    try {
      await answer(worker, { ...start, lock });
      worker.onmessage = ({ data }: MessageEvent<string>) => lost(`has died (${data})`);
      worker.onerror = ({ message }) => lost(`has died (${message})`);
      // A lock is let go when its worker ends, whatever the reason.
      const { signal } = this.#ended;
      const gone = () => lost('was ended from outside');
      navigator.locks?.request(lock, { signal }, gone).catch(() => {});
    } catch (failure) {
      lost(`did not start (${textOf(failure)})`);
    }
  }

  /** Whether a worker has died in the middle of its work, which nobody can finish. */
  get isBroken(): boolean {
    return this.#glue?.crewHasGivenUp() ?? false;
  }

  end(): void {
    this.#ended.abort();
    for (const worker of this.#alive) worker.terminate();
    this.#alive.clear();
  }
}

const ownWorker = (): Worker =>
  new Worker(new URL('./crew-worker.js', import.meta.url), { type: 'module', name: 'mapling-crew' });

/** Resolves when the worker is ready. */
async function answer(worker: Worker, start: Start): Promise<void> {
  let late: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      late = setTimeout(() => reject(new Error(`no answer in ${PATIENCE / 1000} s`)), PATIENCE);
      worker.onmessage = ({ data }: MessageEvent<string | undefined>) =>
        data === undefined ? resolve() : reject(new Error(data));
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message || 'its script could not be loaded'));
      };
      worker.postMessage(start);
    });
  } finally {
    clearTimeout(late);
  }
}
