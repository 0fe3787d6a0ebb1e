/** Functions of tensors under names of their own. */
import { describe, fault } from './engine/errors.js';
import { isFunction, isObject } from './engine/look.js';
import { tidy } from './grad/tidy.js';
import type { TensorContainer } from './tensor/containers.js';

type Function = (...args: never[]) => TensorContainer;

/**
 * The one function of an object, as TensorFlow.js names its ops: what it makes and does not give back is freed, and a
 * `_` at the end of its name is left out.
 * @example
 * const twice = op({ twice_: (x) => add(x, x) });
 * twice(2); // → 4
 * twice.name; // → 'twice'
 */
export function op<T extends Function>(named: Record<string, T>): T {
  const entries = isObject(named) ? Object.entries(named) : [];
  const [name, action] = entries[0] ?? [];
  if (entries.length !== 1 || !isFunction(action))
    throw fault('type', `op: expected an object with one function, got ${describe(named)}`);
  const title = name!.replace(/_$/, '');
  const made = (...args: never[]): TensorContainer =>
    tidy(title, () => (action as Function)(...args) as never) as TensorContainer;
  return Object.defineProperty(made, 'name', { value: title, configurable: true }) as T;
}
