// What a package exports, name by name, and which of these names a test has called.
import { AsyncLocalStorage } from 'node:async_hooks';

/** Functions written as `class`; anything else that can be called is an ordinary function. */
const isClass = (value) =>
  typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
const isNamespace = (value) =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value));
/** What every function and class has, and what JavaScript itself calls. */
const OWN = new Set(['length', 'name', 'prototype', 'constructor', 'arguments', 'caller']);

/**
 * Every callable name: `add`, `layers.dense`, `Tensor#add` (a method or a property that is computed), `Layer.create`
 * (a static method), each with where it is found. A class that several names lead to is listed under the first.
 */
export function exported(namespace) {
  const found = [];
  const seen = new Set();
  const visitClass = (label, type) => {
    if (seen.has(type)) return;
    seen.add(type);
    for (const key of Object.getOwnPropertyNames(type.prototype)) {
      if (!OWN.has(key)) found.push({ name: `${label}#${key}`, owner: type.prototype, key });
    }
    for (const key of Object.getOwnPropertyNames(type)) {
      const { value } = Object.getOwnPropertyDescriptor(type, key);
      if (OWN.has(key) || typeof value !== 'function') continue;
      if (isClass(value)) visitClass(`${label}.${key}`, value);
      else found.push({ name: `${label}.${key}`, owner: type, key });
    }
    const parent = Object.getPrototypeOf(type);
    if (typeof parent === 'function' && parent !== Function.prototype && isClass(parent))
      visitClass(parent.name, parent);
  };
  const visitNamespace = (prefix, owner) => {
    if (seen.has(owner)) return;
    seen.add(owner);
    for (const key of Object.keys(owner)) {
      const value = owner[key];
      if (isClass(value)) visitClass(prefix + key, value);
      else if (typeof value === 'function') found.push({ name: prefix + key, owner, key });
      else if (isNamespace(value)) visitNamespace(`${prefix}${key}.`, value);
    }
  };
  visitNamespace('', { ...namespace });
  return found;
}

/**
 * The namespace again, so that `called` holds each name that was called and came back without an error. What the
 * package calls itself while it is at work does not count, before or after it has waited for something. Methods are
 * wrapped where they stand, on the prototypes.
 */
export function record(namespace, called) {
  const inside = new AsyncLocalStorage();
  const recording = (name, original) => {
    const wrapper = function (...args) {
      if (inside.getStore()) return original.apply(this, args);
      const result = inside.run(true, () => original.apply(this, args));
      if (typeof result?.then === 'function')
        result.then(
          () => called.add(name),
          () => {},
        );
      else called.add(name);
      return result;
    };
    return Object.defineProperties(wrapper, {
      name: { value: original.name },
      length: { value: original.length },
      original: { value: original },
    });
  };
  const names = new Map();
  for (const { name, owner, key } of exported(namespace)) {
    const own = Object.getOwnPropertyDescriptor(owner, key);
    if (!/#|(^|\.)[A-Z]\w*\./.test(name)) names.set(name, recording(name, owner[key]));
    else if (own.configurable) {
      for (const part of ['value', 'get', 'set']) {
        if (typeof own[part] === 'function' && !isClass(own[part])) own[part] = recording(name, own[part]);
      }
      Object.defineProperty(owner, key, own);
    }
  }
  const wrapped = (prefix, owner) =>
    new Proxy(owner, {
      get(target, key, receiver) {
        const value = Reflect.get(target, key, receiver);
        if (typeof key !== 'string' || !Object.hasOwn(target, key)) return value;
        if (names.has(prefix + key)) return names.get(prefix + key);
        return isNamespace(value) ? wrapped(`${prefix}${key}.`, value) : value;
      },
    });
  return wrapped('', { ...namespace });
}
