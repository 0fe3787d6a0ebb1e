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
export function countedNames(classes: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return classes.map((className) => {
    const base = snakeCase(className);
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    return count === 0 ? base : `${base}_${count}`;
  });
}

const folder = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('/')));

/** Weights that follow each other and belong to one layer inside: a new one begins with another path or the same name again. */
function runs<W extends Named>(weights: readonly W[]): W[][] {
  const found: W[][] = [];
  let names = new Set<string>();
  for (const weight of weights) {
    const last = found.at(-1);
    if (!last || folder(last[0]!.name) !== folder(weight.name) || names.has(weight.name)) {
      found.push([weight]);
      names = new Set([weight.name]);
    } else {
      last.push(weight);
      names.add(weight.name);
    }
  }
  return found;
}

/** For each weight of a model of this architecture the path of its array. */
export function placesOf<W extends Named>(
  where: string,
  architecture: KerasObject,
  weights: readonly W[],
): Map<W, string> {
  const found = new Map<W, string>();

  /** Numbers a layer's own weights: those that are trained come first. */
  const own = (list: readonly W[], at: string): void => {
    const ordered = [...list.filter(({ isState }) => !isState), ...list.filter(({ isState }) => isState)];
    for (const [place, weight] of ordered.entries()) found.set(weight, `${at}/vars/${place}`);
  };

  /** Finds the places of a layer's weights. `prefix` begins their names, as far as it is known. */
  const layer = (
    written: KerasObject,
    list: readonly W[],
    at: string,
    prefix: string,
    depth: number,
  ): void => {
    const { class_name: className } = written;
    if (list.length === 0) return;
    if (isModel(written)) {
      model(written, list, at, prefix, depth + 1);
    } else if (className === 'Bidirectional') {
      // Both begin with the name of their layer; where these are alike, each has half of the weights.
      const owner = ({ name }: W): string => name.slice(prefix.length).split('/')[0]!;
      const other = list.findIndex((weight) => owner(weight) !== owner(list[0]!));
      const half = other < 0 ? list.length / 2 : other;
      const first = inner(written, 'layer') ?? { class_name: 'RNN', config: {} };
      layer(first, list.slice(0, half), `${at}/forward_layer`, prefix, depth);
      layer(
        inner(written, 'backward_layer') ?? first,
        list.slice(half),
        `${at}/backward_layer`,
        prefix,
        depth,
      );
    } else if (inner(written, 'layer')) {
      const inside = inner(written, 'layer')!;
      layer(inside, list, `${at}/layer`, `${prefix}${nameOf(inside)}/`, depth);
    } else if (/^(LSTM|GRU|SimpleRNN|ConvLSTM\dD|RNN)$/.test(className)) {
      const cell = inner(written, 'cell');
      const several = cell?.config.cells;
      if (cell?.class_name === 'StackedRNNCells' && isArray(several)) {
        const names = countedNames(several.map((one) => (isKerasObject(one) ? one.class_name : '')));
        for (const [place, run] of runs(list).entries())
          own(run, `${at}/cell/cells/${names[place] ?? place}`);
      } else own(list, `${at}/cell`);
    } else if (className === 'MultiHeadAttention') {
      for (const run of runs(list)) {
        const name = folder(run[0]!.name).split('/').at(-1)!;
        own(run, `${at}/${ATTENTION[name] ?? name}`);
      }
    } else {
      // A layer of one's own holds others under their names, where nothing else is known.
      const inside = new Map<string, W[]>();
      for (const weight of list) {
        const path = `${folder(weight.name)}/`;
        const rest = path.startsWith(prefix) ? path.slice(prefix.length, -1) : '';
        inside.set(rest, [...(inside.get(rest) ?? []), weight]);
      }
      for (const [path, weights] of inside) own(weights, path ? `${at}/${path}` : at);
    }
  };

  const model = (
    written: KerasObject,
    list: readonly W[],
    at: string,
    prefix: string,
    depth: number,
  ): void => {
    const layers = layersOf(where, written, depth);
    const names = countedNames(layers.map(({ class_name }) => class_name));
    const byLayer = new Map<string, W[]>(layers.map((one) => [nameOf(one), []]));
    for (const weight of list) {
      const name = weight.name.slice(prefix.length).split('/')[0]!;
      if (weight.name.startsWith(prefix)) byLayer.get(name)?.push(weight);
    }
    for (const [place, one] of layers.entries()) {
      const name = nameOf(one);
      const inside = at === '' ? 'layers' : `${at}/layers`;
      layer(one, byLayer.get(name)!, `${inside}/${names[place]}`, `${prefix}${name}/`, depth);
    }
  };

  model(architecture, weights, '', '', 0);
  const lost = weights.find((weight) => !found.has(weight));
  if (lost)
    throw fault(
      'value',
      `${where}: the weight ${lost.name} has no place in a Keras file: a layer that two models share is not written`,
    );
  return found;
}
