/** Freeing memory sooner than it would be by itself. */
import { checkFunction, describe, fault } from '../engine/errors.js';
import { isA, isObject } from '../engine/look.js';
import { Tensor } from '../tensor/handle.js';
import { close, type Made, open } from '../tensor/scope.js';

/** The most objects and arrays that a result may be nested in. */
const MOST_NESTED = 10_000;

/** All tensors in a value: in arrays, objects, maps and sets, however nested. */
export function tensorsIn(value: unknown): Set<Tensor> {
  const tensors = new Set<Tensor>();
  const seen = new Set<unknown>();
  const waiting: unknown[] = [value];
  while (waiting.length > 0 && seen.size < MOST_NESTED) {
    const one = waiting.pop();
    if (isA(one, Tensor)) {
      tensors.add(one.raw());
    } else if (isObject(one) && !seen.has(one) && !ArrayBuffer.isView(one)) {
      seen.add(one);
      if (isA(one, Map) || isA(one, Set)) waiting.push(...one.values());
      else for (const inner of Object.values(one)) if (typeof inner === 'object') waiting.push(inner);
    }
  }
  return tensors;
}

/**
 * Runs `action` and frees the tensors that it made, but for those in its result. Nothing has to be tidied up here: it
 * only saves memory sooner. Of an async function nothing is freed.
 * @example tidy(() => tensor([1, 2]).square().sum()); // → 5
 */
export function tidy<T>(nameOrAction: string | (() => T), action?: () => T): T {
  const run: unknown = typeof nameOrAction === 'function' ? nameOrAction : action;
  checkFunction('tidy', run);
  const scope = open('tidy');
  let kept: ReadonlySet<Made> = new Set();
  try {
    const result = (run as () => T)();
    // What an async function has made is still needed by what it does later.
    kept = isA(result, Promise) ? new Set(scope.made) : tensorsIn(result);
    return result;
  } finally {
    close(scope, kept);
  }
}

/**
 * Frees the tensors in a value now; what else is in it is left alone.
 * @example
 * const x = tensor([1, 2]);
 * dispose(x);
 * x.isDisposed; // → true
 */
export function dispose(container: unknown): void {
  for (const tensor of tensorsIn(container)) tensor.dispose();
}

/** Keeps a tensor beyond the end of the `tidy` that it is made in. */
export function keep<T extends Tensor>(tensor: T): T {
  if (!isA(tensor, Tensor)) throw fault('type', `keep: expected a tensor, got ${describe(tensor)}`);
  tensor.keep();
  return tensor;
}

/** Opens a scope by hand, for programs that cannot use a function: `engine().startScope()`. */
export const scopes = {
  open: (): ReturnType<typeof open> => open('tidy'),
  close: (scope: ReturnType<typeof open>, result?: unknown): void => close(scope, tensorsIn(result)),
};
