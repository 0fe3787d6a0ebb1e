/** Optimizers: a name and its settings, which the core checks. */
import { describe, onlyKeys, snakeKeys } from '../engine/errors.js';

/** What a model is compiled with. */
export class Optimizer {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;

  constructor(className: string, config: Record<string, unknown>) {
    this.className = className;
    this.config = config;
  }
  getClassName(): string {
    return this.className;
  }
  getConfig(): Record<string, unknown> {
    return { ...this.config };
  }
  /** Not here yet: a loss that is a function of variables. */
  minimize(): never {
    throw new Error('minimize: not in mapling; train with model.fit or model.trainOnBatch');
  }
  dispose(): void {}
}

/** Settings that are given, without those left to the core's defaults. */
const given = (config: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));

/** Optimizers, with Keras' defaults. */
export const train = {
  /** Stochastic gradient descent: `w ← w − learningRate · g`. */
  sgd: (learningRate?: number): Optimizer => new Optimizer('SGD', given({ learningRate })),
  /** Gradient descent with momentum (Sutskever et al. 2013), optionally Nesterov's. */
  momentum: (learningRate?: number, momentum = 0.9, nesterov?: boolean): Optimizer =>
    new Optimizer('SGD', given({ learningRate, momentum, nesterov })),
  /** Adam (Kingma and Ba 2015). */
  adam: (learningRate?: number, beta1?: number, beta2?: number, epsilon?: number): Optimizer =>
    new Optimizer('Adam', given({ learningRate, beta1, beta2, epsilon })),
  rmsprop: (): never => missing('rmsprop'),
  adagrad: (): never => missing('adagrad'),
  adadelta: (): never => missing('adadelta'),
  adamax: (): never => missing('adamax'),
};

function missing(name: string): never {
  throw new Error(`train.${name}: not in mapling; the nearest is train.adam`);
}

/** An optimizer as Keras would write it down, from a name, an object, or what `train.…` gives. */
export interface OptimizerSpec {
  className: string;
  config: Record<string, unknown>;
}

/** What the core reads: `{ class_name, config }`. */
export function optimizerJson(optimizer: unknown): unknown {
  if (typeof optimizer === 'string') {
    const name = optimizer.toLowerCase();
    if (name === 'momentum') return optimizerJson(train.momentum());
    return { class_name: name === 'sgd' ? 'SGD' : name === 'adam' ? 'Adam' : optimizer, config: {} };
  }
  if (optimizer instanceof Optimizer)
    return { class_name: optimizer.className, config: snakeKeys(optimizer.config) };
  const spec = optimizer as Partial<OptimizerSpec> | null | undefined;
  if (typeof spec !== 'object' || spec === null || typeof spec.className !== 'string') {
    throw new Error(
      `compile: optimizer: expected a name or train.sgd(…), train.adam(…), got ${describe(optimizer)}`,
    );
  }
  onlyKeys('compile: optimizer', spec, ['className', 'config']);
  return { class_name: spec.className, config: snakeKeys(spec.config ?? {}) };
}
