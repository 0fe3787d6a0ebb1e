/** Waiting for the batches that a run is doing at this moment: between them its model can be written down. */
import type { Resumable } from './run-state.js';

export async function whenAtRest(run: Resumable | undefined): Promise<void> {
  // Whoever does the batches waits for them too, and may begin the next ones.
  while (run?.busy) await run.busy.catch(() => {});
}
