/**
 * What an op makes on its way is freed when it ends, so that `memory().numTensors` grows by its results alone, as in
 * TensorFlow.js: programs compare these counts to find what they have forgotten to dispose.
 */
import { isA } from '../engine/look.js';
import { Tensor } from './handle.js';
import { close, type Made, open } from './scope.js';

/** What an op that throws returns. */
const NOTHING: ReadonlySet<Made> = new Set();

/** The tensors of a result: one, or several in lists or an object. */
function handlesIn(result: unknown): ReadonlySet<Made> {
  if (isA(result, Tensor)) return new Set([result.raw()]);
  const several: unknown[] = Object.values(result as object).flat();
  return new Set(several.filter((one): one is Tensor => isA(one, Tensor)).map((one) => one.raw()));
}

/** Runs a part of an op and frees the tensors that it made, but for its results. */
export function contained<T>(action: () => T): T {
  const scope = open('tidy');
  let results = NOTHING;
  try {
    const result = action();
    results = handlesIn(result);
    return result;
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
