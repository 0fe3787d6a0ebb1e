/** Classes of one's own, by the names under which they are saved. */
import { describe, fault } from '../engine/errors.js';
import { isA, isRevoked } from '../engine/look.js';
import { namespace } from '../engine/namespace.js';
import { Layer } from './layer.js';
import { Constraint, Initializer, Regularizer, Serializable } from './parts.js';
import { type Registered, register } from './registry.js';
import { isTaken } from './taken-names.js';

/** The names of the classes that users' classes extend: a class that only inherits its name has none of its own. */
const BASES: readonly unknown[] = [Layer, Regularizer, Constraint, Initializer, Serializable].map(
  ({ className }) => className,
);

/** Whether this is the prototype of a layer, or of something that can be a regularizer, constraint or initializer. */
function isKnown(prototype: unknown): boolean {
  if (isA(prototype, Layer)) return true;
  const { apply, call } = (prototype ?? {}) as Record<string, unknown>;
  return typeof apply === 'function' || typeof call === 'function';
}

/**
 * Makes a class known under its name: models with such a layer, regularizer, constraint or initializer can be loaded.
 * @example
 * class Twice extends layers.Layer {
 *   static className = 'TwiceOfExample';
 *   call(x) {
 *     return x.mul(2);
 *   }
 * }
 * serialization.registerClass(Twice);
 * const model = sequential({ layers: [new Twice({ inputShape: [2] })] });
 * (await loadModel(await model.save())).predict([[1, 2]]); // → [[2, 4]]
 */
function registerClass(theClass: unknown, _package?: string, customName?: string): Registered {
  const candidate = theClass as Partial<Registered> & { prototype?: unknown };
  if (typeof theClass !== 'function' || isRevoked(theClass) || !isKnown(candidate.prototype)) {
    throw fault(
      'type',
      `registerClass: expected a class that extends layers.Layer, or one with a method apply(x), got ${describe(theClass)}`,
    );
  }
  const name = customName ?? candidate.className;
  if (typeof name !== 'string' || name === '' || BASES.includes(name)) {
    throw fault('value', 'registerClass: the class needs a name: `static className = …`');
  }
  // Otherwise a model with the library's class of this name would be loaded with the user's class.
  if (isTaken(name)) {
    throw fault(
      'name',
      `registerClass: ${describe(name)} is a class of the library: the class needs a name of its own`,
    );
  }
  register(name, candidate as Registered);
  return candidate as Registered;
}

export const serialization = /* @__PURE__ */ namespace('serialization', { registerClass, Serializable });

/** Types that programs in TypeScript name. */
export declare namespace serialization {
  type Serializable = import('./parts.js').Serializable;
  type ConfigDictValue = boolean | number | string | null | ConfigDictArray | ConfigDict;
  interface ConfigDict {
    // biome-ignore lint/suspicious/noExplicitAny: settings of a program's own, read as it likes
    [key: string]: any;
  }
  interface ConfigDictArray extends Array<ConfigDictValue> {}
}
