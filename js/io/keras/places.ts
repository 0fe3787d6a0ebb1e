/**
 * Where each weight lies in Keras 3's `model.weights.h5`: `layers/<class>[_<number>]/vars/<number>`, where layers of one
 * class are counted in the model's order, and layers inside layers lie under the names of the attributes that hold them.
 */
import { fault } from '../../engine/errors.js';
import { isArray } from '../../engine/look.js';
import { inner, isKerasObject, isModel, type KerasObject, layersOf, nameOf, snakeCase } from './written.js';

/** What is asked of a weight: its path, such as `lstm/lstm_cell/kernel`, and whether its layer itself changes it. */
export interface Named {
  name: string;
  isState: boolean;
}

/** The attributes under which attention keeps its dense layers, by their names. */
const ATTENTION: Readonly<Record<string, string>> = {
  query: 'query_dense',
  key: 'key_dense',
  value: 'value_dense',
  attention_output: 'output_dense',
};

/** `dense`, `dense_1`, `dense_2`, … for classes in a list. */
function countedNames(classes: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return classes.map((className) => {
    const base = snakeCase(className);
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    return count === 0 ? base : `${base}_${count}`;
  });
}

const folder = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('/')));

/** Lists of what has the same key, in the order in which the keys come. */
export function grouped<W>(list: readonly W[], keyOf: (one: W) => string): Map<string, W[]> {
  const all = new Map<string, W[]>();
  for (const one of list) {
    const key = keyOf(one);
    const own = all.get(key);
    if (own) own.push(one);
    else all.set(key, [one]);
  }
  return all;
}

/** For the weights of stacked cells the name of each one's cell: one begins with another path, or the same name again. */
function cellOf(cells: readonly unknown[]): (weight: Named) => string {
  const names = countedNames(cells.map((one) => (isKerasObject(one) ? one.class_name : '')));
  const seen = new Set<string>();
  let cell = -1;
  let last: string | undefined;
  return ({ name }) => {
    if (folder(name) !== last || seen.has(name)) {
      cell++;
      seen.clear();
    }
    seen.add(name);
    last = folder(name);
    return `cell/cells/${names[cell] ?? cell}`;
  };
}

/** Where in a layer each of its weights lies, which may belong to a layer inside. */
function insideOf({ class_name: className, config }: KerasObject, prefix: string): (weight: Named) => string {
  if (/^(LSTM|GRU|SimpleRNN|ConvLSTM\dD|RNN)$/.test(className)) {
    const { cell } = config;
    const isStack = isKerasObject(cell) && cell.class_name === 'StackedRNNCells';
    return isStack && isArray(cell.config.cells) ? cellOf(cell.config.cells) : () => 'cell';
  }
  return ({ name }) => {
    const path = folder(name);
    if (className === 'MultiHeadAttention') {
      const own = path.split('/').at(-1)!;
      return ATTENTION[own] ?? own;
    }
    // A layer of one's own holds others under their names, where nothing else is known.
    return path.startsWith(prefix) ? path.slice(prefix.length) : '';
  };
}

/** For each weight of a model of this architecture the path of its array. */
export function placesOf<W extends Named>(
  where: string,
  architecture: KerasObject,
  weights: readonly W[],
): Map<W, string> {
  const found = new Map<W, string>();

  /** Finds the places of a layer's weights, whose names begin with `prefix`, as far as it is known. */
  const visit = (layer: KerasObject, list: readonly W[], at: string, prefix: string, depth: number): void => {
    if (list.length === 0) return;
    const inside = inner(layer, 'layer');
    if (isModel(layer)) {
      const layers = layersOf(where, layer, depth);
      const names = countedNames(layers.map(({ class_name }) => class_name));
      const byLayer = grouped(list, ({ name }) =>
        name.startsWith(prefix) ? name.slice(prefix.length).split('/')[0]! : '',
      );
      for (const [place, one] of layers.entries()) {
        const name = nameOf(one);
        visit(one, byLayer.get(name) ?? [], `${at}layers/${names[place]}/`, `${prefix}${name}/`, depth + 1);
      }
    } else if (layer.class_name === 'Bidirectional') {
      // Both begin with the name of their layer; where these are alike, each has half of the weights.
      const owner = ({ name }: W): string => name.slice(prefix.length).split('/')[0]!;
      const other = list.findIndex((weight) => owner(weight) !== owner(list[0]!));
      const half = other < 0 ? list.length / 2 : other;
      const first = inside ?? { class_name: 'RNN', config: {} };
      visit(first, list.slice(0, half), `${at}forward_layer/`, prefix, depth);
      visit(inner(layer, 'backward_layer') ?? first, list.slice(half), `${at}backward_layer/`, prefix, depth);
    } else if (inside) {
      visit(inside, list, `${at}layer/`, `${prefix}${nameOf(inside)}/`, depth);
    } else {
      for (const [path, own] of grouped(list, insideOf(layer, prefix))) {
        // Those that are trained come first.
        own.sort((one, other) => Number(one.isState) - Number(other.isState));
        for (const [place, weight] of own.entries())
          found.set(weight, `${at}${path && `${path}/`}vars/${place}`);
      }
    }
  };

  visit(architecture, weights, '', '', 0);
  const lost = weights.find((weight) => !found.has(weight));
  if (lost) throw fault('value', `${where}: the weight ${lost.name} has no place in a Keras file`);
  return found;
}
