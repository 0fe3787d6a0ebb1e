/**
 * Weights in Keras' older HDF5 files: a group names its layers in the attribute `layer_names`, and each layer its arrays in
 * `weight_names`.
 */
import { describe, fault } from '../../engine/errors.js';
import { isArray } from '../../engine/look.js';
import { type Attributes, find, type Group, isGroup } from '../hdf5/tree.js';
import type { WeightPlan } from './assemble.js';
import { floats } from './values.js';

/** The texts of an attribute, which Keras cuts into `name0`, `name1`, … where it is long. */
export function texts(attributes: Attributes, name: string): string[] | undefined {
  const whole = attributes.get(name)?.values();
  if (isArray(whole)) return whole;
  const all: string[] = [];
  for (let part = 0; ; part++) {
    const more = attributes.get(`${name}${part}`)?.values();
    if (!isArray(more)) return part === 0 ? undefined : all;
    all.push(...more);
  }
}

/** An array of a layer, by its whole path in the group. */
interface Stored {
  path: string;
  read: (shape: readonly number[]) => Float32Array;
}

/** The arrays of a group of weights, layer by layer; layers without weights are left out. */
function arraysOf(where: string, group: Group): [layer: string, arrays: Stored[]][] {
  const layers = texts(group.attributes, 'layer_names');
  if (!layers) throw fault('format', `${where}: expected the attribute layer_names, as Keras writes it`);
  const all = layers.map((layer): [string, Stored[]] => {
    const inside = group.members.get(layer);
    if (!isGroup(inside)) throw fault('format', `${where}: the group ${describe(layer)} is not in the file`);
    const arrays = (texts(inside.attributes, 'weight_names') ?? []).map((name): Stored => {
      const path = `${layer}/${name}`;
      return { path, read: (shape) => floats(where, path, find(inside, name), shape) };
    });
    return [layer, arrays];
  });
  return all.filter(([, arrays]) => arrays.length > 0);
}

/**
 * The values of a model's weights from a legacy group. Layers are found by their names, or by their places if one name is
 * not there: Keras numbers them anew in each program. Of a layer, or of a model inside, what is trained comes first.
 */
export function readLegacyWeights(where: string, group: Group, own: readonly WeightPlan[]): Float32Array[] {
  const stored = arraysOf(where, group);
  const byLayer = new Map<string, WeightPlan[]>();
  for (const weight of own) {
    const layer = weight.name.split('/')[0]!;
    byLayer.set(layer, [...(byLayer.get(layer) ?? []), weight]);
  }
  if (stored.length !== byLayer.size)
    throw fault(
      'format',
      `${where}: the file has weights of ${stored.length} layers, and the model has ${byLayer.size} with weights: it is one of another model`,
    );
  const named = new Map(stored);
  const isNamed = [...byLayer.keys()].every((layer) => named.has(layer));
  const found = new Map<WeightPlan, Float32Array>();
  for (const [place, [layer, weights]] of [...byLayer].entries()) {
    const arrays = isNamed ? named.get(layer)! : stored[place]![1];
    if (arrays.length !== weights.length)
      throw fault(
        'format',
        `${where}: ${layer} has ${weights.length} weights, but there are ${arrays.length} in the file`,
      );
    const isTrained = ({ trainable, isState }: WeightPlan): boolean => trainable && !isState;
    const ordered = [...weights.filter(isTrained), ...weights.filter((one) => !isTrained(one))];
    for (const [at, weight] of ordered.entries()) found.set(weight, arrays[at]!.read(weight.shape));
  }
  return own.map((weight) => found.get(weight)!);
}
