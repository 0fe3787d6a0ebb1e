/** The graph of a model: its layers, what goes in and comes out, its weights and how it is written down. */
import { describe, fault } from '../engine/errors.js';
import { Handle } from '../engine/handle.js';
import { Home } from '../engine/home.js';
import { call } from '../engine/instance.js';
import { areAll, isA, isArray, isObject } from '../engine/look.js';
import type { CoreLayer, CoreWeight, Network } from '../wasm/mapling.js';
import { single } from './args.js';
import { CoreMade } from './core-made.js';
import { Found } from './found.js';
import type { Layer } from './layer.js';
import { countWeights } from './layer-home.js';
import type { LayerInCore } from './layer-in-core.js';
import type { Dims, SymbolicTensor } from './symbolic.js';

export interface ModelArgs {
  inputs: SymbolicTensor | SymbolicTensor[];
  outputs: SymbolicTensor | SymbolicTensor[];
  name?: string;
  /** Decides weights, order and dropout. Default: a new one each time, or what `setSeed` leads to. */
  seed?: number;
}

/** The symbols that a model goes from and to. */
export interface GraphEnds {
  inputs: SymbolicTensor[];
  outputs: SymbolicTensor[];
}
/** What the core made, and from what. */
interface MadeGraph {
  network: Handle<Network>;
  seed: number;
  symbols?: GraphEnds;
  layers?: readonly Layer[];
}
/** Makes models from symbols: `from-symbols.ts` provides it. */
export const fromSymbols: { make?: (args: ModelArgs) => MadeGraph } = {};

/** A layer made of layers, before anything is known of training. */
export class ModelGraph extends CoreMade {
  readonly network: Handle<Network>;
  /** Decides weights, order and dropout. */
  readonly seed: number;
  /** The layers that JavaScript knows, by their numbers in the core. */
  readonly #known = new Map<number, Layer>();
  /** The symbols that it goes from and to, once somebody has asked for them. */
  symbols_: GraphEnds | undefined;

  constructor(
    args: ModelArgs | { network: Handle<Network>; name?: string | undefined; seed: number },
    className?: string,
  ) {
    super(nameFrom(args), className);
    const isMade = 'network' in args && isA(args.network, Handle);
    const made: MadeGraph = isMade ? args : fromSymbols.make!(args as ModelArgs);
    this.network = made.network;
    this.seed = made.seed;
    this.symbols_ = made.symbols;
    for (const layer of made.layers ?? []) this.know(layer);
    const { name } = args;
    if (name !== undefined && name !== null) call(() => this.core_('name').setName(name));
  }

  /** The network in the core. */
  core_(where: string): Network {
    if (this.network.isFreed) throw fault('state', `${where}: the model has been disposed of`);
    const network = this.network.get(where);
    countWeights();
    this.enterHome();
    return network;
  }
  /** Its layers' weights are theirs; the model itself has none to be moved. */
  protected override makeHome(): undefined {
    return undefined;
  }
  override enterHome(): void {
    // A step of training comes here several times: where nothing has been moved out, it makes no lists.
    let isIn = true;
    for (const layer of this.#known.values()) isIn = layer._touchHome() && isIn;
    if (isIn) return;
    Home.enterAll(this._homes);
    for (const layer of this.#known.values()) if (!layer._home) layer.enterHome();
  }
  override get _inner(): readonly Layer[] {
    return [...this.#known.values()];
  }
  /** The model as a layer of another. */
  protected override makeHandle(): Handle<CoreLayer> {
    const network = this.core_('model');
    return new Handle(() => network.asLayer());
  }

  /** Remembers a layer of this model. */
  protected know(layer: Layer): void {
    const core = layer._handle.get('model');
    this.#known.set(
      call(() => core.key()),
      layer,
    );
    layer._join(this);
  }
  /** Forgets a layer that is no part of this model any more. */
  protected forgetLayer_(layer: Layer): void {
    const core = layer._handle.get('model');
    this.#known.delete(call(() => core.key()));
    layer.forgetCalls(this);
  }
  /** The layer of JavaScript for one in the core. */
  layerOf_(core: CoreLayer): Layer {
    const key = core.key();
    const known = this.#known.get(key);
    if (known) return known;
    const layer = new Found(core);
    this.#known.set(key, layer);
    layer._join(this);
    return layer;
  }

  /** The layers, each once, in Keras' order. */
  get layers(): Layer[] {
    return call(() => this.core_('layers').members()).map((core: CoreLayer) => this.layerOf_(core));
  }

  /** Forgets symbols: a layer has been added. */
  protected forgetSymbols(): void {
    // Only who has looked at symbols has told the layers what they are called on.
    if (this.symbols_) for (const layer of this.#known.values()) layer.forgetCalls(this);
    this.symbols_ = undefined;
    this.forgetWeights();
  }
  get inputNames(): string[] {
    return call(() => this.core_('inputNames').inputNames());
  }
  get outputNames(): string[] {
    return call(() => this.core_('outputNames').outputNames());
  }
  dimsOf_(of: 'inputDims' | 'outputDims'): Dims[] | undefined {
    return (
      (JSON.parse(call(() => this.core_(of.replace('Dims', 'Shape'))[of]())) as Dims[] | null) ?? undefined
    );
  }
  /** The shapes of a batch. */
  get inputShape(): Dims | Dims[] {
    return single((this.dimsOf_('inputDims') ?? [[]]).map((dims) => [null, ...dims]));
  }

  /** Makes the weights, for samples of `inputShape` (the batch axis first, as `null`, or without it). */
  override build(inputShape?: Dims | Dims[]): void {
    const dims = readShape('build', inputShape);
    this._makeBuilt(() => this.core_('build').build(dims && JSON.stringify([null, ...dims])));
  }
  override get built(): boolean {
    return call(() => this.core_('built').isBuilt);
  }
  /** The network, built where it is known of what shape samples are. */
  ready_(where: string): Network {
    const network = this.core_(where);
    if (!call(() => network.isBuilt)) this._makeBuilt(() => network.build(), where);
    return network;
  }
  override ensureBuilt(inputs: readonly { readonly shape: Dims }[]): void {
    if (inputs.length === 0) throw fault('value', `${this.name}: apply: there are no inputs`);
    // What its first layer says of its input goes before what it is called on.
    this.makeWeights();
    if (!this.built) this.build([null, ...inputs[0]!.shape.slice(1)]);
  }
  /** See `Whole`. */
  makeWeights(): void {
    if (!this.built && this.dimsOf_('inputDims')) this.build();
  }
  protected override findWeights(): CoreWeight[] {
    const network = this.core_('weights');
    this.makeWeights();
    return call(() => network.weights());
  }
  override get trainable(): boolean {
    return this.layers.some((layer) => layer.trainable);
  }
  override set trainable(trainable: boolean) {
    if (typeof trainable !== 'boolean') {
      throw fault('type', `model: trainable: expected true or false, got ${describe(trainable)}`);
    }
    call(() => this.core_('trainable').setTrainable(trainable));
  }
  override get name(): string {
    return call(() => this.core_('name').name()) ?? this.getClassName().toLowerCase();
  }
  override set name(name: string) {
    if (typeof name !== 'string') throw fault('type', `model: name: expected a text, got ${describe(name)}`);
    call(() => this.core_('name').setName(name));
  }

  /** Whether the layers are in a row. */
  get isRow_(): boolean {
    return false;
  }

  /** The architecture as the core writes it. */
  written_(where: string): object {
    return JSON.parse(call(() => this.core_(where).toJson())) as object;
  }
  override toCore(): unknown {
    return this.written_('model');
  }
  override _checkSaving(where: string): void {
    for (const layer of this.layers) layer._checkSaving(where);
  }
  override getClassName(): string {
    return this.isRow_ ? 'Sequential' : 'Functional';
  }
  protected override _disposeInner(): void {
    for (const layer of this.#ownLayers()) layer.dispose();
  }
  /** The layers that JavaScript knows, but for models: these may be used without this one. */
  #ownLayers(): Layer[] {
    return [...this.#known.values()].filter((layer) => !(layer instanceof ModelGraph));
  }
  override _countWeights(counted: Set<LayerInCore>): number {
    // No weights are brought in, which could fail. A layer that stands here twice is freed, or it would stay until the
    // collector comes.
    const { network } = this;
    const members = network.isThere ? call(() => network.get('dispose').members()) : [];
    for (const core of members as CoreLayer[]) {
      if (this.#known.has(core.key())) core.free();
      else this.layerOf_(core);
    }
    return this.#ownLayers().reduce((sum, layer) => sum + layer._countWeights(counted), 0);
  }
  /** Frees what the core holds of the model, now rather than when nobody refers to it any more. */
  override dispose(): { refCountAfterDispose: number; numDisposedVariables: number } {
    const done = super.dispose();
    this.network.free();
    return done;
  }
}

/** The name among a model's settings. */
function nameFrom(args: unknown): { name?: string } {
  if (!isObject(args) || isArray(args))
    throw fault('type', `model: expected { inputs, outputs }, got ${describe(args)}`);
  const { name } = args as { name?: unknown };
  if (name === undefined || name === null) return {};
  if (typeof name !== 'string') throw fault('type', `model: name: expected a text, got ${describe(name)}`);
  return { name };
}

/** The shape of a sample. */
export function readShape(where: string, shape: unknown): Dims | undefined {
  if (shape === undefined || shape === null) return undefined;
  const isLength = (length: unknown): boolean =>
    length === null || (typeof length === 'number' && Number.isSafeInteger(length) && length >= 1);
  if (!isArray(shape) || !areAll(shape, isLength)) {
    throw fault(
      'type',
      `${where}: inputShape: expected a shape such as [null, 28, 28], got ${describe(shape)}`,
    );
  }
  return (shape[0] === null ? shape.slice(1) : shape) as Dims;
}
