/** Trainers of this lesson's own, beside the page's. */
import { createTrainer, type Trainer } from 'mapling/trainer';

/** Starts a worker with all of mapling. One thread: the page's own network is training on the others. */
export const startTrainer = (): Promise<Trainer> =>
  createTrainer({
    worker: () =>
      new Worker(new URL('../laboratory/whole-worker.ts', import.meta.url), {
        type: 'module',
        name: 'mapling-lesson',
      }),
    mode: 'exact',
    threads: 1,
  });
