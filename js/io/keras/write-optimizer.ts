/** What an optimizer remembers, as Keras' variables. */
import type { Data } from '../hdf5/tree.js';
import type { PortableOptimizer, PortableTraining, PortableWeight } from '../portable.js';
import { variablesOf } from './optimizer.js';

/** The product of Nadam's momenta over the steps so far, which Keras keeps. */
function productOfMomenta(steps: number, beta: number): number {
  let product = 1;
  for (let step = 1; step <= steps && product > 0; step++) product *= beta * (1 - 0.5 * 0.96 ** step);
  return product;
}

/** The variables of an optimizer, in Keras' order. What it does not remember yet is what it begins with. */
export function optimizerVariables(
  training: PortableTraining,
  { steps, slots, values: kept }: PortableOptimizer,
  weights: readonly PortableWeight[],
): Data[] {
  const { class_name: className, config } = training.optimizer;
  const { learning_rate: rate, initial_accumulator_value: begin = 0.1, beta_1: beta = 0.9 } = config;
  const initial = className === 'Adagrad' ? Number(begin) : 0;
  const scalar = (value: number): Data => ({ shape: [], values: () => Float32Array.of(value) });
  const [first, variables] = variablesOf(training, slots, weights);
  const all: Data[] = [{ shape: [], values: () => Int32Array.of(steps) }, scalar(Number(rate))];
  all.length = first;
  for (const [weight, slot] of variables) {
    const { shape, values } = weights[weight]!;
    const own = kept[weight]?.[slot];
    all.push({ shape, values: () => own ?? new Float32Array(values.length).fill(initial) });
  }
  if (className === 'Nadam') all.push(scalar(productOfMomenta(steps, Number(beta))));
  return all;
}
