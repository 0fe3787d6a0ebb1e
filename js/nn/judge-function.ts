/** Losses and metrics that are functions. */
import type { Tensor } from '../tensor/handle.js';

/** A loss or metric of one's own: from targets and predictions to a value for each sample, or one for all. */
export type LossOrMetricFn = (yTrue: Tensor, yPred: Tensor) => Tensor;

/** How errors of a loss begin. */
export const LOSS = 'compile: loss';
