/** What an optimizer remembers, as TensorFlow.js writes it down: the steps taken, then each memory of all weights. */
import { fault, shown } from '../../engine/errors.js';
import type { PortableOptimizer, PortableWeight, Remembered, Written } from '../portable.js';
import type { WeightsManifestEntry } from '../types.js';
import type { Named } from './names.js';

/** By TensorFlow.js' class: the ends of names, in its order, and Keras' names for what they end. */
const MEMORIES: Readonly<Record<string, Record<string, string>>> = {
  SGD: {},
  Momentum: { momentum: 'momentum' },
  Adam: { m: 'momentum', v: 'velocity' },
  RMSProp: { rms: 'velocity', momentum: 'momentum' },
  Adagrad: { accumulator: 'accumulator' },
  Adadelta: { accum_grad: 'accumulated_grad', accum_var: 'accumulated_delta_var' },
};
const CENTRED = { mg: 'average_gradient' };

/** TensorFlow.js' memories of an optimizer with these settings. */
function memoriesOf({ class_name, config }: Written): Record<string, string> {
  const { momentum, centered } = config;
  const name =
    class_name === 'RMSprop' ? 'RMSProp' : class_name === 'SGD' && momentum ? 'Momentum' : class_name;
  return { ...MEMORIES[name], ...(name === 'RMSProp' && centered ? CENTRED : {}) };
}

/**
 * TensorFlow.js sums up gradients where Keras sums up steps, which are gradients times the learning rate, the other way:
 * what its momentum is multiplied by to be Keras'.
 */
const factorOf = ({ class_name, config }: Written): number =>
  class_name === 'SGD' ? -Number(config.learning_rate) : 1;

/** A weight of the optimizer's, as it goes to the file. */
export type Entry = [entry: WeightsManifestEntry, values: Float32Array | Int32Array];

/** What TensorFlow.js reads of an optimizer that a model was compiled with. */
export function memoryOut(
  where: string,
  optimizer: Written,
  kept: PortableOptimizer,
  weights: readonly PortableWeight[],
  order: readonly Named[],
): Entry[] {
  const group = 'optimizer' as const;
  const out: Entry[] = [[{ name: 'iter', shape: [], dtype: 'int32', group }, Int32Array.of(kept.steps)]];
  if (kept.steps === 0) return out;
  const factor = 1 / factorOf(optimizer);
  // Of a sum that is no more than zeros nothing is lost.
  const scaled = (value: number): number => (value === 0 ? 0 : value * factor);
  for (const [end, slot] of Object.entries(memoriesOf(optimizer))) {
    const place = kept.slots.indexOf(slot);
    for (const { at, name } of order) {
      const { shape, trainable, values } = weights[at]!;
      if (!trainable) continue;
      const own = kept.values[at]?.[place] ?? new Float32Array(values.length);
      const sums = factor === 1 ? own : own.map(scaled);
      if (factor !== 1 && sums.some((sum, place) => !Number.isFinite(sum) && Number.isFinite(own[place])))
        throw fault(
          'value',
          `${where}: optimizer: TensorFlow.js divides ${slot} by the learning rate, which is too small for it; includeOptimizer: false leaves it out`,
        );
      out.push([{ name: `${name}/${end}`, shape, dtype: 'float32', group }, sums]);
    }
  }
  return out;
}

/** A weight that was read of an optimizer's. */
export interface ReadMemory {
  name: string;
  shape: number[];
  values: Float32Array;
}

/**
 * What an optimizer remembers, from what TensorFlow.js wrote: by the names of weights, or where these are others (they
 * are numbered in programs that make many models), by their order.
 * @throws Where it is not of these weights.
 */
export function memoryIn(
  where: string,
  optimizer: Written,
  slots: readonly string[],
  read: readonly ReadMemory[],
  weights: readonly PortableWeight[],
  order: readonly Named[],
): Remembered {
  const label = `${where}: optimizer`;
  const [iter, ...rest] = read;
  const [steps] = iter?.values ?? [];
  if (iter?.values.length !== 1 || !Number.isSafeInteger(steps) || steps! < 0 || steps! >= 2 ** 31)
    throw fault('format', `${label}: expected the number of steps first, got ${iter?.name}`);
  const memories = memoriesOf(optimizer);
  const ends = Object.keys(memories);
  const trained = order.filter(({ at }) => weights[at]!.trainable);
  const values: (Float32Array[] | null)[] = weights.map(() => null);
  if (rest.length === 0) return { steps: steps!, values };
  if (rest.length !== ends.length * trained.length)
    throw fault(
      'format',
      `${label}: ${optimizer.class_name} remembers ${ends.length} values of each of ${trained.length} weights, but there are ${rest.length}`,
    );
  const byName = new Map(rest.map((one) => [one.name, one]));
  const isNamed = ends.every((end) => trained.every(({ name }) => byName.has(`${name}/${end}`)));
  const factor = factorOf(optimizer);
  trained.forEach(({ at, name }, place) => {
    const { shape } = weights[at]!;
    values[at] = slots.map((slot) => {
      const which = ends.findIndex((end) => memories[end] === slot);
      // Room that these settings do not use.
      if (which < 0) return new Float32Array(shape.reduce((size, length) => size * length, 1));
      const own = isNamed ? byName.get(`${name}/${ends[which]}`) : rest[which * trained.length + place];
      if (!own) throw fault('format', `${label}: ${slot} of ${name} is missing`);
      if (`${own.shape}` !== `${shape}`)
        throw fault('format', `${label}: ${own.name} is ${shown(own.shape)}, and its weight ${shown(shape)}`);
      return factor === 1 ? own.values : own.values.map((value) => value * factor);
    });
  });
  return { steps: steps!, values };
}
