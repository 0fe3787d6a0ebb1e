/** What a callback remembers of a run, as it goes into a checkpoint and comes out of one. */
import { describe, fault } from '../../engine/errors.js';
import { isObject } from '../../engine/look.js';

/** A state of this callback: an object that names it, with a number under each of these keys. */
export function remembered<T extends string>(
  where: string,
  state: unknown,
  numbers: readonly T[],
): Record<T, number> & Record<string, unknown> {
  const own = isObject(state) ? (state as Record<string, unknown>) : {};
  if (own.of !== where)
    throw fault('value', `${where}: the callback at this place of the run was ${describe(own.of ?? state)}`);
  const odd = numbers.find((key) => typeof own[key] !== 'number');
  if (odd !== undefined)
    throw fault('format', `${where}: ${odd}: expected a number, got ${describe(own[odd])}`);
  return own as Record<T, number> & Record<string, unknown>;
}
