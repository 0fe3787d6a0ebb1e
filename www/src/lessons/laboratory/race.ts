/** Several runs of training that go on turn by turn in one worker, so that they can be seen side by side. */
import type { Curves, ModelSource, RunOptions, Status, Trainer, TrainState } from 'mapling/trainer';

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

/**
 * Waits until the worker has told of one of these. News comes by a way of its own, and may be later than the answer to
 * what it is about.
 */
function toldOf(trainer: Trainer, ...wanted: Status[]): Promise<TrainState> {
  const told = new Promise<TrainState>((resolve, reject) => {
    const end = trainer.subscribe((event) => {
      if (event.type === 'error') {
        end();
        reject(new Error(event.message));
      } else if (event.type === 'state' && wanted.includes(event.state.status)) {
        end();
        resolve(event.state);
      }
    });
  });
  // Whoever waits hears of a failure; where nobody does any more, it is no failure of the page's.
  told.catch(() => {});
  return told;
}

/** Asks for something and waits for the news of it too. */
async function andTold(trainer: Trainer, status: Status, ask: () => Promise<unknown>): Promise<void> {
  const told = toldOf(trainer, status);
  await ask();
  await told;
}

/**
 * Trains all lanes, a turn of each after the other. A lane goes on where it was to the same bits as if it had run by
 * itself: its model is saved with its run, and taken up again. `tell` hears what is new in the lane whose turn it is.
 * Gives how the lanes ended, with the speed of all their turns; those that `signal` has kept from ending are missing.
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
  const spent = lanes.map(() => 0);
  const endTelling = trainer.subscribe((event) => {
    if (event.type === 'state') tell(running, event);
  });
  const stop = () => andTold(trainer, 'ready', () => trainer.stop());
  try {
    for (let round = 0; results.includes(undefined); round++) {
      for (const [at, { options, turn }] of lanes.entries()) {
        if (results[at]) continue;
        if (signal.aborted) return results;
        running = at;
        await andTold(trainer, 'ready', () => trainer.setModel(sources[at]!));
        const begun = { ...options, paused: true, ...(round > 0 && { resume: true }) };
        await andTold(trainer, 'paused', () => trainer.start(begun));
        const done = toldOf(trainer, 'done');
        const began = performance.now();
        const state = await trainer.step(turn);
        spent[at]! += performance.now() - began;
        if (state.status === 'done' || state.step >= state.epochs * state.batches) {
          // A turn that ends where the run does leaves it paused; the last test belongs to the run.
          if (state.status === 'paused') await trainer.resume().catch(() => {});
          // Turns are too short for the speed of one of them to say something.
          const samplesPerSecond = (1000 * state.step * (options.batchSize ?? 32)) / spent[at]!;
          results[at] = { ...(await done), samplesPerSecond };
          continue;
        }
        sources[at] = await trainer.save();
        await stop();
      }
    }
    return results;
  } finally {
    endTelling();
  }
}

/** Trains one network to its end, or until `signal` ends it; says whether it has ended by itself. */
export async function run(
  trainer: Trainer,
  source: ModelSource,
  options: RunOptions,
  tell: (news: News) => void,
  signal: AbortSignal,
): Promise<boolean> {
  await andTold(trainer, 'ready', () => trainer.setModel(source));
  const endTelling = trainer.subscribe((event) => {
    if (event.type === 'state') tell(event);
  });
  const stop = (): void => void trainer.stop().catch(() => {});
  signal.addEventListener('abort', stop);
  try {
    const ended = toldOf(trainer, 'done', 'ready', 'error');
    await trainer.start(options);
    const { status } = await ended;
    return status === 'done' && !signal.aborted;
  } finally {
    endTelling();
    signal.removeEventListener('abort', stop);
  }
}
