/** What optimizers know of learning rates that are no numbers. */
import { snakeKeys } from '../engine/errors.js';
import type { LearningRateSchedule } from './schedules.js';

/** A learning rate: a number, or a schedule. */
export type Rate = number | LearningRateSchedule;

/** Whether a learning rate is a schedule: of ours, or written down as `{ className, config }`. */
export const isSchedule = (rate: unknown): rate is LearningRateSchedule =>
  typeof rate === 'object' &&
  rate !== null &&
  typeof (rate as { className?: unknown }).className === 'string';

/** What the core reads. */
export const scheduleJson = ({ className, config }: LearningRateSchedule): unknown => ({
  class_name: className,
  config: snakeKeys(config ?? {}),
});
