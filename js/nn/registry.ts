/** Classes of one's own, by the names under which they are saved. */

/** A class that is made again from its settings. */
export interface Registered {
  className: string;
  fromConfig?(config: Record<string, unknown>): object;
  new (config: never): object;
}

const registered = new Map<string, Registered>();

export function register(name: string, theClass: Registered): void {
  registered.set(name, theClass);
}

/** The class registered under a name. */
export const classNamed = (name: string): Registered | undefined => registered.get(name);

/** The object of a class with these settings. */
export const fromConfig = (theClass: Registered, config: Record<string, unknown>): unknown =>
  theClass.fromConfig ? theClass.fromConfig(config) : new theClass(config as never);
