/** Sets the learning rate at the beginning of each epoch. */
import { checkFunction, finite } from '../../engine/errors.js';
import { Callback, type Logs } from './callback.js';

/** From the number of an epoch and the present rate to the rate of that epoch. */
export type RateOf = (epoch: number, learningRate: number) => number | Promise<number>;

export class LearningRateScheduler extends Callback {
  readonly #rateOf: RateOf;

  constructor(schedule: RateOf) {
    super();
    checkFunction('learningRateScheduler', schedule);
    this.#rateOf = schedule;
  }

  override async onEpochBegin(epoch: number): Promise<void> {
    const { model } = this;
    if (!model) return;
    const rate: unknown = await this.#rateOf(epoch, model.learningRate);
    model.learningRate = finite('learningRateScheduler', rate);
  }
  override onEpochEnd(_epoch: number, logs: Logs): void {
    if (this.model) logs.learningRate = this.model.learningRate;
  }
}
