/**
 * What an op makes on its way is freed when it ends, so that `memory().numTensors` grows by its results alone, as in
 * TensorFlow.js: programs compare these counts to find what they have forgotten to dispose.
 */
import { isA } from '../engine/look.js';
import { Tensor } from './handle.js';
import { close, type Made, open } from './scope.js';

/** Runs a part of an op and frees the tensors that it made, but for its results: a tensor, or several in lists or an object. */
export function contained<T>(action: () => T): T {
  const scope = open('tidy');
  let results: ReadonlySet<Made> = new Set();
  try {
    const made = action();
    const several: unknown[] = isA(made, Tensor) ? [made] : Object.values(made as object).flat();
    results = new Set(several.filter((one): one is Tensor => isA(one, Tensor)).map((one) => one.raw()));
    return made;
  } finally {
    close(scope, results);
  }
}

/** The same functions, each {@link contained}; classes, whose names begin with a capital, are left as they are. */
export function allContained<T extends object>(members: T): T {
  const pairs = Object.entries(members).map(([name, member]) => {
    if (typeof member !== 'function' || /^[A-Z]/.test(name) || /Async$/.test(name)) return [name, member];
    const inside = (...args: unknown[]): unknown => contained(() => member(...args));
    return [name, Object.defineProperty(inside, 'name', { value: name })];
  });
  return Object.fromEntries(pairs) as T;
}
