/**
 * What optimizers remember, as Keras 3 numbers it in `optimizer/vars`: the number of steps, the learning rate unless it
 * follows a schedule, then what is remembered of each weight that is trained.
 */
import { fault } from '../../engine/errors.js';
import { isObject } from '../../engine/look.js';
import { countOf, type Data, type Dataset, type Group, isGroup } from '../hdf5/tree.js';
import type { PortableOptimizer, PortableTraining, PortableWeight, Written } from '../portable.js';
import type { WeightPlan } from './assemble.js';
import { floats } from './values.js';

type Settings = Readonly<Record<string, unknown>>;

/** What can be done. */
const WITHOUT = '; { compile: false } reads the model without';

/** Names that Keras remembers one after the other for each weight, if a setting says so where one is named. */
interface Slots {
  slots: readonly string[];
  setting?: string;
}

/** By class what Keras remembers, group after group. */
const REMEMBERED: Readonly<Record<string, readonly Slots[]>> = {
  SGD: [{ slots: ['momentum'], setting: 'momentum' }],
  Adam: [{ slots: ['momentum', 'velocity'] }, { slots: ['velocity_hat'], setting: 'amsgrad' }],
  RMSprop: [
    { slots: ['velocity'] },
    { slots: ['momentum'], setting: 'momentum' },
    { slots: ['average_gradient'], setting: 'centered' },
  ],
  Nadam: [{ slots: ['momentum', 'velocity'] }],
  Adamax: [{ slots: ['momentum', 'norm'] }],
  Adagrad: [{ slots: ['accumulator'] }],
  Adadelta: [{ slots: ['accumulated_grad', 'accumulated_delta_var'] }],
  Lion: [{ slots: ['momentum'] }],
};

/** The groups of names for an optimizer; none for classes that are not here. */
function groupsOf({ class_name: className, config }: Written): (readonly string[])[] | undefined {
  const own = className === 'AdamW' ? 'Adam' : className;
  if (!Object.hasOwn(REMEMBERED, own)) return undefined;
  const there = REMEMBERED[own]!.filter(({ setting }) => !setting || config[setting]);
  return there.map(({ slots }) => slots);
}

const scalar = (values: Float32Array | Int32Array): Data => ({ shape: [], values: () => values });

/** One variable of a weight: which slot, and of which weight. */
interface Place {
  slot: string;
  weight: number;
}

function placesOf(where: string, training: PortableTraining, weights: readonly WeightPlan[]): Place[] {
  const groups = groupsOf(training.optimizer);
  if (!groups)
    throw fault('name', `${where}: there is no optimizer ${training.optimizer.class_name} here${WITHOUT}`);
  const trained = weights.flatMap(({ trainable, isState }, at) => (trainable && !isState ? [at] : []));
  return groups.flatMap((slots) => trained.flatMap((weight) => slots.map((slot) => ({ slot, weight }))));
}

/** Whether the learning rate is a variable: one that follows a schedule is none. */
const hasRate = ({ optimizer: { config } }: PortableTraining): boolean => !isObject(config.learning_rate);

/** The product of Nadam's momenta over the steps so far, which Keras keeps. */
function productOfMomenta(steps: number, config: Settings): number {
  const beta = Number(config.beta_1 ?? 0.9);
  let product = 1;
  for (let step = 1; step <= steps && product > 0; step++) product *= beta * (1 - 0.5 * 0.96 ** step);
  return product;
}

/** The variables of an optimizer, in Keras' order. What it does not remember yet is what it begins with. */
export function optimizerVariables(
  where: string,
  training: PortableTraining,
  optimizer: PortableOptimizer,
  weights: readonly PortableWeight[],
): Data[] {
  const { class_name: className, config } = training.optimizer;
  const initial = className === 'Adagrad' ? Number(config.initial_accumulator_value ?? 0.1) : 0;
  const all: Data[] = [scalar(Int32Array.of(optimizer.steps))];
  if (hasRate(training)) all.push(scalar(Float32Array.of(Number(config.learning_rate))));
  for (const { slot, weight } of placesOf(where, training, weights)) {
    const { shape, values } = weights[weight]!;
    const kept = optimizer.values[weight]?.[optimizer.slots.indexOf(slot)];
    all.push({ shape, values: () => kept ?? new Float32Array(values.length).fill(initial) });
  }
  if (className === 'Nadam') all.push(scalar(Float32Array.of(productOfMomenta(optimizer.steps, config))));
  return all;
}

/** The names of what the core remembers, in its order. RMSprop's are all there as soon as one more is. */
function slotsOf(optimizer: Written): string[] {
  const own = (groupsOf(optimizer) ?? []).flat();
  if (optimizer.class_name !== 'RMSprop' || own.length === 1) return own;
  return ['velocity', 'average_gradient', 'momentum'];
}

/** What an optimizer remembers, from the group of its variables; nothing where it has not begun. */
export function readOptimizer(
  where: string,
  training: PortableTraining,
  group: Group | Dataset | undefined,
  weights: readonly WeightPlan[],
): PortableOptimizer | undefined {
  if (!isGroup(group) || group.members.size === 0) return undefined;
  const { class_name: className } = training.optimizer;
  const places = placesOf(where, training, weights);
  const first = hasRate(training) ? 2 : 1;
  const count = first + places.length + (className === 'Nadam' ? 1 : 0);
  // Keras makes the variables of weights when it trains first.
  if (group.members.size <= first && places.length > 0) return undefined;
  if (group.members.size !== count)
    throw fault(
      'format',
      `${where}: optimizer/vars: ${className} has ${count} variables for this model, but there are ${group.members.size}${WITHOUT}`,
    );
  const variable = (at: number, shape: readonly number[]): Float32Array =>
    floats(where, `optimizer/vars/${at}`, group.members.get(`${at}`), shape);
  const slots = slotsOf(training.optimizer);
  const values = weights.map((): Float32Array[] | null => null);
  for (const [at, { slot, weight }] of places.entries()) {
    const { shape } = weights[weight]!;
    const own = values[weight] ?? slots.map(() => new Float32Array(countOf(shape)));
    values[weight] = own;
    own[slots.indexOf(slot)] = variable(first + at, shape);
  }
  const steps = variable(0, [])[0]!;
  if (!Number.isSafeInteger(steps) || steps < 0)
    throw fault('format', `${where}: optimizer/vars/0: expected a number of steps, got ${steps}`);
  return { steps, slots, values };
}
