/** Which module of Keras 3 a class comes from, and how classes of one's own are called. */
import { isArray } from '../../engine/look.js';
import { isTaken } from '../../nn/taken-names.js';
import { mapped, only } from '../portable.js';
import { isKerasObject, isModel, type KerasObject } from './written.js';

/** Modules by the keys of settings whose values are classes. */
const BY_KEY: readonly [RegExp, string][] = [
  [/_initializer$/, 'keras.initializers'],
  [/_regularizer$/, 'keras.regularizers'],
  [/_constraint$/, 'keras.constraints'],
  [/^(layers|cells?)$/, 'keras.layers'],
  [/^(learning_rate|target)$/, 'keras.optimizers.schedules'],
];

/** Keras' package for classes that were registered without one. */
const OWN_PACKAGE = 'Custom';

/** How a class is written down: one of the library by its module, one of the user's by its registered name. */
export function named(className: string, config: Record<string, unknown>, module: string): KerasObject {
  const isPart = /layers|initializers|regularizers|constraints/.test(module);
  const isOwn = isPart && !isTaken(className);
  const written = { class_name: className, config };
  return {
    module: isOwn ? null : isModel(written) ? 'keras' : module,
    ...written,
    registered_name: isOwn ? `${OWN_PACKAGE}>${className}` : null,
  };
}

/**
 * Settings in which all classes name their modules, without those that Keras takes for some classes alone where they say
 * nothing. The layers of wrappers have other ways, and are left as they are.
 */
export function withModules(config: Record<string, unknown>): Record<string, unknown> {
  const told = only(config, (value, key) => key !== 'use_cudnn' || value !== null);
  return mapped(told, (value, key) => {
    const module = BY_KEY.find(([pattern]) => pattern.test(key))?.[1];
    return module ? classes(value, module) : value;
  });
}

function classes(value: unknown, module: string): unknown {
  if (isArray(value)) return value.map((one: unknown) => classes(one, module));
  if (!isKerasObject(value)) return value;
  return named(value.class_name, withModules(value.config), module);
}
