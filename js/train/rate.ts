/** What optimizers know of learning rates that are no numbers. */
import { snakeKeys } from '../engine/errors.js';
import { isObject } from '../engine/look.js';
import { plainSettings } from '../nn/settings.js';

/** A schedule as it is written down; `LearningRateSchedule` is one. */
export interface Schedule {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** A learning rate: a number, or a schedule. */
export type Rate = number | Schedule;

/** Whether a learning rate is a schedule: of ours, or written down as `{ className, config }`. */
export const isSchedule = (rate: unknown): rate is Schedule =>
  isObject(rate) && typeof (rate as { className?: unknown }).className === 'string';

/** What the core reads. */
export const scheduleJson = ({ className, config }: Schedule): unknown => ({
  class_name: className,
  config: snakeKeys(plainSettings(className, config ?? {})),
});
