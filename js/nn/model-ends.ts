/** A model's inputs and outputs, which Keras writes as one, as a list, or by names of their own. */
import { isArray, isObject } from '../engine/look.js';

interface End {
  /** The name that a model gives this end, where it has names for them. */
  key?: string;
  /** `[layer, call, tensor]`. */
  place: unknown;
}

/** What is read here of a layer. */
interface Named {
  class_name?: unknown;
  name?: unknown;
  config?: { name?: unknown } | null;
}

/** The ends in the order in which Keras takes them: those with names in the order of their names. */
function endsOf(written: unknown, key?: string, depth = 0): End[] {
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

/**
 * Ends with the calls of graphs among `layers` moved by `by`: Keras counts the making of a graph inside as its first call,
 * which here is none. They are a list, or an object where each has a name of its own: `Object.values` gives the places of
 * both.
 */
export function moveEnds(layers: readonly Named[], written: unknown, by: number): unknown {
  if (!isObject(written)) return written;
  const isGraph = (layer: Named | null): boolean => /^(Functional|Model)$/.test(String(layer?.class_name));
  const graphs = new Set(layers.filter(isGraph).map(({ config, name }) => config?.name ?? name));
  const ends = endsOf(written).map(({ key, place }) => ({
    key,
    place: isPlace(place) && graphs.has(place[0]) ? [place[0], Math.max(0, place[1] + by), place[2]] : place,
  }));
  const places = ends.map(({ place }) => place);
  const names = new Set(ends.map(({ key }) => key));
  if (!names.has(undefined) && names.size === ends.length)
    return Object.fromEntries(ends.map(({ key, place }) => [key, place]));
  // Keras takes a single end for a model of one tensor, and not of a list.
  return by > 0 && places.length === 1 ? places[0] : places;
}

/** What a model is compiled with: each is for all outputs, in a list, or by the names of outputs. */
interface Judged {
  loss?: unknown;
  loss_weights?: unknown;
  metrics?: unknown;
  weighted_metrics?: unknown;
}

/** What is said by the names of outputs in the order of these names, for a form that knows no such names. */
export function inOrder<T extends Judged>(training: T, names: readonly string[]): T {
  const list = (value: unknown, none: unknown): unknown =>
    isObject(value) && !isArray(value) && !('class_name' in value)
      ? names.map((name) => (value as Record<string, unknown>)[name] ?? none)
      : value;
  const { loss, loss_weights, metrics, weighted_metrics } = training;
  return {
    ...training,
    loss: list(loss, null),
    loss_weights: list(loss_weights, 1),
    metrics: list(metrics, []),
    weighted_metrics: list(weighted_metrics, []),
  };
}
