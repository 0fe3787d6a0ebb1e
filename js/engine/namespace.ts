/** Names of TensorFlow.js that are not here: they say so, and name what comes closest. */
import { lookalike } from './alike.js';
import { brief, fault } from './errors.js';

/** What is said of a name of TensorFlow.js that is not here. */
export const notHere = (name: string, near: string | undefined): Error =>
  fault(
    'name',
    `${brief(name)}: not in mapling; ${near ? `the nearest is ${near}` : 'there is nothing like it'}`,
  );

/** Whoever looks whether an object is a promise, or can be written as JSON, must not be told that it is. */
const isAskedByLanguage = (name: string | symbol): boolean =>
  typeof name !== 'string' || name === 'then' || name === 'toJSON';

/**
 * The members of a namespace. One that is not there says so when it is called, and names what comes closest: by
 * `special` where that is not a name that looks alike.
 */
export function namespace<T extends object>(
  label: string,
  members: T,
  special: Readonly<Record<string, string>> = {},
): T {
  return new Proxy(members, {
    get(all, name, receiver) {
      if (isAskedByLanguage(name) || name in all) return Reflect.get(all, name, receiver);
      // No arrow: programs also say `new layers.RNN(…)` and `extends layers.RNNCell`.
      return function refuse(): never {
        const near = special[name as string] ?? lookalike(name as string, Object.keys(all));
        throw notHere(`${label}.${String(name)}`, near);
      };
    },
  });
}
