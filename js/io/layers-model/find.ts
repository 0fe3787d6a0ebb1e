/** Which weight of a model an entry of a file is, whoever wrote it. */
import { describe, fault } from '../../engine/errors.js';
import type { Spec } from '../specs.js';
import type { Named } from './names.js';

/** The name without its part before the last: Keras 2 puts a cell's name there, which TensorFlow.js leaves out. */
function shortened(name: string): string {
  const parts = name.split('/');
  parts.splice(-2, 1);
  return parts.join('/');
}

/**
 * Keras 3's converter numbers the weights of each layer: `dense/0`. Its layers come in the order of their names, so
 * that numbers are looked at within a path alone, and of two directions by their names.
 */
function byNumber(entries: readonly Spec[], order: readonly Named[]): Map<Spec, Named> {
  const found = new Map<Spec, Named>();
  const layers = new Map<string, { forward: Spec[]; backward: Spec[] }>();
  for (const entry of entries) {
    if (!/\/\d+$/.test(entry.name)) continue;
    const [layer] = entry.name.split('/') as [string];
    const both = layers.get(layer) ?? { forward: [], backward: [] };
    both[/\/backward/.test(entry.name) ? 'backward' : 'forward'].push(entry);
    layers.set(layer, both);
  }
  for (const [layer, both] of layers) {
    const own = order.filter(({ name }) => name.startsWith(`${layer}/`));
    const way = (isBack: boolean) => own.filter(({ name }) => /\/backward_/.test(name) === isBack);
    for (const [entries, weights] of [
      [both.forward, way(false)],
      [both.backward, way(true)],
    ] as const) {
      const sorted = entries.length === weights.length ? entries : [];
      sorted.forEach((entry, at) => {
        found.set(entry, weights[at]!);
      });
    }
  }
  return found;
}

/** Each entry with the weight that it is; those of no weight are left out, or refused where `isStrict`. */
export function find(
  where: string,
  entries: readonly Spec[],
  order: readonly Named[],
  paths: readonly string[],
  isStrict: boolean,
): Map<Spec, Named> {
  const byName = new Map<string, Named>();
  for (const one of order) byName.set(paths[one.at]!, one);
  for (const one of order) byName.set(one.name, one);
  const numbered = byNumber(entries, order);
  const found = new Map<Spec, Named>();
  const taken = new Map<number, string>();
  for (const entry of entries) {
    const { name } = entry;
    const inside = name.slice(name.indexOf('/') + 1);
    const weight =
      byName.get(name) ?? numbered.get(entry) ?? byName.get(shortened(name)) ?? byName.get(inside);
    if (weight && taken.has(weight.at))
      throw fault(
        'format',
        `${where}: ${describe(name)} and ${describe(taken.get(weight.at))} are one weight`,
      );
    if (weight) {
      taken.set(weight.at, name);
      found.set(entry, weight);
    } else if (isStrict) {
      throw fault(
        'name',
        `${where}: the model has no weight ${describe(name)}; it has ${order.map((one) => one.name).join(', ')}`,
      );
    }
  }
  const missing = order.find(({ at }) => !taken.has(at));
  if (isStrict && missing) throw fault('value', `${where}: the weight ${missing.name} is missing`);
  return found;
}
