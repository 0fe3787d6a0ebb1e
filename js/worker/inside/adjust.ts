/** What a run trains with, changed while it is under way. Loaded when somebody changes it. */
import { describe, fault, finite, onlyKeys, whole } from '../../engine/errors.js';
import { isArray, isObject } from '../../engine/look.js';
import { ALL } from '../../train/control.js';
import type { AdjustArgs, Adjustment, PlannedAdjustment } from '../protocol.js';
import type { Changes, UnderWay } from './under-way.js';

const KEYS = ['learningRate', 'momentum', 'batchSize'];

/** The values of an adjustment that are given, each one that could hold. */
function checked<Given extends Adjustment>(where: string, given: Given, more: string[]): Given {
  if (!isObject(given) || isArray(given))
    throw fault('type', `${where}: expected { learningRate, momentum, batchSize }, got ${describe(given)}`);
  onlyKeys(where, given, [...KEYS, ...more]);
  const { learningRate, momentum, batchSize } = given;
  if (learningRate !== undefined && finite(`${where}: learningRate`, learningRate) < 0)
    throw fault('value', `${where}: learningRate: expected at least 0, got ${learningRate}`);
  const share = momentum === undefined ? 0 : finite(`${where}: momentum`, momentum);
  if (share < 0 || share >= 1)
    throw fault('value', `${where}: momentum: expected a number from 0 to less than 1, got ${momentum}`);
  if (batchSize !== undefined) whole(`${where}: batchSize`, batchSize, 1);
  return given;
}

/** Changes a run from its next step on; nothing has changed if it cannot be. */
export function adjust(where: string, run: UnderWay, given: AdjustArgs): void {
  const { learningRate, momentum, batchSize, adjustments } = checked(where, given, ['adjustments']);
  const { model, prepared } = run;
  const { optimizer } = model;
  const isKept = adjustments === undefined || adjustments === null;
  const changes = isKept ? run.changes : changesOf(where, adjustments);
  if (momentum !== undefined && optimizer?.className !== 'SGD')
    throw fault('value', `${where}: momentum: ${optimizer?.className ?? 'the optimizer'} has none to change`);
  if (batchSize !== undefined) {
    // Memory may be too short for such batches.
    prepared.fit.setBatchSize?.(model.network.get(where), batchSize);
    prepared.place.settings.batchSize = batchSize;
  }
  if (momentum !== undefined) optimizer!.setMomentum(momentum);
  if (learningRate !== undefined) model.learningRate = learningRate;
  run.changes = changes;
}

/** The changes that a run makes at steps of the model's. Those of steps that are past are taken for made. */
export function changesOf(where: string, given: readonly PlannedAdjustment[]): Changes {
  const title = `${where}: adjustments`;
  if (!isArray(given)) throw fault('type', `${title}: expected an array, got ${describe(given)}`);
  given.forEach((one, at) => {
    checked(title, one, ['step']);
    whole(`${title}: step`, one.step, (given[at - 1]?.step ?? 0) + 1);
  });
  return {
    left: (step) => (given.find((one) => one.step > step)?.step ?? step + ALL) - step,
    reached: (step, run) => {
      const found = given.find((one) => one.step === step);
      if (!found) return;
      const { step: _, ...change } = found;
      adjust(title, run, change);
    },
  };
}
