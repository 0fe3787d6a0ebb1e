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
  layer: WrittenLayer;
  inputs: Place[];
  /** The tensor that says which pairs attention may look at, if there is one. */
  masks: Place[];
  options: Record<string, unknown>;
}

/** The calls of a layer of a model, by what a place says of them; what goes into the model is called on nothing. */
const callsOf = (layer: WrittenLayer): [string, WrittenCall][] =>
  (layer.inbound_nodes ?? []).map((node, call) => {
    const { args, kwargs } = node as { args: unknown; kwargs: Record<string, unknown> };
    const { attention_mask: pairs, ...options } = kwargs;
    const inputs = [args, ...Object.values(options)].flatMap(placesIn);
    return [keyOf([nameOf(layer), call, 0]), { layer, inputs, masks: placesIn(pairs), options }];
  });

/** A path, then the path without its first name, and so on down to the last two names. */
function endsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(0, -1).map((_, at) => parts.slice(at).join('/'));
}

/** Writes the layers of a model, whose weights are found by their paths. */
export class Writer implements Around {
  readonly #g: Graph;
  /** By the ends of their paths: a layer that is reached in several ways has its weights under one of the paths. */
  readonly #weights: Map<string, PortableWeight>;

  constructor(g: Graph, weights: readonly PortableWeight[]) {
    this.#g = g;
    // What is put in last counts: of several weights with one end the first, and before all of these whole paths.
    const ends = [...weights].reverse().flatMap((one) => endsOf(one.name).map((end) => [end, one] as const));
    this.#weights = new Map([...ends, ...weights.map((one) => [one.name, one] as const)]);
  }

  /** The weight of a path, once in the graph: layers may be called several times. */
  weight(path: string): Value | undefined {
    const weight = endsOf(path)
      .map((end) => this.#weights.get(end))
      .find(Boolean);
    if (!weight) return undefined;
    const { name, values, shape } = weight;
    return this.#g.once(`w${name}`, () => this.#g.weight(name, values, shape));
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
    Object.values(config.input_layers as Place[]).forEach((place, index) => {
      results.set(keyOf(place), [inputs[index]!]);
    });
    const calls = new Map(layers.flatMap(callsOf));
    // Each call waits for those that it is called on; the core's graphs have no cycles. Models may be thousands of layers
    // deep, so this is no recursion.
    const pending = [...calls.keys()].reverse();
    for (let key = pending.at(-1); key; key = pending.at(-1)) {
      const { layer, inputs, masks, options } = calls.get(key)!;
      const missing = [...inputs, ...masks].filter((place) => !at(place));
      pending.push(...missing.reverse().map(keyOf));
      if (missing.length > 0) continue;
      pending.pop();
      if (results.has(key)) continue;
      const [mask] = masks;
      const told = mask ? { ...options, attention_mask: at(mask) } : options;
      results.set(key, this.layer(layer, inputs.map(at) as Flow[], path, told));
    }
    return Object.values(config.output_layers as Place[]).map((place) => at(place)!);
  }
}
