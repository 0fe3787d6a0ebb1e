/**
 * Functions that the core calls: parts that a user wrote. The core knows them by numbers, hands over slots of tensors
 * and takes slots back.
 */
import { fault } from './errors.js';

/** Takes slots, which are its own from then on, and numbers; gives slots, which are the core's from then on. */
export type Foreign = (slots: Uint32Array, extra: Float64Array) => ArrayLike<number>;

const functions = new Map<number, { action: Foreign; release?: (() => void) | undefined }>();
/** Functions that are called until the call of the core under way has ended. */
const loose: number[] = [];
let last = 0;
let thrown: { value: unknown } | undefined;

/** A number under which the core can call `action`, until {@link releaseForeign}, which then calls `release`. */
export function registerForeign(action: Foreign, release?: () => void): number {
  functions.set(++last, { action, release });
  return last;
}

export function releaseForeign(id: number): void {
  const known = functions.get(id);
  functions.delete(id);
  known?.release?.();
}

/** Releases these functions when the call of the core in which they were registered has ended. */
export const releaseAfterCall = (ids: readonly number[]): void => void loose.push(...ids);
export function releaseLoose(): void {
  if (loose.length > 0) loose.splice(0).forEach(releaseForeign);
}

const owners = /* @__PURE__ */ new FinalizationRegistry<readonly number[]>((ids) => {
  ids.forEach(releaseForeign);
});

/**
 * Releases these functions, and those that join the list later, when nobody refers to `owner` any more: the functions
 * themselves must not.
 */
export const releaseWith = (owner: object, ids: readonly number[]): void => owners.register(owner, ids);

/** What the core calls. What is thrown on the way is kept, because the core knows only its own errors. */
export function dispatch(id: number, slots: Uint32Array, extra: Float64Array): Uint32Array {
  try {
    const action = functions.get(id)?.action;
    if (!action) throw fault('state', 'a function that the core wants to call is gone');
    return Uint32Array.from(action(slots, extra));
  } catch (value) {
    thrown ??= { value };
    throw value;
  }
}

/** What a function threw since this was asked for last. */
export function takeThrown(): { value: unknown } | undefined {
  const taken = thrown;
  if (taken) thrown = undefined;
  return taken;
}
