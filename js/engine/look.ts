/**
 * Looking at values of a caller's. A proxy that was revoked throws a TypeError of the engine whatever is asked of it;
 * here it is nothing of what it is asked for, so that it is refused by name like anything else that makes no sense.
 */

/** `Array.isArray`. */
export const isArray: typeof Array.isArray = (value): value is [] => {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
};

/** Whether nothing at all can be asked of a value. */
export function isRevoked(value: unknown): boolean {
  try {
    Array.isArray(value);
    return false;
  } catch {
    return true;
  }
}

/** `value instanceof type`. */
export function isA<T>(value: unknown, type: abstract new (...args: never[]) => T): value is T {
  try {
    return value instanceof type;
  } catch (thrown) {
    if (isRevoked(value)) return false;
    throw thrown;
  }
}

/** Whether a value is an object, of which properties can be read. */
export const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !isRevoked(value);

/**
 * Whether the values of a view are gone: its memory was given away, to a worker say, or is shorter than the view by now.
 * Such a view says that it is empty, and whatever is done with it throws a TypeError of the engine.
 */
export function isGone(view: ArrayBufferView): boolean {
  try {
    // A DataView throws when it is asked for its length.
    if (view.byteLength === 0 && !('getInt8' in view)) Uint8Array.prototype.keys.call(view as Uint8Array);
    return false;
  } catch {
    return true;
  }
}

/**
 * Whether a value is a function that can be called. A class is none: of a class objects are made. Most functions have no
 * prototype, or one that can be replaced, so that few are asked for their text, which takes longer.
 */
export const isFunction = (value: unknown): value is (...given: never[]) => unknown =>
  typeof value === 'function' &&
  !isRevoked(value) &&
  !(
    Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false &&
    /^class\b/.test(Function.prototype.toString.call(value))
  );

/** Whether a value has a function of this name. */
export const can = (value: unknown, name: PropertyKey): boolean =>
  value !== undefined &&
  value !== null &&
  !isRevoked(value) &&
  isFunction((value as Record<PropertyKey, unknown>)[name]);

/** Whether all of a list are of a kind. Holes, which `every` passes over, are not: they end the search at once. */
export function areAll<T>(
  list: readonly unknown[],
  isOne: (value: unknown) => value is T,
): list is readonly T[];
export function areAll(list: readonly unknown[], isOne: (value: unknown) => boolean): boolean;
export function areAll(list: readonly unknown[], isOne: (value: unknown) => boolean): boolean {
  for (let at = 0; at < list.length; at++) if (!isOne(list[at])) return false;
  return true;
}

/** A list as it is, anything else as a list of one. */
export const listOf = <T>(value: T | readonly T[]): readonly T[] => (isArray(value) ? value : [value as T]);
