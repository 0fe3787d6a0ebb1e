/** Experiments: each starts from the lesson's own settings, beside the run before, with a way back to that. */
import type { Trainer } from 'mapling/trainer';
import { exchangeHistory, history } from './curves';
import { dispatch, type Earlier, session } from './session';
import { defaults, type Settings } from './settings';
import { enqueue } from './trainer';
import { begin, rebuild } from './training';

/** The present run, to go back to; null if there is none that could be. */
async function present(trainer: Trainer): Promise<Earlier | null> {
  const { phase } = session.peek();
  if (phase === 'training') await trainer.pause();
  const { isStale, network, run, evaluation, settings } = session.peek();
  if (isStale || !network || phase === 'error') return null;
  const model = await trainer.save();
  return { settings, model, network, run, evaluation, history, isDone: phase === 'done' };
}

/** Trains a fresh network with the lesson's settings, but for these. */
export function experiment(part: Partial<Settings>): void {
  void enqueue(async (trainer) => {
    const earlier = await present(trainer);
    dispatch({
      type: 'experimented',
      earlier,
      settings: { ...defaults(part.preset, part.optimizer), ...part },
    });
    await rebuild(trainer);
  });
  begin();
}

/** Waits until the worker has told of a network that was trained for so many steps: news of the one before is over then. */
const isToldOf = (trainer: Trainer, step: number): Promise<void> =>
  new Promise((resolve) => {
    const end = trainer.subscribe((event) => {
      if (event.type !== 'state' || event.state.status !== 'ready' || event.state.step !== step) return;
      end();
      resolve();
    });
  });

/** Goes back to the run that the last experiment took the place of: its settings, its network, its curves. */
export function goBack(): void {
  dispatch({ type: 'wanted', wantsToTrain: false });
  void enqueue(async (trainer) => {
    const earlier = session.peek().earlier.at(-1);
    if (!earlier) return;
    await trainer.stop();
    const told = isToldOf(trainer, earlier.model.step ?? 0);
    const network = await trainer.setModel(earlier.model);
    await told;
    exchangeHistory(earlier.history);
    dispatch({ type: 'wentBack', network });
  });
}
