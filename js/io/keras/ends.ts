/** The inputs and outputs of Keras' graphs, as places `[layer, call, result]` in one list. */
import { isArray, isObject } from '../../engine/look.js';
import { isModel, type KerasObject, nameOf } from './written.js';

type Place = [string, number, number];

const isPlace = (value: unknown): value is Place =>
  isArray(value) && value.length === 3 && typeof value[0] === 'string' && typeof value[1] === 'number';

/** The places in lists and objects that may be nested; Keras goes through the keys of an object in their order. */
function places(value: unknown, depth = 0): unknown[] {
  if (isPlace(value) || depth > 16) return [value];
  if (isArray(value)) return value.flatMap((one: unknown) => places(one, depth + 1));
  if (!isObject(value)) return [value];
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.flatMap(([, one]) => places(one, depth + 1));
}

/** Moves the calls of graphs inside by one: Keras counts the making of such a model as its first call, but only here. */
const moved = (layers: readonly KerasObject[], value: unknown, by: number): unknown[] => {
  const graphs = new Set(
    layers.filter((layer) => isModel(layer) && layer.class_name !== 'Sequential').map(nameOf),
  );
  return places(value).map((place) =>
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
