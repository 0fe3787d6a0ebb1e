/** One worker of the crew: joins the module and the memory it is given, and works until it is ended. */

import type { Start } from './crew.js';
import { textOf } from './errors.js';
import { type ThreadsGlue, variants } from './variants.js';

/** Bytes of stack; kernels need little. */
const STACK = 512 * 1024;

async function join({ variant, module, memory, lock }: Start): Promise<void> {
  const glue = (await variants[variant].glue()) as unknown as ThreadsGlue;
  await glue.default({ module_or_path: module, memory, thread_stack_size: STACK });
  const number = glue.crewJoin();
  await held(lock);
  postMessage(undefined);
  try {
    glue.crewWork(number);
  } catch (trap) {
    // Whoever waits for this worker's task sees nothing but the memory they share.
    glue.crewGiveUp();
    throw trap;
  }
}

/** Resolves when this worker has the lock, which it never lets go. */
const held = (lock: string): Promise<void> =>
  new Promise((resolve) => {
    if (!navigator.locks) return resolve();
    void navigator.locks.request(lock, () => {
      resolve();
      return new Promise(() => {});
    });
  });

self.onmessage = ({ data }: MessageEvent<Start>) => {
  join(data).catch((failure: unknown) => postMessage(textOf(failure)));
};
