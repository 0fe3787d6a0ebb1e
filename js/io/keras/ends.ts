/** A model's inputs and outputs, which Keras writes as one, as a list, or by names of their own. */
import { isArray, isObject } from '../../engine/look.js';
import { isModel, type KerasObject, nameOf } from './written.js';

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

/** A layer, its call, and which of its results. */
const isPlace = (value: unknown): value is [string, number, number] =>
  isArray(value) && value.length === 3 && typeof value[0] === 'string' && typeof value[1] === 'number';

/** Moves the calls of graphs inside by one: Keras counts the making of such a model as its first call, but only here. */
const moved = (layers: readonly KerasObject[], value: unknown, by: number): unknown[] => {
  const graphs = new Set(
    layers.filter((layer) => isModel(layer) && layer.class_name !== 'Sequential').map(nameOf),
  );
  return endsOf(value).map(({ place }) =>
    isPlace(place) && graphs.has(place[0]) ? [place[0], Math.max(0, place[1] + by), place[2]] : place,
  );
};

/** What Keras wrote, as it is read here. */
export const endsIn = (layers: readonly KerasObject[], value: unknown): unknown[] => moved(layers, value, -1);
/** The other way; a single end is written as the end itself, so that the model takes a tensor and not a list. */
export function endsOut(layers: readonly KerasObject[], value: unknown): unknown {
  const list = moved(layers, value, 1);
  return list.length === 1 ? list[0] : list;
}
