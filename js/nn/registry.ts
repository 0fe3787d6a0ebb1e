/** Classes of one's own, by the names under which they are saved. */

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
