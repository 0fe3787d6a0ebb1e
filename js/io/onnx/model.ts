/** Models as graphs of ops: rows of layers, and graphs of them. */
import { brief, fault } from '../../engine/errors.js';
import type { PortableWeight } from '../portable.js';
import type { Graph } from './graph.js';
import { type Around, Call, type Flow, type WrittenLayer } from './layer.js';
import { converter, passesMask } from './layers.js';
import type { Value } from './value.js';

const isModel = ({ class_name }: WrittenLayer): boolean => /^(Sequential|Functional)$/.test(class_name);
const nameOf = ({ name, config }: WrittenLayer): string => name ?? (config.name as string);
const isInput = ({ class_name }: WrittenLayer): boolean => class_name === 'InputLayer';

/** The layers inside a layer. */
const inner = ({ config }: WrittenLayer): WrittenLayer[] =>
  ['layers', 'layer', 'backward_layer', 'cell', 'cells']
    .flatMap((key) => config[key] as WrittenLayer)
    .filter((one) => typeof one?.class_name === 'string');

/** All layers of a model, those inside others too. */
export function allLayers(model: WrittenLayer): WrittenLayer[] {
  return [model, ...inner(model).flatMap(allLayers)];
}

/** Refuses, by their names, the layers that have no form in ONNX, before anything is written. */
export function checkLayers(where: string, layers: readonly WrittenLayer[]): void {
  const wrong = layers.flatMap((layer) => {
    const { class_name, config } = layer;
    if (config.stateful === true) return [`${nameOf(layer)} (${class_name}, stateful)`];
    const isKnown = isModel(layer) || isInput(layer) || converter(class_name);
    return isKnown ? [] : [`${nameOf(layer)} (${class_name})`];
  });
  if (wrong.length === 0) return;
  const names = wrong.map((one) => brief(one, 60)).join(', ');
  throw fault('value', `${where}: layers that have no form in ONNX: ${names}`);
}

/** Where a result of an earlier call stands: layer, call, result. */
type Place = readonly [string, number, number];

/** All tensors in an argument of a call, in order. */
function placesIn(value: unknown): Place[] {
  if (Array.isArray(value)) return value.flatMap(placesIn);
  const written = value as { config?: { keras_history?: Place } } | null;
  const place = written?.config?.keras_history;
  return place ? [place] : [];
}

/** Writes the layers of a model, whose weights are found by their paths. */
export class Writer implements Around {
  readonly #g: Graph;
  readonly #weights: Map<string, PortableWeight>;

  constructor(g: Graph, weights: readonly PortableWeight[]) {
    this.#g = g;
    this.#weights = new Map(weights.map((weight) => [weight.name, weight]));
  }

  /** The weight of a path, once in the graph: layers may be called several times. */
  weight(path: string): Value | undefined {
    const weight = this.#weights.get(path) ?? this.#elsewhere(path);
    if (!weight) return undefined;
    const { name, values, shape } = weight;
    return this.#g.once(`w${name}`, () => this.#g.weight(name, values, shape));
  }
  /** A layer that is reached in several ways, alone and inside another, has its weights under one of the paths. */
  #elsewhere(path: string): PortableWeight | undefined {
    const parts = path.split('/');
    const ends = parts.slice(0, -1).map((_, at) => `/${parts.slice(at).join('/')}`);
    const all = [...this.#weights.values()];
    return ends.map((end) => all.find(({ name }) => `/${name}`.endsWith(end))).find((found) => found);
  }

  /** What a layer makes of its inputs; `before` is the path of the model around it, with a slash behind it. */
  layer(layer: WrittenLayer, inputs: readonly Flow[], before: string, options: Call['options'] = {}): Flow[] {
    const { class_name: className } = layer;
    const path = `${before}${nameOf(layer)}/`;
    if (isModel(layer)) return this.model(layer, inputs, path);
    const outer = this.#g.layer;
    this.#g.layer = { path, className };
    try {
      const call = new Call(this.#g, this, layer, path, inputs, options);
      const made = converter(className)!(call);
      if (Array.isArray(made)) return made;
      return [{ value: made as Value, mask: passesMask(className) ? call.mask : undefined }];
    } finally {
      this.#g.layer = outer;
    }
  }

  /** What a model makes of its inputs. */
  model({ class_name, config }: WrittenLayer, inputs: readonly Flow[], path: string): Flow[] {
    const layers = config.layers as WrittenLayer[];
    if (class_name === 'Sequential') {
      const row = layers.filter((layer) => !isInput(layer));
      return row.reduce<readonly Flow[]>((flows, layer) => this.layer(layer, flows, path), inputs) as Flow[];
    }
    const results = new Map<string, Flow[]>();
    const key = ([name, call]: Place): string => `${call}/${name}`;
    const at = (place: Place): Flow | undefined => results.get(key(place))?.[place[2]];
    (config.input_layers as Place[]).forEach((place, index) => {
      results.set(key(place), [inputs[index]!]);
    });
    // Calls wait for what they are called with, in as many rounds as that takes.
    let waiting = layers.flatMap((layer) =>
      isInput(layer) ? [] : (layer.inbound_nodes ?? []).map((node, call) => ({ layer, call, node })),
    );
    while (waiting.length > 0) {
      const still = waiting.filter(({ layer, call, node }) => {
        const { args, kwargs } = node as { args: unknown; kwargs: Record<string, unknown> };
        const { attention_mask: pairs, ...rest } = kwargs;
        const flows = [args, ...Object.values(rest)].flatMap(placesIn).map(at);
        const [mask] = placesIn(pairs);
        if (flows.includes(undefined) || (mask && !at(mask))) return true;
        const options = mask ? { ...rest, attention_mask: at(mask) } : rest;
        results.set(`${call}/${nameOf(layer)}`, this.layer(layer, flows as Flow[], path, options));
        return false;
      });
      if (still.length === waiting.length) throw fault('state', `${this.#g.where}: the graph has a cycle`);
      waiting = still;
    }
    return (config.output_layers as Place[]).map((place) => at(place)!);
  }
}
