/**
 * What optimizers remember, as Keras 3 numbers it in `optimizer/vars`: the number of steps, the learning rate unless it
 * follows a schedule, then what is remembered of each weight that is trained, and of Nadam the product of its momenta.
 */
import { isObject } from '../../engine/look.js';
import type { PortableTraining } from '../portable.js';
import type { WeightPlan } from './assemble.js';

/** A variable of a weight: which weight, and which of the optimizer's slots. */
type Variable = readonly [weight: number, slot: number];

/**
 * How many variables there are before those of weights, and these in Keras' order: of slots that stand together a weight
 * has all before the next weight follows. `slots` are the core's.
 */
export function variablesOf(
  { optimizer: { class_name: className, config } }: PortableTraining,
  slots: readonly string[],
  weights: readonly WeightPlan[],
): [first: number, variables: Variable[]] {
  // Here RMSprop's are all there as soon as one more is, and in Keras each by itself.
  const together =
    className === 'RMSprop'
      ? [['velocity'], [config.momentum && 'momentum'], [config.centered && 'average_gradient']]
      : [slots.filter((slot) => slot !== 'velocity_hat'), ['velocity_hat']];
  const trained = weights.flatMap(({ trainable, isState }, at) => (trainable && !isState ? [at] : []));
  const variables = together.flatMap((names) => {
    const own = names.map((name) => slots.indexOf(name as string)).filter((slot) => slot >= 0);
    return trained.flatMap((weight) => own.map((slot): Variable => [weight, slot]));
  });
  return [isObject(config.learning_rate) ? 1 : 2, variables];
}
