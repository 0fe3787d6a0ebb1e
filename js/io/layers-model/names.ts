/** What TensorFlow.js calls the weights of a model, and in which order it lists them. */
import { describe, fault } from '../../engine/errors.js';
import type { Written } from '../portable.js';
import { isModel } from './classes.js';
import { inOrder } from './order.js';
import { type LayerJson, nameOf } from './out.js';

/** A weight: its place among the model's, and TensorFlow.js' name for it. */
export interface Named {
  at: number;
  name: string;
}

/** What a weight is called in its layer: Keras 3 has one name where TensorFlow.js has another. */
function last(className: string, path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return className === 'DepthwiseConv2D' && name === 'kernel' ? 'depthwise_kernel' : name;
}

/** For each beginning that ends with a slash the places of the paths that begin so. */
function byBeginnings(paths: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  paths.forEach((path, at) => {
    for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
      const beginning = path.slice(0, end + 1);
      const all = places.get(beginning);
      if (all) all.push(at);
      else places.set(beginning, [at]);
    }
  });
  return places;
}

/**
 * The weights of a model, whose own names are Keras' paths, in TensorFlow.js' order.
 * @throws Where it would call two weights the same.
 */
export function namesOf(where: string, model: Written, paths: readonly string[]): Named[] {
  const found: Named[] = [];
  const places = byBeginnings(paths);
  const taken = new Set<number>();
  /** The weights whose paths begin with `path` are those of a layer; their names begin with `scope`. */
  const walk = (layer: LayerJson, path: string, scope: string): void => {
    const { class_name: className, config } = layer;
    const inside = (one: unknown, further = scope): void =>
      walk(one as LayerJson, `${path}${nameOf(one as LayerJson)}/`, further);
    if (isModel(className)) {
      // Its layers were made before it, so that its name is not in theirs.
      for (const one of inOrder(layer)) inside(one, `${nameOf(one)}/`);
    } else if (className === 'TimeDistributed') {
      inside(config.layer);
    } else if (className === 'Bidirectional') {
      for (const [key, begins] of Object.entries({ layer: 'forward_', backward_layer: 'backward_' })) {
        const one = (config[key] ?? config.layer) as LayerJson;
        const name = `${begins}${nameOf(one).replace(/^(forward|backward)_/, '')}`;
        walk(one, `${path}${key in config ? nameOf(one) : name}/`, `${scope}${name}/`);
      }
    } else if (className === 'RNN') {
      inside(config.cell);
    } else if (className === 'StackedRNNCells') {
      (config.cells as LayerJson[]).forEach((cell, at) => {
        inside(cell, `${scope}RNNCell_${at}/`);
      });
    } else {
      for (const at of places.get(path) ?? []) {
        if (taken.has(at)) continue;
        taken.add(at);
        found.push({ at, name: scope + last(className, paths[at]!) });
      }
    }
  };
  for (const layer of inOrder(model)) walk(layer, `${nameOf(layer)}/`, `${nameOf(layer)}/`);
  const left = paths.findIndex((_, at) => !taken.has(at));
  if (left >= 0)
    throw fault('value', `${where}: ${describe(paths[left])}: TensorFlow.js has no name for this weight`);
  const known = new Set<string>();
  for (const { name } of found) {
    if (known.has(name))
      throw fault(
        'name',
        `${where}: two weights would be called ${describe(name)} in TensorFlow.js: give layers of models inside models names of their own`,
      );
    known.add(name);
  }
  return found;
}
