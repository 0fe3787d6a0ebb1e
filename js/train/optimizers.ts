/** The optimizers that there are, by name, with Keras' settings and defaults. */
import { finite } from '../engine/errors.js';
import { isArray, isObject } from '../engine/look.js';
import { namespace } from '../engine/namespace.js';
import { CLASSES, type OptimizerName } from './as-optimizer.js';
import type { Optimizer } from './optimizer.js';
import { ofClass } from './optimizer-classes.js';
import { isSchedule, type Rate } from './rate.js';
import { schedules } from './schedules.js';

export type { OptimizerSpec } from './optimizer.js';
export { Optimizer } from './own-optimizer.js';
export type { Rate } from './rate.js';
export type { GradientPair, NamedGradient } from './steps.js';

/** What every optimizer can be given. */
export interface OptimizerArgs {
  learningRate?: Rate;
  /** The share of itself that each weight loses with each step, times the learning rate. */
  weightDecay?: number;
  /** No value of a gradient is further from 0. */
  clipvalue?: number;
  /** No weight's gradient has a greater norm. */
  clipnorm?: number;
  /** All gradients together have no greater norm. */
  globalClipnorm?: number;
}
export interface SGDArgs extends OptimizerArgs {
  momentum?: number;
  nesterov?: boolean;
}
export interface AdamArgs extends OptimizerArgs {
  beta1?: number;
  beta2?: number;
  epsilon?: number;
}
export interface AMSGradArgs extends AdamArgs {
  amsgrad?: boolean;
}
export interface RMSpropArgs extends OptimizerArgs {
  rho?: number;
  momentum?: number;
  epsilon?: number;
  centered?: boolean;
}
export interface AdagradArgs extends OptimizerArgs {
  initialAccumulatorValue?: number;
  epsilon?: number;
}
export interface AdadeltaArgs extends OptimizerArgs {
  rho?: number;
  epsilon?: number;
}
export interface LionArgs extends OptimizerArgs {
  beta1?: number;
  beta2?: number;
}

/** Settings that are given, without those left to the core's defaults; numbers that JSON cannot hold are refused. */
function given(where: string, config: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(config).filter(([, value]) => value !== undefined && value !== null);
  for (const [key, value] of entries) {
    if (typeof value !== 'boolean' && !isSchedule(value)) finite(`${where}: ${key}`, value);
  }
  return Object.fromEntries(entries);
}

const isSettings = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && !isArray(value) && !isSchedule(value);

/** An optimizer from settings by name, or from numbers whose names are `keys`, in TensorFlow.js' order. */
function maker<Args>(name: OptimizerName, keys: string) {
  const [className, fixed = {}] = CLASSES[name];
  const names = keys.split(' ');
  const where = `train.${name}`;
  return (learningRate?: Rate | Args, ...rest: (number | boolean | undefined)[]): Optimizer => {
    const [first, ...more] = [learningRate, ...rest] as unknown[];
    if (isSettings(first)) return ofClass(className, given(where, { ...fixed, ...first }));
    const positional = Object.fromEntries(names.map((key, at) => [key, at === 0 ? first : more[at - 1]]));
    const config = given(where, positional);
    return ofClass(className, { ...fixed, ...config });
  };
}

const ADAM = 'learningRate beta1 beta2 epsilon';

const known = {
  /**
   * Stochastic gradient descent: `w ← w − learningRate · g`.
   * @example
   * const weight = variable([1]);
   * train.sgd(0.1).minimize(() => weight.square().sum(), false, [weight]);
   * weight; // → [0.8]
   */
  sgd: /* @__PURE__ */ maker<SGDArgs>('sgd', 'learningRate momentum nesterov'),
  /**
   * Gradient descent with momentum (Sutskever et al. 2013), optionally Nesterov's.
   * @example
   * const weight = variable([1]);
   * train.momentum(0.1, 0.9).minimize(() => weight.square().sum(), false, [weight]);
   * weight; // → [0.8]
   */
  momentum: /* @__PURE__ */ maker<SGDArgs>('momentum', 'learningRate momentum nesterov'),
  /**
   * Adam (Kingma and Ba 2015).
   * @example
   * const weight = variable([1]);
   * train.adam(0.1).minimize(() => weight.square().sum(), false, [weight]);
   * weight; // → [0.9]
   */
  adam: /* @__PURE__ */ maker<AMSGradArgs>('adam', ADAM),
  /**
   * Adam whose weights decay by themselves (Loshchilov and Hutter 2019).
   * @example
   * const weight = variable([1]);
   * train.adamw(0.1).minimize(() => weight.square().sum(), false, [weight]);
   * weight; // → [0.8996]
   */
  adamw: /* @__PURE__ */ maker<AMSGradArgs>('adamw', `${ADAM} weightDecay`),
  /**
   * Adam by the greatest gradient (Kingma and Ba 2015).
   * @example
   * const weight = variable([1]);
   * train.adamax(0.1).minimize(() => weight.square().sum(), false, [weight]);
   * weight; // → [0.9]
   */
  adamax: /* @__PURE__ */ maker<AdamArgs>('adamax', ADAM),
  /**
   * Adam with Nesterov's momentum (Dozat 2016).
   * @example
   * const weight = variable([1]);
   * train.nadam(0.1).minimize(() => weight.square().sum(), false, [weight]);
   * weight; // → [0.8937]
   */
  nadam: /* @__PURE__ */ maker<AdamArgs>('nadam', ADAM),
  /**
   * Steps by the sign of a momentum (Chen et al. 2023).
   * @example
   * const weight = variable([1]);
   * train.lion(0.1).minimize(() => weight.square().sum(), false, [weight]);
   * weight; // → [0.9]
   */
  lion: /* @__PURE__ */ maker<LionArgs>('lion', 'learningRate beta1 beta2'),
  /**
   * Gradients in units of their own running size (Hinton 2012).
   * @example
   * const weight = variable([1]);
   * train.rmsprop(0.1).minimize(() => weight.square().sum(), false, [weight]);
   * weight; // → [0.6838]
   */
  rmsprop: /* @__PURE__ */ maker<RMSpropArgs>('rmsprop', 'learningRate rho momentum epsilon centered'),
  /**
   * Gradients in units of all gradients so far (Duchi et al. 2011).
   * @example
   * const weight = variable([1]);
   * train.adagrad(0.1).minimize(() => weight.square().sum(), false, [weight]);
   * weight; // → [0.9012]
   */
  adagrad: /* @__PURE__ */ maker<AdagradArgs>('adagrad', 'learningRate initialAccumulatorValue'),
  /**
   * Steps in units of the steps before (Zeiler 2012).
   * @example
   * const weight = variable([1]);
   * train.adadelta(1).minimize(() => weight.square().sum(), false, [weight]);
   * weight; // → [0.9986]
   */
  adadelta: /* @__PURE__ */ maker<AdadeltaArgs>('adadelta', 'learningRate rho epsilon'),
};

/** Optimizers, with Keras' defaults. One that is not here throws when it is called, and names the nearest. */
export const train = /* @__PURE__ */ namespace('train', known);

/**
 * TensorFlow.js' class of the same functions.
 * @example
 * OptimizerConstructors.sgd(0.1).learningRate; // → 0.1
 * OptimizerConstructors.momentum(0.1, 0.9).learningRate; // → 0.1
 * OptimizerConstructors.adam(0.1).learningRate; // → 0.1
 * OptimizerConstructors.adamw(0.1).learningRate; // → 0.1
 * OptimizerConstructors.adamax(0.1).learningRate; // → 0.1
 * OptimizerConstructors.nadam(0.1).learningRate; // → 0.1
 * OptimizerConstructors.lion(0.1).learningRate; // → 0.1
 * OptimizerConstructors.rmsprop(0.1).learningRate; // → 0.1
 * OptimizerConstructors.adagrad(0.1).learningRate; // → 0.1
 * OptimizerConstructors.adadelta(0.1).learningRate; // → 0.1
 */
export const OptimizerConstructors = /* @__PURE__ */ namespace('OptimizerConstructors', known);

/** The same by Keras' names, with settings by name, and the schedules of learning rates. */
export const optimizers = /* @__PURE__ */ namespace('optimizers', {
  /**
   * Steps against the gradient, with momentum if asked for.
   * @example
   * const weight = variable([1]);
   * optimizers.SGD(0.1).minimize(() => weight.square().sum(), false, [weight]);
   * weight; // → [0.8]
   */
  SGD: known.sgd,
  /**
   * Steps by means of gradients and of their squares.
   * @example
   * const weight = variable([1]);
   * optimizers.Adam(0.1).minimize(() => weight.square().sum(), false, [weight]);
   * weight; // → [0.9]
   */
  Adam: known.adam,
  /**
   * Adam with weights that decay by themselves.
   * @example
   * const weight = variable([1]);
   * optimizers.AdamW(0.1).minimize(() => weight.square().sum(), false, [weight]);
   * weight; // → [0.8996]
   */
  AdamW: known.adamw,
  /**
   * Adam with the largest gradient of late in place of the root.
   * @example
   * const weight = variable([1]);
   * optimizers.Adamax(0.1).minimize(() => weight.square().sum(), false, [weight]);
   * weight; // → [0.9]
   */
  Adamax: known.adamax,
  /**
   * Adam that looks ahead, as Nesterov's momentum does.
   * @example
   * const weight = variable([1]);
   * optimizers.Nadam(0.1).minimize(() => weight.square().sum(), false, [weight]);
   * weight; // → [0.8937]
   */
  Nadam: known.nadam,
  /**
   * Steps by the sign of momentum.
   * @example
   * const weight = variable([1]);
   * optimizers.Lion(0.1).minimize(() => weight.square().sum(), false, [weight]);
   * weight; // → [0.9]
   */
  Lion: known.lion,
  /**
   * Steps by the root of squared gradients of late.
   * @example
   * const weight = variable([1]);
   * optimizers.RMSprop(0.1).minimize(() => weight.square().sum(), false, [weight]);
   * weight; // → [0.6838]
   */
  RMSprop: known.rmsprop,
  /**
   * Steps by the root of all squared gradients so far.
   * @example
   * const weight = variable([1]);
   * optimizers.Adagrad(0.1).minimize(() => weight.square().sum(), false, [weight]);
   * weight; // → [0.9012]
   */
  Adagrad: known.adagrad,
  /**
   * Steps by the ratio of what changes and gradients were of late.
   * @example
   * const weight = variable([1]);
   * optimizers.Adadelta(1).minimize(() => weight.square().sum(), false, [weight]);
   * weight; // → [0.9986]
   */
  Adadelta: known.adadelta,
  schedules,
});
