/** Parts of layers as TensorFlow.js reads them: initializers, regularizers, constraints, activations. */
import { describe, fault, toCamel } from '../../engine/errors.js';
import { isObject } from '../../engine/look.js';
import type { Written } from '../portable.js';
import { ACTIVATIONS } from './classes.js';

/** A class' name of Keras, from a name in snake case. */
const classOf = (name: string): string => toCamel(`_${name}`);

/** A part as a class with settings. */
function asWritten(where: string, part: unknown): Written {
  if (typeof part === 'string') return { class_name: /^[A-Z]/.test(part) ? part : classOf(part), config: {} };
  const { class_name, config } = (isObject(part) ? part : {}) as Partial<Written>;
  if (typeof class_name !== 'string')
    throw fault('format', `${where}: expected { class_name, config }, got ${describe(part)}`);
  return { class_name, config: { ...(config ?? {}) } };
}

/** How the named initializers scale: what they multiply by, what they divide by, how they draw. */
const SCALINGS: Readonly<Record<string, [scale: number, mode: string, distribution: string]>> = {
  GlorotUniform: [1, 'fan_avg', 'uniform'],
  GlorotNormal: [1, 'fan_avg', 'normal'],
  HeUniform: [2, 'fan_in', 'uniform'],
  HeNormal: [2, 'fan_in', 'normal'],
  LecunUniform: [1, 'fan_in', 'uniform'],
  LecunNormal: [1, 'fan_in', 'normal'],
};
const INITIALIZERS =
  'Zeros Ones Constant RandomUniform RandomNormal TruncatedNormal Identity Orthogonal VarianceScaling'.split(
    ' ',
  );

function initializer(where: string, part: unknown): Written {
  const { class_name, config } = asWritten(where, part);
  const scaling = SCALINGS[class_name];
  if (scaling) {
    const [scale, mode, distribution] = scaling;
    return { class_name: 'VarianceScaling', config: { scale, mode, distribution, seed: null } };
  }
  if (!INITIALIZERS.includes(class_name)) throw unknown(where, class_name);
  const { distribution } = config;
  // TensorFlow.js draws `normal` again beyond two deviations, and has no other.
  if (typeof distribution === 'string' && /normal/.test(distribution)) config.distribution = 'normal';
  return { class_name, config };
}

function regularizer(where: string, part: unknown): Written {
  const { class_name, config } = asWritten(where, part);
  const { l1 = 0, l2 = 0 } = config;
  if (class_name === 'L1') return { class_name: 'L1L2', config: { l1: config.l1 ?? 0.01, l2: 0 } };
  if (class_name === 'L2') return { class_name: 'L1L2', config: { l1: 0, l2: config.l2 ?? 0.01 } };
  if (class_name === 'L1L2') return { class_name, config: { l1, l2 } };
  throw unknown(where, class_name);
}

function constraint(where: string, part: unknown): Written {
  const { class_name, config } = asWritten(where, part);
  const name = { Nonneg: 'NonNeg', Maxnorm: 'MaxNorm', Unitnorm: 'UnitNorm' }[class_name] ?? class_name;
  if (!['MaxNorm', 'UnitNorm', 'NonNeg', 'MinMaxNorm'].includes(name)) throw unknown(where, class_name);
  return { class_name: name, config };
}

function activation(where: string, part: unknown): string {
  if (typeof part === 'string' && Object.hasOwn(ACTIVATIONS, part)) return ACTIVATIONS[part]!;
  const why =
    part === 'hard_sigmoid'
      ? "; its hard sigmoid is another function, 'keras2HardSigmoid' here"
      : `; there are ${Object.keys(ACTIVATIONS).join(', ')}`;
  throw fault('name', `${where}: TensorFlow.js has no activation ${describe(part)}${why}`);
}

const unknown = (where: string, name: unknown): Error =>
  fault('name', `${where}: TensorFlow.js has no ${describe(name)}`);

/** A setting as TensorFlow.js reads it. */
export function partOut(where: string, key: string, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  const label = `${where}: ${key}`;
  if (key.endsWith('activation')) return activation(label, value);
  if (key.endsWith('initializer')) return initializer(label, value);
  if (key.endsWith('regularizer')) return regularizer(label, value);
  if (key.endsWith('constraint')) return constraint(label, value);
  return value;
}
