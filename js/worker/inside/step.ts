/** One step of training from within: the digits, the surprise, the gradients, and how the weights moved. Loaded when asked for. */

import { call } from '../../engine/instance.js';
import { isA } from '../../engine/look.js';
import type { LayersModel } from '../../nn/model.js';
import { CoreWork } from '../../train/work.js';
import type { StepInside, WeightMoved } from '../protocol.js';
import { answerOf, inspect } from './inspect.js';
import type { Session } from './session.js';
import { gradientsOf, sizeOf, type Weighed, weighed } from './sizes.js';

/** So many digits of a batch are told of. */
const SHOWN = 32;
/** So many values of a weight that moved farthest. */
const FARTHEST = 5;
const PIXELS = 28 * 28;
/** What is reckoned as this unlikely at least: the logarithm of 0 is no number. */
const LEAST = 1e-7;

/** What the model answers to pictures as in inference. */
const answers = (
  model: LayersModel,
  pixels: Float32Array,
): { scores: Float32Array; probabilities: Float32Array } =>
  inspect(model, pixels, (inside) => ({
    scores: call(() => inside.scores()),
    probabilities: answerOf(inside),
  }));

function moved(
  { name, shape, values }: Weighed['weights'][number],
  after: Float32Array,
  gradient: Float32Array | undefined,
): WeightMoved {
  const change = after.map((value, at) => value - values[at]!);
  const order: number[] = [];
  // A few largest of many: no need to sort all.
  for (let at = 0; at < change.length; at++) {
    const size = Math.abs(change[at]!);
    if (order.length === FARTHEST && size <= Math.abs(change[order.at(-1)!]!)) continue;
    const place = order.findIndex((other) => Math.abs(change[other]!) < size);
    order.splice(place < 0 ? order.length : place, 0, at);
    order.length = Math.min(order.length, FARTHEST);
  }
  return {
    name,
    shape,
    size: sizeOf(values),
    gradientSize: gradient ? sizeOf(gradient) : 0,
    changeSize: sizeOf(change),
    farthest: order.map((at) => ({
      at,
      before: values[at]!,
      after: after[at]!,
      gradient: gradient?.[at] ?? 0,
    })),
  };
}

/** Makes one step of the run under way, and tells what happened; null where the batch cannot be told of. */
export async function stepInside(session: Session): Promise<StepInside | null> {
  const { model, prepared, train } = session.underWay('digits.stepInside');
  session.pause();
  await session.atRest();
  const [indices, all] = isA(prepared.fit, CoreWork) ? prepared.fit.nextBatch() : [];
  if (!indices || !all || all.length !== indices.length * PIXELS) {
    await session.step();
    return null;
  }
  const truths = train.target(model.outputNames[0]).values;
  const labels = Uint8Array.from(indices, (index) => truths[index] ?? 0);
  const { loss, gradients } = gradientsOf(model, all, labels);
  const pixels = all.slice(0, SHOWN * PIXELS);
  const before = answers(model, pixels);
  const weights = weighed(model);
  const { step } = await session.step();
  const after = weighed(model);
  const probabilitiesAfter = answers(model, pixels).probabilities;
  const shown = labels.slice(0, SHOWN);
  const classes = before.probabilities.length / shown.length;
  const [first] = weights;
  const kernel = first?.weights[0];
  return {
    step,
    loss,
    batchSize: indices.length,
    indices: indices.slice(0, SHOWN),
    pixels,
    labels: shown,
    ...before,
    losses: Float32Array.from(
      shown,
      (label, at) => -Math.log(Math.max(LEAST, before.probabilities[at * classes + label]!)),
    ),
    probabilitiesAfter,
    layers: weights.map(({ name, className, weights: own }, layer) => ({
      name,
      className,
      weights: own.map((weight, at) =>
        moved(weight, after[layer]!.weights[at]!.values, gradients.get(weight.name)),
      ),
    })),
    first:
      first && kernel
        ? {
            name: first.name,
            shape: kernel.shape,
            gradient: gradients.get(kernel.name) ?? new Float32Array(kernel.values.length),
            change: after[0]!.weights[0]!.values.map((value, at) => value - kernel.values[at]!),
          }
        : null,
  };
}
