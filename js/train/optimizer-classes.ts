/** Optimizers as classes, for programs that make them by `new` or ask which one they have. */
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
  static override [Symbol.hasInstance](one: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: the class that is asked about, one of a program's own perhaps
    const asked = this as unknown as typeof OfClass;
    if (library.has(asked)) return isA(one, Optimizer) && one.className === asked.className;
    return isObject(one) && Object.prototype.isPrototypeOf.call(asked.prototype, one);
  }
}

export class SGDOptimizer extends OfClass {
  static override className = 'SGD';
  constructor(learningRate?: Rate) {
    super('SGD', given({ learningRate }));
  }
}
export class MomentumOptimizer extends OfClass {
  static override className = 'SGD';
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
  constructor(learningRate?: Rate, beta1?: number, beta2?: number, epsilon?: number | null) {
    super('Adam', given({ learningRate, beta1, beta2, epsilon }));
  }
}
export class AdamaxOptimizer extends OfClass {
  static override className = 'Adamax';
  constructor(learningRate?: Rate, beta1?: number, beta2?: number, epsilon?: number | null) {
    super('Adamax', given({ learningRate, beta1, beta2, epsilon }));
  }
}
export class RMSPropOptimizer extends OfClass {
  static override className = 'RMSprop';
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
  constructor(learningRate?: Rate, initialAccumulatorValue?: number) {
    super('Adagrad', given({ learningRate, initialAccumulatorValue }));
  }
}
export class AdadeltaOptimizer extends OfClass {
  static override className = 'Adadelta';
  constructor(learningRate?: Rate, rho?: number, epsilon?: number | null) {
    super('Adadelta', given({ learningRate, rho, epsilon }));
  }
}

for (const one of [
  SGDOptimizer,
  MomentumOptimizer,
  AdamOptimizer,
  AdamaxOptimizer,
  RMSPropOptimizer,
  AdagradOptimizer,
  AdadeltaOptimizer,
])
  library.add(one);
