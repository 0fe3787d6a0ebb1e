/** Experiments: each starts from the lesson's own settings, beside the run before, with a way back to that. */
import { announceExperiment } from './runs';
import { dispatch } from './session';
import { defaults, type Settings } from './settings';
import { enqueue } from './trainer';
import { begin, rebuild } from './training';

/** Trains a fresh network with the lesson's settings, but for these. */
export function experiment(part: Partial<Settings>): void {
  void enqueue(async (trainer) => {
    announceExperiment();
    dispatch({ type: 'experimented', settings: { ...defaults(part.preset, part.optimizer), ...part } });
    await rebuild(trainer);
  });
  begin();
}
