/** The layers that an object holds: as properties, in arrays, maps and plain objects, at any depth. */
import { isA, isArray, isObject } from '../engine/look.js';

/** The most objects and arrays that are looked through. */
const MOST = 10_000;

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};

/**
 * Those of `owner`'s properties, but for some names, that are layers, in the order in which they were set, each once.
 * What is inside a layer belongs to that layer.
 */
export function layersIn<T extends object>(
  owner: object,
  but: ReadonlySet<string>,
  isLayer: (value: object) => value is T,
): T[] {
  const found = new Set<T>();
  const seen = new Set<unknown>([owner]);
  const pending: object[] = [];
  const wait = (values: readonly unknown[]): void => {
    // What comes first is looked at first. There may be very many, most of them numbers.
    for (let at = values.length - 1; at >= 0; at--) {
      const value = values[at];
      if (isObject(value)) pending.push(value);
    }
  };
  wait(Object.entries(owner).flatMap(([name, value]) => (but.has(name) ? [] : [value])));
  while (pending.length > 0) {
    const value = pending.pop()!;
    if (seen.has(value) || seen.size > MOST) continue;
    seen.add(value);
    if (isLayer(value)) found.add(value);
    else if (isA(value, Map) || isA(value, Set)) wait([...value.values()]);
    // Of an array with holes only what is there.
    else if (isArray(value) || isPlain(value)) wait(Object.values(value));
  }
  return [...found];
}
