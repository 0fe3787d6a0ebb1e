/** Optimizers as `compile` takes them. */

import { camelKeys, describe, fault, finite } from '../engine/errors.js';
import { isA, isObject } from '../engine/look.js';
import { Optimizer, type OptimizerSpec, optimizerJson } from './optimizer.js';

export type OptimizerName =
  | 'sgd'
  | 'momentum'
  | 'adam'
  | 'adamw'
  | 'adamax'
  | 'nadam'
  | 'lion'
  | 'rmsprop'
  | 'adagrad'
  | 'adadelta';

/** The class that a name stands for, and the settings that it has besides those that are given. */
export const CLASSES: Readonly<Record<OptimizerName, [className: string, fixed?: Record<string, unknown>]>> =
  {
    sgd: ['SGD'],
    momentum: ['SGD', { momentum: 0.9 }],
    adam: ['Adam'],
    adamw: ['AdamW'],
    adamax: ['Adamax'],
    nadam: ['Nadam'],
    lion: ['Lion'],
    rmsprop: ['RMSprop'],
    adagrad: ['Adagrad'],
    adadelta: ['Adadelta'],
  };

/** An optimizer from a name, an object, or what `train.…` gives. */
export function asOptimizer(where: string, given: unknown): Optimizer {
  if (isA(given, Optimizer)) return given;
  if (typeof given === 'string') {
    const name = given.toLowerCase();
    const [className, config = {}] = Object.hasOwn(CLASSES, name) ? CLASSES[name as OptimizerName] : [given];
    return new Optimizer(className, config);
  }
  if (isObject(given) && 'config' in given) {
    for (const [key, value] of Object.entries((given as OptimizerSpec).config ?? {})) {
      if (typeof value === 'number') finite(`${where}: ${key}`, value);
    }
  }
  const { class_name: className, config } = optimizerJson(given) as {
    class_name: string;
    config: Record<string, unknown>;
  };
  if (!isObject(config)) throw fault('type', `${where}: config: expected settings, got ${describe(config)}`);
  return new Optimizer(className, camelKeys(config) as Record<string, unknown>);
}
