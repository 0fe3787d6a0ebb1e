/** Several runs of training that go on turn by turn in one worker, so that they can be seen side by side. */
import type { Curves, ModelSource, RunOptions, Trainer, TrainState } from 'mapling/trainer';

export interface Lane {
  source: ModelSource;
  options: RunOptions;
  /** Batches of each turn. */
  turn: number;
}

export interface News {
  state: TrainState;
  curves: Curves;
}

/** Resolves when the run that is under way has ended, with how it ended. */
const ended = (trainer: Trainer): Promise<TrainState> =>
  new Promise((resolve, reject) => {
    const end = trainer.subscribe((event) => {
      if (event.type === 'error') {
        end();
        reject(new Error(event.message));
      }
      if (event.type !== 'state' || !['done', 'ready', 'error'].includes(event.state.status)) return;
      end();
      resolve(event.state);
    });
  });

/**
 * Trains all lanes, a turn of each after the other. A lane goes on where it was to the same bits as if it had run by
 * itself: its model is saved with its run, and taken up again. `tell` hears what is new in the lane whose turn it is.
 * Gives how the lanes ended; those that `signal` has kept from ending are missing.
 */
export async function race(
  trainer: Trainer,
  lanes: readonly Lane[],
  tell: (lane: number, news: News) => void,
  signal: AbortSignal,
): Promise<(TrainState | undefined)[]> {
  let running = 0;
  const sources: ModelSource[] = lanes.map(({ source }) => source);
  const results: (TrainState | undefined)[] = lanes.map(() => undefined);
  const endTelling = trainer.subscribe((event) => {
    if (event.type === 'state') tell(running, event);
  });
  try {
    for (let round = 0; results.some((result) => result === undefined); round++) {
      for (const [at, { options, turn }] of lanes.entries()) {
        if (results[at]) continue;
        if (signal.aborted) return results;
        running = at;
        await trainer.setModel(sources[at]!);
        await trainer.start({ ...options, paused: true, ...(round > 0 && { resume: true }) });
        const end = ended(trainer);
        end.catch(() => {});
        const state = await trainer.step(turn);
        if (state.status === 'done' || state.step >= state.epochs * state.batches) {
          // A turn that ends where the run does leaves it paused; the last test belongs to the run.
          if (state.status === 'paused') await trainer.resume().catch(() => {});
          results[at] = state.status === 'done' ? state : await end;
          continue;
        }
        sources[at] = await trainer.save();
        await trainer.stop();
      }
    }
    return results;
  } finally {
    endTelling();
    if (signal.aborted) await trainer.stop().catch(() => {});
  }
}

/** Trains one network to its end, or until `signal` ends it. */
export async function run(
  trainer: Trainer,
  source: ModelSource,
  options: RunOptions,
  tell: (news: News) => void,
  signal: AbortSignal,
): Promise<boolean> {
  await trainer.setModel(source);
  const endTelling = trainer.subscribe((event) => {
    if (event.type === 'state') tell(event);
  });
  const stop = (): void => void trainer.stop().catch(() => {});
  signal.addEventListener('abort', stop);
  try {
    const end = ended(trainer);
    await trainer.start(options);
    const { status } = await end;
    return status === 'done' && !signal.aborted;
  } finally {
    endTelling();
    signal.removeEventListener('abort', stop);
  }
}
