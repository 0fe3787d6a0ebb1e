import { count, hundredths } from '../../format';
import type { OptimizerName } from '../../presets';

/** Of a kept step: how many there are, how far it is on the axis, and the test accuracy where one is known. */
interface At {
  step: number;
  last: number;
  epoch: string;
  accuracy: number | undefined;
}

/** The words of time turned back and of runs beside each other. */
export const en = {
  time: 'Time',
  label: 'Time: steps of this run that are kept',
  newest: 'Newest',
  newestTip: 'Back to the newest step of this run',
  waiting: 'While it trains, steps are kept: drag here to go back to any of them.',
  drag: (steps: number) => `${count(steps)} ${steps === 1 ? 'step' : 'steps'} kept: drag to go back in time.`,
  kept: (step: number) => `On this device: step ${count(step)}.`,
  refused: 'Not kept on this device.',
  full: 'There is no room there for earlier steps.',
  offered: (data: string, step: number) =>
    `Your last visit left a network that other digits taught (${data}, ${count(step)} steps).`,
  takeOffered: 'Take it',
  forgetOffered: 'Forget it',
  value: ({ step, last, epoch, accuracy }: At) =>
    `Step ${count(step)} of ${count(last)}, epoch ${epoch}${
      accuracy === undefined ? '' : `, test accuracy ${hundredths(accuracy)} %`
    }`,
  back: (step: number) => `Step ${count(step)}: all is as it was then. Play goes on to the same bits.`,
  /** Where something was done later that does not come again. */
  backOtherwise: (step: number) =>
    `Step ${count(step)}: all is as it was then. Play begins a branch here, without what was done later.`,
  again: (step: number) => `Step ${count(step)}, trained again to the same bits.`,
  otherwise: 'Or branch off here with …',
  otherwiseLabel: 'Branch off here with another setting, beside this run',
  rate: (rate: string) => `learning rate ${rate}`,
  batch: (size: number) => `batches of ${count(size)}`,
  optimizers: { adam: 'Adam', sgd: 'SGD', momentum: 'SGD + momentum' } satisfies Record<
    OptimizerName,
    string
  >,
  beside: 'An experiment, beside the run before (dashed)',
  branch: (step: number, name: string) => `A branch: it left ${name} (dashed) at step ${count(step)}`,
  goBack: 'Back to the run before',
  run: (number: number) => `run ${number}`,
  runs: {
    heading: 'Runs',
    lead: 'What you tried, beside each other. Each can be gone back to, at its newest step; from there the slider leads to those before.',
    open: (others: number) => `Runs: ${count(others + 1)}`,
    now: 'now',
    name: 'Name of this run',
    shown: (name: string) => `Show ${name} in the charts`,
    settings: 'Settings',
    same: 'the same settings',
    fresh: 'not trained',
    accuracy: 'Test accuracy',
    loss: 'Test loss',
    steps: 'Steps',
    from: (step: number, name: string) => `left ${name} at step ${count(step)}`,
    tested: (epoch: number) => `tested at epoch ${epoch.toFixed(2)}`,
    back: 'Go back',
    backTo: (name: string) => `Go back to ${name}`,
    remove: (name: string) => `Remove ${name}`,
    seed: 'seed',
  },
};
