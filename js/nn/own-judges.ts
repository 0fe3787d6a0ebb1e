/** Losses and metrics of one's own, as the core calls them. */

import { describe, fault } from '../engine/errors.js';
import type { Foreign } from '../engine/foreign.js';
import { call } from '../engine/instance.js';
import { isA } from '../engine/look.js';
import { scalar } from '../tensor/create.js';
import { asTensor, Tensor } from '../tensor/handle.js';
import { close, open } from '../tensor/scope.js';
import { sameShape } from '../tensor/shape.js';
import { adoptAll, lendAll } from '../tensor/slots.js';
import { Loss } from '../train/losses.js';
import { Metric } from '../train/metrics.js';
import { LOSS, type LossOrMetricFn } from './judge-function.js';

/** Whether gradients flow through what is in a slot. */
const recorded = (slot: number): boolean => call((wasm) => wasm.isRecorded(slot));

/** A function of targets and predictions as the core calls it. */
export function asForeign(where: string, action: LossOrMetricFn): Foreign {
  return (slots) => {
    const scope = open('record');
    try {
      const [targets, predictions] = adoptAll(slots);
      const samples = predictions!.shape[0];
      const value: unknown = action(targets!, predictions!);
      if (!isA(value, Tensor)) throw fault('type', `${where}: expected a tensor, got ${describe(value)}`);
      const tensor = asTensor(where, value);
      if (tensor.rank > 0 && tensor.shape[0] !== samples) {
        throw fault(
          'shape',
          `${where}: expected a value for each of ${samples} samples, or one, got [${tensor.shape}]`,
        );
      }
      if (tensor.dtype !== 'float32' && where === LOSS)
        throw fault('type', `${where}: ${tensor.dtype} has no gradient: a loss has to be float32`);
      const lent = lendAll([tensor], where);
      // Nothing would be learned, and nobody would know why.
      if (where === LOSS && recorded(slots[1]!) && !recorded(lent[0]!)) {
        call((wasm) => wasm.free(lent[0]!));
        throw fault(
          'value',
          `${where}: the loss does not depend on the predictions; all ops that lead from the ones to the other must be inside the function`,
        );
      }
      return lent;
    } finally {
      close(scope, new Set());
    }
  };
}

/** The loss of an output that has none. */
export const noLoss: Foreign = /* @__PURE__ */ asForeign('compile: no loss', () => scalar(0));

/** The accuracy that the shapes say, as in Keras: of a single score, of classes as rows or of their numbers. */
export function accuracy(yTrue: Tensor, yPred: Tensor): Tensor {
  const kind = sameShape(yTrue.shape, yPred.shape) ? 'Categorical' : 'SparseCategorical';
  const metric = new Metric(`${yPred.shape.at(-1) === 1 ? 'Binary' : kind}Accuracy`);
  try {
    return metric.each(yTrue, yPred);
  } finally {
    metric.dispose();
  }
}

/** A loss of a class that extends `Loss` with a `call` of its own as the function that it is. */
export function asJudge(where: string, value: unknown): unknown {
  if (isA(value, Loss) && value.call !== Loss.prototype.call)
    return (yTrue: Tensor, yPred: Tensor): Tensor => value.call(yTrue, yPred);
  if (!isA(value, Metric)) return value;
  const base = Metric.prototype;
  const own = (['updateState', 'result', 'resetState', 'each'] as const).find(
    (key) => value[key] !== base[key],
  );
  if (own === undefined) return value;
  throw fault(
    'type',
    `${where}: a method ${own} of one's own would not be called; give a function (yTrue, yPred) => tensor`,
  );
}
