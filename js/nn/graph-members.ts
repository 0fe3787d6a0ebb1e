/** What layers and models tell of the graphs that they stand in. The page's worker goes without. */
import { brief, describe, fault } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import type { Tensor } from '../tensor/handle.js';
import type { CoreSymbol } from '../wasm/mapling.js';
import { single } from './args.js';
import type { Called } from './calls.js';
import { type GraphEnds, ModelGraph } from './graph.js';
import { toldToKeras } from './keras-json.js';
import { Layer } from './layer.js';
import { type Dims, SymbolicTensor } from './symbolic.js';

interface LayerMembers {
  /** What it was called on, if it was called once. */
  readonly input: SymbolicTensor | SymbolicTensor[];
  /** Its result, if it was called once. */
  readonly output: SymbolicTensor | SymbolicTensor[];
  /** The shape of its output, the batch axis as `null`. */
  readonly outputShape: Dims | Dims[];
  getInputAt(node: number): SymbolicTensor | SymbolicTensor[];
  getOutputAt(node: number): SymbolicTensor | SymbolicTensor[];
}
interface GraphMembers {
  /** What a sample goes in as. */
  readonly inputs: SymbolicTensor[];
  readonly outputs: SymbolicTensor[];
  /** Tells the layers what they are called on. */
  wire(): void;
  /**
   * The layer of this name, or at this place.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [3], name: 'first' })] });
   * model.getLayer('first').countParams(); // → 8
   */
  getLayer(nameOrIndex?: string | number | null, index?: number): Layer;
  /**
   * Lets all stateful layers begin with zeros again, in a callback too: `onEpochBegin: () => model.resetStates()`.
   * @example
   * const lstm = layers.lstm({ units: 1, stateful: true, batchInputShape: [1, 2, 1] });
   * const model = sequential({ layers: [lstm] });
   * const first = model.predict([[[1], [2]]]).dataSync();
   * model.resetStates();
   * String(model.predict([[[1], [2]]]).dataSync()) === String(first); // → true
   */
  resetStates(states?: Tensor | Tensor[] | null): void;
  /**
   * The architecture, as JSON text in Keras' form, which `keras.models.model_from_json` reads.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] });
   * JSON.parse(model.toJSON()).config.layers.length; // → 1
   */
  toJSON(unused?: unknown, asText?: boolean): string | object;
}

declare module './layer.js' {
  interface Layer extends LayerMembers {}
}
declare module './graph.js' {
  interface ModelGraph extends GraphMembers {}
}

/** The symbols that a model goes from and to. */
function endsOf(model: ModelGraph, what: string): GraphEnds {
  if (model.symbols_) return model.symbols_;
  const [inputs, outputs] = call(() => model.core_(what).symbols());
  const made = new Map<string, SymbolicTensor>();
  const calls = new Map<string, { layer: Layer; from: SymbolicTensor[]; outputs: SymbolicTensor[] }>();
  // Models may be thousands of layers deep, so this is no recursion: a symbol waits until its inputs are wrapped.
  const pending: CoreSymbol[] = [...outputs, ...inputs];
  for (let core = pending.pop(); core; core = pending.pop()) {
    if (made.has(core.key())) continue;
    const before = core.inputs();
    const missing = before.filter((input) => !made.has(input.key()));
    if (missing.length > 0) {
      pending.push(core, ...missing);
      continue;
    }
    const layer = model.layerOf_(core.layer());
    const from = before.map((input) => made.get(input.key())!);
    const symbol = new SymbolicTensor(core, layer, from, core.output());
    made.set(core.key(), symbol);
    const [place] = core.key().split('/');
    const outputs = calls.get(place!)?.outputs ?? [];
    outputs[core.output()] = symbol;
    calls.set(place!, { layer, from, outputs });
  }
  for (const { layer, from, outputs } of calls.values()) layer.noteCall(from, outputs, model);
  const wrapped = (all: CoreSymbol[]): SymbolicTensor[] => all.map((core) => made.get(core.key())!);
  model.symbols_ = { inputs: wrapped(inputs), outputs: wrapped(outputs) };
  return model.symbols_;
}

/** The names of the first layers, for an error. */
const namesOf = (layers: readonly Layer[]): string => {
  const names = layers.slice(0, 12).map(({ name }) => brief(name));
  return layers.length > names.length ? `${names.join(', ')}, …` : names.join(', ');
};

const told = (where: string, model: ModelGraph) => toldToKeras(model.written_(where), model.name);

const methods: Omit<GraphMembers, 'inputs' | 'outputs'> & {
  getConfig(): Record<string, unknown>;
} & ThisType<ModelGraph> = {
  wire(): void {
    endsOf(this, 'output');
  },

  getLayer(nameOrIndex?: string | number | null, index?: number): Layer {
    const asked: unknown = nameOrIndex ?? index ?? nameOrIndex;
    if (typeof asked !== 'string' && typeof asked !== 'number')
      throw fault('type', `getLayer: expected a name or a place, got ${describe(asked)}`);
    const all = this.layers;
    const layer = typeof asked === 'number' ? all[asked] : all.find(({ name }) => name === asked);
    if (layer) return layer;
    throw fault('name', `getLayer: there is no layer ${describe(asked)}; there are ${namesOf(all)}`);
  },

  resetStates(states?: Tensor | Tensor[] | null): void {
    if (states !== undefined && states !== null) {
      throw fault(
        'value',
        `model: resetStates: states belong to single layers, whose resetStates takes them, got ${describe(states)}`,
      );
    }
    call(() => this.core_('resetStates').resetStates());
  },

  toJSON(_unused?: unknown, asText = true): string | object {
    // A model that is gone is said to be, and not a layer of it.
    this.core_('toJSON');
    this._checkSaving('toJSON');
    const model = told('toJSON', this);
    return asText ? JSON.stringify(model) : model;
  },

  getConfig(): Record<string, unknown> {
    return told('getConfig', this).config;
  },
};
for (const [name, value] of Object.entries(methods))
  Object.defineProperty(ModelGraph.prototype, name, { value, writable: true, configurable: true });

/** The only call of a layer. */
function onlyCall(layer: Layer, what: string): Called {
  const { all } = layer.calls_;
  if (all.length === 1) return all[0]!;
  const how =
    all.length === 0 ? 'it has not been called on a symbol yet' : 'it has been called several times';
  throw fault('state', `layer ${layer.name}: ${what}: ${how}`);
}
function callAt(layer: Layer, what: string, node: number): Called {
  const { all } = layer.calls_;
  // A text may name what every array has.
  const found = typeof (node as unknown) === 'number' ? all[node] : undefined;
  if (found) return found;
  throw fault('value', `layer ${layer.name}: ${what}: there are ${all.length} calls, got ${describe(node)}`);
}

const ofLayers: ThisType<Layer> & PropertyDescriptorMap = {
  input: {
    get(this: Layer) {
      return single(onlyCall(this, 'input').inputs);
    },
  },
  output: {
    get(this: Layer) {
      return single(onlyCall(this, 'output').outputs);
    },
  },
  outputShape: {
    get(this: Layer) {
      return single(onlyCall(this, 'outputShape').outputs.map(({ shape }) => shape));
    },
  },
  getInputAt: {
    value(this: Layer, node: number) {
      return single(callAt(this, 'getInputAt', node).inputs);
    },
    writable: true,
  },
  getOutputAt: {
    value(this: Layer, node: number) {
      return single(callAt(this, 'getOutputAt', node).outputs);
    },
    writable: true,
  },
};
const ofModels: ThisType<ModelGraph> & PropertyDescriptorMap = {
  inputs: {
    get(this: ModelGraph) {
      return endsOf(this, 'inputs').inputs;
    },
  },
  outputs: {
    get(this: ModelGraph) {
      return endsOf(this, 'outputs').outputs;
    },
  },
  input: {
    get(this: ModelGraph) {
      return single(this.inputs);
    },
  },
  output: {
    get(this: ModelGraph) {
      return single(this.outputs);
    },
  },
  outputShape: {
    get(this: ModelGraph) {
      return single((this.dimsOf_('outputDims') ?? [[]]).map((dims) => [null, ...dims]));
    },
  },
};
for (const [{ prototype }, members] of [
  [Layer, ofLayers],
  [ModelGraph, ofModels],
] as const)
  for (const [name, member] of Object.entries(members))
    Object.defineProperty(prototype, name, { ...member, configurable: true });
