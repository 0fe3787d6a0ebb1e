/** Optimizers as classes, for programs that make them by `new` or ask which one they have. */
import { describe, fault } from '../engine/errors.js';
import { isReady } from '../engine/instance.js';
import { isA, isObject } from '../engine/look.js';
import { Optimizer } from './optimizer.js';
import type { Rate } from './rate.js';

/** Settings that are given: the others are left to the core's defaults. */
const given = (settings: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(settings).filter(([, one]) => one !== undefined && one !== null));

/** The classes below, whose objects need not have been made by `new`. */
const library = new Set<unknown>();

/** An optimizer of a class that it says; those that functions make, or `compile` by a name, are of these classes too. */
abstract class OfClass extends Optimizer {
  static className: string;
  /** The settings that `new` takes, in this order. */
  static keys: readonly string[];
  /**
   * One of this class with settings by name, `(config)`, as in TensorFlow.js after the class: `(class, config)`.
   * @example AdamOptimizer.fromConfig(AdamOptimizer, train.adam(0.02).getConfig()).learningRate; // → 0.02
   */
  static fromConfig<T extends Optimizer>(
    theClass: new (...args: never[]) => T,
    config: Record<string, unknown>,
  ): T;
  static fromConfig(config: Record<string, unknown>): Optimizer;
  static fromConfig(...args: unknown[]): Optimizer {
    // biome-ignore lint/complexity/noThisInStatic: the class that is asked
    const [Class, config] = (typeof args[0] === 'function' ? args : [this, args[0]]) as [
      typeof OfClass,
      Record<string, unknown>,
    ];
    if (!Object.prototype.isPrototypeOf.call(OfClass, Class))
      throw fault('type', `fromConfig: expected a class of optimizers, got ${describe(Class)}`);
    if (!isObject(config))
      throw fault('type', `${Class.name}.fromConfig: expected settings, got ${describe(config)}`);
    if (library.has(Class)) return ofClass(Class.className, given(config));
    // One of a program's own takes what the class takes that it extends.
    return Reflect.construct(
      Class,
      Class.keys.map((key) => config[key]),
    ) as Optimizer;
  }
  static override [Symbol.hasInstance](one: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: the class that is asked about, one of a program's own perhaps
    const asked = this as unknown as typeof OfClass;
    if (library.has(asked)) return isA(one, Optimizer) && one.className === asked.className;
    return isObject(one) && Object.prototype.isPrototypeOf.call(asked.prototype, one);
  }
}

export class SGDOptimizer extends OfClass {
  static override className = 'SGD';
  static override keys = ['learningRate'];
  constructor(learningRate?: Rate) {
    super('SGD', given({ learningRate }));
  }
}
export class MomentumOptimizer extends OfClass {
  static override className = 'SGD';
  static override keys = ['learningRate', 'momentum', 'nesterov'];
  constructor(learningRate?: Rate, momentum = 0.9, nesterov?: boolean) {
    super('SGD', given({ learningRate, momentum, nesterov }));
  }
  static override [Symbol.hasInstance](one: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: as above
    const isOne = super[Symbol.hasInstance].call(this, one);
    return isOne && Number((one as Optimizer).config.momentum ?? 0) > 0;
  }
}
export class AdamOptimizer extends OfClass {
  static override className = 'Adam';
  static override keys = ['learningRate', 'beta1', 'beta2', 'epsilon'];
  constructor(learningRate?: Rate, beta1?: number, beta2?: number, epsilon?: number | null) {
    super('Adam', given({ learningRate, beta1, beta2, epsilon }));
  }
}
export class AdamaxOptimizer extends OfClass {
  static override className = 'Adamax';
  static override keys = ['learningRate', 'beta1', 'beta2', 'epsilon'];
  constructor(learningRate?: Rate, beta1?: number, beta2?: number, epsilon?: number | null) {
    super('Adamax', given({ learningRate, beta1, beta2, epsilon }));
  }
}
export class RMSPropOptimizer extends OfClass {
  static override className = 'RMSprop';
  static override keys = ['learningRate', 'rho', 'momentum', 'epsilon', 'centered'];
  constructor(
    learningRate?: Rate,
    rho?: number,
    momentum?: number,
    epsilon?: number | null,
    centered?: boolean,
  ) {
    super('RMSprop', given({ learningRate, rho, momentum, epsilon, centered }));
  }
}
export class AdagradOptimizer extends OfClass {
  static override className = 'Adagrad';
  static override keys = ['learningRate', 'initialAccumulatorValue'];
  constructor(learningRate?: Rate, initialAccumulatorValue?: number) {
    super('Adagrad', given({ learningRate, initialAccumulatorValue }));
  }
}
export class AdadeltaOptimizer extends OfClass {
  static override className = 'Adadelta';
  static override keys = ['learningRate', 'rho', 'epsilon'];
  constructor(learningRate?: Rate, rho?: number, epsilon?: number | null) {
    super('Adadelta', given({ learningRate, rho, epsilon }));
  }
}

const all = [
  SGDOptimizer,
  MomentumOptimizer,
  AdamOptimizer,
  AdamaxOptimizer,
  RMSPropOptimizer,
  AdagradOptimizer,
  AdadeltaOptimizer,
];
for (const one of all) library.add(one);

/** An optimizer with these settings, of the class that there is for it, if there is one; the core checks them if it is there. */
export function ofClass(className: string, settings: Record<string, unknown>): Optimizer {
  const isOne = (one: (typeof all)[number]): boolean =>
    one.className === className && (one !== MomentumOptimizer || Number(settings.momentum ?? 0) > 0);
  const Class = all.filter(isOne).at(-1);
  const made = Reflect.construct(Optimizer, [className, settings], Class ?? Optimizer) as Optimizer;
  // What is wrong with settings is said at once.
  if (isReady()) made.core();
  return made;
}
