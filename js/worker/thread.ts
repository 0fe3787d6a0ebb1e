/** A thread of Node's as a trainer's worker. */
import { fault } from '../engine/errors.js';
import { nodeModule } from '../engine/local.js';
import { isA } from '../engine/look.js';
import type { WorkerLike } from './life.js';

/** How events of a thread's look to whoever listens to a page's worker. */
const asEvent: Record<string, (value: unknown) => object> = {
  message: (data) => ({ data }),
  error: (failure) => ({ message: isA(failure, Error) ? failure.message : String(failure) }),
  exit: () => ({}),
};

/** What starts threads. */
export async function threads(): Promise<() => WorkerLike> {
  const { Worker } = await nodeModule<typeof import('node:worker_threads')>('node:worker_threads');
  // Bundlers for pages do not see the script's address in this form: it is none of theirs.
  const here = import.meta.url;
  const script = new URL(SCRIPT, here);
  return () => {
    const thread = new Worker(script, { name: 'mapling' });
    return {
      postMessage: (message, transfer) => thread.postMessage(message, transfer as never),
      addEventListener: (type, listener) => {
        const event = asEvent[type];
        if (!event) throw fault('value', `createTrainer: a thread has no event ${type}`);
        thread.on(type, (value: unknown) => listener(event(value) as Event));
      },
      terminate: () => void thread.terminate(),
    };
  };
}

/** The folder is named because the file that asks may be one for `require`, which lies in another folder. */
const SCRIPT = '../worker/thread-worker.js';
