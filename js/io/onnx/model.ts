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
const keyOf = ([name, call]: Place): string => `${call}/${name}`;

/** All tensors in an argument of a call, in order. */
function placesIn(value: unknown): Place[] {
  if (Array.isArray(value)) return value.flatMap(placesIn);
  const written = value as { config?: { keras_history?: Place } } | null;
  const place = written?.config?.keras_history;
  return place ? [place] : [];
}

/** A call of a layer in a model. */
interface WrittenCall {
  key: string;
  layer: WrittenLayer;
  inputs: Place[];
  /** The tensor that says which pairs attention may look at. */
  mask: Place | undefined;
  /** Everything that it is called on. */
  from: Place[];
  options: Record<string, unknown>;
}

/** The calls of a layer of a model; what goes into the model is called on nothing. */
function callsOf(layer: WrittenLayer): WrittenCall[] {
  if (isInput(layer)) return [];
  return (layer.inbound_nodes ?? []).map((node, call) => {
    const { args, kwargs } = node as { args: unknown; kwargs: Record<string, unknown> };
    const { attention_mask: pairs, ...options } = kwargs;
    const inputs = [args, ...Object.values(options)].flatMap(placesIn);
    const [mask] = placesIn(pairs);
    const from = mask ? [...inputs, mask] : inputs;
    return { key: keyOf([nameOf(layer), call, 0]), layer, inputs, mask, from, options };
  });
}

/** A path, then the path without its first name, and so on down to the last two names. */
function endsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(0, -1).map((_, at) => parts.slice(at).join('/'));
}
/** For each end of a path the first weight whose path ends so. */
function byEnds(weights: Iterable<PortableWeight>): Map<string, PortableWeight> {
  const found = new Map<string, PortableWeight>();
  for (const weight of weights)
    for (const end of endsOf(weight.name)) if (!found.has(end)) found.set(end, weight);
  return found;
}

/** Writes the layers of a model, whose weights are found by their paths. */
export class Writer implements Around {
  readonly #g: Graph;
  readonly #weights: Map<string, PortableWeight>;
  #ends: Map<string, PortableWeight> | undefined;

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
    this.#ends ??= byEnds(this.#weights.values());
    for (const end of endsOf(path)) {
      const found = this.#ends.get(end);
      if (found) return found;
    }
    return undefined;
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
    const at = (place: Place): Flow | undefined => results.get(keyOf(place))?.[place[2]];
    (config.input_layers as Place[]).forEach((place, index) => {
      results.set(keyOf(place), [inputs[index]!]);
    });
    const calls = new Map(layers.flatMap(callsOf).map((call) => [call.key, call]));
    const cycle = (): Error => fault('state', `${this.#g.where}: the graph has a cycle`);
    const begun = new Set<WrittenCall>();
    // Each call waits for those that it is called on. Models may be thousands of layers deep, so this is no recursion.
    const pending = [...calls.values()].reverse();
    for (let call = pending.at(-1); call; call = pending.at(-1)) {
      const missing = results.has(call.key) ? [] : call.from.filter((place) => !at(place));
      if (missing.length > 0) {
        if (begun.has(call)) throw cycle();
        begun.add(call);
        for (const place of missing.reverse()) {
          const before = calls.get(keyOf(place));
          if (!before) throw cycle();
          pending.push(before);
        }
        continue;
      }
      pending.pop();
      if (results.has(call.key)) continue;
      const { layer, inputs, mask, options } = call;
      const flows = inputs.map((place) => at(place)!);
      const told = mask ? { ...options, attention_mask: at(mask) } : options;
      results.set(call.key, this.layer(layer, flows, path, told));
    }
    return (config.output_layers as Place[]).map((place) => at(place)!);
  }
}
