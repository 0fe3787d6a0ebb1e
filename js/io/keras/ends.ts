/** A model's inputs and outputs, which Keras writes as one, as a list, or by names of their own. */
import { isArray, isObject } from '../../engine/look.js';

export interface End {
  /** The name that a model gives this end, where it has names for them. */
  key?: string;
  /** `[layer, call, tensor]`. */
  place: unknown;
}

/** The ends in the order in which Keras takes them: those with names in the order of their names. */
export function endsOf(written: unknown, key?: string, depth = 0): End[] {
  const own: End[] = [{ ...(key !== undefined && { key }), place: written }];
  // What has any other form is refused by what reads the model.
  if (!isObject(written) || depth > 16) return own;
  if (isArray(written)) {
    if (typeof written[0] === 'string' && !isObject(written[1])) return own;
    return written.flatMap((one: unknown) => endsOf(one, key, depth + 1));
  }
  const entries = Object.entries(written).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.flatMap(([name, one]) => endsOf(one, name, depth + 1));
}
