/** What an optimizer remembers, from Keras' variables. */
import { fault } from '../../engine/errors.js';
import { sizeOf } from '../../tensor/shape.js';
import { type Dataset, type Group, isGroup } from '../hdf5/tree.js';
import type { PortableTraining, Remembered } from '../portable.js';
import { BARE, type WeightPlan } from './assemble.js';
import { variablesOf } from './optimizer.js';
import { floats } from './values.js';

/** What an optimizer of these slots remembers, from the group of its variables; nothing where it has not begun. */
export function readOptimizer(
  where: string,
  training: PortableTraining,
  group: Group | Dataset | undefined,
  weights: readonly WeightPlan[],
  slots: string[],
): Remembered | undefined {
  if (!isGroup(group) || group.members.size === 0) return undefined;
  const { class_name: className } = training.optimizer;
  const { size } = group.members;
  const [first, variables] = variablesOf(training, slots, weights);
  const count = first + variables.length + (className === 'Nadam' ? 1 : 0);
  // Keras makes the variables of weights when it trains first.
  if (size <= first && variables.length > 0) return undefined;
  if (size !== count)
    throw fault(
      'format',
      `${where}: optimizer/vars: ${className} has ${count} variables for this model, but there are ${size}${BARE}`,
    );
  const variable = (at: number, shape: readonly number[]): Float32Array =>
    floats(where, `optimizer/vars/${at}`, group.members.get(`${at}`), shape);
  const values: (Float32Array[] | null)[] = weights.map(() => null);
  for (const [at, [weight, slot]] of variables.entries()) {
    const { shape } = weights[weight]!;
    values[weight] ??= slots.map(() => new Float32Array(sizeOf(shape)));
    values[weight][slot] = variable(first + at, shape);
  }
  const steps = variable(0, [])[0]!;
  if (!Number.isSafeInteger(steps) || steps < 0)
    throw fault('format', `${where}: optimizer/vars/0: expected a number of steps, got ${steps}`);
  return { steps, values };
}
