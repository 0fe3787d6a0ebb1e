/** Classes of one's own, by the names under which they are saved. */
import { describe, fault } from '../engine/errors.js';

/** A class that is made again from its settings. */
export interface Registered {
  className: string;
  /** `(config)` as in Keras, or `(class, config)` as in TensorFlow.js. */
  fromConfig?(...given: unknown[]): object;
  new (config: never): object;
}

const registered = new Map<string, Registered>();

export function register(name: string, theClass: Registered): void {
  registered.set(name, theClass);
}

/** The class registered under a name. */
export const classNamed = (name: string): Registered | undefined => registered.get(name);

/** The object of a class with these settings. */
export function fromConfig(theClass: Registered, config: Record<string, unknown>): unknown {
  if (!theClass.fromConfig) return new theClass(config as never);
  // One of a program's own says by its parameters which of the two it is; the library's take both.
  return theClass.fromConfig(...(theClass.fromConfig.length > 1 ? [theClass, config] : [config]));
}

/** What a `fromConfig` of the library makes: of the class that is asked with the settings, or of the class before them. */
export function remade(asked: unknown, given: readonly unknown[]): object {
  const [theClass, config] = typeof given[0] === 'function' ? given : [asked, given[0]];
  try {
    // Tells whether it is a class, and calls nothing of it.
    Reflect.construct(Object, [], theClass as Registered);
  } catch {
    throw fault('type', `fromConfig: expected a class, got ${describe(theClass)}`);
  }
  return new (theClass as Registered)(config as never);
}
