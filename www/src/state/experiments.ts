/** Experiments: each trains with the preset's settings but for one, beside the run before, to which there is a way back. */
import { announceExperiment } from './runs';
import { dispatch } from './session';
import { defaults, type Settings } from './settings';
import { enqueue, onceReady } from './trainer';
import { begin, rebuild } from './training';

/** Trains a fresh network with the settings of its preset, but for those in `part`. */
export function experiment(part: Partial<Settings>): void {
  onceReady(() => {
    void enqueue(async (trainer) => {
      announceExperiment();
      dispatch({ type: 'experimented', settings: { ...defaults(part.preset, part.optimizer), ...part } });
      await rebuild(trainer);
    });
    begin();
  });
}
